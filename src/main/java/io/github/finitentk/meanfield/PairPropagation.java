package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The mean-field recursion of a pair of inputs by layer; numbering, and numbers that do not fit, as in {@link SignalPropagation}.
 */
public final class PairPropagation {

    private final SignalPropagation first;
    private final SignalPropagation second;
    private final ScaledCovariance[] q;
    private final ScaledCovariance[] qhat;
    private final ScaledValue[] p;
    private final double[] chi;

    PairPropagation(
            SignalPropagation first,
            SignalPropagation second,
            ScaledCovariance[] q,
            ScaledCovariance[] qhat,
            ScaledValue[] p,
            double[] chi) {
        this.first = first;
        this.second = second;
        this.q = q;
        this.qhat = qhat;
        this.p = p;
        this.chi = chi;
    }

    /** L. */
    public int depth() {
        return q.length;
    }

    /** The recursion of input s alone. */
    public SignalPropagation first() {
        return first;
    }

    /** The recursion of input r alone. */
    public SignalPropagation second() {
        return second;
    }

    /** {@code q_sr^1 … q_sr^L}, eq. (7). */
    public double[] q() {
        return layers(q, each -> each.qsr().fitting());
    }

    /** {@code qhat_sr^0 … qhat_sr^{L-1}}, eq. (7). */
    public double[] qhat() {
        return layers(qhat, each -> each.qsr().fitting());
    }

    /** {@code c^1 … c^L}: correlation of the preactivations. */
    public double[] c() {
        return layers(q, each -> each.value().correlation());
    }

    /** {@code q_ss^l + q_rr^l - 2 q_sr^l}, l = 1 … L, relatively accurate for near duplicates. */
    public double[] distance2() {
        return layers(q, ScaledCovariance::distance2);
    }

    /** {@code p_sr^1 … p_sr^L}, eq. (9). */
    public double[] p() {
        return SignalPropagation.doubles(p);
    }

    /** {@code sigmaW2 E2[phi' phi']} in layers 1 … L; the last one is not used. */
    public double[] chi() {
        return chi.clone();
    }

    /**
     * All second moments of the preactivations of layer l = 1 … L.
     *
     * @throws ArithmeticException if they exceed the range of a double
     */
    Covariance q(int l) {
        return q[l - 1].unscaled();
    }

    /** {@code p_sr^l}, l = 1 … L. */
    public double p(int l) {
        return p[l - 1].fitting();
    }

    /**
     * {@code K(x_s, x_r) = q_sr^L} (Lemma 1).
     *
     * @throws ArithmeticException if it exceeds the range of a double
     */
    public double nngp() {
        return SignalPropagation.inRange("The NNGP kernel", q[q.length - 1].qsr());
    }

    /**
     * {@code Theta*(x_s, x_r) = sum_l p_sr^l (n_{l-1} qhat_sr^{l-1} + 1)}.
     *
     * @throws ArithmeticException if it exceeds the range of a double
     */
    public double ntk(Architecture architecture) {
        return SignalPropagation.inRange("The infinite-width NTK", kernel(architecture, 1));
    }

    /** {@code kappa_2} of Lemma 2; NaN for L = 1. */
    public double kappa2(Architecture architecture) {
        return WidthScale.of(architecture).kappa(kernel(architecture, 0));
    }

    /** The same numbers in every layer. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PairPropagation that
                && first.equals(that.first)
                && second.equals(that.second)
                && Arrays.equals(q, that.q)
                && Arrays.equals(qhat, that.qhat)
                && Arrays.equals(p, that.p)
                && Arrays.equals(chi, that.chi);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(q) + Arrays.hashCode(p);
    }

    @Override
    public String toString() {
        return "q_sr = " + Arrays.toString(q()) + ", p_sr = " + Arrays.toString(p()) + ", c = " + Arrays.toString(c());
    }

    private ScaledValue kernel(Architecture architecture, double bias) {
        ScaledValue[] products = Arrays.stream(qhat).map(ScaledCovariance::qsr).toArray(ScaledValue[]::new);
        return MeanField.kernel(architecture, p, products, bias);
    }

    private static double[] layers(ScaledCovariance[] covariances, ToDoubleFunction<ScaledCovariance> entry) {
        return Arrays.stream(covariances).mapToDouble(entry).toArray();
    }
}
