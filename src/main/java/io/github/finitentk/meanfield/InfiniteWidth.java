package io.github.finitentk.meanfield;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The kernels of a set of inputs in the infinite-width limit, for given finite widths as in Lemma 2:
 * <pre>
 * NNGP  K_sr = q_sr^L
 * NTK   Theta*_sr = sum_{l=1..L} p_sr^l (n_{l-1} qhat_sr^{l-1} + 1)           (standard parametrisation)
 * </pre>
 * by the forward recursion {@code Theta^{l+1} = sigmaW2 E2[phi' phi'] Theta^l + n_l qhat^l + 1}, {@code Theta^1 = n_0 qhat^0 + 1},
 * equal to the sum since {@code p^l} is the product of the factors above l. Of a network with K outputs these are the kernels of each;
 * different ones are independent: {@code Theta* (x) I_K} and {@code K (x) I_K}.
 *
 * <p>Accuracy: entries are right to about 1e-14 relative (of {@code sqrt(K_ss K_rr)} where an odd activation makes them
 * vanish), near duplicates included: distances come from direct differences of the inputs and are carried through the
 * layers, never recovered by subtraction. Variances beyond the range of a double are carried by scale; an entry that is not 0
 * but smaller than every double is NaN (missing). For the kernel between test and training inputs, give both sets at once.
 *
 * <p>Memory: three S x S matrices plus O(S (L + n_0)); nothing of size L S^2. Results don't depend on the number of threads.
 * Immutable.
 */
public final class InfiniteWidth {

    /** How an NTK weighs the layers; the network's output law (NNGP) is the same. */
    public enum Parametrization {
        /** {@code W ~ N(0, sigmaW2 / n)}, trained as such: {@code Theta = sum_l p^l (n_{l-1} qhat^{l-1} + 1)}. The paper's. */
        STANDARD,
        /** {@code W = sigmaW / sqrt(n) omega, b = sigmaB beta}, omega and beta trained: {@code Theta = sum_l p^l q^l}. */
        NTK
    }

    /** One of the two kernels. */
    public enum Limit {
        /** {@code Theta*}: of regression with it, all layers are trained. */
        NTK,
        /** {@code K}: of regression with it, the last layer is trained; the mean of the Gaussian process. */
        NNGP
    }

    /**
     * The data-independent part of the NTK, {@code alpha M ((k1 - k2) I + k2 11^T)} (Karakida et al. 2018, section 5 of the
     * paper), with its two eigenvalues.
     *
     * @param leading alpha M
     * @param kappa1 mean of kappa_1 over the inputs
     * @param kappa2 mean of kappa_2 over pairs of different inputs; NaN for one input
     * @param samples S
     */
    public record DataIndependent(double leading, double kappa1, double kappa2, int samples) {

        /** {@code alpha M (k1 + (S - 1) k2)}, simple. */
        public double largestEigenvalue() {
            return samples == 1 ? leading * kappa1 : leading * (kappa1 + (samples - 1) * kappa2);
        }

        /** {@code alpha M (k1 - k2)}, S - 1 times. */
        public double smallestEigenvalue() {
            return samples == 1 ? leading * kappa1 : leading * (kappa1 - kappa2);
        }

        /** {@code (k1/k2 + S - 1) / (k1/k2 - 1)}; 1 for one input. */
        public double conditionNumber() {
            return largestEigenvalue() / smallestEigenvalue();
        }
    }

    /**
     * Any part of the kernels of any number of inputs, without the rest: entries are the same bits as in one piece. What is known of
     * every input alone is computed once, at the start. For one thread at a time.
     */
    public static final class Rectangles {

        private final KernelProblem problem;
        private final PairRecursion recursion;
        private final Engine engine;

        /**
         * @param network the networks
         * @param rows their inputs
         * @param columns the inputs of the columns; empty if they are those of the rows
         * @param engine its threads are those that entries are spread over
         * @throws IllegalArgumentException if inputs have another dimension
         */
        public Rectangles(
                RandomNetwork network,
                Inputs rows,
                Optional<Inputs> columns,
                Parametrization parametrization,
                Engine engine) {
            problem = new KernelProblem(network, rows, columns, parametrization);
            recursion = PairRecursion.of(problem);
            this.engine = engine;
        }

        /**
         * Computes rows {@code row, ..., row + rows - 1} and columns likewise.
         *
         * @param ntk takes {@code Theta*}, row after row; may be longer
         * @param nngp takes {@code K} likewise; an entry that is not 0 but smaller than every double is NaN
         * @throws ArithmeticException if an entry exceeds the range of a double
         */
        public void compute(int row, int rows, int column, int columns, double[] ntk, double[] nngp) {
            recursion.fill(
                    new KernelBlock(problem, row, rows, problem.firstColumn + column, columns, nngp, ntk, null),
                    engine);
        }

        /** About how much memory {@link #compute} takes for a rectangle of that size, and what is known of n inputs alone, in bytes. */
        public static double bytes(RandomNetwork network, int inputs, long entries, Engine engine) {
            Architecture architecture = network.architecture();
            return 8.0 * entries
                    + InputTile.bytes(architecture.inputDim()) * engine.threads()
                    + 40.0 * architecture.depth() * inputs;
        }
    }

    private final Parametrization parametrization;
    private final WidthScale scale;
    private final Kernel nngp;
    private final Kernel ntk;
    private final double[] weightPart;

