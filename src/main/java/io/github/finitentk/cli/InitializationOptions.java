package io.github.finitentk.cli;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import picocli.CommandLine.Option;

/** The options that describe a constant-width network and its initialisation, whatever its inputs are. */
final class InitializationOptions {

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Option(names = "--sigma-w2", required = true, paramLabel = "X", description = "Weight variance sigma_w^2.")
    private double sigmaW2;

    @Option(names = "--sigma-b2", required = true, paramLabel = "Y", description = "Bias variance sigma_b^2.")
    private double sigmaB2;

    @Option(names = "--depth", required = true, paramLabel = "L", description = "Number of weight layers.")
    private int depth;

    @Option(names = "--width", required = true, paramLabel = "M", description = "Hidden width.")
    private int width;

    Activation activation() {
        return activation;
    }

    Initialization initialization() {
        return new Initialization(sigmaW2, sigmaB2);
    }

    int depth() {
        return depth;
    }

    int width() {
        return width;
    }

    /** The point of a grid with these parameters. */
    Cell cell() {
        return new Cell(activation(), sigmaW2, sigmaB2, depth, width);
    }

    /** Checked here, so that a bad width is named before anything is computed. */
    RandomNetwork network(int inputDim) {
        return new RandomNetwork(Architecture.constant(inputDim, width, depth), activation(), initialization());
    }
}
