package io.github.finitentk.meanfield;

import io.github.finitentk.internal.compute.Memory;
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
 * <p>Variances and the {@code p^l} are carried with a power of two of their own where they leave the range of a double
 * ({@link ScaledValue}), so kernels and correlations come out right wherever they fit themselves.
 *
 * <p>Immutable and safe for several threads. Errors are those of {@link GaussianExpectation}.
 */
public final class MeanField {

    private final Activation activation;
    // From there on their numbers are many enough to be asked for.
    private static final int MANY_LAYERS = 1_000_000;
    private static final double BYTES_OF_A_LAYER = 500;

    private final Initialization initialization;
    private final GaussianExpectation expectation;
    private final Homogeneity homogeneity;
    /** The closed forms of what the activation is far out, if it has none of its own; else null. */
    private final GaussianExpectation far;

    /** With the best integration method known for the activation. */
    public MeanField(Activation activation, Initialization initialization) {
        this(activation, initialization, GaussianExpectation.forActivation(activation));
    }

    /** With a given integration method. */
    MeanField(Activation activation, Initialization initialization, GaussianExpectation expectation) {
        this.activation = activation;
        this.initialization = initialization;
        this.expectation = expectation;
        this.homogeneity = Homogeneity.of(activation);
        Homogeneity.Slopes slopes = homogeneity.infinity();
        far = expectation instanceof QuadratureExpectation && slopes != null
                ? new PiecewiseLinearExpectation(slopes.a(), slopes.b())
                : null;
    }

    public Activation activation() {
        return activation;
    }

    public Initialization initialization() {
        return initialization;
    }

    GaussianExpectation expectation() {
        return expectation;
    }

    Homogeneity homogeneity() {
        return homogeneity;
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
     * @throws ArithmeticException if a variance exceeds the range of a double and the activation is not linear there
     */
    public SignalPropagation propagate(double q0, int depth) {
        requireVariance(q0);
        return propagate(ScaledValue.of(q0), depth);
    }

    SignalPropagation propagate(ScaledValue qhat0, int depth) {
        requireDepth(depth);
        ScaledValue[] qhat = new ScaledValue[depth];
        ScaledValue[] q = new ScaledValue[depth];
        double[] chi1 = new double[depth];
        qhat[0] = qhat0;
        for (int l = 0; l < depth; l++) {
            if (l > 0) {
                qhat[l] = activationVariance(q[l - 1]);
            }
            q[l] = throughWeights(qhat[l]);
            double value = inUnits(q[l], unit(q[l]));
            chi1[l] = initialization.sigmaW2() * at(value).derivativeSquare(value);
        }
        return new SignalPropagation(q, qhat, products(chi1), chi1);
    }

    private ScaledValue throughWeights(ScaledValue qhat) {
        return qhat.times(initialization.sigmaW2()).plus(initialization.sigmaB2());
    }

    /** {@code E[phi^2]} at a variance of any size. */
    private ScaledValue activationVariance(ScaledValue q) {
        long unit = unit(q);
        double value = inUnits(q, unit);
        return ScaledValue.of(at(value).square(value), unit);
    }

    /** The integrals at variances of which this is the smaller one. */
    private GaussianExpectation at(double variance) {
        return far != null && variance >= Homogeneity.LARGE ? far : expectation;
    }

    private long unit(ScaledValue q) {
        return homogeneity.unit(q.size());
    }

    private static double inUnits(ScaledValue q, long unit) {
        double value = ScaledValue.scalb(q.value(), q.exponent() - unit);
        if (Double.isInfinite(value)) {
            throw tooLarge("A variance of the preactivations");
        }
        return value;
    }

    /** One step of eq. (5) for a variance of any size. */
    ScaledValue nextVariance(ScaledValue q) {
        return throughWeights(activationVariance(q));
    }

    /** {@code p^L = 1, p^l = chi^l p^{l+1}}. */
    private static ScaledValue[] products(double[] chi) {
        ScaledValue[] p = new ScaledValue[chi.length];
        p[chi.length - 1] = ScaledValue.ONE;
        for (int l = chi.length - 2; l >= 0; l--) {
            p[l] = p[l + 1].times(chi[l]);
        }
        return p;
    }

    /** {@code V'(q) = sigmaW2 d/dq E[phi(sqrt(q) z)^2]}, the slope of the map of q. */
    double squareSlope(double q) {
        ScaledValue variance = ScaledValue.of(q);
        double value = inUnits(variance, unit(variance));
        return initialization.sigmaW2() * at(value).squareSlope(value);
    }

    static ArithmeticException tooLarge(String what) {
        return new ArithmeticException(what + " of this network exceeds the range of a double (1.8e308).");
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
    PairPropagation propagate(Covariance qhat0, int depth) {
        requireDepth(depth);
        ScaledCovariance[] qhat = new ScaledCovariance[depth];
        ScaledCovariance[] q = new ScaledCovariance[depth];
        double[] chi = new double[depth];
        qhat[0] = new ScaledCovariance(qhat0);
        for (int l = 0; l < depth; l++) {
            if (l > 0) {
                qhat[l] = activationCovariance(q[l - 1]);
            }
            q[l] = throughWeights(qhat[l]);
            chi[l] = chi(q[l]);
        }
        return new PairPropagation(
                propagate(qhat0.qs(), depth), propagate(qhat0.qr(), depth), q, qhat, products(chi), chi);
    }

    ScaledCovariance throughWeights(ScaledCovariance qhat) {
        return qhat.throughWeights(initialization, homogeneity);
    }

    ScaledCovariance activationCovariance(ScaledCovariance q) {
        Covariance u = q.value();
        return new ScaledCovariance(at(Math.min(u.qs(), u.qr())).propagate(u), q.exponent());
    }

    /** {@code sigmaW2 E2[phi' phi']}, which does not depend on the units. */
    double chi(ScaledCovariance q) {
        Covariance u = q.value();
        return initialization.sigmaW2() * at(Math.min(u.qs(), u.qr())).derivativeProduct(u);
    }

    static void requireDepth(int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("The depth must be at least 1 weight layer, not " + depth + ".");
        }
        if (depth > MANY_LAYERS) {
            Memory.requireHeap(BYTES_OF_A_LAYER * depth, 0, "The recursion through " + depth + " layers", "layers");
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
    static ScaledValue kernel(Architecture architecture, ScaledValue[] p, ScaledValue[] qhat, double bias) {
        if (architecture.depth() != p.length) {
            throw new IllegalArgumentException("The architecture has " + architecture.depth()
                    + " weight layers, but the recursion was run for " + p.length + ".");
        }
        ScaledValue sum = ScaledValue.of(0);
        for (int l = 0; l < p.length; l++) {
            sum = sum.plus(p[l].times(qhat[l].times(architecture.width(l)).plus(bias)));
        }
        return sum;
    }
}
