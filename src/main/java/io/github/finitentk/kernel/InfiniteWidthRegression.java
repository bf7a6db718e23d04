package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.RandomNetwork;

/**
 * What NTK theory says about trained networks (section 5): eq. (10) with the deterministic kernel {@code Theta*} of Lemma 2, the
 * exact variance of its outputs over initialisations, and Theorem 3. Both statements of the theory are assumed: constant
 * kernel, eq. (3), and deterministic kernel, eq. (4).
 */
public final class InfiniteWidthRegression {

    /**
     * Theorem 3: the variance, over initialisations, of the output of a fully trained network that follows NTK theory, from
     * data-independent means alone:
     * <pre>
     * A = S / (k1/k2 + S - 1),      Var f ~ (1 + A^2/S) (q - q_sr) + (A - 1)^2 q_sr
     * </pre>
     * It is what {@code Var f = K(x,x) - 2 Theta(x,X) Theta^-1 K(X,x) + Theta(x,X) Theta^-1 K Theta^-1 Theta(X,x)} becomes when
     * Theta and the NNGP kernel K have one value on and one value off the diagonal; the paper assumes a well-conditioned
     * kernel for the step.
     *
     * <p>The paper takes the means over the law of the data. Here they are means over given inputs, training and test inputs
     * together, and over all pairs of different ones ({@link #of}); which is an unbiased estimate if all come from one
     * distribution.
     *
     * @param samples S, the number of training inputs, at least 1
     * @param kappa1 the mean of kappa_1, positive
     * @param kappa2 the mean of kappa_2 over pairs of different inputs; only the ratio of both matters
     * @param q the mean of {@code q^L(x) = K(x,x)}
     * @param qsr the mean of {@code q_sr^L = K(x_s, x_r)} over pairs of different inputs
     */
    public record Theorem3(int samples, double kappa1, double kappa2, double q, double qsr) {

        /** @throws IllegalArgumentException if there is no training input, or a mean is not a finite number */
        public Theorem3 {
            if (samples < 1) {
                throw new IllegalArgumentException("Theorem 3 needs at least 1 training input, not " + samples + ".");
            }
            if (!(kappa1 > 0) || !Double.isFinite(kappa1 + kappa2 + q + qsr)) {
                throw new IllegalArgumentException("Theorem 3 needs finite means with kappa_1 > 0, not kappa_1 = "
                        + kappa1 + ", kappa_2 = " + kappa2 + ", q = " + q + ", q_sr = " + qsr + ".");
            }
        }

        /**
         * With means over the inputs of a kernel. Without hidden layers (L = 1) Lemma 2 defines no kappa; the mean entries of
         * {@code Theta*}, to which they are proportional at leading order, take their place.
         *
         * @param kernel of training and test inputs together, at least 2, in the standard parametrisation
         * @param samples S, how many of them are trained on
         * @throws IllegalArgumentException if the kernel has fewer than two inputs, or fewer than S
         */
        public static Theorem3 of(InfiniteWidth kernel, int samples) {
            if (kernel.samples() < 2 || samples > kernel.samples()) {
                throw new IllegalArgumentException(
                        "Theorem 3 takes its means over pairs of at least 2 inputs, training inputs"
                                + " included, but the kernel has " + kernel.samples() + " and " + samples
                                + " are trained on.");
            }
            InfiniteWidth.DataIndependent means = kernel.dataIndependent();
            boolean hidden = kernel.alpha() > 0;
            Kernel.Statistics theta = kernel.ntk().statistics();
            Kernel.Statistics nngp = kernel.nngp().statistics();
            return new Theorem3(
                    samples,
                    hidden ? means.kappa1() : theta.meanDiagonal(),
                    hidden ? means.kappa2() : theta.meanOffDiagonal(),
                    nngp.meanDiagonal(),
                    nngp.meanOffDiagonal());
        }

        /** {@code A = S / (k1/k2 + S - 1)}, at most 1 for {@code k2 <= k1}; 0 if k2 is 0. */
        public double a() {
            return samples * kappa2 / (kappa1 + (samples - 1) * kappa2);
        }

        /** {@code (1 + A^2/S) (q - q_sr) + (A - 1)^2 q_sr}. */
        public double variance() {
            double a = a();
            return (1 + a * a / samples) * (q - qsr) + (a - 1) * (a - 1) * qsr;
        }
    }

    private final InfiniteWidth kernel;
    private final TrainTestKernel nngp;
    private final KernelRegression regression;
    private final Theorem3 theorem3;

    private InfiniteWidthRegression(InfiniteWidth kernel, int samples, double ridge, Engine engine) {
        this.kernel = kernel;
        nngp = TrainTestKernel.split(kernel.nngp(), samples);
        regression = KernelRegression.of(TrainTestKernel.split(kernel.ntk(), samples), ridge, engine);
        theorem3 = Theorem3.of(kernel, samples);
    }

    /**
     * @param network the networks; widths are finite numbers that weigh the layers in {@code Theta*}
     * @param jointInputs training inputs followed by at least one test input
     * @param samples S, the number of training inputs
     * @param ridge see {@link KernelRegression}
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if an argument is out of range
     * @throws ArithmeticException if the kernel exceeds the range of a double, or the NNGP lies below it
     */
    public static InfiniteWidthRegression of(
            RandomNetwork network, Inputs jointInputs, int samples, double ridge, Engine engine) {
        double all = jointInputs.count();
        // On the heap both kernels, their blocks, a copy and the eigenvectors; outside it what LAPACK works on.
        Memory.requireHeap(
                8 * (4 * all * all + 2 * samples * all + 3.0 * samples * samples),
                24.0 * samples * samples,
                "Kernel regression on " + samples + " inputs");
        InfiniteWidth kernel = InfiniteWidth.of(network, jointInputs, engine);
        if (Double.isNaN(kernel.nngp().statistics().meanDiagonal())) {
            throw new ArithmeticException(
                    "The outputs of this network vanish: their variance lies below the range of a double"
                            + " (4.9e-324), and nothing can be said of it in proportion to the targets.");
        }
        return new InfiniteWidthRegression(kernel, samples, ridge, engine);
    }

    /** NTK and NNGP of training and test inputs together. */
    public InfiniteWidth kernel() {
        return kernel;
    }

    /** The NNGP kernel in blocks. */
    public TrainTestKernel nngp() {
        return nngp;
    }

    /** Regression with {@code Theta*}. */
    public KernelRegression regression() {
        return regression;
    }

    /** Theorem 3, with means over training and test inputs. */
    public Theorem3 theorem3() {
        return theorem3;
    }

    /** The smoother of training for time t, which may be infinite. */
    public Smoother smoother(double time) {
        return regression.smoother(time);
    }

    /** {@code Var f_t(x)} at each test input, exactly. */
    public double[] variance(double time) {
        return smoother(time).variance(nngp);
    }
}
