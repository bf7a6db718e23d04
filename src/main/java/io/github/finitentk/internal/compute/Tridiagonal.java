package io.github.finitentk.internal.compute;

/** The extreme eigenvalues of a symmetric tridiagonal matrix, by counting signs (Sturm) and halving. */
final class Tridiagonal {

    private Tridiagonal() {}

    /**
     * @param diagonal n numbers
     * @param beside n - 1 numbers at least
     * @return the smallest and the largest eigenvalue, to about 1e-12 of the largest magnitude
     */
    static double[] extremes(int n, double[] diagonal, double[] beside) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double radius = (i > 0 ? Math.abs(beside[i - 1]) : 0) + (i + 1 < n ? Math.abs(beside[i]) : 0);
            low = Math.min(low, diagonal[i] - radius);
            high = Math.max(high, diagonal[i] + radius);
        }
        return new double[] {
            eigenvalue(n, diagonal, beside, 0, low, high), eigenvalue(n, diagonal, beside, n - 1, low, high)
        };
    }

    // Number k, counted from 0 in ascending order.
    private static double eigenvalue(int n, double[] diagonal, double[] beside, int k, double low, double high) {
        double from = low;
        double to = high;
        for (int step = 0; step < 100; step++) {
            double middle = from + (to - from) / 2;
            if (below(n, diagonal, beside, middle) > k) {
                to = middle;
            } else {
                from = middle;
            }
        }
        return from + (to - from) / 2;
    }

    /** How many eigenvalues are below x. */
    private static int below(int n, double[] diagonal, double[] beside, double x) {
        int count = 0;
        double pivot = 1;
        for (int i = 0; i < n; i++) {
            double square = i == 0 ? 0 : beside[i - 1] * beside[i - 1];
            pivot = diagonal[i] - x - square / pivot;
            if (pivot == 0) {
                pivot = -Double.MIN_NORMAL;
            }
            count += pivot < 0 ? 1 : 0;
        }
        return count;
    }
}
