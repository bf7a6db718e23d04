package io.github.finitentk.training;

/**
 * Where a network stands: its residual and, if it was asked for, its kernel on the training inputs.
 *
 * @param values {@code f - y}, {@code N = S K} numbers; not modified by anybody
 * @param loss in the plan's convention
 * @param theta {@code Theta}, {@code N x N}; not modified by anybody; null if it was not computed
 */
record Residual(double[] values, double loss, double[] theta) {

    /** One forward and backward pass with the kernel, after which {@code place} can give gradients. */
    static Residual withKernel(FlowPlace place, double[] targets, TrainingPlan plan) {
        return of(place, targets, plan).withKernelOf(place);
    }

    /** One forward and backward pass, after which {@code place} can give gradients. */
    static Residual of(FlowPlace place, double[] targets, TrainingPlan plan) {
        place.propagate();
        double[] values = place.outputs();
        for (int s = 0; s < values.length; s++) {
            values[s] -= targets[s];
        }
        return new Residual(
                values, plan.loss().gradientFactor() / 2 / place.samples() * Vectors.squaredNorm(values), null);
    }

    /** The same with the kernel of the place that it came from. */
    Residual withKernelOf(FlowPlace place) {
        return new Residual(values, loss, place.theta());
    }

    /** By how much the logarithm of the loss changes in one step of the given rate with the kernel here. */
    double logChange(double rate) {
        int samples = values.length;
        double after = 0;
        for (int s = 0; s < samples; s++) {
            double sum = 0;
            for (int r = 0; r < samples; r++) {
                sum += theta[s * samples + r] * values[r];
            }
            after += (values[s] - rate * sum) * (values[s] - rate * sum);
        }
        return StrictMath.log(after / Vectors.squaredNorm(values));
    }

    /** Whether loss and kernel are finite. */
    boolean finite() {
        return Double.isFinite(loss) && (theta == null || Double.isFinite(Vectors.squaredNorm(theta)));
    }
}
