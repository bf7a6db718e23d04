package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;

/**
 * A random network at one input, of which the distribution of {@code Theta(x,x)} knows nothing but {@code |x|^2}.
 *
 * @param random the network
 * @param inputNorm2 {@code |x|^2}, finite and not negative
 */
public record NetworkAtInput(RandomNetwork random, double inputNorm2) {

    /** @throws IllegalArgumentException if {@code inputNorm2} is negative or not finite */
    public NetworkAtInput {
        random.architecture().requireOneOutput("Sampling the kernel at initialisation");
        if (!(inputNorm2 >= 0) || Double.isInfinite(inputNorm2)) {
            throw new IllegalArgumentException(
                    "The squared input norm |x|^2 must be a finite number >= 0, not " + inputNorm2 + ".");
        }
    }

    /** The paper's normalised input, {@code |x|^2 = n_0}. */
    public NetworkAtInput(RandomNetwork random) {
        this(random, random.architecture().inputDim());
    }

    public Architecture architecture() {
        return random.architecture();
    }

    public Activation activation() {
        return random.activation();
    }

    public Initialization initialization() {
        return random.initialization();
    }

    /** The same with {@link Architecture#truncated} networks. */
    public NetworkAtInput truncated(int depth) {
        return new NetworkAtInput(random.truncated(depth), inputNorm2);
    }

    /** An input of that norm: all entries equal. */
    public double[] input() {
        double[] x = new double[architecture().inputDim()];
        Arrays.fill(x, Math.sqrt(inputNorm2 / x.length));
        return x;
    }
}
