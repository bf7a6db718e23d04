package io.github.finitentk.benchmarks;

import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.Map;

/**
 * What operations cost at the least. A matrix product has two for each multiply-add. Elsewhere nothing is contracted, so every
 * instruction takes the place of a multiply-add and counts two; a division or a root counts as one instruction, though it takes
 * as long as several: the bound is below what can be reached.
 */
final class Operations {

    /**
     * Instructions for a normal number in f64, counted in {@code philox.h}: a block of two takes 62 for its random words, 6 for uniform
     * numbers, 31 for the logarithm, 2 for the radius, 43 for cosine and sine, 10 for signs and scale.
     */
    static final double NORMAL = 77;

    /** Instructions for an activation and its derivative in f32 and f64, counted in {@code activations.h}. */
    private static final Map<String, int[]> ACTIVATIONS = Map.of(
            "relu", new int[] {5, 5},
            "tanh", new int[] {41, 51},
            "erf", new int[] {64, 98},
            "gelu", new int[] {76, 118},
            "sin", new int[] {54, 54},
            "sigmoid", new int[] {28, 38},
            "softplus", new int[] {43, 65},
            "silu", new int[] {36, 46});

    /**
     * Instructions for a pair of inputs and a layer of infinite width in f64, counted in the loops of {@code meanfield}; where these sum series, three
     * for each of the terms that {@link InfiniteWidthBenchmark}'s inputs take on average (tanh 90, sigmoid 26, silu 113, softplus 322). The sine has no
     * loop in vectors and no bound here.
     */
    private static final Map<String, Integer> PAIRS = Map.of(
            "relu", 91, "erf", 66, "gelu", 83, "tanh", 292, "sigmoid", 100, "silu", 361, "softplus", 987, "sin", 0);

    private Operations() {}

    /** Of an activation and its derivative, for each number. */
    static double activation(String name, Precision precision) {
        return 2.0 * ACTIVATIONS.get(name)[precision == Precision.F32 ? 0 : 1];
    }

    /** Of a pair of inputs in one layer of infinite width; 0 where that is not known. */
    static double pair(String activation) {
        return 2.0 * PAIRS.get(activation);
    }

    /** Of a normal number. */
    static double normal() {
        return 2 * NORMAL;
    }

    /** {@code W^l x} of all layers for S inputs. */
    static double forward(Architecture network, double inputs) {
        return layers(network, inputs, 1);
    }

    /** {@code W^T delta} of all layers but the first. */
    static double backward(Architecture network, double inputs) {
        return layers(network, inputs, 2);
    }

    private static double layers(Architecture network, double inputs, int first) {
        double flop = 0;
        for (int l = first; l <= network.depth(); l++) {
            flop += 2 * inputs * network.width(l - 1) * network.width(l);
        }
        return flop;
    }

    /** The lower triangles of {@code X X^T} and {@code D D^T} of all hidden layers. */
    static double gram(Architecture network, double inputs) {
        return 2 * inputs * (inputs + 1) * network.hiddenUnits();
    }

    /** Forward, backward and gradient of one step. */
    static double step(Architecture network, double inputs) {
        return 2 * forward(network, inputs) + backward(network, inputs);
    }
}
