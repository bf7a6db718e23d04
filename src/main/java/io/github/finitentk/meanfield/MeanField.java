package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;

/**
 * The mean-field recursions of eqs (5) to (9) for one activation and one initialisation.
 *
 * <p>Forward, from {@code qhat^0 = |x|^2 / M_0}:
 * {@code q^l = sigmaW2 qhat^{l-1} + sigmaB2} (l = 1 … L), {@code qhat^l = E[phi(u^l)^2]} (l = 1 … L-1), and the same for the
 * covariance of two inputs. Backward: {@code p^L = 1}, {@code p^l = sigmaW2 p^{l+1} E[phi'(u^l)^2] = chi_1^l p^{l+1}}, and
 * {@code p_sr^l} likewise from {@code p_sr^{l+1}} (Appendix E of the paper prints {@code p^{l+1}} there). With fan-in scaling no
 * ratio of widths appears: the one in eq. (8) belongs to eq. (1)'s scaling by {@code M_l} and is 1 for constant width. So
 * widths enter only when the layers are added up to the kernel, see {@link SignalPropagation} and {@link PairPropagation}.
 *
 * <p>Immutable and safe for several threads. Errors are those of {@link GaussianExpectation}.
 */
public final class MeanField {

    private final Activation activation;
    private final Initialization initialization;
    private final GaussianExpectation expectation;

    /** With the best integration method known for the activation. */
    public MeanField(Activation activation, Initialization initialization) {
        this(activation, initialization, GaussianExpectation.forActivation(activation));
    }

    /** With a given integration method. */
    public MeanField(Activation activation, Initialization initialization, GaussianExpectation expectation) {
        this.activation = activation;
        this.initialization = initialization;
        this.expectation = expectation;
    }

    public Activation activation() {
        return activation;
    }

    public Initialization initialization() {
        return initialization;
    }

    public GaussianExpectation expectation() {
        return expectation;
    }

    /** One step of eq. (5): {@code sigmaW2 E[phi(sqrt(q) z)^2] + sigmaB2}. */
    public double nextVariance(double q) {
        return initialization.sigmaW2() * expectation.square(q) + initialization.sigmaB2();
    }

    /** {@code chi_1(q) = sigmaW2 E[phi'(sqrt(q) z)^2]}. */
    public double chi1(double q) {
        return initialization.sigmaW2() * expectation.derivativeSquare(q);
    }

    /**
     * Both recursions for one input.
     *
     * @param q0 {@code |x|^2 / M_0}, finite and not negative
     * @param depth L, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public SignalPropagation propagate(double q0, int depth) {
        requireVariance(q0);
        requireDepth(depth);
        double[] qhat = new double[depth];
        double[] q = new double[depth];
        double[] chi1 = new double[depth];
        double[] p = new double[depth];
        qhat[0] = q0;
        for (int l = 0; l < depth; l++) {
            if (l > 0) {
                qhat[l] = q[l - 1] == Double.POSITIVE_INFINITY ? q[l - 1] : expectation.square(q[l - 1]);
            }
            q[l] = initialization.sigmaW2() * qhat[l] + initialization.sigmaB2();
            chi1[l] = q[l] == Double.POSITIVE_INFINITY ? Double.NaN : chi1(q[l]);
        }
        p[depth - 1] = 1;
        for (int l = depth - 2; l >= 0; l--) {
            p[l] = chi1[l] * p[l + 1];
        }
        return new SignalPropagation(q, qhat, p, chi1);
    }

    /**
     * Both recursions for a pair of inputs given by norms and correlation.
     *
     * @param q0s {@code |x_s|^2 / M_0}
     * @param q0r {@code |x_r|^2 / M_0}
     * @param c0 cosine of the angle between the inputs, in [-1, 1]
     * @param depth L, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PairPropagation propagate(double q0s, double q0r, double c0, int depth) {
        return propagate(Covariance.ofCorrelation(q0s, q0r, c0), depth);
    }

    /**
     * Both recursions for two input vectors; near duplicates keep their distance to full relative accuracy.
     *
     * @throws IllegalArgumentException if the lengths differ, an entry is not finite, or the depth is below 1
     */
    public PairPropagation propagate(double[] xs, double[] xr, int depth) {
        return propagate(Covariance.ofInputs(xs, xr), depth);
    }

    /** Both recursions for a pair of inputs with the given {@code qhat^0}. */
    public PairPropagation propagate(Covariance qhat0, int depth) {
        requireDepth(depth);
        Covariance[] qhat = new Covariance[depth];
        Covariance[] q = new Covariance[depth];
        double[] chi = new double[depth];
        double[] p = new double[depth];
        qhat[0] = qhat0;
        for (int l = 0; l < depth; l++) {
            if (l > 0) {
                qhat[l] = expectation.propagate(q[l - 1]);
            }
            q[l] = qhat[l].throughWeights(initialization.sigmaW2(), initialization.sigmaB2());
            chi[l] = initialization.sigmaW2() * expectation.derivativeProduct(q[l]);
        }
        p[depth - 1] = 1;
        for (int l = depth - 2; l >= 0; l--) {
            p[l] = chi[l] * p[l + 1];
        }
        return new PairPropagation(propagate(qhat0.qs(), depth), propagate(qhat0.qr(), depth), q, qhat, p, chi);
    }

    static void requireDepth(int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("The depth must be at least 1 weight layer, not " + depth + ".");
        }
    }

    private static void requireVariance(double q0) {
        if (!(q0 >= 0) || Double.isInfinite(q0)) {
            throw new IllegalArgumentException("q0 = |x|^2 / M_0 must be a finite number >= 0, not " + q0 + ".");
        }
    }

    /**
     * {@code sum_l p^l (n_{l-1} qhat^{l-1} + bias)}, section 4 of the theory: the NTK with {@code bias = 1}, its weight part
     * with 0.
     */
    static double kernel(Architecture architecture, double[] p, double[] qhat, double bias) {
        if (architecture.depth() != p.length) {
            throw new IllegalArgumentException("The architecture has " + architecture.depth()
                    + " weight layers, but the recursion was run for " + p.length + ".");
        }
        double sum = 0;
        for (int l = 0; l < p.length; l++) {
            sum += p[l] * (architecture.width(l) * qhat[l] + bias);
        }
        return sum;
    }
}
