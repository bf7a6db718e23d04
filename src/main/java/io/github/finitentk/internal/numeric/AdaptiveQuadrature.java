package io.github.finitentk.internal.numeric;

import java.util.function.DoubleUnaryOperator;

/**
 * Integration over given panels, each bisected until a 12-node Gauss-Legendre rule agrees with itself on both halves.
 *
 * <p>A panel is accepted when the difference falls below {@code tolerance * integral of |f|}; the value kept is the
 * finer one, whose own error is smaller by about {@code 2^-24} where {@code f} is smooth. The caller puts kinks and
 * jumps on panel borders. Bisection ends at 50 levels or 100,000 panels, which only
 * integrands that are noise at the given tolerance reach.
 */
public final class AdaptiveQuadrature {

    private static final GaussLegendre RULE = GaussLegendre.of(12);
    private static final int MAX_LEVEL = 50;
    /** A bound on the work for integrands that are noise at the tolerance asked for. */
    private static final int MAX_PANELS = 100_000;

    private final DoubleUnaryOperator f;
    private double absolute;
    private double limit;
    private int count;

    private AdaptiveQuadrature(DoubleUnaryOperator f) {
        this.f = f;
    }

    /**
     * @param f the integrand, finite inside the panels
     * @param borders panel borders in increasing order, at least two
     * @param tolerance relative to the integral of {@code |f|}, for example 1e-13
     * @throws IllegalArgumentException if the integrand is not finite somewhere
     */
    public static double integrate(DoubleUnaryOperator f, double[] borders, double tolerance) {
        return integrate(f, borders, tolerance, 0);
    }

    /**
     * The same, also content with an absolute error: needed where the integrand is small and mostly rounding noise, which
     * no bisection can reduce.
     */
    public static double integrate(
            DoubleUnaryOperator f, double[] borders, double tolerance, double absoluteTolerance) {
        AdaptiveQuadrature quadrature = new AdaptiveQuadrature(f);
        int panels = borders.length - 1;
        double[] coarse = new double[panels];
        for (int i = 0; i < panels; i++) {
            coarse[i] = quadrature.panel(borders[i], borders[i + 1]);
        }
        quadrature.limit = Math.max(tolerance * quadrature.absolute, absoluteTolerance);
        double sum = 0;
        for (int i = 0; i < panels; i++) {
            sum += quadrature.refine(borders[i], borders[i + 1], coarse[i], 0);
        }
        return sum;
    }

    private double panel(double a, double b) {
        double middle = 0.5 * (a + b);
        double half = 0.5 * (b - a);
        double sum = 0;
        double size = 0;
        for (int i = 0; i < RULE.size(); i++) {
            double term = RULE.weight(i) * f.applyAsDouble(middle + half * RULE.node(i));
            sum += term;
            size += Math.abs(term);
        }
        absolute += half * size;
        count++;
        return half * sum;
    }

    private double refine(double a, double b, double coarse, int level) {
        double middle = 0.5 * (a + b);
        double left = panel(a, middle);
        double right = panel(middle, b);
        double difference = Math.abs(left + right - coarse);
        if (difference <= limit || level == MAX_LEVEL || count > MAX_PANELS) {
            return left + right;
        }
        if (!Double.isFinite(difference)) {
            throw new IllegalArgumentException(
                    "The integrand is not a finite number between " + a + " and " + b + "; it must be finite.");
        }
        return refine(a, middle, left, level + 1) + refine(middle, b, right, level + 1);
    }
}
