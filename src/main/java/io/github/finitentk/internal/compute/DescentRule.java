package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;
import java.util.Objects;

/**
 * How networks descend, and when they stop; the twin of {@code ntk::DescentRule} in {@code ntk_core.h}.
 *
 * <p>A step sees {@code batch} inputs: in every epoch each of the {@code S} once, in an order of its own ({@link BatchOrder}). The
 * loss of a step is that of its inputs with the weights before it, and an epoch's loss is the mean of its inputs' losses:
 * {@code loss_t} where a step sees all inputs. The rule judges epochs.
 *
 * @param learningRate {@code eta}, positive and finite
 * @param loss what is descended
 * @param lossFactor a factor of it, positive: for the squared error 1 for {@code 1/(2S) sum |f - y|^2}, 2 for
 *     {@code 1/S sum |f - y|^2}
 * @param optimizer what a step does with the gradient
 * @param batch how many inputs a step sees, at least 1; {@link #ALL} for all
 * @param order where the orders of the inputs come from; network i takes member i of this seed
 * @param minDecrease an epoch's loss below the best one minus this becomes the new best
 * @param patience so many epochs' losses in a row that do not end the descent, at least 1
 * @param maxSteps the largest number of updates
 */
public record DescentRule(
        double learningRate,
        Loss loss,
        double lossFactor,
        Optimizer optimizer,
        int batch,
        Seed order,
        double minDecrease,
        int patience,
        long maxSteps) {

    /** The size of a batch of all inputs. */
    public static final int ALL = 0;

    /** What is descended; f has K numbers for each of B inputs. */
    public enum Loss {
        /** {@code factor/(2B) sum_s |f_s - y_s|^2}. */
        SQUARED_ERROR,
        /** {@code factor/B sum_s -y_s . log softmax(f_s)}, where each {@code y_s} sums to 1. */
        CROSS_ENTROPY
    }

    /** How a step follows the gradient {@code g} of its loss, t = 1 for the first one; {@code m = v = 0} before it. */
    public enum Method {
        /** {@code w -= eta g}. */
        GRADIENT_DESCENT(0),
        /** {@code m = momentum m + g, w -= eta m}. */
        MOMENTUM(1),
        /**
         * {@code m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
         * w -= eta/(1 - b1^t) m / (sqrt(v/(1 - b2^t)) + epsilon)}; {@code b1} is the momentum, {@code b2} the second one.
         */
        ADAM(2);

        private final int moments;

        Method(int moments) {
            this.moments = moments;
        }

        /** Numbers that it remembers for each parameter. */
        public int moments() {
            return moments;
        }
    }

    /**
     * A method with its numbers.
     *
     * @param momentum at least 0 and below 1
     * @param secondMomentum at least 0 and below 1
     * @param epsilon at least 0
     */
    public record Optimizer(Method method, double momentum, double secondMomentum, double epsilon) {

        public static final Optimizer GRADIENT_DESCENT = new Optimizer(Method.GRADIENT_DESCENT, 0, 0, 0);

        /** @throws IllegalArgumentException if a number is out of its range */
        public Optimizer {
            Objects.requireNonNull(method, "method");
            if (!(momentum >= 0 && momentum < 1 && secondMomentum >= 0 && secondMomentum < 1 && epsilon >= 0)) {
                throw new IllegalArgumentException(
                        "Momenta must be at least 0 and below 1, and epsilon at least 0, not " + momentum + ", "
                                + secondMomentum + " and " + epsilon + ".");
            }
        }
    }

    /** @throws IllegalArgumentException if a number is out of its range */
    public DescentRule {
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(order, "order");
        if (!(learningRate > 0 && lossFactor > 0 && minDecrease >= 0)
                || Double.isInfinite(learningRate * lossFactor * minDecrease)) {
            throw new IllegalArgumentException("The learning rate and the loss factor must be positive and the least"
                    + " decrease at least 0, all finite, not " + learningRate + ", " + lossFactor + " and "
                    + minDecrease + ".");
        }
        if (patience < 1 || maxSteps < 0 || batch < 0) {
            throw new IllegalArgumentException(
                    "The patience must be at least 1, and the number of steps and the size of a"
                            + " batch at least 0, not " + patience + ", " + maxSteps + " and " + batch + ".");
        }
    }

    /** Gradient descent of the squared error of all inputs. */
    public DescentRule(double learningRate, double lossFactor, double minDecrease, int patience, long maxSteps) {
        this(
                learningRate,
                Loss.SQUARED_ERROR,
                lossFactor,
                Optimizer.GRADIENT_DESCENT,
                ALL,
                Seed.of(0),
                minDecrease,
                patience,
                maxSteps);
    }

    /** The inputs that a step sees at most, of so many. */
    public int batchOf(int inputs) {
        return batch == ALL ? inputs : batch;
    }

    /** Steps of an epoch. */
    public int epochSteps(int inputs) {
        int size = batchOf(inputs);
        return (int) (((long) inputs + size - 1) / size);
    }

    /** The key of one network's orders. */
    public long orderKey(int network) {
        return order.derive(network).value();
    }
}
