package io.github.finitentk.training;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.PiecewiseLinear;

/**
 * How accurate macro steps must be. The error of one is the larger of that of the residual, relative to the residual, and
 * that of the kernel, relative to the change of the kernel since the start; see {@link MacroStep}. The residual's errors add
 * up over the training, so their sum has a budget; once it is spent, single steps are taken.
 *
 * @param tolerance the error that a macro step aims at
 * @param kernelWeight the kernel's error counts so much
 * @param floor a kernel change below this share of the initial kernel is taken for this share
 * @param budget of the residual's errors, summed over macro steps
 * @param even whether the budget is spread evenly over the logarithm of the steps. Where errors fall with a power of the
 *     length of a macro step, shorter ones then keep the sum within the budget. Where they don't, because of kinks, short
 *     macro steps only cost: there the budget is spent as needed
 * @param largestRate from this {@code a_max} on single steps are taken
 */
record FlowAccuracy(
        double tolerance, double kernelWeight, double floor, double budget, boolean even, double largestRate) {

    /** From here on gradient descent is unstable. */
    private static final double UNSTABLE = 2;

    private static final FlowAccuracy SMOOTH = new FlowAccuracy(0.003, 1, 5e-4, 0.01, true, UNSTABLE);

    // The kernel of a piecewise linear network jumps whenever a unit passes a kink at some input, so that it cannot be
    // predicted beyond a few such jumps; outputs are continuous. A third of the kernel weight triples the error of the
    // loss.
    // Where a_max is large the loss falls by many orders of magnitude, and a small error of the kernel becomes a large
    // one of
    // that small loss.
    private static final FlowAccuracy PIECEWISE_LINEAR = new FlowAccuracy(0.01, 0.3, 0.05, 0.03, false, 0.03);

    private static final FlowAccuracy COARSE_PIECEWISE_LINEAR =
            new FlowAccuracy(0.03, 0.1, 0.05, Double.POSITIVE_INFINITY, false, UNSTABLE);

    static FlowAccuracy of(Activation activation, Integrator integrator) {
        if (!(activation instanceof PiecewiseLinear)) {
            return SMOOTH;
        }
        return integrator == Integrator.FLOW_COARSE ? COARSE_PIECEWISE_LINEAR : PIECEWISE_LINEAR;
    }

    /** The error of the residual that {@code n} steps from {@code step} on may make. */
    double residualTolerance(long step, long n, long maxSteps) {
        if (!even) {
            return tolerance;
        }
        double share = Math.log1p((double) n / step) / Math.log(maxSteps / 10.0);
        return Math.min(tolerance, budget * share);
    }
}
