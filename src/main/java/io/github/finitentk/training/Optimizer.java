package io.github.finitentk.training;

import java.util.Locale;

/**
 * What a step does with the gradient {@code g} of the loss of its inputs, as PyTorch's optimizers of these names do; {@code t}
 * counts steps from 1, and {@code m = v = 0} before the first one. Results depend on the loss's convention: the gradient of
 * {@code 1/S sum} is twice that of {@code 1/(2S) sum}.
 */
public sealed interface Optimizer {

    /** Gradient descent without a memory, {@code w -= eta g}. */
    Optimizer GRADIENT_DESCENT = new GradientDescent();

    /** Adam with the numbers of its authors: {@code beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8}. */
    Adam ADAM = new Adam(0.9, 0.999, 1e-8);

    /** {@code w -= eta g}. */
    record GradientDescent() implements Optimizer {

        @Override
        public String toString() {
            return label();
        }
    }

    /**
     * {@code m = momentum m + g, w -= eta m} (the heavy ball, without dampening): stable up to {@code 1 + momentum} times the
     * learning rate of plain gradient descent.
     *
     * @param momentum above 0 and below 1
     */
    record Momentum(double momentum) implements Optimizer {

        /** @throws IllegalArgumentException if the momentum is out of its range */
        public Momentum {
            if (!(momentum > 0 && momentum < 1)) {
                throw new IllegalArgumentException("The momentum must be above 0 and below 1, not " + momentum
                        + (momentum == 0 ? "; without one it is the optimizer gd." : "."));
            }
        }

        @Override
        public String toString() {
            return label() + " " + momentum;
        }
    }

    /**
     * {@code m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
     * w -= eta/(1 - beta1^t) m / (sqrt(v/(1 - beta2^t)) + epsilon)} (Kingma and Ba 2015).
     *
     * @param beta1 at least 0 and below 1
     * @param beta2 at least 0 and below 1
     * @param epsilon positive and finite
     */
    record Adam(double beta1, double beta2, double epsilon) implements Optimizer {

        /** @throws IllegalArgumentException if a number is out of its range */
        public Adam {
            requireFraction("beta1", beta1);
            requireFraction("beta2", beta2);
            if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
                throw new IllegalArgumentException(
                        "The epsilon of Adam must be a positive finite number, not " + epsilon + ".");
            }
        }

        private static void requireFraction(String name, double value) {
            if (!(value >= 0 && value < 1)) {
                throw new IllegalArgumentException(
                        "The " + name + " of Adam must be at least 0 and below 1, not " + value + ".");
            }
        }

        @Override
        public String toString() {
            return label() + " " + beta1 + " " + beta2 + " " + epsilon;
        }
    }

    /** The names of optimizers, as on the command line and in specifications. */
    enum Kind {
        GD,
        MOMENTUM,
        ADAM;

        /** {@code gd}, {@code momentum} or {@code adam}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there is no such label (case does not matter) */
        public static Kind parse(String label) {
            for (Kind kind : values()) {
                if (kind.label().equals(label.toLowerCase(Locale.ROOT))) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "Unknown optimizer \"" + label + "\"; allowed are gd, momentum and adam.");
        }
    }

    /**
     * The optimizer of this name with some of its numbers; null stands for momentum 0.9 and the numbers of {@link #ADAM}. Numbers of
     * other optimizers are ignored: whoever offers them refuses those first.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    static Optimizer of(Kind kind, Double momentum, Double beta1, Double beta2, Double epsilon) {
        return switch (kind) {
            case GD -> GRADIENT_DESCENT;
            case MOMENTUM -> new Momentum(momentum == null ? 0.9 : momentum);
            case ADAM ->
                new Adam(
                        beta1 == null ? ADAM.beta1() : beta1,
                        beta2 == null ? ADAM.beta2() : beta2,
                        epsilon == null ? ADAM.epsilon() : epsilon);
        };
    }

    /** What it is called. */
    default Kind kind() {
        return this instanceof Adam ? Kind.ADAM : this instanceof Momentum ? Kind.MOMENTUM : Kind.GD;
    }

    /** {@code gd}, {@code momentum} or {@code adam}. */
    default String label() {
        return kind().label();
    }
}
