package io.github.finitentk.meanfield;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The kernels of a set of inputs in the infinite-width limit, for given finite widths as in Lemma 2:
 * <pre>
 * NNGP  K_sr = q_sr^L
 * NTK   Theta*_sr = sum_{l=1..L} p_sr^l (n_{l-1} qhat_sr^{l-1} + 1)           (standard parametrisation)
 * </pre>
 * by the forward recursion {@code Theta^{l+1} = sigmaW2 E2[phi' phi'] Theta^l + n_l qhat^l + 1}, {@code Theta^1 = n_0 qhat^0 + 1},
 * equal to the sum since {@code p^l} is the product of the factors above l.
 *
 * <p>Accuracy: entries are right to about 1e-14 relative (of {@code sqrt(K_ss K_rr)} where an odd activation makes them
 * vanish), near duplicates included: distances come from direct differences of the inputs and are carried through the
 * layers, never recovered by subtraction. Variances beyond the range of a double are carried by scale; an entry that is not 0
 * but smaller than every double is NaN (missing). For the kernel between test and training inputs, give both sets at once.
 *
 * <p>Memory: three S x S matrices plus O(S (L + n_0)); nothing of size L S^2. Results don't depend on the number of threads.
 * Immutable; the matrices are handed out as copies.
 */
public final class InfiniteWidthKernel {

    private final Parametrization parametrization;
    private final WidthScale scale;
    private final int samples;
    private final double[] nngp;
    private final double[] weightPart;
    private final double[] ntk;

    private InfiniteWidthKernel(KernelProblem problem, Parametrization parametrization, WidthScale scale) {
        this.parametrization = parametrization;
        this.scale = scale;
        samples = problem.samples;
        ntk = problem.biasPart;
        for (int i = 0; i < ntk.length; i++) {
            ntk[i] += problem.weightPart[i];
        }
        problem.markMissing(ntk);
        nngp = problem.nngp;
        weightPart = problem.weightPart;
    }

    /** Standard parametrisation, all processors. */
    public static InfiniteWidthKernel of(
            Inputs inputs, Architecture architecture, Activation activation, Initialization initialization) {
        try (Engine engine = Engine.fastest(WorkerPool.ofAllProcessors())) {
            return of(
                    inputs, architecture, new MeanField(activation, initialization), Parametrization.STANDARD, engine);
        }
    }

    /**
     * @param inputs {@code S x n_0}
     * @param theory activation, initialisation and integration method
     * @param engine its threads are those that rows are spread over; the result does not depend on their number
     * @throws IllegalArgumentException if an argument is out of range or the inputs have another dimension
     * @throws ArithmeticException if an entry of a kernel exceeds the range of a double
     */
    public static InfiniteWidthKernel of(
            Inputs inputs,
            Architecture architecture,
            MeanField theory,
            Parametrization parametrization,
            Engine engine) {
        inputs.requireDimension(architecture.inputDim());
        int samples = inputs.count();
        if ((long) samples * samples > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("The number of inputs must be 1 to 46340, not " + samples + ".");
        }
        // Three matrices, and one that is handed out.
        Memory.requireHeap(32.0 * samples * samples, 0, "The infinite-width kernel of " + samples + " inputs");
        KernelProblem problem = new KernelProblem(
                inputs.toArray(), samples, architecture, theory.expectation(), theory, parametrization);
        fill(problem, engine);
        forEachRow(engine, samples, () -> problem::rescue);
        mirror(problem.nngp, samples);
        mirror(problem.weightPart, samples);
        mirror(problem.biasPart, samples);
        InfiniteWidthKernel kernel = new InfiniteWidthKernel(problem, parametrization, WidthScale.of(architecture));
        for (int i = 0; i < kernel.ntk.length; i++) {
            if (Double.isInfinite(kernel.ntk[i]) || Double.isInfinite(kernel.nngp[i])) {
                throw MeanField.tooLarge(
                        "Entry (" + i / samples + ", " + i % samples + ") of the infinite-width kernels");
            }
        }
        return kernel;
    }

    private static void fill(KernelProblem problem, Engine engine) {
        if (problem.expectation instanceof PiecewiseLinearExpectation) {
            double[][] root = PiecewiseLinearRows.roots(problem.q);
            double[][] inverse = PiecewiseLinearRows.inverses(root);
            forEachRow(engine, problem.samples, () -> new PiecewiseLinearRows(problem, root, inverse)::row);
        } else if (problem.expectation instanceof ErfExpectation) {
            double[][] norm = ErfRows.norms(problem.q);
            double[] largest = ErfRows.largest(problem.q);
            forEachRow(engine, problem.samples, () -> new ErfRows(problem, norm, largest)::row);
        } else {
            fillGenerally(problem, engine);
        }
    }

    private static void fillGenerally(KernelProblem problem, Engine engine) {
        forEachRow(engine, problem.samples, () -> new GeneralRows(problem)::start);
        for (int layer = 1; layer < problem.depth; layer++) {
            int l = layer;
            HermiteCoefficients[] series = null;
            if (problem.expectation instanceof QuadratureExpectation quadrature) {
                HermiteCoefficients[] found = new HermiteCoefficients[problem.samples];
                double[] q = problem.q[l - 1];
                int[] representative = representatives(q);
                forEachRow(engine, problem.samples, () -> s -> {
                    if (representative[s] == s && !problem.extreme(s)) {
                        found[s] = quadrature.expand(q[s]);
                    }
                });
                for (int s = 0; s < problem.samples; s++) {
                    found[s] = found[representative[s]];
                }
                series = found;
            }
            HermiteCoefficients[] expansions = series;
            forEachRow(engine, problem.samples, () -> {
                GeneralRows rows = new GeneralRows(problem);
                return s -> rows.step(s, l, expansions);
            });
        }
        forEachRow(engine, problem.samples, () -> new GeneralRows(problem)::finish);
    }

