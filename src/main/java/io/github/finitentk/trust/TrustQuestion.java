package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * May NTK theory be trusted for this network, trained on these data? {@link #about} starts one with everything by default.
 *
 * @param network architecture, activation and initialisation
 * @param data what it is to be trained on, of the architecture's input dimension; if there are none, images of MNIST,
 *     carried to that dimension with their inner products, with digit/10 as targets
 * @param samples {@code S}, at least 2: that of the data, or how many images
 * @param tolerance the largest {@code E[Theta^2]/E[Theta]^2} at which the kernel counts as deterministic, above 1 and at most
 *     {@link TrustThresholds#RATIO_LIMITED}
 * @param learningRate of gradient descent on 1/(2S); by default one that suits each network, see {@link KernelChangeEstimate}
 * @param maxSteps its largest number of steps
 * @param budget what the answer may cost
 * @param seed of all random numbers
 */
public record TrustQuestion(
        RandomNetwork network,
        Optional<Dataset> data,
        int samples,
        double tolerance,
        OptionalDouble learningRate,
        OptionalLong maxSteps,
        Budget budget,
        Seed seed) {

    private static final int SAMPLES = 128;

    /** @throws IllegalArgumentException if an argument is out of its range, or the data do not fit the network */
    public TrustQuestion {
        Objects.requireNonNull(network, "A question needs a network.");
        Objects.requireNonNull(budget, "A question needs a budget.");
        Objects.requireNonNull(seed, "A question needs a seed.");
        network.architecture().requireOneOutput("A trust report");
        if (data.isPresent()) {
            data.get().inputs().requireDimension(network.architecture().inputDim());
            if (samples != data.get().samples()) {
                throw new IllegalArgumentException(
                        "The data have " + data.get().samples() + " samples, not " + samples + ".");
            }
        }
        if (samples < 2) {
            throw new IllegalArgumentException("The kernel's condition takes at least 2 samples, not " + samples + ".");
        }
        TrustThresholds.requireTolerance(tolerance);
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

    /** A question with 128 images of MNIST and everything else by default. */
    public static Builder about(RandomNetwork network) {
        return new Builder(network);
    }

    /** Sets what differs from the defaults; {@link #build} checks it. See {@link TrustQuestion} for each setting. */
    public static final class Builder {

        private final RandomNetwork network;
        private Optional<Dataset> data = Optional.empty();
        private int samples = SAMPLES;
        private double tolerance = TrustThresholds.RATIO_HOLDS;
        private OptionalDouble learningRate = OptionalDouble.empty();
        private OptionalLong maxSteps = OptionalLong.empty();
        private Budget budget = Budget.DEFAULT;
        private Seed seed = Seed.of(0);

        private Builder(RandomNetwork network) {
            this.network = network;
        }

        public Builder data(Dataset value) {
            data = Optional.of(Objects.requireNonNull(value, "value"));
            samples = value.samples();
            return this;
        }

        /** The first so many images of MNIST, instead of data. */
        public Builder mnist(int images) {
            data = Optional.empty();
            samples = images;
            return this;
        }

        public Builder tolerance(double value) {
            tolerance = value;
            return this;
        }

        public Builder learningRate(double value) {
            learningRate = OptionalDouble.of(value);
            return this;
        }

        public Builder maxSteps(long value) {
            maxSteps = OptionalLong.of(value);
            return this;
        }

        public Builder budget(Budget value) {
            budget = value;
            return this;
        }

        public Builder seed(long value) {
            return seed(Seed.of(value));
        }

        public Builder seed(Seed value) {
            seed = value;
            return this;
        }

        /** @throws IllegalArgumentException with one sentence if a setting is out of its range, or the data do not fit the network */
        public TrustQuestion build() {
            return new TrustQuestion(network, data, samples, tolerance, learningRate, maxSteps, budget, seed);
        }
    }
}
