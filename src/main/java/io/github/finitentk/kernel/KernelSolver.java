package io.github.finitentk.kernel;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.ConjugateGradients;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.LinearOperator;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NystromPreconditioner;
import io.github.finitentk.internal.compute.PackedCholesky;
import io.github.finitentk.model.Precision;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * Kernel regression with tens of thousands of training inputs: {@code alpha = (K(X) + r I)^-1 Y} for several outputs at once, which is training until
 * convergence, eq. (10). The kernel comes block by block, and is never in memory as a matrix:
 * <ul>
 *   <li>{@link #cholesky(Targets)} keeps its Cholesky factor, {@code 4 S^2} bytes ({@code 2 S^2} in f32), and takes {@code S^3 / 3} multiplications and
 *       additions; the kernel is read twice, once for the residual;
 *   <li>{@link #conjugateGradients} keeps nothing of the kernel but an approximation of low rank, and reads it once in each iteration.
 * </ul>
 * A finite training time needs the spectral decomposition: {@link KernelRegression}. From {@code ntk.solver(kernel)}; what is not told has the defaults
 * given here. Results do not depend on threads; solutions by Cholesky factors are the same bits on every processor and backend, those that a
 * Nystroem approximation preconditions depend on LAPACK's eigenvectors by rounding.
 */
public final class KernelSolver {

    // The largest rank of a preconditioner that nobody has chosen, and inputs for each of its rows.
    private static final int USUAL_RANK = 512;
    private static final int INPUTS_OF_RANK = 8;

    private TrainingKernel kernel;
    /** Where entries come from; null if only the kernel knows. */
    private KernelSource source;

    private final Engine engine;
    private double ridge;
    private double tolerance = 1e-6;
    private int maxIterations = 1000;
    private int rank;
    private long memory = Long.MAX_VALUE;
    private Listener listener = (stage, share) -> {};
    // The largest |K v| / |v| that a product has had.
    private double norm;

    /** Hears of the progress of a solution, on the thread that solves. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Some more is done.
         *
         * @param stage what: {@code computing the kernel} into a file, {@code reading the kernel}, {@code factoring}, {@code preconditioner}, {@code iterating}, {@code residual}
         * @param share of this stage, 0 to 1; of iterations by how far the logarithm of the residual has come
         */
        void progress(String stage, double share);

        /**
         * An iteration has ended.
         *
         * @param iteration from 1
         * @param residuals relative residuals of each output as the iteration knows them; a copy
         */
        default void iteration(int iteration, double[] residuals) {}
    }

    KernelSolver(TrainingKernel kernel, Engine engine) {
        this.kernel = kernel;
        this.engine = engine;
        rank = Math.min(USUAL_RANK, kernel.order() / INPUTS_OF_RANK);
    }

    /**
     * @param train {@code K(X)}, {@code S x S}, symmetric: only entries on and below the diagonal count
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if it is not square
     */
    public static KernelSolver of(KernelSource train, Engine engine) {
        if (train.rows() != train.columns()) {
            throw new IllegalArgumentException("A kernel of training inputs is square, not one of " + train.rows()
                    + " x " + train.columns() + " entries.");
        }
        KernelSolver solver = new KernelSolver(TrainingKernel.of(train, engine), engine);
        solver.source = train;
        return solver;
    }

    /**
     * A kernel that is computed anew whenever it is needed: twice for a Cholesky factor, in every iteration for conjugate gradients, which a file
     * therefore suits better. Its blocks take the memory that the stream is told, on top of that of the solution; what is summed over blocks (residuals,
     * iterations) depends on their sizes by rounding.
     *
     * @param train {@code K(X)}, of inputs with themselves
     * @throws IllegalArgumentException if it is not square, or consists of several kernels
     */
    public static KernelSolver of(KernelStream train, Engine engine) {
        if (!train.isSymmetric() || train.kernels() != 1) {
            throw new IllegalArgumentException(
                    "A kernel of training inputs is one square matrix, not a " + train + ".");
        }
        return new KernelSolver(new StreamedKernel(train, engine), engine);
    }

    /**
     * A ridge r, added to the diagonal, in the units of the kernel; 0 if not set.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public KernelSolver ridge(double r) {
        if (!(r >= 0) || Double.isInfinite(r)) {
            throw new IllegalArgumentException("The ridge must be a finite number >= 0, not " + r + ".");
        }
        ridge = r;
        return this;
    }

    /**
     * The largest relative residual that iterations end with, {@code |Y_k - (K + r I) alpha_k|_2 / |Y_k|_2}; 1e-6 if not set.
     *
     * @throws IllegalArgumentException unless it is between 0 and 1
     */
    public KernelSolver tolerance(double residual) {
        if (!(residual > 0 && residual < 1)) {
            throw new IllegalArgumentException(
                    "The tolerance of a relative residual must be between 0 and 1, not " + residual + ".");
        }
        tolerance = residual;
        return this;
    }

    /**
     * After how many iterations to stop, whatever the residual; 1,000 if not set.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public KernelSolver maxIterations(int iterations) {
        if (iterations < 1) {
            throw new IllegalArgumentException("At least 1 iteration must be allowed, not " + iterations + ".");
        }
        maxIterations = iterations;
        return this;
    }

    /**
     * The rank of the approximation of the kernel that preconditions {@link #conjugateGradients}; 0 for none. It is made from as many products with
     * the kernel, 64 for each time that it is read. If not set, an eighth of the rows, at most 512.
     *
     * @throws IllegalArgumentException if it is negative or above the number of rows
     */
    public KernelSolver rank(int rows) {
        if (rows < 0 || rows > kernel.order()) {
            throw new IllegalArgumentException("The rank of a preconditioner must be between 0 and the kernel's "
                    + kernel.order() + " rows, not " + rows + ".");
        }
        rank = rows;
        return this;
    }

    /**
     * How much memory a solution may take, in bytes; what there is if not set.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public KernelSolver memory(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("The memory must be at least 1 byte, not " + bytes + ".");
        }
        memory = bytes;
        return this;
    }

    /**
     * Computes the kernel once, into a file, and reads it from there as often as it is needed: for kernels that are computed while they are read, in each
     * iteration anew otherwise. The file stays; one that is there already is taken, if it holds this kernel.
     *
     * @param file an {@code .npy} file of the lower triangle
     * @param precision of its numbers; in f32 what is solved is the kernel as it is rounded
     * @throws IllegalStateException if this is no solver of a kernel that is read
     */
    public KernelSolver keep(Path file, Precision precision) {
        if (source == null) {
            throw new IllegalStateException("Only a kernel that is read entry by entry can be kept in a file.");
        }
        KernelWriter.Format format =
                precision == Precision.F32 ? KernelWriter.Format.F32_TRIANGLE : KernelWriter.Format.F64_TRIANGLE;
        kernel =
                new KeptKernel(source, file, format, engine, share -> listener.progress("computing the kernel", share));
        return this;
    }

    /** Who hears of progress. */
    public KernelSolver listener(Listener who) {
        listener = Objects.requireNonNull(who, "listener");
        return this;
    }

    /**
     * What suits a problem.
     *
     * @param method for {@link #solve}
     * @param reason why, as a clause: {@code its factor takes 1.6 GB of the 6.0 GB of memory}
     */
    public record Choice(KernelSolution.Method method, String reason) {}

    /**
     * The method that the memory allows: Cholesky factorisation in f64 if its factor fits, else conjugate gradients.
     *
     * @param columns how many right-hand sides there are
     */
    public Choice choice(int columns) {
        double factor = bytes(PackedCholesky.bytes(kernel.order(), Precision.F64), columns);
        boolean fits = factor <= limit();
        return new Choice(
                fits ? KernelSolution.Method.CHOLESKY : KernelSolution.Method.CONJUGATE_GRADIENTS,
                "a Cholesky factor of the " + kernel.order() + " x " + kernel.order() + " kernel takes "
                        + Memory.format(factor) + (fits ? " of " : ", more than ") + "the " + Memory.format(limit())
                        + " of memory");
    }

    /** By a given method: {@link #cholesky(Targets, Precision)} or {@link #conjugateGradients}. */
    public KernelSolution solve(Targets targets, KernelSolution.Method method) {
        return switch (method) {
            case CHOLESKY -> cholesky(targets, Precision.F64);
            case CHOLESKY_F32 -> cholesky(targets, Precision.F32);
            case CONJUGATE_GRADIENTS -> conjugateGradients(targets);
        };
    }

    /**
     * By Cholesky factorisation in f64.
     *
     * @param targets Y, {@code S x K}; of the full kernel of K outputs they are solved for together
     * @throws NotPositiveDefiniteException if {@code K(X) + r I} is not positive definite within rounding: at which row, and which ridge will do
     * @throws IllegalArgumentException if the targets are not those of the kernel, or an entry is not finite
     * @throws InsufficientMemoryException if it does not fit
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    public KernelSolution cholesky(Targets targets) {
        return cholesky(targets, Precision.F64);
    }

    /**
     * By Cholesky factorisation in f64 or f32. A factor in f32 takes half the memory and time, and is corrected by conjugate gradients in
     * f64, which it preconditions, until the tolerance is met; {@link KernelSolution#converged} says whether.
     *
     * @throws NotPositiveDefiniteException as {@link #cholesky(Targets)}; f32 needs a kernel whose condition is below some 1e6
     * @throws IllegalStateException if the kernel is never formed ({@link KernelEvaluation#solver})
     */
    public KernelSolution cholesky(Targets targets, Precision precision) {
        kernel.requireEntries();
        Problem problem = new Problem(targets);
        require(
                PackedCholesky.bytes(kernel.order(), precision),
                problem.m,
                "The Cholesky factor of a kernel with " + kernel.order() + " rows in " + precision.label());
        kernel.open();
        try (PackedCholesky factor = new PackedCholesky(kernel.order(), precision, ridge, engine)) {
            kernel.fill(factor, share -> listener.progress("reading the kernel", share));
            factor.factor(share -> listener.progress("factoring", share));
            double condition = factor.reciprocalCondition();
            if (precision == Precision.F64) {
                double[] x = factor.solve(problem.y, problem.m);
                return problem.solution(KernelSolution.Method.CHOLESKY, x, residuals(problem, x), 0, condition);
            }
            Iteration iteration = new Iteration(problem, factor::solve);
            iteration.run();
            return problem.solution(
                    KernelSolution.Method.CHOLESKY_F32,
                    iteration.x,
                    iteration.residuals,
                    iteration.iterations,
                    condition);
        } finally {
            kernel.close();
        }
    }

    /**
     * By conjugate gradients, preconditioned by a randomised Nystroem approximation of some {@link #rank}. They end when the tolerance is met, after the largest
     * number of iterations, or where rounding stops them: {@link KernelSolution#converged} says whether the tolerance is met.
     *
     * @param targets Y, {@code S x K}; of the full kernel of K outputs they are solved for together
     * @throws NotPositiveDefiniteException if the iteration meets a direction in which {@code K(X) + r I} is negative beyond rounding
     * @throws IllegalArgumentException if the targets are not those of the kernel, or an entry is not finite
     * @throws InsufficientMemoryException if it does not fit
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    public KernelSolution conjugateGradients(Targets targets) {
        Problem problem = new Problem(targets);
        int n = kernel.order();
        require(
                (rank == 0 ? 0 : NystromPreconditioner.bytes(n, rank, engine.threads())) + 8.0 * 8 * n * problem.m,
                problem.m,
                "Conjugate gradients for a kernel with " + n + " rows and a preconditioner of rank " + rank);
        kernel.open();
        try {
            return rank == 0 ? iterated(problem) : preconditioned(problem);
        } finally {
            kernel.close();
        }
    }

    private KernelSolution iterated(Problem problem) {
        Iteration iteration = new Iteration(problem, (v, m) -> v.clone());
        iteration.run();
        return iteration.solution(iteration.largest);
    }

    private KernelSolution preconditioned(Problem problem) {
        try (NystromPreconditioner preconditioner = new NystromPreconditioner(
                this::times,
                kernel.order(),
                rank,
                ridge,
                engine,
                share -> listener.progress("preconditioner", share))) {
            Iteration iteration = new Iteration(problem, preconditioner);
            iteration.run();
            return iteration.solution(preconditioner.largest() + ridge);
        }
    }

    private void require(double bytes, int columns, String what) {
        Memory.require(bytes(bytes, columns), limit(), what);
    }

    private double bytes(double more, int columns) {
        return more + kernel.bytes(columns) + 8.0 * 6 * kernel.order() * columns;
    }

    private long limit() {
        return Math.min(memory, engine.availableMemory());
    }

    /** {@code K v}. */
    private double[] times(double[] v, int m) {
        double[] image = kernel.times(v, m);
        for (int i = 0; i < image.length; i++) {
            if (!Double.isFinite(image[i])) {
                throw new IllegalArgumentException("The kernel is not finite: neither is row " + i / m
                        + " (counted from 0) of its product with a vector.");
            }
        }
        double[] before = norms(v, m);
        double[] after = norms(image, m);
        for (int j = 0; j < m; j++) {
            norm = before[j] == 0 ? norm : Math.max(norm, after[j] / before[j]);
        }
        return image;
    }

    /** {@code (K + r I) v}. */
    private double[] product(double[] v, int m) {
        double[] image = times(v, m);
        for (int i = 0; i < image.length; i++) {
            image[i] += ridge * v[i];
        }
        return image;
    }

    /** {@code Y - (K + r I) x}. */
    private double[] residual(Problem problem, double[] x) {
        listener.progress("residual", 0);
        double[] residual = product(x, problem.m);
        for (int i = 0; i < residual.length; i++) {
            residual[i] = problem.y[i] - residual[i];
        }
        listener.progress("residual", 1);
        return residual;
    }

    private double[] residuals(Problem problem, double[] x) {
        return problem.relative(residual(problem, x));
    }

    // Of the columns.
    private static double[] norms(double[] rows, int m) {
        double[] norms = new double[m];
        for (int i = 0; i < rows.length; i++) {
            norms[i % m] += rows[i] * rows[i];
        }
        for (int j = 0; j < m; j++) {
            norms[j] = Math.sqrt(norms[j]);
        }
        return norms;
    }

    /** Targets as right-hand sides: {@code n x m}. */
    private final class Problem {

        private final Targets targets;
        private final int m;
        private final double[] y;
        private final double[] sizes;

        Problem(Targets targets) {
            this.targets = targets;
            int n = kernel.order();
            boolean together = targets.outputs() > 1 && n == (long) targets.count() * targets.outputs();
            if (n != targets.count() && !together) {
                throw new IllegalArgumentException("A kernel with " + n + " rows does not belong to " + targets + ".");
            }
            m = together ? 1 : targets.outputs();
            y = targets.toArray();
            sizes = norms(y, m);
        }

        double[] relative(double[] residual) {
            double[] norms = norms(residual, m);
            for (int j = 0; j < m; j++) {
                norms[j] = sizes[j] == 0 ? norms[j] : norms[j] / sizes[j];
            }
            return norms;
        }

        KernelSolution solution(
                KernelSolution.Method method, double[] x, double[] residuals, int iterations, double condition) {
            return new KernelSolution(
                    engine, method, targets.count(), targets.outputs(), x, residuals, tolerance, iterations, condition);
        }
    }

    /**
     * Conjugate gradients until the true residual is small enough. That of the recurrence parts from it by rounding, so they start anew from the
     * true one, as long as that helps.
     */
    private final class Iteration {

        private final Problem problem;
        private final LinearOperator preconditioner;
        private double[] x;
        private double[] residuals;
        private int iterations;
        private double smallest = Double.NaN;
        private double largest = Double.NaN;

        Iteration(Problem problem, LinearOperator preconditioner) {
            this.problem = problem;
            this.preconditioner = preconditioner;
        }

        void run() {
            int m = problem.m;
            x = new double[problem.y.length];
            double[] residual = problem.y.clone();
            residuals = problem.relative(residual);
            double before = Double.POSITIVE_INFINITY;
            while (largestOf(residuals) > tolerance
                    && largestOf(residuals) < before / 2
                    && iterations < maxIterations) {
                before = largestOf(residuals);
                ConjugateGradients.Solution step = new ConjugateGradients(
                                KernelSolver.this::product, preconditioner, this::tell)
                        .solve(residual, m, problem.sizes, tolerance, maxIterations - iterations);
                if (iterations == 0) {
                    smallest = step.smallest();
                    largest = step.largest();
                    requirePositive(step);
                }
                iterations += step.iterations();
                double[] next = x.clone();
                for (int i = 0; i < next.length; i++) {
                    next[i] += step.x()[i];
                }
                double[] left = residual(problem, next);
                if (largestOf(problem.relative(left)) < before) {
                    x = next;
                    residual = left;
                    residuals = problem.relative(left);
                }
            }
        }

        private void requirePositive(ConjugateGradients.Solution step) {
            int n = kernel.order();
            double rounding = n * 0x1p-52 * norm;
            if (step.curvature() < -rounding) {
                throw new NotPositiveDefiniteException(String.format(
                        Locale.ROOT,
                        "The %d x %d kernel%s is not positive definite: iteration %d of conjugate gradients meets a direction of the"
                                + " curvature %.3g; the ridge must be more than %.3g.",
                        n,
                        n,
                        ridge == 0 ? "" : " with the ridge " + ridge,
                        step.iterations(),
                        step.curvature(),
                        ridge - step.curvature()));
            }
        }

        private void tell(int iteration, double[] relative) {
            double decades = StrictMath.log(largestOf(relative)) / StrictMath.log(tolerance);
            listener.progress("iterating", Math.max(0, Math.min(1, decades)));
            listener.iteration(iterations + iteration, relative);
        }

        // The preconditioner leaves small eigenvalues as they are, and says how large the largest one is.
        KernelSolution solution(double largestEigenvalue) {
            return problem.solution(
                    KernelSolution.Method.CONJUGATE_GRADIENTS, x, residuals, iterations, smallest / largestEigenvalue);
        }

        private static double largestOf(double[] values) {
            double largest = 0;
            for (double value : values) {
                largest = Math.max(largest, value);
            }
            return largest;
        }
    }
}
