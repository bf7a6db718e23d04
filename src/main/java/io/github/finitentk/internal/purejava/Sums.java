package io.github.finitentk.internal.purejava;

/**
 * Sums over the units of one layer in eight lanes, lane {@code j} taking units {@code j, j + 8, ...}: the native core adds
 * in the same order, so both give the same bits. One pass a lane keeps all partial sums in registers.
 */
final class Sums {

    private static final int LANES = 8;

    private Sums() {}

    private static double total(double[] s, int first) {
        return ((s[first] + s[first + 1]) + (s[first + 2] + s[first + 3]))
                + ((s[first + 4] + s[first + 5]) + (s[first + 6] + s[first + 7]));
    }

    /** {@code sum x y} over {@code n} units. */
    static double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double[] lanes = new double[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            double sum = 0;
            for (int i = lane; i < n; i += LANES) {
                sum += x[xOffset + i] * y[yOffset + i];
            }
            lanes[lane] = sum;
        }
        return total(lanes, 0);
    }

    /**
     * With {@code delta = slopes (noise + factor values)}: {@code sums = [sum normals delta, sum delta^2]}. The first
     * three arrays start at {@code offset}, the noise at {@code noiseOffset}.
     */
    static void chain(
            double[] normals,
            double[] values,
            double[] slopes,
            int offset,
            double[] noise,
            int noiseOffset,
            int n,
            double factor,
            double[] sums) {
        double[] lanes = new double[2 * LANES];
        for (int lane = 0; lane < LANES; lane++) {
            double projection = 0;
            double square = 0;
            for (int i = lane; i < n; i += LANES) {
                double delta = slopes[offset + i] * (noise[noiseOffset + i] + factor * values[offset + i]);
                projection += normals[offset + i] * delta;
                square += delta * delta;
            }
            lanes[lane] = projection;
            lanes[LANES + lane] = square;
        }
        sums[0] = total(lanes, 0);
        sums[1] = total(lanes, LANES);
    }

    /** The nine sums of {@link LayerSums}, in its order; {@code normals} start at {@code offset}, the rest at 0. */
    static LayerSums moments(double[] normals, int offset, double[] values, double[] slopes, int n) {
        double[] lanes = new double[9 * LANES];
        for (int lane = 0; lane < LANES; lane++) {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0, s8 = 0;
            for (int i = lane; i < n; i += LANES) {
                double z = normals[offset + i];
                double x = values[i];
                double slope = slopes[i];
                double p = slope * slope;
                double x2 = x * x;
                double px2 = p * x2;
                double b = z * slope;
                double b2 = b * b;
                double bx = b * x;
                s0 += x2;
                s1 += p;
                s2 += p * p;
                s3 += px2;
                s4 += p * px2;
                s5 += bx;
                s6 += b2;
                s7 += p * bx;
                s8 += p * b2;
            }
            lanes[lane] = s0;
            lanes[LANES + lane] = s1;
            lanes[2 * LANES + lane] = s2;
            lanes[3 * LANES + lane] = s3;
            lanes[4 * LANES + lane] = s4;
            lanes[5 * LANES + lane] = s5;
            lanes[6 * LANES + lane] = s6;
            lanes[7 * LANES + lane] = s7;
            lanes[8 * LANES + lane] = s8;
        }
        return new LayerSums(
                total(lanes, 0),
                total(lanes, LANES),
                total(lanes, 2 * LANES),
                total(lanes, 3 * LANES),
                total(lanes, 4 * LANES),
                total(lanes, 5 * LANES),
                total(lanes, 6 * LANES),
                total(lanes, 7 * LANES),
                total(lanes, 8 * LANES));
    }
}
