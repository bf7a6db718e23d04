package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.meanfield.DataIndependentVariance;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.RandomNetwork;

/**
 * What NTK theory says about trained networks (section 5): eq. (10) with the deterministic kernel {@code Theta*} of Lemma 2, the
 * exact variance of its outputs over initialisations, and Theorem 3. Both statements of the theory are assumed: constant
 * kernel, eq. (3), and deterministic kernel, eq. (4).
 */
public final class InfiniteWidthRegression {

    private final InfiniteWidth kernel;
    private final TrainTestKernel nngp;
    private final KernelRegression regression;
    private final DataIndependentVariance theorem3;

    private InfiniteWidthRegression(InfiniteWidth kernel, int samples, double ridge, Engine engine) {
        this.kernel = kernel;
        nngp = TrainTestKernel.split(kernel.nngp(), samples);
        regression = KernelRegression.of(TrainTestKernel.split(kernel.ntk(), samples), ridge, engine);
        theorem3 = DataIndependentVariance.of(kernel, samples);
    }

    /**
     * @param law the networks; widths are finite numbers that weigh the layers in {@code Theta*}
     * @param jointInputs training inputs followed by at least one test input
     * @param samples S, the number of training inputs
     * @param ridge see {@link KernelRegression}
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if an argument is out of range
     * @throws ArithmeticException if the kernel exceeds the range of a double, or the NNGP lies below it
     */
    public static InfiniteWidthRegression of(
            RandomNetwork law, Inputs jointInputs, int samples, double ridge, Engine engine) {
        double all = jointInputs.count();
        // On the heap both kernels, their blocks, a copy and the eigenvectors; outside it what LAPACK works on.
        Memory.requireHeap(
                8 * (4 * all * all + 2 * samples * all + 3.0 * samples * samples),
                24.0 * samples * samples,
                "Kernel regression on " + samples + " inputs");
        InfiniteWidth kernel = InfiniteWidth.of(law, jointInputs, engine);
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
    public DataIndependentVariance theorem3() {
        return theorem3;
    }

    /** The smoother of training for time t, which may be infinite. */
    public Smoother smoother(double time) {
        return Double.isInfinite(time) && time > 0 ? regression.converged() : regression.at(time);
    }

    /** {@code Var f_t(x)} at each test input, exactly. */
    public double[] variance(double time) {
        return smoother(time).variance(nngp);
    }
}
