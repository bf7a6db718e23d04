package io.github.finitentk.meanfield;

import io.github.finitentk.model.Architecture;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The mean-field recursion of a pair of inputs by layer; numbering as in {@link SignalPropagation}.
 */
public final class PairPropagation {

    private final SignalPropagation first;
    private final SignalPropagation second;
    private final Covariance[] q;
    private final Covariance[] qhat;
    private final double[] p;
    private final double[] chi;

    PairPropagation(
            SignalPropagation first,
            SignalPropagation second,
            Covariance[] q,
            Covariance[] qhat,
            double[] p,
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
        return layers(q, Covariance::qsr);
    }

    /** {@code qhat_sr^0 … qhat_sr^{L-1}}, eq. (7). */
    public double[] qhat() {
        return layers(qhat, Covariance::qsr);
    }

    /** {@code c^1 … c^L}: correlation of the preactivations. */
    public double[] c() {
        return layers(q, Covariance::correlation);
    }

    /** {@code q_ss^l + q_rr^l - 2 q_sr^l}, l = 1 … L, relatively accurate for near duplicates. */
    public double[] distance2() {
        return layers(q, Covariance::distance2);
    }

    /** {@code p_sr^1 … p_sr^L}, eq. (9). */
    public double[] p() {
        return p.clone();
    }

    /** {@code sigmaW2 E2[phi' phi']} in layers 1 … L; the last one is not used. */
    public double[] chi() {
        return chi.clone();
    }

    /** All second moments of the preactivations of layer l = 1 … L. */
    public Covariance q(int l) {
        return q[l - 1];
    }

    /** All second moments of the activations of layer l = 0 … L - 1. */
    public Covariance qhat(int l) {
        return qhat[l];
    }

    /** {@code p_sr^l}, l = 1 … L. */
    public double p(int l) {
        return p[l - 1];
    }

    /** {@code K(x_s, x_r) = q_sr^L} (Lemma 1). */
    public double nngp() {
        return q[q.length - 1].qsr();
    }

    /** {@code Theta*(x_s, x_r) = sum_l p_sr^l (n_{l-1} qhat_sr^{l-1} + 1)}. */
    public double ntk(Architecture architecture) {
        return MeanField.kernel(architecture, p, qhat(), 1);
    }

    /** {@code kappa_2} of Lemma 2; NaN for L = 1. */
    public double kappa2(Architecture architecture) {
        return WidthScale.of(architecture).kappa(MeanField.kernel(architecture, p, qhat(), 0));
    }

    private static double[] layers(Covariance[] covariances, ToDoubleFunction<Covariance> entry) {
        return Arrays.stream(covariances).mapToDouble(entry).toArray();
    }
}
