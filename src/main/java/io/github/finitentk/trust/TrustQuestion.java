package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.model.RandomNetwork;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The network that is asked about.
 *
 * @param law architecture, activation and initialisation
 * @param data what it is to be trained on, of the architecture's input dimension, at least 2 inputs
 * @param tolerance the largest {@code E[Theta^2]/E[Theta]^2} at which the kernel counts as deterministic, above 1 and at most
 *     {@link TrustThresholds#RATIO_LIMITED}
 * @param learningRate of gradient descent on 1/(2S); by default one that suits each network, see {@link KernelChangeEstimate}
 * @param maxSteps its largest number of steps
 * @param budget what the answer may cost
 */
public record TrustQuestion(
        RandomNetwork law,
        Dataset data,
        double tolerance,
        OptionalDouble learningRate,
        OptionalLong maxSteps,
        Budget budget) {

    /** @throws IllegalArgumentException if an argument is out of its range */
    public TrustQuestion {
        Objects.requireNonNull(law, "law");
        Objects.requireNonNull(budget, "budget");
        data.inputs().requireDimension(law.architecture().inputDim());
        if (data.samples() < 2) {
            throw new IllegalArgumentException(
                    "The kernel's condition takes at least 2 samples, not " + data.samples() + ".");
        }
        if (!(tolerance > 1 && tolerance <= TrustThresholds.RATIO_LIMITED)) {
            throw new IllegalArgumentException("The tolerated ratio E[Theta^2]/E[Theta]^2 must be above 1 and at most "
                    + TrustThresholds.RATIO_LIMITED + ", not " + tolerance + ".");
        }
        learningRate.ifPresent(rate -> {
            if (!(rate > 0) || Double.isInfinite(rate)) {
                throw new IllegalArgumentException(
                        "The learning rate must be a positive finite number, not " + rate + ".");
            }
        });
        maxSteps.ifPresent(steps -> {
            if (steps < 1) {
                throw new IllegalArgumentException("The number of steps must be at least 1, not " + steps + ".");
            }
        });
    }

    /**
     * With images of MNIST, carried to the network's input dimension with their inner products, digit/10 as targets and
     * everything else by default.
     *
     * @param samples S
     * @throws IllegalArgumentException if there are not that many images
     */
    public static TrustQuestion onMnist(RandomNetwork law, int samples, LinearAlgebra algebra) {
        return new TrustQuestion(
                law,
                ReferenceData.of(samples, law.architecture().inputDim(), algebra),
                TrustThresholds.RATIO_HOLDS,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                Budget.DEFAULT);
    }

    /** The mean over inputs of {@code |x|^2}: the norm at which the kernel's randomness is asked for. */
    double inputNorm2() {
        double sum = 0;
        for (double x : data.inputs().toArray()) {
            sum += x * x;
        }
        return sum / data.samples();
    }
}
