package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;

/**
 * The width bookkeeping of Lemma 2: {@code M_l = alpha_l M} and {@code alpha = sum_{l=1..L-1} alpha_l alpha_{l-1}}.
 *
 * <p>M is a reference width that cancels in {@code alpha M kappa}; here it is the largest hidden width, so that all
 * {@code alpha_l} of a constant-width network are 1. Without hidden layers (L = 1) alpha is an empty sum, 0, and kappa is
 * not defined (NaN); the kernel itself is.
 *
 * @param width M
 * @param alpha {@code sum_{l=1..L-1} n_l n_{l-1} / M^2}
 */
record WidthScale(int width, double alpha) {

    static WidthScale of(Architecture architecture) {
        return new WidthScale(architecture.maxHiddenWidth(), architecture.alpha());
    }

    /** {@code alpha M}, the leading order of the NTK. */
    double leading() {
        return alpha * width;
    }

    /** kappa from the weight part of the NTK; NaN without hidden layers. */
    double kappa(double weightPart) {
        return alpha > 0 ? weightPart / leading() : Double.NaN;
    }

    /** The same of a weight part of any size. */
    double kappa(ScaledValue weightPart) {
        return ScaledValue.of(kappa(weightPart.value()), weightPart.exponent()).fitting();
    }
}
