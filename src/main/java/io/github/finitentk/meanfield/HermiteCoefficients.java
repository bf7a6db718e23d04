package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;
import java.util.Arrays;

/**
 * The Hermite expansion of a smooth activation at one variance: {@code phi'(sqrt(q) z) = sum_k b_k h_k(z)} with
 * orthonormal Hermite polynomials. Mehler's formula then gives, for any correlation c,
 * <pre>
 * E2[phi' phi'] = sum_k b_k(qs) b_k(qr) c^k
 * E2[phi phi]   = sum_k a_k(qs) a_k(qr) c^k,     a_0 = E[phi],  a_k = sqrt(q/k) b_{k-1}
 * </pre>
 *
 * <p>The coefficients come from the trapezoid rule on two interleaved grids, which converges exponentially for functions
 * analytic in a strip. They are kept only if both grids agree and Parseval's sum {@code sum b_k^2 = E[phi'^2]} holds to
 * 2e-14 with n terms: since {@code |c| <= 1}, the remainder of a series of max(n_s, n_r) terms is at most what is missing there
 * (Cauchy-Schwarz). Terms beyond n are kept while they are above rounding, for the sake of partners that need them. Where
 * there is no such n (kinks, or a q so large that the activation is a step), two-dimensional quadrature takes over.
 */
final class HermiteCoefficients {

    private static final int MOST_TERMS = 4096;
    private static final int CHUNK = 32;
    private static final double RANGE = 12.5;
    private static final double LARGEST = 1e5;
    private static final double ACCEPTED = 2e-14;
    private static final double NEGLIGIBLE = 1e-14;

    private final double root;
    private final double[] a;
    private final double[] b;
    /** The number of terms that satisfy Parseval; at most the length of the arrays. */
    private final int terms;

    /** The share of Parseval's sum that the terms lack; 0 if they satisfy it. */
    private final double missing;

    private HermiteCoefficients(double root, double mean, double[] b, int terms, double missing) {
        this.root = root;
        a = integrated(b, mean, root);
        this.b = b;
        this.terms = terms;
        this.missing = missing;
    }

    /**
     * @param mean {@code E[phi(sqrt(q) z)]}
     * @param derivativeSquare {@code E[phi'(sqrt(q) z)^2]}
     * @param dense whether the grids are dense enough for the expansion to be complete whenever {@link #MOST_TERMS} are enough
     * @return the expansion, complete or not; null if there is none
     */
    static HermiteCoefficients of(
            Activation activation, double q, double mean, double derivativeSquare, boolean dense) {
        if (!(q > 0) || q > LARGEST || activation.kinks().length > 0) {
            return null;
        }
        double root = Math.sqrt(q);
        double[] b = null;
        // Even the best case needs about 60 q terms for tanh: do not try in vain.
        for (int most = 256; q <= (dense ? 64 : 60) && most <= MOST_TERMS; most *= 4) {
            b = expand(activation, root, most, derivativeSquare, dense);
            int terms = enough(b, derivativeSquare);
            if (terms > 0) {
                return new HermiteCoefficients(root, mean, b, terms, 0);
            }
            if (b.length < most) {
                break;
            }
        }
        if (b == null) {
            b = expand(activation, root, q <= 1000 ? 2048 : 1024, derivativeSquare, dense);
        }
        double found = 0;
        for (double each : b) {
            found += each * each;
        }
        double missing = Math.abs(derivativeSquare - found) / derivativeSquare;
        return b.length == 0 ? null : new HermiteCoefficients(root, mean, b, b.length, missing);
    }

    /**
     * Those of an expansion that serves every correlation.
     *
     * @param a {@code a_0, a_1, ...}, more than {@code terms}
     * @param terms how many terms of phi' satisfy Parseval
     */
    static HermiteCoefficients complete(double root, double[] a, int terms) {
        double[] b = new double[a.length - 1];
        for (int k = 0; k < b.length; k++) {
            b[k] = a[k + 1] * Math.sqrt(k + 1) / root;
        }
        return new HermiteCoefficients(root, a[0], b, terms, 0);
    }

    private static double[] integrated(double[] b, double mean, double root) {
        double[] a = new double[b.length];
        a[0] = mean;
        for (int k = 1; k < a.length; k++) {
            a[k] = root * b[k - 1] / Math.sqrt(k);
        }
        return a;
    }

    /** How many terms of {@code phi'} satisfy Parseval. */
    int terms() {
        return terms;
    }

    /** {@code a_0, a_1, ...} as far as they are known, a new array longer than {@link #terms}. */
    double[] coefficients() {
        double[] all = Arrays.copyOf(a, b.length + 1);
        all[b.length] = root * b[b.length - 1] / Math.sqrt(b.length);
        return all;
    }

    /** Whether the terms satisfy Parseval: then they serve every correlation. */
    boolean complete() {
        return missing == 0;
    }

    /** Whether the series with another expansion converges to rounding at correlation c. */
    boolean serves(HermiteCoefficients other, double c) {
        return complete() && other.complete()
                || StrictMath.pow(Math.abs(c), common(other)) * Math.sqrt(larger(missing) * larger(other.missing))
                        <= NEGLIGIBLE;
    }

