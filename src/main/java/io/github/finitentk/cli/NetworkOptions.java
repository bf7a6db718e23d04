package io.github.finitentk.cli;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@link InitializationOptions} with the input dimension, which no data give. */
final class NetworkOptions {

    @Mixin
    private InitializationOptions network = new InitializationOptions();

    @Option(names = "--input-dim", paramLabel = "D", description = "Input dimension (default: the width).")
    private Integer inputDim;

    Activation activation() {
        return network.activation();
    }

    Initialization initialization() {
        return network.initialization();
    }

    int depth() {
        return network.depth();
    }

    int width() {
        return network.width();
    }

    int inputDim() {
        return inputDim == null ? network.width() : inputDim;
    }

    RandomNetwork network() {
        return network.network(inputDim());
    }
}
