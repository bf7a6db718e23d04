package io.github.finitentk.internal.numeric;

import java.util.SplittableRandom;

/**
 * The largest (algebraic) eigenvalue of a dense symmetric matrix by the Lanczos method with full reorthogonalisation.
 *
 * <p>Stops when the residual bound {@code |beta_k s_k|} falls below 1e-13 of the value (the error of the value is then of
 * second order, about 1e-14 unless the next eigenvalue is very close) or the Krylov space is exhausted. Cost: one
 * matrix-vector product per step, usually 5 to 40. The start vector is fixed, so results repeat exactly.
 */
public final class LargestEigenvalue {

    private static final double TOLERANCE = 1e-13;

    private LargestEigenvalue() {}

    /**
     * @param matrix {@code n x n}, row-major, symmetric; not modified
     * @throws IllegalArgumentException if the array is not {@code n * n} long, n is below 1, or an entry is not finite
     */
    public static double of(double[] matrix, int n) {
        if (n < 1 || matrix.length != (long) n * n) {
            throw new IllegalArgumentException("A kernel matrix of " + n + " samples needs n * n = " + (long) n * n
                    + " entries with n >= 1, not " + matrix.length + ".");
        }
        double largest = 0;
        for (int i = 0; i < matrix.length; i++) {
            if (!Double.isFinite(matrix[i])) {
                throw new IllegalArgumentException(
                        "Kernel entry (" + i / n + ", " + i % n + ") is not a finite number: " + matrix[i] + ".");
            }
            largest = Math.max(largest, Math.abs(matrix[i]));
        }
        if (largest == 0) {
            return 0;
        }
        // powers of two: exact, and no product overflows
        double unit = Math.scalb(1.0, -Math.getExponent(largest));
        return lanczos(matrix, n, unit).value / unit;
    }

    /** The largest eigenvalue of {@code unit} times the matrix, and the steps that it took. */
    record Lanczos(double value, int steps) {}

    static Lanczos lanczos(double[] matrix, int n, double unit) {
        int most = Math.min(n, 500);
        double[][] basis = new double[most][];
        double[] alpha = new double[most];
        double[] beta = new double[most];
        SplittableRandom random = new SplittableRandom(1);
        double[] v = new double[n];
        for (int i = 0; i < n; i++) {
            v[i] = 1 + 0.5 * random.nextDouble();
        }
        scale(v, 1 / Math.sqrt(dot(v, v)));
        for (int k = 0; ; k++) {
            basis[k] = v;
            double[] w = new double[n];
            for (int i = 0; i < n; i++) {
                w[i] = unit * dotRow(matrix, i * n, v);
            }
            alpha[k] = dot(w, v);
            for (int pass = 0; pass < 2; pass++) {
                for (int j = k; j >= 0; j--) {
                    axpy(w, -dot(w, basis[j]), basis[j]);
                }
            }
            beta[k] = Math.sqrt(dot(w, w));
            double value = largestOfTridiagonal(alpha, beta, k + 1);
            double residual = beta[k] * Math.abs(lastComponent(alpha, beta, k + 1, value));
            if (residual <= TOLERANCE * Math.abs(value) || beta[k] < 1e-300 || k + 1 == most) {
                return new Lanczos(value, k + 1);
            }
            scale(w, 1 / beta[k]);
            v = w;
        }
    }

    /** By bisection on the Sturm sequence. */
    private static double largestOfTridiagonal(double[] alpha, double[] beta, int k) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < k; i++) {
            double radius = (i > 0 ? beta[i - 1] : 0) + (i < k - 1 ? beta[i] : 0);
            low = Math.min(low, alpha[i] - radius);
            high = Math.max(high, alpha[i] + radius);
        }
        for (int step = 0; step < 120; step++) {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high) {
                break;
            }
            if (anyAbove(alpha, beta, k, middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return 0.5 * (low + high);
    }

    private static boolean anyAbove(double[] alpha, double[] beta, int k, double x) {
        double d = alpha[0] - x;
        for (int i = 1; ; i++) {
            if (d > 0) {
                return true;
            }
            if (i == k) {
                return false;
            }
            double safe = d == 0 ? -1e-300 : d;
            d = alpha[i] - x - beta[i - 1] / safe * beta[i - 1];
        }
    }

    /**
     * Last entry of the normalised eigenvector, from the three-term recurrence run downwards: the other way it would drown in the
     * solution that grows.
     */
    private static double lastComponent(double[] alpha, double[] beta, int k, double value) {
        double above = 0;
        double current = 1;
        double last = 1;
        double square = 1;
        for (int i = k - 1; i > 0; i--) {
            double next = ((value - alpha[i]) * current - beta[i] * above) / beta[i - 1];
            above = current;
            current = next;
            square += next * next;
            if (square > 1e200) {
                above *= 1e-100;
                current *= 1e-100;
                last *= 1e-100;
                square *= 1e-200;
            }
        }
        return last / Math.sqrt(square);
    }

    private static double dotRow(double[] matrix, int offset, double[] v) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < v.length; i += 4) {
            s0 += matrix[offset + i] * v[i];
            s1 += matrix[offset + i + 1] * v[i + 1];
            s2 += matrix[offset + i + 2] * v[i + 2];
            s3 += matrix[offset + i + 3] * v[i + 3];
        }
        for (; i < v.length; i++) {
            s0 += matrix[offset + i] * v[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double dot(double[] x, double[] y) {
        return dotRow(x, 0, y);
    }

    private static void axpy(double[] y, double a, double[] x) {
        for (int i = 0; i < y.length; i++) {
            y[i] += a * x[i];
        }
    }

    private static void scale(double[] x, double a) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= a;
        }
    }
}
