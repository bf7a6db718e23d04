package io.github.finitentk.training;

import io.github.finitentk.model.Activation;

/**
 * How accurate macro steps must be. The error of one is the larger of that of the residual, relative to the residual, and
 * that of the kernel, relative to the change of the kernel since the start; see {@link MacroStep}. The residual's errors add
 * up over the training, so their sum has a budget; once it is spent, single steps are taken.
 *
 * @param tolerance the error that a macro step aims at
 * @param kernelWeight the kernel's error counts so much
 * @param floor a kernel change below this share of the initial kernel is taken for this share
 * @param budget of the residual's errors, summed over macro steps
 * @param smooth whether the activation has no kinks. Where errors fall with a power of the length of a macro step, the
 *     budget is spread evenly over the logarithm of the steps, and shorter macro steps then keep the sum within it. Where
 *     they don't, because of kinks, short macro steps only cost: there the budget is spent as needed, and the attempt is
 *     given up once it is spent
 * @param largestRate from this {@code a_max} on single steps are taken
 * @param growth a macro step is at most this share of the steps before it
 * @param reach and at most this share of those after it, unless these are few
 */
record FlowAccuracy(
        double tolerance,
        double kernelWeight,
        double floor,
        double budget,
        boolean smooth,
        double largestRate,
        double growth,
        double reach) {

    /** Nothing but single steps. */
    static final FlowAccuracy SINGLE_STEPS = new FlowAccuracy(0, 1, 1, 0, true, 0, 0, 1);

    /** From here on gradient descent is unstable. */
    private static final double UNSTABLE = 2;

    private static final FlowAccuracy SMOOTH = new FlowAccuracy(0.003, 1, 5e-4, 0.01, true, UNSTABLE, 1, 1);

    // The kernel of a network with kinks jumps whenever a unit passes one at some input, so that it cannot be predicted
    // beyond a few such jumps; outputs are continuous. A third of the kernel weight triples the error of the loss.
    // Where a_max is large the loss falls by many orders of magnitude, and a small error of the kernel becomes a large
    // one of that small loss.
    private static final FlowAccuracy KINKED = new FlowAccuracy(0.01, 0.3, 0.05, 0.03, false, 0.03, 1, 1);

    private static final FlowAccuracy COARSE_KINKED =
            new FlowAccuracy(0.03, 0.1, 0.05, Double.POSITIVE_INFINITY, false, UNSTABLE, 1, 1);

    static FlowAccuracy of(Activation activation, Integrator integrator) {
        if (activation.kinks().length == 0) {
            return SMOOTH;
        }
        return integrator == Integrator.FLOW_COARSE ? COARSE_KINKED : KINKED;
    }

    /**
     * Other macro steps, to see what their length matters: longer ones, but never a single one to the end, which would be
     * the same at any accuracy.
     */
    FlowAccuracy coarser() {
        double unlimited = smooth ? 4 * budget : Double.POSITIVE_INFINITY;
        return new FlowAccuracy(4 * tolerance, kernelWeight, floor, unlimited, smooth, largestRate, 2 * growth, 0.5);
    }

    /** Shorter macro steps. */
    FlowAccuracy finer() {
        return new FlowAccuracy(
                0.2 * tolerance, kernelWeight, floor, 0.2 * budget, smooth, largestRate, 0.5 * growth, reach);
    }

    /** The error of the residual that {@code n} steps from {@code step} on may make. */
    double residualTolerance(long step, long n, long maxSteps) {
        if (!smooth) {
            return tolerance;
        }
        double share = StrictMath.log1p((double) n / step) / StrictMath.log(maxSteps / 10.0);
        return Math.min(tolerance, budget * share);
    }
}
