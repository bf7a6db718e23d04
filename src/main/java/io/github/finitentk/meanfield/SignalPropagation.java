package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;

/**
 * The mean-field recursion of one input by layer. Layers are numbered as in the paper: {@code q, p, chi1} have
 * l = 1 … L, {@code qhat} has l = 0 … L - 1. Array accessors return copies of length L starting at the lowest layer.
 */
public final class SignalPropagation {

    private final double[] q;
    private final double[] qhat;
    private final double[] p;
    private final double[] chi1;

    SignalPropagation(double[] q, double[] qhat, double[] p, double[] chi1) {
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
        return q.clone();
    }

    /** {@code qhat^0 … qhat^{L-1}}: second moment of the activations, eq. (6). */
    public double[] qhat() {
        return qhat.clone();
    }

    /** {@code p^1 … p^L}: {@code E sum_i (delta^l_i)^2}, eq. (8). */
    public double[] p() {
        return p.clone();
    }

    /** {@code chi_1^1 … chi_1^L}; the last one belongs to the output layer, which has no activation, and is not used. */
    public double[] chi1() {
        return chi1.clone();
    }

    /** {@code q^l}, l = 1 … L. */
    public double q(int l) {
        return q[l - 1];
    }

    /** {@code qhat^l}, l = 0 … L - 1. */
    public double qhat(int l) {
        return qhat[l];
    }

    /** {@code p^l}, l = 1 … L. */
    public double p(int l) {
        return p[l - 1];
    }

    /** {@code chi_1^l}, l = 1 … L. */
    public double chi1(int l) {
        return chi1[l - 1];
    }

    /** {@code K(x, x) = q^L} (Lemma 1). */
    public double nngp() {
        return q[q.length - 1];
    }

    /** {@code Theta*(x, x) = sum_l p^l (n_{l-1} qhat^{l-1} + 1)}. */
    public double ntk(Architecture architecture) {
        return MeanField.kernel(architecture, p, qhat, 1);
    }

    /** {@code kappa_1} of Lemma 2; NaN for L = 1. */
    public double kappa1(Architecture architecture) {
        return WidthScale.of(architecture).kappa(MeanField.kernel(architecture, p, qhat, 0));
    }
}
