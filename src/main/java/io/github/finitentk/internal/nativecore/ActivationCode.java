package io.github.finitentk.internal.nativecore;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.SmoothActivation;

/**
 * How an activation is named to the native core: {@code ntk::ActivationKind} and its two parameters.
 *
 * @param kind the number in {@code activation_kind.h}
 * @param a first parameter: the slope for {@code h <= 0} of a piecewise linear function, else unused
 * @param b second parameter: the slope for {@code h > 0}
 */
record ActivationCode(int kind, double a, double b) {

    static ActivationCode of(Activation activation) {
        if (activation instanceof PiecewiseLinear linear) {
            return new ActivationCode(PiecewiseLinear.CODE, linear.negativeSlope(), linear.positiveSlope());
        }
        if (activation instanceof SmoothActivation smooth) {
            return new ActivationCode(smooth.code(), 0, 0);
        }
        throw new IllegalArgumentException("The native core has no activation \"" + activation.label()
                + "\"; functions of your own run on the pure-Java backend.");
    }
}
