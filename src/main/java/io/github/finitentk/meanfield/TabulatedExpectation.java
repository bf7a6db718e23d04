package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gaussian integrals of a smooth activation for many variances: {@code E[phi^2]}, {@code E[phi'^2]} and Hermite coefficients
 * interpolated in {@code sqrt(q)} between {@link HermiteCell#NODES} quadratures for every octave of q that occurs. What has no
 * Hermite expansion that serves every correlation (kinks, variances of 64 and more) is integrated one by one.
 */
final class TabulatedExpectation extends QuadratureExpectation {

    /** From here on no expansion is complete; a power of two. */
    private static final double LARGE = 64;

    /** Differences of variances, relative to their sum, below which they lose more than three digits. */
    private static final double CLOSE = 1e-3;

    private static final double FAR = 0.9;

    private final Map<Integer, Optional<HermiteCell>> cells = new ConcurrentHashMap<>();
    private final Map<Integer, Moments> moments = new ConcurrentHashMap<>();
    private final double[] weights = HermiteCell.barycentricWeights();

    /** Second moments at the nodes of an octave. */
    private record Moments(double[] nodes, double[] square, double[] derivativeSquare) {}

    TabulatedExpectation(Activation activation) {
        super(activation);
    }

    /** Whether an activation is smooth and without closed forms. */
    static boolean serves(Activation activation) {
        return GaussianExpectation.forActivation(activation) instanceof QuadratureExpectation
                && activation.kinks().length == 0;
    }

    private static boolean inRange(double q) {
        return q >= Double.MIN_NORMAL && q < LARGE;
    }

    /** The coefficients around q; null where there are none that serve every correlation. */
    HermiteCell cell(double q) {
        return inRange(q)
                ? cells.computeIfAbsent(Math.getExponent(q), e -> Optional.ofNullable(HermiteCell.octave(e, this)))
                        .orElse(null)
                : null;
    }

    /** Interpolated, too: pairs that are done one by one would else expand the activation at every norm and layer. */
    @Override
    HermiteCoefficients expand(double q) {
        HermiteCell cell = cell(q);
        return cell == null ? super.expand(q) : cell.expansion(q);
    }

    /**
     * From the coefficients, except for norms so close that their difference would drown in the rounding of a coefficient, and so far
     * apart that the rounding of the larger one would show in what comes of it.
     */
    @Override
    Radial radial(Covariance u) {
        double apart = Math.abs(u.difference()) / (u.qs() + u.qr());
        HermiteCoefficients s = expansion(u.qs());
        HermiteCoefficients r = expansion(u.qr());
        boolean tabulated = apart > CLOSE && apart < FAR && s != null && r != null && s.complete() && r.complete();
        return tabulated ? s.radial(r) : super.radial(u);
    }

    @Override
    public double square(double q) {
        if (!inRange(q)) {
            return super.square(q);
        }
        Moments near = moments(q);
        return interpolate(q, near.nodes, near.square);
    }

    @Override
    public double derivativeSquare(double q) {
        if (!inRange(q)) {
            return super.derivativeSquare(q);
        }
        Moments near = moments(q);
        return interpolate(q, near.nodes, near.derivativeSquare);
    }

    private Moments moments(double q) {
        return moments.computeIfAbsent(Math.getExponent(q), exponent -> {
            double[] nodes = HermiteCell.nodes(exponent);
            double[] square = new double[nodes.length];
            double[] derivativeSquare = new double[nodes.length];
            for (int j = 0; j < nodes.length; j++) {
                square[j] = super.square(nodes[j] * nodes[j]);
                derivativeSquare[j] = super.derivativeSquare(nodes[j] * nodes[j]);
            }
            return new Moments(nodes, square, derivativeSquare);
        });
    }

    private double interpolate(double q, double[] nodes, double[] values) {
        double[] factors = new double[nodes.length];
        HermiteCell.lagrange(Math.sqrt(q), nodes, weights, factors);
        double sum = 0;
        for (int j = 0; j < nodes.length; j++) {
            sum += factors[j] * values[j];
        }
        return sum;
    }
}
