package io.github.finitentk.training;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Precision;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * What a training does, apart from the network and the data. {@link #builder} names what differs from the paper's plan.
 *
 * @param learningRate {@code eta}, positive and finite
 * @param loss the convention of the loss that is descended, reported and watched by the stopping rule
 * @param maxSteps the largest number of updates, at least 1
 * @param minDecrease a loss is a decrease if it is lower by more than this than at the last decrease; finite, at least 0
 * @param patience so many consecutive steps without a decrease end the training, at least 1. A slow but steady fall keeps
 *     it going: this is the paper's "did not decrease by at least 1e-7 in 100 consecutive steps"
 * @param snapshots steps at which the kernel is measured, each at least 1; kept in ascending order without duplicates.
 *     Steps that the training does not reach are ignored; the end is always measured
 * @param integrator how the steps are taken; macro steps are known for plain gradient descent of the squared error of all inputs
 *     only
 * @param precision the number type of weights and states; kernels are f64 in either case. f32 weights are compensated
 *     (Kahan): plain f32 rounds most updates of deep ordered networks to zero. The moments of an optimizer are not
 * @param optimizer what a step does with the gradient
 * @param batch how many inputs a step sees; {@link #ALL} for all. In every epoch each input is seen once, in an order that the
 *     seed says, and the last step of an epoch has what is left. The stopping rule then judges epochs, by the mean of their inputs'
 *     losses before each one's step: {@code patience} counts epochs
 * @param order where the orders of the inputs come from, unless a step sees all
 * @param kernelSamples the kernel is measured on the first so many inputs; {@link #ALL} for all
 */
public record TrainingPlan(
        double learningRate,
        LossConvention loss,
        long maxSteps,
        double minDecrease,
        int patience,
        List<Long> snapshots,
        Integrator integrator,
        Precision precision,
        Optimizer optimizer,
        int batch,
        Seed order,
        int kernelSamples) {

    /** Of distributions that were computed in f32. */
    private static final double SUM_TOLERANCE = 1e-5;

    /** All inputs, as the size of a batch and as the inputs that the kernel is measured on. */
    public static final int ALL = 0;

    /** The plan of the paper's section 4: rate 1e-5, at most 1e5 steps, stop after 100 steps without a fall by 1e-7. */
    public static final TrainingPlan PAPER = new TrainingPlan(
            1e-5,
            LossConvention.HALF_MSE,
            100_000,
            1e-7,
            100,
            List.of(10L, 100L, 1_000L, 10_000L),
            Integrator.FLOW,
            Precision.F64,
            Optimizer.GRADIENT_DESCENT,
            ALL,
            Seed.of(0),
            ALL);

    /**
     * The plan of trainings that go on until nothing is left to learn, or for a given time: they end early only where 100
     * steps make the loss fall by less than 1e-12, which does not show in outputs. The kernel is measured at the end only.
     * Rate and number of steps are to be set.
     */
    public static final TrainingPlan TO_THE_END = PAPER.toBuilder()
            .minDecrease(1e-12)
            .snapshots()
            .integrator(Integrator.FLOW_COARSE)
            .build();

    /**
     * How long is long: by the time t with {@code t lambda_max(Theta*) / S} equal to this, gradient flow has learnt all
     * directions of the kernel with more than a thousandth of its largest eigenvalue.
     */
    public static final double DURATION = 1000;

    /** @throws IllegalArgumentException if an argument is out of its range */
    public TrainingPlan {
        Objects.requireNonNull(loss, "A training needs a loss.");
        Objects.requireNonNull(integrator, "A training needs an integrator.");
        Objects.requireNonNull(precision, "A training needs a precision.");
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a positive finite number, not " + learningRate + ".");
        }
        if (maxSteps < 1) {
            throw new IllegalArgumentException("The number of steps must be at least 1, not " + maxSteps + ".");
        }
        if (!(minDecrease >= 0) || Double.isInfinite(minDecrease)) {
            throw new IllegalArgumentException(
                    "The least decrease of the loss must be zero or a positive finite number, not " + minDecrease
                            + ".");
        }
        if (patience < 1) {
            throw new IllegalArgumentException("The patience must be at least 1 step, not " + patience + ".");
        }
        for (long step : snapshots) {
            if (step < 1) {
                throw new IllegalArgumentException("A snapshot is taken after at least 1 step, not " + step + ".");
            }
        }
        Objects.requireNonNull(optimizer, "A training needs an optimizer.");
        Objects.requireNonNull(order, "A training needs a seed for the order of its inputs.");
        if (batch < 0 || kernelSamples < 0) {
            throw new IllegalArgumentException(
                    "A batch and the inputs that the kernel is measured on must be at least 1, or " + ALL
                            + " for all, not " + batch + " and " + kernelSamples + ".");
        }
        if (integrator != Integrator.GD && !isPlain(optimizer, loss, batch)) {
            throw new IllegalArgumentException("The integrator " + integrator.label()
                    + " is known for the optimizer gd, a squared error and steps that see all inputs only; use the integrator"
                    + " gd.");
        }
        if (integrator != Integrator.GD && kernelSamples != ALL) {
            throw new IllegalArgumentException("The integrator " + integrator.label()
                    + " needs the kernel on all inputs; measure it on all, or use the integrator gd.");
        }
        snapshots = snapshots.stream().sorted().distinct().toList();
    }

    /** Whether it is gradient descent of the squared error of all inputs, which NTK theory is about. */
    public boolean isPlain() {
        return isPlain(optimizer, loss, batch);
    }

    private static boolean isPlain(Optimizer optimizer, LossConvention loss, int batch) {
        return optimizer instanceof Optimizer.GradientDescent && loss.isSquaredError() && batch == ALL;
    }

    DescentRule descentRule() {
        return new DescentRule(
                learningRate,
                loss.isSquaredError() ? DescentRule.Loss.SQUARED_ERROR : DescentRule.Loss.CROSS_ENTROPY,
                loss.gradientFactor(),
                descentOptimizer(),
                batch,
                order,
                minDecrease,
                patience,
                maxSteps);
    }

    private DescentRule.Optimizer descentOptimizer() {
        if (optimizer instanceof Optimizer.Adam adam) {
            return new DescentRule.Optimizer(DescentRule.Method.ADAM, adam.beta1(), adam.beta2(), adam.epsilon());
        }
        return optimizer instanceof Optimizer.Momentum heavy
                ? new DescentRule.Optimizer(DescentRule.Method.MOMENTUM, heavy.momentum(), 0, 0)
                : DescentRule.Optimizer.GRADIENT_DESCENT;
    }

    /** @throws IllegalArgumentException in one sentence if this plan cannot be followed with these data */
    public void requireFits(Dataset data) {
        requireInputs("A step cannot see", batch, data.samples());
        requireInputs("The kernel cannot be measured on", kernelSamples, data.samples());
        if (loss.isSquaredError()) {
            return;
        }
        if (data.outputs() < 2) {
            throw new IllegalArgumentException(
                    "The loss cross-entropy needs targets of at least 2 classes, for example one-hot"
                            + " ones; there is one number for each input.");
        }
        Targets targets = data.targets();
        for (int s = 0; s < targets.count(); s++) {
            double sum = 0;
            for (int k = 0; k < targets.outputs(); k++) {
                sum += targets.get(s, k) >= 0 ? targets.get(s, k) : Double.NaN;
            }
            if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
                throw new IllegalArgumentException(
                        "The loss cross-entropy needs targets that are not negative and sum to 1"
                                + " for each input, which those of input " + s + " (counted from 0) do not.");
            }
        }
    }

    private static void requireInputs(String what, int wanted, int samples) {
        if (wanted > samples) {
            throw new IllegalArgumentException(what + " " + wanted + " inputs: there are " + samples + ".");
        }
    }

    /** The inputs that the kernel is measured on, of so many. */
    int kernelSamples(int samples) {
        return kernelSamples == ALL ? samples : kernelSamples;
    }

    /**
     * {@code a = eta factor lambda / S}, by which a step multiplies the residual along an eigenvector of the kernel
     * (times {@code 1 - a}); with momentum {@code eta factor lambda / (S (1 + momentum))}. A training that sees all inputs is unstable
     * where the largest exceeds 2.
     *
     * @param eigenvalue {@code lambda}, of {@code Theta}
     * @param samples {@code S}
     * @return NaN for Adam and for cross-entropy, whose stability it says nothing about
     */
    public double stepSize(double eigenvalue, int samples) {
        if (optimizer instanceof Optimizer.Adam || !loss.isSquaredError()) {
            return Double.NaN;
        }
        double size = learningRate * loss.gradientFactor() * eigenvalue / samples;
        return optimizer instanceof Optimizer.Momentum heavy ? size / (1 + heavy.momentum()) : size;
    }

    /** A plan like {@link #PAPER}, but for what is set. */
    public static Builder builder() {
        return PAPER.toBuilder();
    }

    /** A plan like this one, but for what is set. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Sets what differs from the plan it starts from; {@link #build} checks it. See {@link TrainingPlan} for each setting. */
    public static final class Builder {

        private double learningRate;
        private LossConvention loss;
        private long maxSteps;
        private double minDecrease;
        private int patience;
        private List<Long> snapshots;
        private Integrator integrator;
        private Precision precision;
        private Optimizer optimizer;
        private int batch;
        private Seed order;
        private int kernelSamples;

        private Builder(TrainingPlan plan) {
            learningRate = plan.learningRate;
            loss = plan.loss;
            maxSteps = plan.maxSteps;
            minDecrease = plan.minDecrease;
            patience = plan.patience;
            snapshots = plan.snapshots;
            integrator = plan.integrator;
            precision = plan.precision;
            optimizer = plan.optimizer;
            batch = plan.batch;
            order = plan.order;
            kernelSamples = plan.kernelSamples;
        }

        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        public Builder loss(LossConvention value) {
            loss = value;
            return this;
        }

        public Builder maxSteps(long value) {
            maxSteps = value;
            return this;
        }

        public Builder minDecrease(double value) {
            minDecrease = value;
            return this;
        }

        public Builder patience(int value) {
            patience = value;
            return this;
        }

        public Builder snapshots(long... steps) {
            return snapshots(LongStream.of(steps).boxed().toList());
        }

        public Builder snapshots(List<Long> steps) {
            snapshots = List.copyOf(steps);
            return this;
        }

        public Builder integrator(Integrator value) {
            integrator = value;
            return this;
        }

        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        public Builder optimizer(Optimizer value) {
            optimizer = value;
            return this;
        }

        /** Steps that see {@code size} inputs each, in an order that comes from the seed. */
        public Builder batch(int size, Seed seed) {
            batch = size;
            order = seed;
            return this;
        }

        public Builder kernelSamples(int first) {
            kernelSamples = first;
            return this;
        }

        /** @throws IllegalArgumentException with one sentence if a setting is out of its range */
        public TrainingPlan build() {
            return new TrainingPlan(
                    learningRate,
                    loss,
                    maxSteps,
                    minDecrease,
                    patience,
                    snapshots,
                    integrator,
                    precision,
                    optimizer,
                    batch,
                    order,
                    kernelSamples);
        }
    }
}
