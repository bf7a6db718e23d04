package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Does NTK theory describe this network, which was trained elsewhere? {@link #about} starts one with everything by default.
 *
 * @param network with its activation; trained, or not yet
 * @param initial the same network before training; without it the kernel's constancy remains unknown
 * @param data inputs and targets, best those of the training; classes are turned into one-hot targets
 * @param testInputs other inputs, at which the theory's prediction is compared with the network; takes the initial one
 * @param initialization the variances that the weights were drawn with; by default estimated from the initial network
 * @param learningRate of the training, if it was full-batch gradient descent on 1/(2S); else it is taken to have converged
 * @param steps of that training; both or neither
 * @param tolerance the largest {@code E[Theta^2]/E[Theta]^2} at which the kernel counts as deterministic, above 1 and at most
 *     {@link TrustThresholds#RATIO_LIMITED}
 * @param seed of all random numbers
 */
public record NetworkQuestion(
        Network network,
        Optional<Network> initial,
        Dataset data,
        Optional<Inputs> testInputs,
        Optional<Initialization> initialization,
        OptionalDouble learningRate,
        OptionalLong steps,
        double tolerance,
        Seed seed) {

    /**
     * @throws IllegalArgumentException if an argument is out of its range, or networks and data do not fit
     * @throws IllegalStateException if a network has no activation
     */
    public NetworkQuestion {
        Objects.requireNonNull(initialization, "initialization");
        Objects.requireNonNull(seed, "A question needs a seed.");
        network.activation();
        data = data.forOutputs(network.architecture().outputs());
        data.inputs().requireDimension(network.architecture().inputDim());
        if (data.samples() < 2) {
            throw new IllegalArgumentException(
                    "The kernel's condition takes at least 2 samples, not " + data.samples() + ".");
        }
        if (initial.isPresent()) {
            Network before = initial.get();
            if (!before.architecture().equals(network.architecture())) {
                throw new IllegalArgumentException("The network has the widths " + network.architecture()
                        + ", but before training " + before.architecture() + "; it must be the same network.");
            }
            if (!before.activation().equals(network.activation())) {
                throw new IllegalArgumentException("The network has the activation "
                        + network.activation().label() + ", but before training "
                        + before.activation().label() + "; it must be the same network.");
            }
        }
        if (learningRate.isPresent() != steps.isPresent()) {
            throw new IllegalArgumentException("The learning rate and the number of steps of a training go together.");
        }
        if ((steps.isPresent() || testInputs.isPresent()) && initial.isEmpty()) {
            throw new IllegalArgumentException(
                    "What the theory predicts of a training takes the network before it, too.");
        }
        int dimension = data.inputDim();
        testInputs.ifPresent(inputs -> inputs.requireDimension(dimension));
        if (learningRate.isPresent()
                        && !(learningRate.getAsDouble() > 0 && learningRate.getAsDouble() < Double.POSITIVE_INFINITY)
                || steps.isPresent() && steps.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "The learning rate must be a positive finite number and the steps at least 1, not "
                            + learningRate.getAsDouble() + " and " + steps.getAsLong() + ".");
        }
        TrustThresholds.requireTolerance(tolerance);
    }

    /** A question with everything else by default. */
    public static Builder about(Network network, Dataset data) {
        return new Builder(network, data);
    }

    /** The network whose kernel is the theory's: before training, where that is known. */
    Network start() {
        return initial.orElse(network);
    }

    /** Sets what differs from the defaults; {@link #build} checks it. See {@link NetworkQuestion} for each setting. */
    public static final class Builder {

        private final Network network;
        private final Dataset data;
        private Optional<Network> initial = Optional.empty();
        private Optional<Inputs> testInputs = Optional.empty();
        private Optional<Initialization> initialization = Optional.empty();
        private OptionalDouble learningRate = OptionalDouble.empty();
        private OptionalLong steps = OptionalLong.empty();
        private double tolerance = TrustThresholds.RATIO_HOLDS;
        private Seed seed = Seed.of(0);

        private Builder(Network network, Dataset data) {
            this.network = network;
            this.data = data;
        }

        public Builder initial(Network value) {
            initial = Optional.of(Objects.requireNonNull(value, "value"));
            return this;
        }

        public Builder testInputs(Inputs value) {
            testInputs = Optional.of(Objects.requireNonNull(value, "value"));
            return this;
        }

        public Builder initialization(Initialization value) {
            initialization = Optional.of(Objects.requireNonNull(value, "value"));
            return this;
        }

        /** It was trained by full-batch gradient descent on 1/(2S), on the data of the question. */
        public Builder trainedBy(double rate, long number) {
            learningRate = OptionalDouble.of(rate);
            steps = OptionalLong.of(number);
            return this;
        }

        public Builder tolerance(double value) {
            tolerance = value;
            return this;
        }

        public Builder seed(Seed value) {
            seed = value;
            return this;
        }

        /** @throws IllegalArgumentException with one sentence if a setting is out of its range, or networks and data do not fit */
        public NetworkQuestion build() {
            return new NetworkQuestion(
                    network, initial, data, testInputs, initialization, learningRate, steps, tolerance, seed);
        }
    }
}
