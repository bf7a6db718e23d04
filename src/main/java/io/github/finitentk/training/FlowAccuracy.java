package io.github.finitentk.training;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.PiecewiseLinear;

/**
 * How accurate a macro step must be. Its error is the larger of that of the residual, relative to the residual, and that of
 * the kernel, relative to the change of the kernel since the start; see {@link MacroStep}.
 *
 * @param tolerance the error that a macro step aims at
 * @param kernelWeight the kernel's error counts so much
 * @param floor a kernel change below this share of the initial kernel is taken for this share
 */
record FlowAccuracy(double tolerance, double kernelWeight, double floor) {

    private static final FlowAccuracy SMOOTH = new FlowAccuracy(0.003, 1, 5e-4);

    // The kernel of a piecewise linear network jumps whenever a unit passes a kink at some input, so that it cannot be
    // predicted beyond a few such jumps; outputs are continuous.
    private static final FlowAccuracy PIECEWISE_LINEAR = new FlowAccuracy(0.01, 0.1, 0.05);

    private static final FlowAccuracy COARSE_PIECEWISE_LINEAR = new FlowAccuracy(0.03, 0.1, 0.05);

    static FlowAccuracy of(Activation activation, Integrator integrator) {
        if (!(activation instanceof PiecewiseLinear)) {
            return SMOOTH;
        }
        return integrator == Integrator.FLOW_COARSE ? COARSE_PIECEWISE_LINEAR : PIECEWISE_LINEAR;
    }
}
