package io.github.finitentk.experiment;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.numeric.CrossEntropy;
import io.github.finitentk.kernel.KernelStatistics;
import io.github.finitentk.kernel.Spectrum;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Network;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What is said of the kernel at one checkpoint; what cannot be said is NaN.
 *
 * @param step of the checkpoint
 * @param checkpoint its file
 * @param change from the first checkpoint's kernel, relative to that
 * @param changeToLast from here to the last one's, relative to this
 * @param distance from the first
 * @param velocity since the checkpoint before, of the distance
 * @param weightChange {@code |w - w_0| / |w_0|} of all weights and biases
 * @param spectrum eigenvalues; empty if the kernel leaves the range of a double, and then nothing is said of it
 * @param largestOfFull {@code lambda_1} of the kernel of all outputs; NaN if it was not asked for
 * @param meanDiagonal {@code Theta_d}
 * @param alignment with the targets
 * @param blocks of the targets' classes
 * @param loss of the network
 * @param accuracy the share of inputs at which the largest output is that of the class
 * @param weightVariance as {@link Network#weightVariance}
 * @param biasVariance as {@link Network#biasVariance}
 */
record TrackedKernel(
        long step,
        String checkpoint,
        double change,
        double changeToLast,
        double distance,
        double velocity,
        double weightChange,
        Optional<Spectrum> spectrum,
        double largestOfFull,
        double meanDiagonal,
        KernelStatistics.Alignment alignment,
        KernelStatistics.Blocks blocks,
        double loss,
        double accuracy,
        double weightVariance,
        double biasVariance) {

    private static final int MOST_EIGENVALUES = 32;

    /** What the numbers of a checkpoint are made from: its own kernel and those it is compared with. */
    record Neighbours(TrackedKernels.State first, TrackedKernels.State before, TrackedKernels.State last) {}

    private static final KernelStatistics.Alignment NO_ALIGNMENT =
            new KernelStatistics.Alignment(Double.NaN, Double.NaN);
    private static final KernelStatistics.Blocks NO_BLOCKS =
            new KernelStatistics.Blocks(Double.NaN, Double.NaN, Double.NaN);

    /** @param stepBefore of the checkpoint before, the first one's own for itself */
    static TrackedKernel of(
            long step,
            long stepBefore,
            String checkpoint,
            TrackedKernels.State here,
            Neighbours others,
            Optional<Targets> targets,
            LossConvention loss,
            double largestOfFull,
            Engine engine) {
        Kernel theta = here.ntk().theta();
        boolean finite = theta.isFinite();
        Kernel first = others.first.ntk().theta();
        Kernel before = others.before.ntk().theta();
        Kernel last = others.last.ntk().theta();
        return new TrackedKernel(
                step,
                checkpoint,
                finite && first.isFinite() ? KernelStatistics.change(first, theta) : Double.NaN,
                finite && last.isFinite() ? KernelStatistics.change(theta, last) : Double.NaN,
                finite && first.isFinite() ? KernelStatistics.distance(first, theta) : Double.NaN,
                finite && before.isFinite() && step > stepBefore
                        ? KernelStatistics.velocity(before, theta, step - stepBefore)
                        : Double.NaN,
                here.network().changeFrom(others.first.network()),
                finite ? Optional.of(Spectrum.of(theta, engine)) : Optional.empty(),
                largestOfFull,
                finite ? theta.statistics().meanDiagonal() : Double.NaN,
                targets.filter(y -> finite)
                        .map(y -> KernelStatistics.alignment(theta, y))
                        .orElse(NO_ALIGNMENT),
                targets.filter(y -> finite)
                        .map(y -> KernelStatistics.blocks(theta, y))
                        .orElse(NO_BLOCKS),
                targets.map(y -> loss(here.ntk().outputs(), y, loss)).orElse(Double.NaN),
                targets.map(y -> y.accuracy(here.ntk().outputs())).orElse(Double.NaN),
                here.network().weightVariance(),
                here.network().biasVariance());
    }

    private static double loss(double[][] outputs, Targets targets, LossConvention convention) {
        if (convention.isSquaredError()) {
            return convention.gradientFactor() * targets.halfSquaredError(outputs);
        }
        double sum = 0;
        double[] wanted = targets.toArray();
        for (int s = 0; s < outputs.length; s++) {
            sum += CrossEntropy.residuals(1, wanted, s * targets.outputs(), outputs[s].clone());
        }
        return sum / targets.count();
    }

    /** A number of the spectrum. */
    double spectrum(ToDoubleFunction<Spectrum> number) {
        return spectrum.map(number::applyAsDouble).orElse(Double.NaN);
    }

    /** The largest eigenvalues; null if there are none. */
    double[] eigenvalues() {
        return spectrum.map(
                        all -> Arrays.copyOf(all.eigenvalues(), Math.min(all.eigenvalues().length, MOST_EIGENVALUES)))
                .orElse(null);
    }
}
