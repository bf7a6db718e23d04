package io.github.finitentk.training;

/** Operations on vectors (and matrices seen as such) that leave their arguments alone. */
final class Vectors {

    private Vectors() {}

    static double squaredNorm(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value * value;
        }
        return sum;
    }

    /** {@code |x - y|}. */
    static double distance(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }

    /** {@code a x + b y}. */
    static double[] combine(double a, double[] x, double b, double[] y) {
        double[] sum = new double[x.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a * x[i] + b * y[i];
        }
        return sum;
    }

    /** {@code a x}. */
    static double[] scale(double a, double[] x) {
        double[] scaled = new double[x.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = a * x[i];
        }
        return scaled;
    }
}
