package io.github.finitentk.sampling;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.meanfield.ExactReluMoments;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Ensemble;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Estimates the randomness of the kernel at initialisation, {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}. */
public final class VarianceEstimator {

    /** Particles of one repetition of sequential Monte Carlo, at least. */
    public static final int MIN_PARTICLES = 2000;

    /** Independent repetitions of sequential Monte Carlo, which give its interval. */
    public static final int REPETITIONS = 8;

    private static final double LOG_MAX = Math.log(Double.MAX_VALUE);

    private static final String ASKED = "asked for";

    private final Engine engine;

    /**
     * @param engine who computes, and the threads that draws are spread over; not closed here
     */
    public VarianceEstimator(Engine engine) {
        this.engine = engine;
    }

    /**
     * The estimate by one method.
     *
     * <p>{@link Method#AUTO} is exact for ReLU; else Rao-Blackwell, and sequential Monte Carlo where the tail is too heavy for
     * an interval from that many forward passes. A pilot judges that, never the draws that are reported. The estimate says
     * which and why.
     *
     * @param draws networks, or forward passes: at least 2; ignored by {@link Method#EXACT}. {@link Method#SMC} takes
     *     {@code max(draws / (2 REPETITIONS), MIN_PARTICLES)} particles
     * @param seed the seed of the random streams
     * @throws IllegalArgumentException if the method does not apply, or there are fewer than two draws
     */
    public RatioEstimate estimate(Ensemble ensemble, Method method, int draws, Seed seed) {
        switch (method) {
            case AUTO:
            case RAO_BLACKWELL:
            case SMC:
                int depth = ensemble.architecture().depth();
                return estimateDepths(ensemble, new int[] {depth}, method, draws, seed)[0];
            case EXACT:
                return exact(ensemble, ASKED);
            default:
                KernelDraws sample = new KernelSampling(engine).draw(ensemble, method, seed, draws);
                TailModel tail = new TailPilot(engine).plain(ensemble);
                return RatioEstimate.ofDraws(method, ASKED, sample.mantissas(), sample.exponents(), tail);
        }
    }

    /**
     * The estimates for the networks cut to several depths. {@code AUTO}, {@code RAO_BLACKWELL} and {@code SMC} take them
     * from the same forward passes, so all depths cost what the deepest one costs, and neighbouring depths err alike;
     * other methods work depth by depth.
     *
     * @param deepest networks at least as deep as all of {@code depths}
     * @param depths each between 1 and {@code L}, in any order
     * @return the estimates in the order of {@code depths}
     */
    public RatioEstimate[] estimateDepths(Ensemble deepest, int[] depths, Method method, int draws, Seed seed) {
        int max = 1;
        for (int depth : depths) {
            max = Math.max(max, deepest.architecture().truncated(depth).depth());
        }
        Ensemble cut = deepest.truncated(max);
        switch (method) {
            case AUTO:
                if (draws < 2) {
                    throw new IllegalArgumentException(
                            "At least 2 draws are needed to estimate a ratio, not " + draws + ".");
                }
                return automatic(cut, depths, draws, seed);
            case RAO_BLACKWELL:
                return raoBlackwell(cut, depths, new TailPilot(engine).conditional(cut, depths), ASKED, draws, seed);
            case SMC:
                return select(sequential(cut, ASKED, draws, seed), depths);
            default:
                RatioEstimate[] estimates = new RatioEstimate[depths.length];
                for (int i = 0; i < depths.length; i++) {
                    estimates[i] = estimate(cut.truncated(depths[i]), method, draws, seed);
                }
                return estimates;
        }
    }

    private RatioEstimate[] automatic(Ensemble ensemble, int[] depths, int draws, Seed seed) {
        if (Activations.isRelu(ensemble.activation())) {
            RatioEstimate[] estimates = new RatioEstimate[depths.length];
            Arrays.setAll(
                    estimates, i -> exact(ensemble.truncated(depths[i]), "ReLU's moments are known in closed form"));
            return estimates;
        }
        TailModel[] tails = new TailPilot(engine).conditional(ensemble, depths);
        RatioEstimate[] estimates = new RatioEstimate[depths.length];
        RatioEstimate[] conditional = null;
        RatioEstimate[] sequential = null;
        for (int i = 0; i < depths.length; i++) {
            if (tails[i].logRatio() > LOG_MAX) {
                estimates[i] = RatioEstimate.notFinite(
                        Method.RAO_BLACKWELL,
                        String.format(
                                Locale.ROOT,
                                "it exceeds the range of a double by far; %d forward passes put its natural logarithm at about"
                                        + " %.0f",
                                TailPilot.DRAWS,
                                tails[i].logRatio()),
                        TailPilot.DRAWS);
            } else if (tails[i].tooHeavyFor(draws)) {
                if (sequential == null) {
                    sequential = sequential(ensemble, "", draws, seed);
                }
                estimates[i] = sequential[depths[i] - 1].because(tooFew(draws, tails[i].variance()));
            } else {
                if (conditional == null) {
                    conditional = raoBlackwell(
                            ensemble,
                            depths,
                            tails,
                            "no closed form; the tail is light enough for an interval",
                            draws,
                            seed);
                }
                estimates[i] = conditional[i];
            }
        }
        return estimates;
    }

    private static String tooFew(int draws, double variance) {
        double needed = Math.max(RatioEstimate.MIN_DRAWS, Math.ceil(variance / RatioEstimate.MAX_VARIANCE));
        return String.format(
                Locale.ROOT,
                "no closed form, and for the second moment %d forward passes are too few: it would take %s",
                draws,
                needed < 1e6 ? String.format(Locale.ROOT, "%.0f", needed) : "millions");
    }

    private static RatioEstimate exact(Ensemble ensemble, String reason) {
        if (!Activations.isRelu(ensemble.activation())) {
            throw new IllegalArgumentException("Exact moments are known for ReLU only, not for "
                    + ensemble.activation().label() + "; use method auto.");
        }
        ExactReluMoments moments =
                ExactReluMoments.of(ensemble.architecture(), ensemble.initialization(), ensemble.inputNorm2());
        return RatioEstimate.exact(reason, moments.mean(), moments.secondMoment(), moments.ratio());
    }

    private RatioEstimate[] raoBlackwell(
            Ensemble ensemble, int[] depths, TailModel[] tails, String reason, int draws, Seed seed) {
        if (draws < 2) {
            throw new IllegalArgumentException("At least 2 draws are needed to estimate a ratio, not " + draws + ".");
        }
        double[][][] moments = ForwardPasses.moments(ensemble, depths, draws, seed, engine);
        RatioEstimate[] estimates = new RatioEstimate[depths.length];
        Arrays.setAll(
                estimates,
                i -> RatioEstimate.ofMoments(
                        Method.RAO_BLACKWELL,
                        reason,
                        moments[i][0],
                        moments[i][1],
                        moments[i][2],
                        moments[i][3],
                        tails[i]));
        return estimates;
    }

    private RatioEstimate[] sequential(Ensemble ensemble, String reason, int draws, Seed seed) {
        int particles = Math.max(MIN_PARTICLES, draws / (2 * REPETITIONS));
        return new SequentialMonteCarlo(engine, particles, REPETITIONS).estimate(ensemble, reason, seed);
    }

    private static RatioEstimate[] select(RatioEstimate[] byDepth, int[] depths) {
        return IntStream.of(depths).mapToObj(depth -> byDepth[depth - 1]).toArray(RatioEstimate[]::new);
    }
}
