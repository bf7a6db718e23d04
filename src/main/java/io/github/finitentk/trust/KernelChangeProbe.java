package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Interval;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Measures the change of the kernel within a budget of work. The first of these that the budget pays for is done:
 *
 * <ol>
 *   <li>one network of the width that is asked about, on all the data, and up to three more with what is left;
 *   <li>up to {@link #NETWORKS} such networks on half of the data or less, not below {@link #FEWEST_SAMPLES} inputs, and
 *       again on half of that, extrapolated by {@link ChangeLaw};
 *   <li>{@link #NETWORKS} networks of two smaller widths on all the data, extrapolated. Such a proxy speaks for wider
 *       networks only if it is within the theory's regime itself ({@link TrustThresholds#PROXY_CHANGE},
 *       {@link TrustThresholds#PROXY_DEPTH_OVER_WIDTH}).
 * </ol>
 *
 * <p>Otherwise nothing is said. A training's cost is known only when it has ended; one that exceeds its share leaves the
 * change so far as a lower bound.
 */
final class KernelChangeProbe {

    private static final int NETWORKS = 4;
    private static final int FEWEST_SAMPLES = 32;
    private static final int NARROWEST = 16;
    private static final int WIDTH_RATIO = 3;

    private final TrustQuestion question;
    private final Dataset data;
    private final InfiniteWidth limit;
    private final Seed seed;
    private final Engine engine;
    private final BooleanSupplier cancel;

    /** The least width of a proxy. */
    private int narrowest;

    /**
     * @param data what it is trained on
     * @param limit {@code Theta*} on all samples
     * @param seed of the random streams
     */
    KernelChangeProbe(
            TrustQuestion question,
            Dataset data,
            InfiniteWidth limit,
            Seed seed,
            Engine engine,
            BooleanSupplier cancel) {
        this.question = question;
        this.data = data;
        this.limit = limit;
        this.seed = seed;
        narrowest = (int) Math.max(
                NARROWEST,
                Math.ceil(question.network().architecture().depth() / TrustThresholds.PROXY_DEPTH_OVER_WIDTH));
        this.engine = engine;
        this.cancel = cancel;
    }

    KernelChangeEstimate measure() {
        Architecture architecture = question.network().architecture();
        int samples = question.samples();
        double products = question.budget().products();
        if (cost(architecture, samples) <= products) {
            return atTrueSize(products);
        }
        for (int fewer = samples / 2; fewer >= FEWEST_SAMPLES; fewer /= 2) {
            double each = cost(architecture, fewer) + cost(architecture, fewer / 2);
            if (each <= products) {
                return onFewerSamples(fewer, (int) Math.min(NETWORKS, products / each));
            }
        }
        int width = architecture.maxHiddenWidth();
        do {
            width = (int) (0.9 * width);
        } while (width >= NARROWEST * WIDTH_RATIO && bothWidths(width) > products);
        return width / WIDTH_RATIO >= narrowest ? atSmallerWidths(width) : nothing();
    }

    private double bothWidths(int width) {
        int samples = question.samples();
        return NETWORKS * (cost(scaled(width), samples) + cost(scaled(width / WIDTH_RATIO), samples));
    }

    private KernelChangeEstimate atTrueSize(double products) {
        Architecture architecture = question.network().architecture();
        double pass = pass(architecture, data.samples());
        List<NetworkRun> runs = new ArrayList<>(train(architecture, data, 0, 1, (long) (products / pass)));
        double left = products / pass - runs.get(0).evaluations();
        // Networks differ in their cost, so half as much again is set aside for each.
        int more = (int) Math.min(NETWORKS - 1, left / (1.5 * runs.get(0).evaluations()));
        if (runs.get(0).finished() && !runs.get(0).diverged() && more > 0) {
            runs.addAll(train(architecture, data, 1, more, (long) (left / more)));
        }
        return estimate(Source.MEASURED, ChangeLaw.measured(changes(runs)), runs, architecture, data.samples());
    }

    private KernelChangeEstimate onFewerSamples(int samples, int networks) {
        Architecture architecture = question.network().architecture();
        List<NetworkRun> near = proxies(architecture, samples, networks);
        List<NetworkRun> far = proxies(architecture, samples / 2, networks);
        ChangeLaw.Prediction prediction =
                ChangeLaw.onMoreSamples(changes(near), changes(far), 2, (double) question.samples() / samples);
        return estimate(Source.FEWER_SAMPLES, prediction, near, architecture, samples);
    }

    private KernelChangeEstimate atSmallerWidths(int width) {
        int samples = question.samples();
        List<NetworkRun> far = proxies(scaled(width / WIDTH_RATIO), samples, NETWORKS);
        List<NetworkRun> near = proxies(scaled(width), samples, NETWORKS);
        double ownWidth = question.network().architecture().maxHiddenWidth();
        ChangeLaw.Prediction prediction =
                ChangeLaw.wider(changes(near), changes(far), (double) width / (width / WIDTH_RATIO), ownWidth / width);
        double farChange = Arrays.stream(changes(far)).average().orElseThrow();
        boolean valid = farChange <= TrustThresholds.PROXY_CHANGE
                && Stream.concat(near.stream(), far.stream()).allMatch(NetworkRun::finished);
        if (!valid) {
            // By the law 1/M this is where a proxy is in the regime.
            narrowest = (int)
                    Math.min(1e6, Math.max(narrowest, width / WIDTH_RATIO * farChange / TrustThresholds.PROXY_CHANGE));
        }
        return estimate(valid ? Source.SMALLER_WIDTHS : Source.NONE, prediction, near, scaled(width), samples);
    }

    private KernelChangeEstimate nothing() {
        return new KernelChangeEstimate(
                Source.NONE,
                Double.NaN,
                new Interval(0, Double.POSITIVE_INFINITY),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                0,
                question.network().architecture().maxHiddenWidth(),
                question.samples(),
                Double.NaN,
                0,
                Double.NaN,
                0,
                0,
                sufficient(Source.NONE));
    }

    private KernelChangeEstimate estimate(
            Source source,
            ChangeLaw.Prediction prediction,
            List<NetworkRun> runs,
            Architecture architecture,
            int samples) {
        int diverged = (int) runs.stream().filter(NetworkRun::diverged).count();
        int unfinished = (int) runs.stream().filter(run -> !run.finished()).count();
        Interval interval = prediction.interval();
        if (source == Source.NONE) {
            interval = new Interval(0, Double.POSITIVE_INFINITY);
        } else if (unfinished > 0) {
            // Changes so far: each network's own is larger.
            interval = new Interval(interval.lower(), Double.POSITIVE_INFINITY);
        }
        return new KernelChangeEstimate(
                source,
                source == Source.NONE ? Double.NaN : prediction.value(),
                interval,
                prediction.exponent(),
                Arrays.stream(changes(runs)).min().orElseThrow(),
                Arrays.stream(changes(runs)).max().orElseThrow(),
                runs.size(),
                architecture.maxHiddenWidth(),
                samples,
                runs.stream().mapToDouble(NetworkRun::learningRate).average().orElseThrow(),
                runs.stream().mapToLong(NetworkRun::steps).max().orElseThrow(),
                runs.stream()
                        .filter(NetworkRun::finished)
                        .mapToDouble(NetworkRun::lossShare)
                        .average()
                        .orElse(Double.NaN),
                unfinished,
                diverged,
                sufficient(source));
    }

    /** What would say more: all networks at the true size, or, where nothing could be said at all, the cheapest that does. */
    private Budget sufficient(Source source) {
        Architecture architecture = question.network().architecture();
        int samples = question.samples();
        double one = cost(architecture, samples);
        if (source != Source.NONE) {
            return Budget.covering(
                    Math.max(NETWORKS * one, 2 * question.budget().products()));
        }
        double onFewerSamples = samples >= 2 * FEWEST_SAMPLES
                ? cost(architecture, FEWEST_SAMPLES) + cost(architecture, FEWEST_SAMPLES / 2)
                : one;
        int proxy = WIDTH_RATIO * narrowest;
        double atSmallerWidths = proxy < architecture.maxHiddenWidth() ? 1.3 * bothWidths(proxy) : one;
        return Budget.covering(Math.min(one, Math.min(onFewerSamples, atSmallerWidths)));
    }

    private static double[] changes(List<NetworkRun> runs) {
        return runs.stream().mapToDouble(NetworkRun::change).toArray();
    }

    private List<NetworkRun> proxies(Architecture architecture, int samples, int networks) {
        return train(architecture, beginning(data, samples), 0, networks, 2 * evaluations(architecture));
    }

    /** Networks {@code first} to {@code first + count - 1} of the streams. */
    private List<NetworkRun> train(
            Architecture architecture, Dataset data, int first, int count, long mostEvaluations) {
        RandomNetwork network = new RandomNetwork(
                architecture,
                question.network().activation(),
                question.network().initialization());
        double time = TrainingTime.of(theta(network, data));
        NetworkRun[] runs = new NetworkRun[count];
        engine.forEach(
                count,
                (i, slot) -> runs[i] = NetworkRun.of(
                        network.sample(seed, first + i), question, data, time, mostEvaluations, engine, cancel));
        return List.of(runs);
    }

    private Kernel theta(RandomNetwork network, Dataset data) {
        if (network.equals(question.network())) {
            return Fold.corner(limit.ntk(), data.samples());
        }
        return InfiniteWidth.of(network, data.inputs(), engine).ntk();
    }

    private static Dataset beginning(Dataset data, int samples) {
        return data.samples() == samples ? data : data.first(samples);
    }

    private Architecture scaled(int width) {
        return WidthSearch.scaled(question.network().architecture(), width);
    }

    private double cost(Architecture architecture, int samples) {
        return evaluations(architecture) * pass(architecture, samples);
    }

    /** What a training should take; kinks make macro steps shorter in deep networks. */
    private long evaluations(Architecture architecture) {
        boolean kinks = question.network().activation() instanceof PiecewiseLinear;
        long usual = kinks ? Math.max(250, Math.min(1300, 50L * architecture.depth())) : 250;
        return Math.min(usual, question.maxSteps().orElse(usual));
    }

    /** Multiply-adds of a forward and backward pass, two gradients, and the kernel with its eigenvectors. */
    private static double pass(Architecture architecture, int samples) {
        double products = 10.0 * samples * samples * samples;
        for (int l = 1; l <= architecture.depth(); l++) {
            double below = l == 1 ? Math.min(samples, architecture.inputDim()) : architecture.width(l - 1);
            products += 4.0 * samples * below * architecture.width(l) + (double) samples * samples * below;
        }
        return products;
    }
}