    // Inputs normalised to one length differ in it by rounding only: runs of them share an expansion, which changes the
    // result by no more than that rounding does.
    private static int[] representatives(double[] q) {
        int[] representative = new int[q.length];
        for (int s = 1; s < q.length; s++) {
            int last = representative[s - 1];
            representative[s] = Math.abs(q[s] - q[last]) <= 2e-15 * q[last] ? last : s;
        }
        return representative;
    }

    private static void forEachRow(Engine engine, int rows, Supplier<IntConsumer> perThread) {
        IntConsumer[] bySlot = new IntConsumer[engine.threads()];
        engine.forEach(rows, (row, slot) -> {
            if (bySlot[slot] == null) {
                bySlot[slot] = perThread.get();
            }
            bySlot[slot].accept(row);
        });
    }

    private static void mirror(double[] matrix, int n) {
        int tile = 32;
        for (int i0 = 0; i0 < n; i0 += tile) {
            for (int j0 = i0; j0 < n; j0 += tile) {
                for (int i = i0; i < Math.min(n, i0 + tile); i++) {
                    for (int j = Math.max(i + 1, j0); j < Math.min(n, j0 + tile); j++) {
                        matrix[j * n + i] = matrix[i * n + j];
                    }
                }
            }
        }
    }

    public int samples() {
        return samples;
    }

    public Parametrization parametrization() {
        return parametrization;
    }

    /** The reference width M and alpha. */
    public WidthScale scale() {
        return scale;
    }

    /** {@code alpha} of Lemma 2. */
    public double alpha() {
        return scale.alpha();
    }

    /** {@code K}, {@code S x S} row-major, a new array. */
    public double[] nngp() {
        return nngp.clone();
    }

    /** {@code Theta*}, {@code S x S} row-major, a new array. */
    public double[] ntk() {
        return ntk.clone();
    }

    /** {@code K_sr}. */
    public double nngp(int s, int r) {
        return nngp[index(s, r)];
    }

    /** {@code Theta*_sr}. */
    public double ntk(int s, int r) {
        return ntk[index(s, r)];
    }

    private int index(int s, int r) {
        if (s < 0 || r < 0 || s >= samples || r >= samples) {
            throw new IllegalArgumentException(
                    "The kernel has indices 0 to " + (samples - 1) + ", not (" + s + ", " + r + ").");
        }
        return s * samples + r;
    }

    /** {@code kappa_1(x_s) = sum_l (alpha_{l-1}/alpha) qhat^{l-1} p^l} of every input; NaN for L = 1. */
    public double[] kappa1() {
        requireStandard();
        double[] kappa = new double[samples];
        for (int s = 0; s < samples; s++) {
            kappa[s] = scale.kappa(weightPart[s * samples + s]);
        }
        return kappa;
    }

    /** {@code kappa_2(x_s, x_r)}, {@code S x S} row-major, with kappa_1 on the diagonal; NaN for L = 1. */
    public double[] kappa2() {
        requireStandard();
        double[] kappa = new double[weightPart.length];
        for (int i = 0; i < kappa.length; i++) {
            kappa[i] = scale.kappa(weightPart[i]);
        }
        return kappa;
    }

    /** The means of kappa_1 and (over pairs of different inputs) kappa_2, their eigenvalues and condition number. */
    public DataIndependentKernel dataIndependent() {
        requireStandard();
        double diagonal = 0;
        double rest = 0;
        for (int s = 0; s < samples; s++) {
            diagonal += weightPart[s * samples + s];
            double row = 0;
            for (int r = s + 1; r < samples; r++) {
                row += weightPart[s * samples + r];
            }
            rest += row;
        }
        double pairs = 0.5 * samples * (samples - 1.0);
        return new DataIndependentKernel(
                scale.leading(), scale.kappa(diagonal / samples), scale.kappa(rest / pairs), samples);
    }

    /** Mean diagonal entry of {@code Theta*}. */
    public double meanDiagonal() {
        return meanDiagonal(this::ntk);
    }

    /** Mean entry of {@code Theta*} off the diagonal; NaN for one input. */
    public double meanOffDiagonal() {
        return meanOffDiagonal(this::ntk);
    }

    /** Mean of {@code q^L} over the inputs. */
    public double meanNngpDiagonal() {
        return meanDiagonal(this::nngp);
    }

    /** Mean of {@code q_sr^L} over pairs of different inputs; NaN for one input. */
    public double meanNngpOffDiagonal() {
        return meanOffDiagonal(this::nngp);
    }

    @FunctionalInterface
    private interface Entry {
        double at(int s, int r);
    }

    private double meanDiagonal(Entry matrix) {
        double sum = 0;
        for (int s = 0; s < samples; s++) {
            sum += matrix.at(s, s);
        }
        return sum / samples;
    }

    private double meanOffDiagonal(Entry matrix) {
        double sum = 0;
        for (int s = 0; s < samples; s++) {
            double row = 0;
            for (int r = s + 1; r < samples; r++) {
                row += matrix.at(s, r);
            }
            sum += row;
        }
        return sum / (0.5 * samples * (samples - 1.0));
    }

    private void requireStandard() {
        if (parametrization != Parametrization.STANDARD) {
            throw new IllegalStateException(
                    "kappa is defined by Lemma 2 in the standard parametrisation; this kernel was"
                            + " computed in the NTK parametrisation.");
        }
    }
}
