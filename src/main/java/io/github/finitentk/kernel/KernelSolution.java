package io.github.finitentk.kernel;

import io.github.finitentk.data.KernelSource;
import io.github.finitentk.internal.compute.BlockProduct;
import io.github.finitentk.internal.compute.Engine;
import java.util.Arrays;
import java.util.Locale;

/**
 * The coefficients {@code alpha = (K(X) + r I)^-1 Y} of kernel regression, from {@link KernelSolver}, with what is known of their accuracy.
 * Immutable; predictions are computed by the threads of the {@link io.github.finitentk.Ntk} that solved.
 */
public final class KernelSolution {

    /** How a solution was found. */
    public enum Method {
        /** Cholesky factorisation in f64. */
        CHOLESKY,
        /** Cholesky factorisation in f32, whose factor preconditions conjugate gradients in f64. */
        CHOLESKY_F32,
        /** Conjugate gradients, preconditioned by a Nystroem approximation. */
        CONJUGATE_GRADIENTS;

        /** {@code cholesky}, {@code cholesky-f32} or {@code conjugate-gradients}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Engine engine;
    private final Method method;
    private final int inputs;
    private final int outputs;
    // n x m, row-major
    private final double[] coefficients;
    private final double[] residuals;
    private final double tolerance;
    private final int iterations;
    private final double reciprocalCondition;

    KernelSolution(
            Engine engine,
            Method method,
            int inputs,
            int outputs,
            double[] coefficients,
            double[] residuals,
            double tolerance,
            int iterations,
            double reciprocalCondition) {
        this.engine = engine;
        this.method = method;
        this.inputs = inputs;
        this.outputs = outputs;
        this.coefficients = coefficients;
        this.residuals = residuals;
        this.tolerance = tolerance;
        this.iterations = iterations;
        this.reciprocalCondition = reciprocalCondition;
    }

    /** How it was found. */
    public Method method() {
        return method;
    }

    /** alpha, {@code S x K}, a new array. */
    public double[][] coefficients() {
        return rows(coefficients, inputs);
    }

    /**
     * {@code |Y_k - (K(X) + r I) alpha_k|_2 / |Y_k|_2} of each output, computed from the kernel itself in f64; of the full kernel of several outputs,
     * which are solved for together, one number; 0 for targets of 0.
     */
    public double[] residuals() {
        return residuals.clone();
    }

    /** The largest of {@link #residuals}. */
    public double largestResidual() {
        return Arrays.stream(residuals).max().orElseThrow();
    }

    /** Whether {@link #largestResidual} is within the tolerance; always for the direct method, whose residual is what rounding leaves. */
    public boolean converged() {
        return method == Method.CHOLESKY || largestResidual() <= tolerance;
    }

    /** Iterations of conjugate gradients, those of all restarts; 0 for the direct method. */
    public int iterations() {
        return iterations;
    }

    /**
     * An estimate of {@code 1 / (|A| |A^-1|)} for {@code A = K(X) + r I}: of Cholesky methods in the 1-norm, never too small and rarely more than
     * three times too large; of conjugate gradients the ratio of extreme eigenvalues, too large where few iterations have seen little of the spectrum, and
     * NaN if there was none.
     */
    public double reciprocalCondition() {
        return reciprocalCondition;
    }

    /**
     * {@code f(x) = K(x, X) alpha}, the prediction from initial outputs 0. The kernel is read block by block, each entry once.
     *
     * @param cross {@code T x S}, test inputs in rows and training inputs in columns; of the full kernel {@code T K x S K}
     * @return {@code T x K}
     * @throws IllegalArgumentException if the kernel has other columns
     */
    public double[][] predict(KernelSource cross) {
        requireCross(cross.rows(), cross.columns());
        int n = order();
        try (BlockProduct product = new BlockProduct(cross.rows(), n, coefficients, coefficients.length / n, engine)) {
            product.add(0, cross.rows(), 0, n, cross);
            return rows(product.result(), cross.rows() / (n / inputs));
        }
    }

    /**
     * The same with a kernel that is computed block by block, once; numbers depend on the sizes of blocks by rounding.
     *
     * @throws IllegalArgumentException if the kernel has other columns, or consists of several kernels
     */
    public double[][] predict(KernelStream cross) {
        requireCross(cross.rows(), cross.columns());
        if (cross.kernels() != 1) {
            throw new IllegalArgumentException(
                    "A solution predicts with one kernel, not with " + cross.kernels() + ".");
        }
        int n = order();
        double[] predictions = StreamedKernel.times(cross, coefficients, coefficients.length / n, engine);
        return rows(predictions, cross.rows() / (n / inputs));
    }

    private void requireCross(int rows, int columns) {
        int n = order();
        if (columns != n || rows % (n / inputs) != 0) {
            throw new IllegalArgumentException("A solution for " + n + " training rows predicts with a kernel of " + n
                    + " columns, not one of " + rows + " x " + columns + " entries.");
        }
    }

    // Rows of the kernel: S, or S K for all outputs together.
    private int order() {
        return residuals.length == outputs ? inputs : inputs * outputs;
    }

    private double[][] rows(double[] values, int count) {
        double[][] rows = new double[count][];
        Arrays.setAll(rows, s -> Arrays.copyOfRange(values, s * outputs, (s + 1) * outputs));
        return rows;
    }

    /** {@code cholesky, largest relative residual 3.1e-13, reciprocal condition 2.4e-08}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s%s, largest relative residual %.2g, reciprocal condition %.2g",
                method.label(),
                iterations == 0 ? "" : ", " + iterations + " iterations",
                largestResidual(),
                reciprocalCondition);
    }
}
