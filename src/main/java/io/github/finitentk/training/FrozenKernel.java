package io.github.finitentk.training;

import io.github.finitentk.internal.compute.SymmetricEigen;

/**
 * Gradient descent as long as the kernel stays what it is: the residual {@code r = f - y} then follows
 * {@code r_j = (I - c Theta)^j r_0} with {@code c = eta factor / S}. With {@code Theta = V diag(lambda) V^T}, the numbers
 * {@code a = c lambda} and {@code z = V^T r_0}, everything about {@code n} steps is a function of each {@code a} alone.
 */
final class FrozenKernel {

    private final SymmetricEigen eigen;
    private final double[] a;
    private final double[] z;

    /**
     * @param eigen of the kernel on the training inputs
     * @param residual {@code r_0}, {@code S} numbers; not kept
     * @param rate {@code c}
     */
    FrozenKernel(SymmetricEigen eigen, double[] residual, double rate) {
        this.eigen = eigen;
        z = eigen.coordinates(residual);
        a = new double[z.length];
        for (int k = 0; k < a.length; k++) {
            // A kernel is positive semi-definite; rounding makes tiny eigenvalues negative.
            a[k] = Math.max(0, rate * eigen.values()[k]);
        }
    }

    /** The largest {@code a}. */
    double largest() {
        return a[a.length - 1];
    }

    /** {@code sum_{j<n} r_j = V (q o z)}. */
    double[] sum(long n) {
        double[] scaled = new double[a.length];
        for (int k = 0; k < a.length; k++) {
            scaled[k] = GeometricSums.sum(a[k], n) * z[k];
        }
        return eigen.combine(scaled);
    }

    /**
     * How far along its way each of the {@code n} steps is. Displacements are {@code w_j - w_0 = -c J^T V (q(j) o z)} and
     * {@code J J^T = Theta}, so that the projection of {@code w_j - w_0} on {@code w_n - w_0} is a sum over the
     * eigenvectors: {@code p_j = sum_k W_k q_k(j)}, {@code W_k = a_k z_k^2 q_k(n) / sum_m a_m z_m^2 q_m(n)^2}, from
     * {@code p_0 = 0} to {@code p_n = 1}. Where the residual decays within the {@code n} steps, most of the way lies in the
     * first of them.
     */
    Progress progress(long n) {
        double[] weights = new double[a.length];
        double total = 0;
        for (int k = 0; k < a.length; k++) {
            double q = GeometricSums.sum(a[k], n);
            weights[k] = a[k] * z[k] * z[k] * q;
            total += weights[k] * q;
        }
        double mean = 0;
        for (int k = 0; k < a.length; k++) {
            weights[k] /= total > 0 ? total : 1;
            mean += weights[k] * GeometricSums.sumOfSums(0, a[k], n) / n;
        }
        return new Progress(n, weights, a, mean);
    }

    /**
     * The progress {@code p_j = sum_k W_k q_k(j)} of {@code n} steps.
     *
     * @param steps {@code n}
     * @param weights {@code W_k}
     * @param rates {@code a_k}
     * @param mean of {@code p_j} over {@code j < n}
     */
    record Progress(long steps, double[] weights, double[] rates, double mean) {

        /** {@code sum_{j<m} p_j u^j} with {@code u = 1 - a}, for {@code m <= n}. */
        double weightedSum(double a, long m) {
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                // The sum is at most n^2 / 2, so what is left out is below rounding.
                if (weights[k] * steps > 1e-17) {
                    sum += weights[k] * GeometricSums.sumOfSums(a, rates[k], m);
                }
            }
            return sum;
        }
    }

    /** {@code sum_{j<m} p_j r_j}: the sum of the first residuals, each weighted by how far it is along the way. */
    double[] weightedSum(Progress progress, long m) {
        double[] scaled = new double[a.length];
        for (int k = 0; k < a.length; k++) {
            scaled[k] = progress.weightedSum(a[k], m) * z[k];
        }
        return eigen.combine(scaled);
    }

    /** {@code r_n = V (u^n o z)}. */
    double[] residual(long n) {
        double[] scaled = new double[a.length];
        for (int k = 0; k < a.length; k++) {
            scaled[k] = GeometricSums.power(a[k], n) * z[k];
        }
        return eigen.combine(scaled);
    }

    /** {@code |r_n|^2}. */
    double squaredNorm(long n) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            double component = GeometricSums.power(a[k], n) * z[k];
            sum += component * component;
        }
        return sum;
    }

    /** {@code log(|r_{n+1}|^2 / |r_n|^2)}. */
    double logChange(long n) {
        double before = 0;
        double after = 0;
        for (int k = 0; k < a.length; k++) {
            double component = GeometricSums.power(a[k], n) * z[k];
            before += component * component;
            after += component * component * (1 - a[k]) * (1 - a[k]);
        }
        return StrictMath.log(after / before);
    }

    /** Goes through {@code |r_1|^2, |r_2|^2, ...} one by one; cheaper than {@link #squaredNorm} for each. */
    final class Walk {

        private final double[] squares = new double[a.length];
        private final double[] factors = new double[a.length];

        Walk() {
            for (int k = 0; k < a.length; k++) {
                squares[k] = z[k] * z[k];
                factors[k] = (1 - a[k]) * (1 - a[k]);
            }
        }

        double next() {
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int k = 0;
            for (; k + 3 < squares.length; k += 4) {
                s0 += squares[k] *= factors[k];
                s1 += squares[k + 1] *= factors[k + 1];
                s2 += squares[k + 2] *= factors[k + 2];
                s3 += squares[k + 3] *= factors[k + 3];
            }
            for (; k < squares.length; k++) {
                s0 += squares[k] *= factors[k];
            }
            return s0 + s1 + (s2 + s3);
        }
    }
}
