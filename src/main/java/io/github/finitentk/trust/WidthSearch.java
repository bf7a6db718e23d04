package io.github.finitentk.trust;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * The smallest width at which {@code E[Theta^2]/E[Theta]^2} stays under a tolerance. All hidden layers are widened or narrowed
 * by one factor; input dimension, depth and initialisation stay.
 *
 * <p>ReLU and its relatives: exact moments, bisection, the very smallest width. Other activations: {@code ratio - 1} is sampled at a few widths
 * and interpolated on a logarithmic scale, where it becomes the straight line {@code c/M}; good to about 5 %.
 */
final class WidthSearch {

    /** Widths above this are not searched. */
    static final long LARGEST = 100_000_000;

    /** Sampling costs O(L M) a draw; wider networks are extrapolated by {@code c/M}. */
    private static final long LARGEST_SAMPLED_UNITS = 400_000;

    private static final int DRAWS = 400;

    private final Engine engine;
    private final RandomNetwork network;
    private final double inputNorm2;
    private final Seed seed;

    /** @param network its largest hidden width is the unit of the answer */
    WidthSearch(Engine engine, RandomNetwork network, double inputNorm2, Seed seed) {
        this.engine = engine;
        this.network = network;
        this.inputNorm2 = inputNorm2;
        this.seed = seed;
    }

    /**
     * @param tolerance the largest ratio allowed, above 1
     * @return the width of the widest hidden layer; empty if {@link #LARGEST} is not enough. 1 without hidden layers, where
     *     the kernel is deterministic
     */
    OptionalLong smallest(double tolerance) {
        if (network.architecture().depth() == 1) {
            return OptionalLong.of(1);
        }
        return ExactMoments.known(network.activation(), network.initialization())
                ? exact(tolerance)
                : sampled(tolerance);
    }

    /**
     * The same at once, without sampling: where {@code exp(C/M)} of {@link LeadingOrder} stays under the tolerance.
     */
    OptionalInt leadingOrder(double tolerance) {
        Architecture architecture = network.architecture();
        return LeadingOrder.of(
                        new MeanField(network.activation(), network.initialization()),
                        inputNorm2 / architecture.inputDim(),
                        architecture.depth())
                .smallestWidth(width -> scaled(architecture, width), tolerance, (int) LARGEST);
    }

    private OptionalLong exact(double tolerance) {
        LongFunction<Double> ratio =
                width -> estimation(width).method(Method.EXACT).estimate().ratio();
        long high = 1;
        while (!(ratio.apply(high) <= tolerance)) {
            high *= 2;
            if (high > LARGEST) {
                return OptionalLong.empty();
            }
        }
        long low = high / 2;
        while (high - low > 1) {
            long middle = (low + high) / 2;
            if (ratio.apply(middle) <= tolerance) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return OptionalLong.of(high);
    }

    private OptionalLong sampled(double tolerance) {
        long mostSampled =
                Math.max(64, LARGEST_SAMPLED_UNITS / network.architecture().depth());
        double target = StrictMath.log(tolerance - 1);
        long width = Math.min(network.architecture().maxHiddenWidth(), mostSampled);
        double excess = logExcess(width);
        // Step towards the target until it is bracketed, by a factor of 2 to 8 that c/M suggests.
        while (true) {
            boolean above = excess > target;
            long next = step(width, excess - target);
            if (next < 1) {
                return OptionalLong.of(1);
            }
            if (next > mostSampled && above) {
                double extrapolated = Math.ceil(width * StrictMath.exp(excess - target));
                return extrapolated > LARGEST ? OptionalLong.empty() : OptionalLong.of((long) extrapolated);
            }
            double nextExcess = logExcess(next);
            if (above != nextExcess > target) {
                return OptionalLong.of(interpolate(width, excess, next, nextExcess, target));
            }
            width = next;
            excess = nextExcess;
        }
    }

    private static long step(long width, double logFactor) {
        double factor =
                StrictMath.exp(Math.min(StrictMath.log(8), Math.max(StrictMath.log(2), 1.3 * Math.abs(logFactor))));
        if (logFactor > 0) {
            return (long) Math.ceil(width * factor);
        }
        return width == 1 ? 0 : Math.max(1, (long) Math.floor(width / factor));
    }

    /** On the line through both points of {@code log(ratio - 1)} over the logarithm of the width. */
    private static long interpolate(long width, double excess, long next, double nextExcess, double target) {
        double share = (target - excess) / (nextExcess - excess);
        return (long) Math.ceil(width * StrictMath.pow((double) next / width, share));
    }

    /** {@code log(ratio - 1)}. */
    private double logExcess(long width) {
        RatioEstimate estimate = estimation(width).draws(DRAWS).estimate();
        double logRatio = estimate.logRatio();
        return logRatio > 30 ? logRatio : StrictMath.log(Math.max(1e-12, StrictMath.expm1(logRatio)));
    }

    private VarianceEstimation estimation(long width) {
        RandomNetwork other = new RandomNetwork(
                scaled(network.architecture(), width), network.activation(), network.initialization());
        return new VarianceEstimation(engine, other).inputNorm2(inputNorm2).seed(seed);
    }

    /** Hidden widths times one factor, so that the largest becomes {@code width}. */
    static Architecture scaled(Architecture architecture, long width) {
        int[] widths = architecture.widths();
        double factor = (double) width / architecture.maxHiddenWidth();
        for (int l = 1; l < architecture.depth(); l++) {
            widths[l] = (int) Math.max(1, Math.round(widths[l] * factor));
        }
        return Architecture.of(widths);
    }
}