    private InfiniteWidth(KernelBlock whole, Parametrization parametrization, WidthScale scale) {
        this.parametrization = parametrization;
        this.scale = scale;
        weightPart = whole.weights;
        ntk = Kernel.wrap(whole.rows, whole.columns, whole.ntk);
        nngp = Kernel.wrap(whole.rows, whole.columns, whole.nngp);
    }

    /** In the standard parametrisation. */
    public static InfiniteWidth of(RandomNetwork network, Inputs inputs, Engine engine) {
        return of(network, inputs, Parametrization.STANDARD, engine);
    }

    /**
     * @param network the networks; widths are finite numbers that weigh the layers in {@code Theta*}
     * @param inputs {@code S x n_0}
     * @param engine its threads are those that rows are spread over; the result does not depend on their number
     * @throws IllegalArgumentException if the inputs have another dimension or are too many for one array ({@link Rectangles})
     * @throws ArithmeticException if an entry of a kernel exceeds the range of a double
     */
    public static InfiniteWidth of(
            RandomNetwork network, Inputs inputs, Parametrization parametrization, Engine engine) {
        Architecture architecture = network.architecture();
        inputs.requireDimension(architecture.inputDim());
        int samples = inputs.count();
        if ((long) samples * samples > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("The number of inputs must be 1 to 46340, not " + samples
                    + ": larger kernels are computed block by block.");
        }
        // Three matrices, and one that is handed out.
        Memory.requireHeap(32.0 * samples * samples, 0, "The infinite-width kernel of " + samples + " inputs");
        KernelProblem problem = new KernelProblem(network, inputs, parametrization);
        KernelBlock whole = KernelBlock.whole(problem);
        PairRecursion.of(problem).fill(whole, engine);
        return new InfiniteWidth(whole, parametrization, WidthScale.of(architecture));
    }

    /**
     * One of these kernels for any number of inputs: an entry is computed each time that it is read, with the bits that it has in one piece. For what
     * reads each entry once or twice, such as {@code KernelSolver}.
     *
     * @param engine its threads compute, unless it is they who read; not closed here
     * @throws IllegalArgumentException if the inputs have another dimension
     */
    public static KernelSource computed(RandomNetwork network, Inputs inputs, Limit limit, Engine engine) {
        return new ComputedKernel(new KernelProblem(network, inputs, Parametrization.STANDARD), limit, engine);
    }

    /** S. */
    public int samples() {
        return ntk.rows();
    }

    /** That of {@link #ntk}. */
    public Parametrization parametrization() {
        return parametrization;
    }

    /** {@code alpha} of Lemma 2. */
    public double alpha() {
        return scale.alpha();
    }

    /** {@code K}, {@code S x S}: the law of the outputs at initialisation. */
    public Kernel nngp() {
        return nngp;
    }

    /** {@code Theta*}, {@code S x S}. */
    public Kernel ntk() {
        return ntk;
    }

    /**
     * {@code kappa_1(x_s) = sum_l (alpha_{l-1}/alpha) qhat^{l-1} p^l} of every input, a new array; NaN for L = 1.
     *
     * @throws IllegalStateException in the NTK parametrisation
     */
    public double[] kappa1() {
        requireStandard();
        int samples = samples();
        double[] kappa = new double[samples];
        for (int s = 0; s < samples; s++) {
            kappa[s] = scale.kappa(weightPart[s * samples + s]);
        }
        return kappa;
    }

    /**
     * {@code kappa_2(x_s, x_r)}, {@code S x S}, with kappa_1 on the diagonal; NaN for L = 1.
     *
     * @throws IllegalStateException in the NTK parametrisation
     */
    public Kernel kappa2() {
        requireStandard();
        double[] kappa = new double[weightPart.length];
        for (int i = 0; i < kappa.length; i++) {
            kappa[i] = scale.kappa(weightPart[i]);
        }
        return Kernel.wrap(samples(), samples(), kappa);
    }

    /**
     * The means of kappa_1 and (over pairs of different inputs) kappa_2, their eigenvalues and condition number.
     *
     * @throws IllegalStateException in the NTK parametrisation
     */
    public DataIndependent dataIndependent() {
        requireStandard();
        Kernel.Statistics means = Kernel.wrap(samples(), samples(), weightPart).statistics();
        return new DataIndependent(
                scale.leading(), scale.kappa(means.meanDiagonal()), scale.kappa(means.meanOffDiagonal()), samples());
    }

    private void requireStandard() {
        if (parametrization != Parametrization.STANDARD) {
            throw new IllegalStateException(
                    "kappa is defined by Lemma 2 in the standard parametrisation; this kernel was"
                            + " computed in the NTK parametrisation.");
        }
    }

    /** The same kernels in the same parametrisation. */
    @Override
    public boolean equals(Object other) {
        return other instanceof InfiniteWidth that
                && parametrization == that.parametrization
                && scale.equals(that.scale)
                && ntk.equals(that.ntk)
                && nngp.equals(that.nngp)
                && Arrays.equals(weightPart, that.weightPart);
    }

    @Override
    public int hashCode() {
        return 31 * ntk.hashCode() + nngp.hashCode();
    }

    @Override
    public String toString() {
        return "infinite-width NTK and NNGP of " + samples() + " input(s), alpha " + alpha() + ", "
                + parametrization.name().toLowerCase(Locale.ROOT) + " parametrisation";
    }
}
