package io.github.finitentk.training;

/**
 * Powers and sums of {@code u = 1 - a}, by which one step of gradient descent multiplies the residual along an eigenvector
 * of the kernel, accurate for every {@code a} from far below {@code 1/n} to beyond 1.
 */
final class GeometricSums {

    /** Below it the closed form of {@link #firstMoment} loses more digits than its series of {@link #TERMS} terms. */
    private static final double SERIES_BELOW = 0.02;

    private static final int TERMS = 8;

    private GeometricSums() {}

    /** {@code u^n}; its sign alternates with {@code n} for {@code a > 1}. */
    static double power(double a, long n) {
        if (n == 0) {
            return 1;
        }
        if (a < 1) {
            return StrictMath.exp(n * StrictMath.log1p(-a));
        }
        double magnitude = StrictMath.exp(n * StrictMath.log(a - 1));
        return n % 2 == 0 ? magnitude : -magnitude;
    }

    /** {@code q = sum_{j<n} u^j = (1 - u^n) / a}. */
    static double sum(double a, long n) {
        if (Math.abs(a) < Double.MIN_NORMAL) {
            return n;
        }
        return a < 1 ? -StrictMath.expm1(n * StrictMath.log1p(-a)) / a : (1 - power(a, n)) / a;
    }

    /** {@code S_1 = sum_{j<n} j u^j = ((q - 1) - (n - 1) u^n) / a}. */
    static double firstMoment(double a, long n) {
        if (Math.abs(a) * n < SERIES_BELOW) {
            return firstMomentSeries(a, n);
        }
        return ((sum(a, n) - 1) - (n - 1) * power(a, n)) / a;
    }

    // sum_j j C(j, m) = (m + 1) C(n, m + 2) + m C(n, m + 1), summed over j < n, in u^j = sum_m C(j, m) (-a)^m.
    private static double firstMomentSeries(double a, long n) {
        double total = 0;
        double sign = 1;
        double lower = n; // C(n, m + 1) a^m
        for (int m = 0; m < TERMS; m++) {
            double upper = lower * (n - m - 1) / (m + 2); // C(n, m + 2) a^m
            total += sign * ((m + 1) * upper + m * lower);
            lower = upper * a;
            sign = -sign;
        }
        return total;
    }

    /** {@code sum_{j<n} u^j sum_{i<j} v^i = (q(a, n) - q(a + b - a b, n)) / b} with {@code u = 1 - a}, {@code v = 1 - b}. */
    static double sumOfSums(double a, double b, long n) {
        if (Math.abs(b) * n < 1e-7) {
            return firstMoment(a, n); // to first order in b n
        }
        return (sum(a, n) - sum(a + b - a * b, n)) / b;
    }
}
