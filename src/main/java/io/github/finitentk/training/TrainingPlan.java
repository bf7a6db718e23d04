package io.github.finitentk.training;

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
 * @param integrator how the steps are taken
 * @param precision the number type of weights and states; kernels are f64 in either case. f32 weights are compensated
 *     (Kahan): plain f32 rounds most updates of deep ordered networks to zero
 */
public record TrainingPlan(
        double learningRate,
        LossConvention loss,
        long maxSteps,
        double minDecrease,
        int patience,
        List<Long> snapshots,
        Integrator integrator,
        Precision precision) {

    /** The plan of the paper's section 4: rate 1e-5, at most 1e5 steps, stop after 100 steps without a fall by 1e-7. */
    public static final TrainingPlan PAPER = new TrainingPlan(
            1e-5,
            LossConvention.HALF_MSE,
            100_000,
            1e-7,
            100,
            List.of(10L, 100L, 1_000L, 10_000L),
            Integrator.FLOW,
            Precision.F64);

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
        snapshots = snapshots.stream().sorted().distinct().toList();
    }

    DescentRule descentRule() {
        return new DescentRule(learningRate, loss.gradientFactor(), minDecrease, patience, maxSteps);
    }

    /**
     * {@code a = eta factor lambda / S}, by which a step multiplies the residual along an eigenvector of the kernel
     * (times {@code 1 - a}). Gradient descent is unstable where the largest exceeds 2.
     *
     * @param eigenvalue {@code lambda}, of {@code Theta}
     * @param samples {@code S}
     */
    public double stepSize(double eigenvalue, int samples) {
        return learningRate * loss.gradientFactor() * eigenvalue / samples;
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

        private Builder(TrainingPlan plan) {
            learningRate = plan.learningRate;
            loss = plan.loss;
            maxSteps = plan.maxSteps;
            minDecrease = plan.minDecrease;
            patience = plan.patience;
            snapshots = plan.snapshots;
            integrator = plan.integrator;
            precision = plan.precision;
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

        /** @throws IllegalArgumentException with one sentence if a setting is out of its range */
        public TrainingPlan build() {
            return new TrainingPlan(
                    learningRate, loss, maxSteps, minDecrease, patience, snapshots, integrator, precision);
        }
    }
}
