package io.github.finitentk.internal.numeric;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Expectations under the standard normal law, {@code E[f(z)]}, for functions with features at several scales.
 *
 * <p>The line is cut at {@code |z| = 12} (what lies beyond weighs 4e-33) and integrated adaptively. A function of
 * {@code sqrt(q) z} with large {@code q} changes within {@code 1/sqrt(q)}: plain Gauss-Hermite rules would miss that, so
 * panels grow geometrically from the scale the caller names, and kinks become panel borders. Relative error about 1e-14
 * of {@code E|f|}.
 */
public final class GaussianQuadrature {

    /** Half the length of the integration range, in standard deviations. */
    public static final double RANGE = 12;

    private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);

    private GaussianQuadrature() {}

    /**
     * @param f the function of a standard normal variable
     * @param borders panel borders from {@link #borders}
     * @param tolerance relative tolerance of {@link AdaptiveQuadrature}
     */
    public static double expectation(DoubleUnaryOperator f, double[] borders, double tolerance) {
        return expectation(f, borders, tolerance, 0);
    }

    /** The same, also content with an absolute error. */
    public static double expectation(
            DoubleUnaryOperator f, double[] borders, double tolerance, double absoluteTolerance) {
        return AdaptiveQuadrature.integrate(
                z -> {
                    double density = DENSITY * StrictMath.exp(-0.5 * z * z);
                    return density == 0 ? 0 : density * f.applyAsDouble(z);
                },
                borders,
                tolerance,
                absoluteTolerance);
    }

    /** Several such expectations at the same points, each to the tolerance of {@link SharedQuadrature}. */
    public static double[] expectations(SharedQuadrature.Integrands f, int count, double[] borders, double tolerance) {
        return SharedQuadrature.integrate(
                (z, values) -> {
                    f.evaluate(z, values);
                    double density = DENSITY * StrictMath.exp(-0.5 * z * z);
                    for (int k = 0; k < count; k++) {
                        values[k] *= density;
                    }
                },
                count,
                borders,
                tolerance);
    }

    /**
     * Panel borders for a function of {@code h = centre + scale * z} whose features have size 1 in {@code h} and sit
     * around {@code h = 0}, and which has kinks at the given {@code h}.
     *
     * @param scale positive; 0 gives the plain range
     * @return increasing borders within [-12, 12]; owned by the caller
     */
    public static double[] borders(double centre, double scale, double[] kinks) {
        return borders(new double[] {centre}, new double[] {scale}, new double[][] {kinks});
    }

    /** The union of several such sets of borders. */
    public static double[] borders(double[] centres, double[] scales, double[][] kinks) {
        double[] found = new double[512];
        int size = 0;
        for (double z = -RANGE; z <= RANGE; z += 3) {
            found[size++] = z;
        }
        for (int set = 0; set < centres.length; set++) {
            double scale = scales[set];
            if (!(scale > 1e-300)) {
                continue;
            }
            double zero = -centres[set] / scale;
            found = room(found, size + 128);
            found[size++] = zero;
            for (double width = 1; width < 2 * RANGE * scale && width < 1e15; width *= 2) {
                found[size++] = zero - width / scale;
                found[size++] = zero + width / scale;
            }
            found = room(found, size + kinks[set].length);
            for (double kink : kinks[set]) {
                found[size++] = (kink - centres[set]) / scale;
            }
        }
        Arrays.sort(found, 0, size);
        double[] borders = new double[size + 2];
        int count = 0;
        borders[count++] = -RANGE;
        for (int i = 0; i < size; i++) {
            double z = found[i];
            if (z > borders[count - 1] && z < RANGE) {
                borders[count++] = z;
            }
        }
        borders[count++] = RANGE;
        return Arrays.copyOf(borders, count);
    }

    private static double[] room(double[] array, int size) {
        return size < array.length ? array : Arrays.copyOf(array, 2 * size);
    }
}
