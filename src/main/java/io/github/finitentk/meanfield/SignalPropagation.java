package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;
import java.util.Arrays;

/**
 * The mean-field recursion of one input by layer. Layers are numbered as in the paper: {@code q, p, chi1} have
 * l = 1 … L, {@code qhat} has l = 0 … L - 1. Array accessors return copies of length L starting at the lowest layer.
 *
 * <p>All numbers are carried beyond the range of a double. What does not fit is infinite above it, and NaN (missing) where it
 * is not 0 but smaller than every double.
 */
public final class SignalPropagation {

    private final ScaledValue[] q;
    private final ScaledValue[] qhat;
    private final ScaledValue[] p;
    private final double[] chi1;

    SignalPropagation(ScaledValue[] q, ScaledValue[] qhat, ScaledValue[] p, double[] chi1) {
        this.q = q;
        this.qhat = qhat;
        this.p = p;
        this.chi1 = chi1;
    }

    /** L. */
    public int depth() {
        return q.length;
    }

    /** {@code q^1 … q^L}: variance of the preactivations, eq. (5). */
    public double[] q() {
        return doubles(q);
    }

    /** {@code qhat^0 … qhat^{L-1}}: second moment of the activations, eq. (6). */
    public double[] qhat() {
        return doubles(qhat);
    }

    /** {@code p^1 … p^L}: {@code E sum_i (delta^l_i)^2}, eq. (8). */
    public double[] p() {
        return doubles(p);
    }

    /** {@code chi_1^1 … chi_1^L}; the last one belongs to the output layer, which has no activation, and is not used. */
    public double[] chi1() {
        return chi1.clone();
    }

    /** {@code q^l}, l = 1 … L. */
    public double q(int l) {
        return q[l - 1].fitting();
    }

    /** {@code qhat^l}, l = 0 … L - 1. */
    public double qhat(int l) {
        return qhat[l].fitting();
    }

    /** {@code p^l}, l = 1 … L. */
    public double p(int l) {
        return p[l - 1].fitting();
    }

    /** {@code chi_1^l}, l = 1 … L. */
    public double chi1(int l) {
        return chi1[l - 1];
    }

    /**
     * {@code K(x, x) = q^L} (Lemma 1).
     *
     * @throws ArithmeticException if it exceeds the range of a double
     */
    public double nngp() {
        return inRange("The NNGP kernel", q[q.length - 1]);
    }

    /**
     * {@code Theta*(x, x) = sum_l p^l (n_{l-1} qhat^{l-1} + 1)}.
     *
     * @throws ArithmeticException if it exceeds the range of a double
     */
    public double ntk(Architecture architecture) {
        return inRange("The infinite-width NTK", MeanField.kernel(architecture, p, qhat, 1));
    }

    /** {@code kappa_1} of Lemma 2; NaN for L = 1. */
    public double kappa1(Architecture architecture) {
        return WidthScale.of(architecture).kappa(MeanField.kernel(architecture, p, qhat, 0));
    }

    /** The same numbers in every layer. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SignalPropagation that
                && Arrays.equals(q, that.q)
                && Arrays.equals(qhat, that.qhat)
                && Arrays.equals(p, that.p)
                && Arrays.equals(chi1, that.chi1);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(q) + Arrays.hashCode(p);
    }

    @Override
    public String toString() {
        return "q = " + Arrays.toString(q()) + ", p = " + Arrays.toString(p()) + ", chi_1 = " + Arrays.toString(chi1);
    }

    ScaledValue scaledQ(int l) {
        return q[l - 1];
    }

    ScaledValue scaledQhat(int l) {
        return qhat[l];
    }

    ScaledValue scaledP(int l) {
        return p[l - 1];
    }

    static double inRange(String what, ScaledValue number) {
        double fitting = number.fitting();
        if (Double.isInfinite(fitting)) {
            throw MeanField.tooLarge(what);
        }
        return fitting;
    }

    static double[] doubles(ScaledValue[] values) {
        return Arrays.stream(values).mapToDouble(ScaledValue::fitting).toArray();
    }
}
