package io.github.finitentk.internal.numeric;

/**
 * Several integrals over the same points, so that what their integrands have in common is evaluated once.
 *
 * <p>Panels, rule and accuracy are those of {@link AdaptiveQuadrature}; a panel is bisected until every one of the integrals
 * agrees with itself on both halves.
 */
public final class SharedQuadrature {

    private static final GaussLegendre RULE = GaussLegendre.of(12);
    private static final int MAX_LEVEL = 50;
    private static final int MAX_PANELS = 100_000;

    /** Functions of one variable. */
    @FunctionalInterface
    public interface Integrands {

        /** Writes all values at {@code x}. */
        void evaluate(double x, double[] values);
    }

    private final Integrands f;
    private final double[] values;
    private final double[] absolute;
    private final double[] sums;
    private double tolerance;
    private int panels;

    private SharedQuadrature(Integrands f, int count) {
        this.f = f;
        values = new double[count];
        absolute = new double[count];
        sums = new double[count];
    }

    /**
     * @param f the integrands, finite inside the panels
     * @param count how many they are
     * @param borders panel borders in increasing order, at least two
     * @param tolerance relative to the integral of each {@code |f|}
     * @return the integrals, owned by the caller
     * @throws IllegalArgumentException if an integrand is not finite somewhere
     */
    public static double[] integrate(Integrands f, int count, double[] borders, double tolerance) {
        SharedQuadrature quadrature = new SharedQuadrature(f, count);
        double[][] coarse = new double[borders.length - 1][];
        for (int i = 0; i < coarse.length; i++) {
            coarse[i] = quadrature.panel(borders[i], borders[i + 1]);
        }
        quadrature.tolerance = tolerance;
        for (int i = 0; i < coarse.length; i++) {
            quadrature.refine(borders[i], borders[i + 1], coarse[i], 0);
        }
        return quadrature.sums;
    }

    private double[] panel(double a, double b) {
        double middle = 0.5 * (a + b);
        double half = 0.5 * (b - a);
        double[] integrals = new double[values.length];
        for (int i = 0; i < RULE.size(); i++) {
            f.evaluate(middle + half * RULE.node(i), values);
            double weight = half * RULE.weight(i);
            for (int k = 0; k < values.length; k++) {
                double term = weight * values[k];
                integrals[k] += term;
                absolute[k] += Math.abs(term);
            }
        }
        panels++;
        return integrals;
    }

    private void refine(double a, double b, double[] coarse, int level) {
        double middle = 0.5 * (a + b);
        double[] left = panel(a, middle);
        double[] right = panel(middle, b);
        if (level == MAX_LEVEL || panels > MAX_PANELS || settled(a, b, coarse, left, right)) {
            for (int k = 0; k < sums.length; k++) {
                sums[k] += left[k] + right[k];
            }
            return;
        }
        refine(a, middle, left, level + 1);
        refine(middle, b, right, level + 1);
    }

    private boolean settled(double a, double b, double[] coarse, double[] left, double[] right) {
        boolean settled = true;
        for (int k = 0; k < sums.length; k++) {
            double difference = Math.abs(left[k] + right[k] - coarse[k]);
            if (!Double.isFinite(difference)) {
                throw new IllegalArgumentException(
                        "An integrand is not a finite number between " + a + " and " + b + "; it must be finite.");
            }
            settled &= difference <= tolerance * absolute[k];
        }
        return settled;
    }
}
