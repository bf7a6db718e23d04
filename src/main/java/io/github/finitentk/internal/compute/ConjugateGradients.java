package io.github.finitentk.internal.compute;

import java.util.Arrays;

/**
 * Preconditioned conjugate gradients for {@code A X = B} with a symmetric positive definite A of which only products are known. All columns
 * share the products, and each has its own step sizes:
 * <pre>
 * x += alpha p,   r -= alpha A p,   alpha = r.z / p.A p,   z = M r,   p = z + beta p,   beta = r.z / (r.z before)
 * </pre>
 * A column whose residual is small enough takes part in no more products. The coefficients of the columns are those of the Lanczos method for
 * {@code M A}, whose extreme Ritz values come with the solution.
 */
public final class ConjugateGradients {

    private final LinearOperator operator;
    private final LinearOperator preconditioner;
    private final Listener listener;

    /** Hears of iterations. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param iteration from 1
         * @param residuals {@code |r|_2 / |b|_2} of each column, by the recurrence; its own
         */
        void iterated(int iteration, double[] residuals);
    }

    /**
     * What was found.
     *
     * @param x {@code n x m}, row-major
     * @param iterations how many, of the slowest column
     * @param smallest Ritz value of {@code M A}, NaN if there was no iteration
     * @param largest Ritz value of {@code M A}
     * @param curvature {@code p.A p / p.p} of the direction that ended the iterations since it is not positive; NaN if none did
     */
    public record Solution(double[] x, int iterations, double smallest, double largest, double curvature) {}

    /**
     * @param operator A
     * @param preconditioner M, symmetric positive definite, about the inverse of A
     */
    public ConjugateGradients(LinearOperator operator, LinearOperator preconditioner, Listener listener) {
        this.operator = operator;
        this.preconditioner = preconditioner;
        this.listener = listener;
    }

    /** One column. */
    private static final class Column {
        private final double[] x;
        private final double[] r;
        private double[] p;
        private final double size;
        private final double[] alphas;
        private final double[] betas;
        private double rz;
        private double curvature;
        private double residual;
        private int steps;

        Column(double[] b, double size, int maxIterations) {
            x = new double[b.length];
            r = b;
            this.size = size;
            residual = size == 0 ? 0 : norm(b) / size;
            alphas = new double[maxIterations];
            betas = new double[maxIterations];
        }

        // Whether the operator is positive definite along p.
        boolean step(double[] image) {
            double product = dot(p, image);
            curvature = product / dot(p, p);
            double alpha = rz / product;
            if (!(product > 0) || !Double.isFinite(alpha)) {
                return false;
            }
            for (int i = 0; i < x.length; i++) {
                x[i] += alpha * p[i];
                r[i] -= alpha * image[i];
            }
            alphas[steps++] = alpha;
            residual = norm(r) / size;
            return true;
        }

        void turn(double[] z) {
            double next = dot(r, z);
            if (p == null) {
                p = z;
            } else {
                double beta = next / rz;
                betas[steps - 1] = beta;
                for (int i = 0; i < p.length; i++) {
                    p[i] = z[i] + beta * p[i];
                }
            }
            rz = next;
        }

        /** T of the Lanczos method: {@code t_ii = 1/alpha_i + beta_{i-1}/alpha_{i-1}, t_{i,i+1} = sqrt(beta_i)/alpha_i}. */
        double[] ritz() {
            double[] diagonal = new double[steps];
            double[] beside = new double[steps];
            for (int i = 0; i < steps; i++) {
                diagonal[i] = 1 / alphas[i] + (i > 0 ? betas[i - 1] / alphas[i - 1] : 0);
                beside[i] = Math.sqrt(Math.max(0, betas[i])) / alphas[i];
            }
            return Tridiagonal.extremes(steps, diagonal, beside);
        }
    }

    /**
     * @param b {@code n x m}, row-major; not modified
     * @param sizes what residuals are relative to, for each column; one of size 0 stays 0
     * @param tolerance of {@code |r| / size}
     * @return may not have reached the tolerance: after so many iterations, or where rounding has made the operator indefinite
     */
    public Solution solve(double[] b, int m, double[] sizes, double tolerance, int maxIterations) {
        int n = b.length / m;
        Column[] columns = new Column[m];
        for (int j = 0; j < m; j++) {
            columns[j] = new Column(column(b, j, m, n), sizes[j], maxIterations);
        }
        Column[] active = columns;
        int iteration = 0;
        while (true) {
            active = Arrays.stream(active)
                    .filter(column -> column.residual > tolerance)
                    .toArray(Column[]::new);
            if (active.length == 0 || iteration == maxIterations) {
                break;
            }
            double[] z = preconditioner.times(join(active, n, false), active.length);
            for (int j = 0; j < active.length; j++) {
                active[j].turn(column(z, j, active.length, n));
            }
            double[] image = operator.times(join(active, n, true), active.length);
            iteration++;
            double curvature = Double.NaN;
            for (int j = 0; j < active.length; j++) {
                if (!active[j].step(column(image, j, active.length, n))) {
                    curvature = active[j].curvature;
                }
            }
            listener.iterated(
                    iteration,
                    Arrays.stream(columns).mapToDouble(c -> c.residual).toArray());
            if (!Double.isNaN(curvature)) {
                return solution(columns, n, iteration, curvature);
            }
        }
        return solution(columns, n, iteration, Double.NaN);
    }

    private static Solution solution(Column[] columns, int n, int iterations, double curvature) {
        double[] x = new double[n * columns.length];
        Column longest = columns[0];
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; i < n; i++) {
                x[i * columns.length + j] = columns[j].x[i];
            }
            longest = columns[j].steps > longest.steps ? columns[j] : longest;
        }
        double[] ritz = longest.steps == 0 ? new double[] {Double.NaN, Double.NaN} : longest.ritz();
        return new Solution(x, iterations, ritz[0], ritz[1], curvature);
    }

    private static double[] join(Column[] columns, int n, boolean directions) {
        double[] joint = new double[n * columns.length];
        for (int j = 0; j < columns.length; j++) {
            double[] values = directions ? columns[j].p : columns[j].r;
            for (int i = 0; i < n; i++) {
                joint[i * columns.length + j] = values[i];
            }
        }
        return joint;
    }

    private static double[] column(double[] rows, int j, int m, int n) {
        double[] column = new double[n];
        for (int i = 0; i < n; i++) {
            column[i] = rows[i * m + j];
        }
        return column;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double norm(double[] x) {
        return Math.sqrt(dot(x, x));
    }
}
