package io.github.finitentk.sampling;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How random the kernel of a network is at initialisation: estimates {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2} at one input,
 * of which nothing but {@code |x|^2} matters.
 *
 * <pre>
 * RatioEstimate ratio = ntk.variance(network).draws(400).seed(1).estimate();
 * </pre>
 *
 * <p>What is not set keeps its default: 200 draws, seed 0, {@link Method#AUTO}, the paper's normalised input {@code |x|^2 = n_0}.
 * Belongs to one thread; equal settings give equal numbers, however many threads compute.
 */
public final class VarianceEstimation {

    /** Particles of one repetition of sequential Monte Carlo, at least. */
    public static final int MIN_PARTICLES = 2000;

    /** Independent repetitions of sequential Monte Carlo, which give its interval. */
    public static final int REPETITIONS = 8;

    private static final double LOG_MAX = StrictMath.log(Double.MAX_VALUE);

    static final String ASKED = "asked for";

    /**
     * {@code Theta(x, x')} at initialisation, at two inputs of one norm and given correlation.
     *
     * @param correlation {@code x.x' / |x|^2}
     * @param ratio {@code E[Theta(x,x')^2] / E[Theta(x,x')]^2}, with both moments; Theta may have either sign, and the ratio is
     *     flagged where its mean is not known well enough
     * @param mean 95 % interval of {@code E[Theta(x,x')]}; NaN for correlation 1 unless that is exact
     * @param infiniteWidth {@code Theta*(x,x')}, the value that a wide network's kernel has
     */
    public record Pair(double correlation, RatioEstimate ratio, Interval mean, double infiniteWidth) {}

    // Of one draw: Theta, its power of two and f; first and second moment, each with its power of two; and both once
    // more, scaled and in logarithms, with their influences, where the interval is made.
    private static final double KERNEL_BYTES = 24;
    private static final double MOMENT_BYTES = 32;
    private static final double JUDGED_BYTES = 56;

    private final Engine engine;
    private NetworkAtInput network;
    private Method method = Method.AUTO;
    private int draws = 200;
    private Seed seed = Seed.of(0);

    /**
     * @param engine who computes; not closed here
     */
    public VarianceEstimation(Engine engine, RandomNetwork network) {
        this(engine, new NetworkAtInput(network));
    }

    VarianceEstimation(Engine engine, NetworkAtInput network) {
        this.engine = engine;
        this.network = network;
    }

    /**
     * The squared norm {@code |x|^2} of the input.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public VarianceEstimation inputNorm2(double norm2) {
        network = new NetworkAtInput(network.random(), norm2);
        return this;
    }

    /**
     * {@link Method#AUTO} is exact for ReLU and its relatives; else Rao-Blackwell, and sequential Monte Carlo where the tail is too heavy for
     * an interval from that many forward passes. A pilot judges that, never the draws that are reported. The estimate says
     * which and why.
     */
    public VarianceEstimation method(Method chosen) {
        method = Objects.requireNonNull(chosen, "method");
        return this;
    }

    /**
     * Networks, or forward passes: at least 2. {@link Method#EXACT} and {@link Method#LEADING_ORDER} ignore them; {@link Method#SMC} takes
     * {@code max(draws / (2 REPETITIONS), MIN_PARTICLES)} particles.
     *
     * @throws IllegalArgumentException if there are fewer than two
     */
    public VarianceEstimation draws(int number) {
        if (number < 2) {
            throw new IllegalArgumentException("At least 2 draws are needed to estimate a ratio, not " + number + ".");
        }
        draws = number;
        return this;
    }

    /** {@link Seed#of}. */
    public VarianceEstimation seed(long value) {
        return seed(Seed.of(value));
    }

    public VarianceEstimation seed(Seed chosen) {
        seed = Objects.requireNonNull(chosen, "seed");
        return this;
    }

    /**
     * @throws IllegalArgumentException if the method does not apply to the network
     * @throws io.github.finitentk.compute.InsufficientMemoryException if that many draws do not fit
     */
    public RatioEstimate estimate() {
        return atDepths(network.architecture().depth()).get(0);
    }

    /**
     * The estimates for the network cut to several depths. {@code AUTO}, {@code RAO_BLACKWELL}, {@code SMC} and {@code LEADING_ORDER} take
     * them from the same forward passes, so all depths cost what the deepest one costs, and neighbouring depths err alike;
     * other methods work depth by depth.
     *
     * @param depths each between 1 and {@code L}, in any order
     * @return the estimates in the order of {@code depths}
     * @throws IllegalArgumentException as {@link #estimate}
     */
    public List<RatioEstimate> atDepths(int... depths) {
        engine.requireOpen();
        int max = 1;
        for (int depth : depths) {
            max = Math.max(max, network.architecture().truncated(depth).depth());
        }
        NetworkAtInput cut = network.truncated(max);
        RatioEstimate[] estimates = switch (method) {
            case AUTO -> automatic(cut, depths);
            case RAO_BLACKWELL -> raoBlackwell(cut, depths, new TailPilot(engine).conditional(cut, depths), ASKED);
            case SMC -> select(sequential(cut, ASKED), depths);
            case EXACT -> each(depths, depth -> exact(cut.truncated(depth), ASKED));
            case LEADING_ORDER -> leadingOrder(cut, depths);
            default -> each(depths, depth -> plain(cut.truncated(depth)));
        };
        return List.of(estimates);
    }

    /**
     * The same for {@code Theta(x, x')} at two inputs of that norm. Of correlation 1 the ratio is that of {@link #estimate};
     * else whole kernels at both inputs are drawn, by {@link Method#WEIGHTS} or, without weights, by
     * {@link Method#CONDITIONAL}, which {@link Method#AUTO} takes.
     *
     * @param correlation {@code x.x' / |x|^2}, from -1 to 1
     * @throws IllegalArgumentException if there are no such inputs, or the method knows one input only
     * @throws io.github.finitentk.compute.InsufficientMemoryException if that many draws do not fit
     * @throws ArithmeticException if the infinite-width value exceeds the range of a double
     */
    public Pair pair(double correlation) {
        if (correlation == 1) {
            return twice(estimate());
        }
        requireMemory(4 * KERNEL_BYTES + JUDGED_BYTES, draws);
        return new PairEstimation(engine, network, correlation).estimate(method, seed, draws);
    }

    /** {@link #pair} of correlation 1 from what {@link #estimate} or {@link #atDepths} gave already. */
    public Pair twice(RatioEstimate estimate) {
        return new PairEstimation(engine, network, 1).of(estimate);
    }

    /**
     * Draws of {@code Theta(x, x')} at two inputs of that norm, by the methods of {@link #pair}.
     *
     * @throws IllegalArgumentException as {@link #pair}, or if a kernel exceeds the range of a double
     */
    public EmpiricalDistribution distribution(double correlation) {
        return correlation == 1
                ? distribution()
                : EmpiricalDistribution.of(new PairEstimation(engine, network, correlation).draws(method, seed, draws));
    }

    /**
     * Draws of {@code Theta(x,x)} itself, by the method that was chosen; {@link Method#AUTO} takes the fastest.
     *
     * @throws IllegalArgumentException if the method makes no draws, or a kernel exceeds the range of a double
     */
    public EmpiricalDistribution distribution() {
        return EmpiricalDistribution.of(kernels().theta());
    }

    /**
     * What experiments with few networks see: the distribution of the plain estimate {@code mean(Theta^2) / mean(Theta)^2}
     * over many experiments, each with networks of its own. In the chaotic phase it lies far below the truth, and this is the
     * error that figures from a few hundred networks carry. Experiment e has draws
     * {@code e draws, ..., (e + 1) draws - 1} of the seed.
     *
     * @throws IllegalArgumentException if there is no experiment, or the method makes no draws
     */
    public EmpiricalDistribution plainEstimates(int experiments) {
        if (experiments < 1) {
            throw new IllegalArgumentException("At least 1 experiment is needed, not " + experiments + ".");
        }
        KernelDraws all = kernels(network, Math.multiplyExact(draws, experiments));
        double[] ratios = new double[experiments];
        for (int e = 0; e < experiments; e++) {
            ratios[e] = RatioEstimate.ofDraws(
                            Method.CHAIN,
                            "one experiment",
                            Arrays.copyOfRange(all.mantissas(), e * draws, (e + 1) * draws),
                            Arrays.copyOfRange(all.exponents(), e * draws, (e + 1) * draws),
                            null)
                    .ratio();
        }
        return EmpiricalDistribution.of(ratios);
    }

    private void requireMemory(double bytes, int number) {
        Memory.requireHeap(bytes * number, 0, "An estimate from " + draws + " draws", "draws");
    }

    private static RatioEstimate[] each(int[] depths, IntFunction<RatioEstimate> estimate) {
        return IntStream.of(depths).mapToObj(estimate).toArray(RatioEstimate[]::new);
    }

    /** The draws that are asked for. */
    KernelDraws kernels() {
        return kernels(network, draws);
    }

    private KernelDraws kernels(NetworkAtInput cut, int number) {
        KernelSampling sampling = new KernelSampling(engine);
        return switch (method) {
            case AUTO -> sampling.draw(cut, seed, number);
            case WEIGHTS -> sampling.weights(cut, seed, number);
            case CONDITIONAL -> sampling.conditional(cut, seed, number);
            case CHAIN -> sampling.chain(cut, seed, number);
            case EXACT -> sampling.reluNorms(cut, seed, number);
            case LEADING_ORDER, RAO_BLACKWELL, SMC ->
                throw new IllegalArgumentException(
                        "Method " + method.label() + " estimates moments; it makes no draws of the kernel.");
        };
    }

    private RatioEstimate plain(NetworkAtInput cut) {
        requireMemory(KERNEL_BYTES + JUDGED_BYTES, draws);
        KernelDraws sample = kernels(cut, draws);
        return RatioEstimate.ofDraws(
                method, ASKED, sample.mantissas(), sample.exponents(), new TailPilot(engine).plain(cut));
    }

    private RatioEstimate[] automatic(NetworkAtInput cut, int[] depths) {
        if (ExactMoments.known(cut.activation(), cut.initialization())) {
            String reason = (Activations.isRelu(cut.activation())
                            ? "ReLU"
                            : cut.activation().label()) + "'s moments are known in closed form";
            return each(depths, depth -> exact(cut.truncated(depth), reason));
        }
        TailModel[] tails = new TailPilot(engine).conditional(cut, depths);
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
                    sequential = sequential(cut, "");
                }
                estimates[i] = sequential[depths[i] - 1].because(tooFew(draws, tails[i].variance()));
            } else {
                if (conditional == null) {
                    conditional = raoBlackwell(
                            cut, depths, tails, "no closed form; the tail is light enough for an interval");
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

    private static RatioEstimate exact(NetworkAtInput cut, String reason) {
        ExactMoments moments = ExactMoments.of(cut.random(), cut.inputNorm2(), true);
        return RatioEstimate.exact(reason, moments.mean(), moments.secondMoment(), moments.ratio());
    }

    private static RatioEstimate[] leadingOrder(NetworkAtInput cut, int[] depths) {
        LeadingOrder law = LeadingOrder.of(
                new MeanField(cut.activation(), cut.initialization()),
                cut.inputNorm2() / cut.architecture().inputDim(),
                cut.architecture().depth());
        return each(
                depths,
                depth -> RatioEstimate.leadingOrder(
                        ASKED, law.moments(cut.architecture().truncated(depth))));
    }

    private RatioEstimate[] raoBlackwell(NetworkAtInput cut, int[] depths, TailModel[] tails, String reason) {
        requireMemory(MOMENT_BYTES * depths.length + JUDGED_BYTES, draws);
        double[][][] moments = ForwardPasses.moments(cut, depths, draws, seed, engine);
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

    private RatioEstimate[] sequential(NetworkAtInput cut, String reason) {
        int particles = Math.max(MIN_PARTICLES, draws / (2 * REPETITIONS));
        requireMemory(SequentialMonteCarlo.bytes(engine.threads(), REPETITIONS), particles);
        return new SequentialMonteCarlo(engine, particles, REPETITIONS).estimate(cut, reason, seed);
    }

    private static RatioEstimate[] select(RatioEstimate[] byDepth, int[] depths) {
        return each(depths, depth -> byDepth[depth - 1]);
    }
}
