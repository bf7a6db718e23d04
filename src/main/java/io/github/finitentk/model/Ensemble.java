package io.github.finitentk.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * The random networks whose kernel {@code Theta(x,x)} at one input is studied. Its law depends on the input through
 * {@code |x|^2} only.
 *
 * @param architecture the widths
 * @param activation the activation
 * @param initialization the variances
 * @param inputNorm2 {@code |x|^2}, finite and not negative; {@code q^0 = |x|^2 / n_0 = 1} is the paper's normalised input
 */
public record Ensemble(
        Architecture architecture, Activation activation, Initialization initialization, double inputNorm2) {

    /** @throws IllegalArgumentException if {@code inputNorm2} is negative or not finite */
    public Ensemble {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(initialization, "initialization");
        if (!(inputNorm2 >= 0) || Double.isInfinite(inputNorm2)) {
            throw new IllegalArgumentException(
                    "The squared input norm |x|^2 must be a finite number >= 0, not " + inputNorm2 + ".");
        }
    }

    /** The random network, without its input. */
    public RandomNetwork law() {
        return new RandomNetwork(architecture, activation, initialization);
    }

    /** The same with {@link Architecture#truncated} networks. */
    public Ensemble truncated(int depth) {
        return new Ensemble(architecture.truncated(depth), activation, initialization, inputNorm2);
    }

    /** An input of that norm: all entries equal. */
    public double[] input() {
        double[] x = new double[architecture.inputDim()];
        Arrays.fill(x, Math.sqrt(inputNorm2 / x.length));
        return x;
    }
}