    private static double larger(double missing) {
        return Math.max(missing, ACCEPTED);
    }

    private static int enough(double[] b, double total) {
        double found = 0;
        for (int k = 0; k < b.length; k++) {
            found += b[k] * b[k];
            if (k % 8 == 7 && Math.abs(total - found) <= ACCEPTED * total) {
                return k + 1;
            }
        }
        return 0;
    }

    /** At most {@code most} coefficients, fewer if they fall below rounding or where the two grids disagree. */
    private static double[] expand(Activation activation, double root, int most, double total, boolean dense) {
        // The spectrum of the last term, sqrt(most) wide, and that of phi', which large variances widen, must not meet
        // their copies.
        double terms = Math.sqrt(most) + 12;
        double room = dense ? Math.max(terms, 0.5 * (terms + 20 * root)) : terms;
        double step = Math.min(0.2 / root, Math.PI / room);
        int n = 2 * (int) Math.ceil(RANGE / step) + 1;
        double[] z = new double[2 * n];
        double[] weighted = new double[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            // the first n entries are one grid, the others the same grid shifted by half a step
            z[i] = (i % n - n / 2 + (i < n ? 0 : 0.5)) * step;
            weighted[i] = step
                    * StrictMath.exp(-0.5 * z[i] * z[i])
                    / Math.sqrt(2 * Math.PI)
                    * activation.derivative(root * z[i]);
        }
        double[] previous = new double[2 * n];
        double[] current = new double[2 * n];
        Arrays.fill(current, 1);
        double[] b = new double[most];
        double chunk = 0;
        for (int k = 0; k < most; k++) {
            double first = dot(weighted, current, 0, n);
            double second = dot(weighted, current, n, 2 * n);
            if (!(Math.abs(first - second) <= 1e-13 * Math.sqrt(total))) {
                return Arrays.copyOf(b, k);
            }
            b[k] = 0.5 * (first + second);
            chunk = Math.max(chunk, Math.abs(b[k]));
            if (k % CHUNK == CHUNK - 1) {
                if (chunk <= NEGLIGIBLE * Math.sqrt(total)) {
                    return Arrays.copyOf(b, k + 1);
                }
                chunk = 0;
            }
            double up = 1 / Math.sqrt(k + 1);
            double down = Math.sqrt(k);
            for (int i = 0; i < 2 * n; i++) {
                double next = (z[i] * current[i] - down * previous[i]) * up;
                previous[i] = current[i];
                current[i] = next;
            }
        }
        return b;
    }

    private static double dot(double[] x, double[] y, int from, int to) {
        double even = 0;
        double odd = 0;
        for (int i = from; i + 1 < to; i += 2) {
            even += x[i] * y[i];
            odd += x[i + 1] * y[i + 1];
        }
        return (to - from) % 2 == 0 ? even + odd : even + odd + x[to - 1] * y[to - 1];
    }

    /** {@code E2[phi phi]} at correlation c. */
    double product(HermiteCoefficients other, double c) {
        return series(a, other.a, common(other), c);
    }

    /** {@code E2[phi' phi']} at correlation c. */
    double derivativeProduct(HermiteCoefficients other, double c) {
        return series(b, other.b, common(other), c);
    }

    /** {@code E2[phi phi]} at 1 minus that at c, as {@code sum a_k a_k (1 - c^k)}, given {@code 1 - c}. */
    double transverse(HermiteCoefficients other, double oneMinusC) {
        double c = 1 - oneMinusC;
        int n = common(other);
        double sum = 0;
        double missing = 0;
        for (int k = 1; k < n; k++) {
            missing = missing * c + oneMinusC;
            sum += a[k] * other.a[k] * missing;
        }
        return sum;
    }

    /** {@code E[g (g - f)]}, {@code E[f (f - g)]} and {@code E[(g - f)^2]} for phi at this and at the other variance, g and f. */
    SmoothExpectation.Radial radial(HermiteCoefficients other) {
        double ofThis = 0;
        double ofOther = 0;
        double square = 0;
        for (int k = Math.max(a.length, other.a.length) - 1; k >= 0; k--) {
            double g = k < a.length ? a[k] : 0;
            double f = k < other.a.length ? other.a[k] : 0;
            ofThis += g * (g - f);
            ofOther += f * (f - g);
            square += (g - f) * (g - f);
        }
        return new SmoothExpectation.Radial(ofThis, ofOther, square);
    }

    private int common(HermiteCoefficients other) {
        return Math.min(Math.max(terms, other.terms), Math.min(b.length, other.b.length));
    }

    private static double series(double[] x, double[] y, int n, double c) {
        double square = c * c;
        double even = 0;
        double odd = 0;
        // Horner from the smallest term, even and odd powers side by side
        for (int k = (n - 1) & ~1; k >= 0; k -= 2) {
            even = even * square + x[k] * y[k];
            odd = odd * square + (k + 1 < n ? x[k + 1] * y[k + 1] : 0);
        }
        return even + c * odd;
    }
}
