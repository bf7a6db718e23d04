package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The paper's randomness of the kernel at initialisation, {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}, at the normalised
 * input {@code |x|^2 = M_0 = M} if not told otherwise, and of {@code Theta(x,x')} at two inputs of that norm, if told their
 * correlations. Cells that differ in depth only are one unit: one forward pass serves them all.
 */
public final class VarianceQuantity implements Quantity {

    private static final class Keys {
        static final Setting<Method> METHOD =
                Setting.choice("method", Method.AUTO, Method::label, "how each cell is computed");
        static final Setting<Integer> DRAWS =
                Setting.integer("draws", 200, 2, Integer.MAX_VALUE, "networks or forward passes for each cell");
        static final Setting<List<Double>> CORRELATION = Setting.numbers(
                "correlation", null, -1, 1, "x.x'/|x|^2 of pairs of inputs whose Theta(x,x') is looked at, too");
        static final Setting<Double> INPUT_NORM2 = Setting.number(
                "input_norm2", null, Double.MIN_NORMAL, 1e300, "|x|^2; the input dimension if not given");
    }

    static final QuantityType TYPE = new OwnType(
            "variance",
            "randomness of the kernel at initialisation, E[Theta(x,x)^2] / E[Theta(x,x)]^2",
            List.of(Keys.METHOD, Keys.DRAWS, Keys.CORRELATION, Keys.INPUT_NORM2),
            settings -> new VarianceQuantity(
                    settings.get(Keys.METHOD),
                    settings.get(Keys.DRAWS),
                    settings.get(Keys.CORRELATION) == null ? List.of() : settings.get(Keys.CORRELATION),
                    settings.get(Keys.INPUT_NORM2)));

    static final Map<String, String> CONVENTIONS = Map.of("input", "|x|^2 = M_0 = M");

    public static final Column<String> METHOD = Column.text("method", "the method that was used");
    public static final Column<Long> DRAWS =
            Column.integer("draws", "networks, forward passes or particles; 0 if nothing is drawn");
    public static final Column<Double> LOG_MEAN =
            Column.real("log_mean", "natural logarithm of E[Theta]").withSymbol("log $\\mathbb{E}[\\Theta(x, x)]$");
    public static final Column<Double> LOG_SECOND_MOMENT = Column.real(
                    "log_second_moment", "natural logarithm of E[Theta^2]")
            .withSymbol("log $\\mathbb{E}[\\Theta(x, x)^2]$");
    public static final Column<Double> MEAN =
            Column.real("mean", "E[Theta(x,x)]").withSymbol("$\\mathbb{E}[\\Theta(x, x)]$");
    public static final Column<Double> SECOND_MOMENT =
            Column.real("second_moment", "E[Theta(x,x)^2]").withSymbol("$\\mathbb{E}[\\Theta(x, x)^2]$");
    public static final Column<Double> RATIO_LOW =
            Column.real("ratio_ci_low", "lower end of the ratio's 95 % interval");
    public static final Column<Double> RATIO_HIGH = Column.real("ratio_ci_high", "its upper end");
    public static final Column<Double> RATIO = Column.real("ratio", "E[Theta^2] / E[Theta]^2")
            .withSymbol("$\\mathbb{E}[\\Theta(x, x)^2]$ / $\\mathbb{E}[\\Theta(x, x)]^2$")
            .withInterval(RATIO_LOW, RATIO_HIGH);
    public static final Column<Long> HEAVY_TAILED =
            Column.integer("heavy_tailed", "1 if the tail is too heavy for the interval to be trusted");
    public static final Column<Double> TAIL_SHARE =
            Column.real("tail_share", "the largest draw's share of the second moment");
    public static final Column<Double> EFFECTIVE_DRAWS =
            Column.real("effective_draws", "effective number of draws behind the second moment");

    public static final Column<double[]> PAIR_MEAN = Column.reals(
                    "pair_mean", "E[Theta(x,x')] by correlation of the two inputs")
            .withSymbol("$\\mathbb{E}[\\Theta(x, x')]$")
            .withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_MEAN_LOW = Column.reals(
                    "pair_mean_ci_low", "lower ends of their 95 % intervals")
            .withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_MEAN_HIGH =
            Column.reals("pair_mean_ci_high", "their upper ends").withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_SECOND_MOMENT = Column.reals(
                    "pair_second_moment", "E[Theta(x,x')^2] by correlation")
            .withSymbol("$\\mathbb{E}[\\Theta(x, x')^2]$")
            .withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_RATIO_LOW = Column.reals(
                    "pair_ratio_ci_low", "lower ends of the ratios' 95 % intervals")
            .withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_RATIO_HIGH =
            Column.reals("pair_ratio_ci_high", "their upper ends").withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_RATIO = Column.reals(
                    "pair_ratio", "E[Theta(x,x')^2] / E[Theta(x,x')]^2 by correlation")
            .withSymbol("$\\mathbb{E}[\\Theta(x, x')^2]$ / $\\mathbb{E}[\\Theta(x, x')]^2$")
            .withInterval(PAIR_RATIO_LOW, PAIR_RATIO_HIGH)
            .withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_HEAVY_TAILED = Column.reals(
                    "pair_heavy_tailed", "1 where a ratio's interval is not to be trusted")
            .withIndex("correlation", Keys.CORRELATION.name());
    public static final Column<double[]> PAIR_INFINITE_WIDTH = Column.reals(
                    "pair_infinite_width", "Theta*(x,x') by correlation, of infinitely wide networks")
            .withSymbol("$\\Theta^*(x, x')$")
            .withIndex("correlation", Keys.CORRELATION.name());

    /** Of one input, and of pairs of inputs by correlation. */
    private record Estimates(RatioEstimate own, List<VarianceEstimation.Pair> pairs) {

        double[] each(ToDoubleFunction<VarianceEstimation.Pair> value) {
            return pairs.stream().mapToDouble(value).toArray();
        }
    }

    // A ratio that no double holds is no number; its logarithms are, if there are any.
    private static final Columns<Estimates> ONE_INPUT = new Columns<RatioEstimate>()
            .with(METHOD, estimate -> estimate.method().label())
            .with(DRAWS, RatioEstimate::draws)
            .with(LOG_MEAN, estimate -> finiteOrMissing(estimate.mean().log()))
            .with(
                    LOG_SECOND_MOMENT,
                    estimate -> finiteOrMissing(estimate.secondMoment().log()))
            .with(MEAN, estimate -> estimate.mean().doubleOrNaN())
            .with(SECOND_MOMENT, estimate -> estimate.secondMoment().doubleOrNaN())
            .with(RATIO, estimate -> finiteOrMissing(estimate.ratio()))
            .with(
                    RATIO_LOW,
                    estimate -> isFinite(estimate) ? estimate.interval().lower() : Double.NaN)
            .with(
                    RATIO_HIGH,
                    estimate -> isFinite(estimate)
                            ? finiteOrMissing(estimate.interval().upper())
                            : Double.NaN)
            .with(HEAVY_TAILED, estimate -> estimate.heavyTailed() ? 1L : 0L)
            .with(TAIL_SHARE, RatioEstimate::tailShare)
            .with(EFFECTIVE_DRAWS, RatioEstimate::effectiveDraws)
            .of(Estimates::own);

    private static final Columns<Estimates> PAIRS = ONE_INPUT
            .with(PAIR_MEAN, all -> all.each(pair -> pair.ratio().mean().doubleOrNaN()))
            .with(PAIR_MEAN_LOW, all -> all.each(pair -> pair.mean().lower()))
            .with(PAIR_MEAN_HIGH, all -> all.each(pair -> pair.mean().upper()))
            .with(
                    PAIR_SECOND_MOMENT,
                    all -> all.each(pair -> pair.ratio().secondMoment().doubleOrNaN()))
            .with(
                    PAIR_RATIO,
                    all -> all.each(pair -> finiteOrMissing(pair.ratio().ratio())))
            .with(
                    PAIR_RATIO_LOW,
                    all -> all.each(pair -> pair.ratio().interval().lower()))
            .with(
                    PAIR_RATIO_HIGH,
                    all -> all.each(
                            pair -> finiteOrMissing(pair.ratio().interval().upper())))
            .with(PAIR_HEAVY_TAILED, all -> all.each(pair -> pair.ratio().heavyTailed() ? 1 : 0))
            .with(PAIR_INFINITE_WIDTH, all -> all.each(VarianceEstimation.Pair::infiniteWidth));

    private final Method method;
    private final int draws;
    private final List<Double> correlations;
    private final Double inputNorm2;
    private final Columns<Estimates> columns;

    /**
     * At the normalised input.
     *
     * @throws IllegalArgumentException if there are fewer than two draws
     */
    public VarianceQuantity(Method method, int draws) {
        this(method, draws, List.of(), null);
    }

    /**
     * @param correlations of pairs of inputs, {@code x.x' / |x|^2}; none: one input alone
     * @param inputNorm2 {@code |x|^2} of all inputs; null for the normalised {@code M_0}
     * @throws IllegalArgumentException if there are fewer than two draws, or the method knows one input only and there are two
     */
    public VarianceQuantity(Method method, int draws, List<Double> correlations, Double inputNorm2) {
        if (draws < 2) {
            throw new IllegalArgumentException("A sweep needs at least 2 draws per cell, not " + draws + ".");
        }
        if (correlations.stream().anyMatch(correlation -> correlation != 1)) {
            method.requireSeveralInputs();
        }
        this.method = method;
        this.draws = draws;
        this.correlations = List.copyOf(correlations);
        this.inputNorm2 = inputNorm2;
        columns = correlations.isEmpty() ? ONE_INPUT : PAIRS;
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> given = new HashMap<>();
        given.put(Keys.METHOD.name(), method.label());
        given.put(Keys.DRAWS.name(), draws);
        if (!correlations.isEmpty()) {
            given.put(Keys.CORRELATION.name(), correlations);
        }
        if (inputNorm2 != null) {
            given.put(Keys.INPUT_NORM2.name(), inputNorm2);
        }
        return Settings.of(TYPE, given).values();
    }

    /** The correlations of pairs of inputs, by which its lists are ordered. */
    public List<Double> correlations() {
        return correlations;
    }

    @Override
    public Columns<?> columns() {
        return columns;
    }

    @Override
    public Map<String, String> conventions() {
        return inputNorm2 == null ? CONVENTIONS : Map.of("input", "|x|^2 = " + inputNorm2 + ", M_0 = M");
    }

    @Override
    public void check(Cell cell) {
        if (method == Method.EXACT && !ExactMoments.known(cell.activation(), cell.initialization())) {
            throw new IllegalArgumentException(
                    "Method exact knows piecewise linear activations only (without biases none that is flat above 0"
                            + " only), not "
                            + cell.activation().label() + ".");
        }
        if (cell.width() == 1 && correlations.stream().anyMatch(correlation -> Math.abs(correlation) < 1)) {
            throw new IllegalArgumentException(
                    "Inputs of correlations between -1 and 1 need an input dimension, and so a width, of at least 2.");
        }
    }

    @Override
    public List<List<Integer>> units(List<Cell> cells) {
        return new DepthUnits(cells);
    }

    /** For one neuron of one draw at two inputs, without weights. */
    private static final double PAIR_SECONDS = 30e-9;

    // Nanoseconds for one neuron of one draw, measured on one thread; good to a factor of two.
    @Override
    public double seconds(List<Cell> unit) {
        Cell cell = unit.get(0);
        double deepest = (double) depth(unit) * cell.width();
        double all = (double) unit.stream().mapToInt(Cell::depth).sum() * cell.width();
        boolean exact = ExactMoments.known(cell.activation(), cell.initialization());
        double particles = VarianceEstimation.REPETITIONS * Math.max(VarianceEstimation.MIN_PARTICLES, draws / 16.0);
        double pairs =
                correlations.stream().filter(correlation -> correlation != 1).count()
                        * (method == Method.WEIGHTS ? 2.6e-9 * cell.width() : PAIR_SECONDS)
                        * draws
                        * all;
        return pairs
                + switch (method) {
                    case EXACT -> exactSeconds(unit);
                    case LEADING_ORDER -> 3e-4 * depth(unit);
                    // One column in two has a tail so heavy that particles follow the draws.
                    case AUTO -> exact ? exactSeconds(unit) : 1e-9 * deepest * (20.0 * draws + 0.5 * 6 * particles);
                    case RAO_BLACKWELL -> 20e-9 * draws * deepest;
                    case SMC -> 6e-9 * particles * deepest;
                    case CHAIN -> 15e-9 * draws * all;
                    case CONDITIONAL -> 30e-9 * draws * all;
                    case WEIGHTS -> 2.5e-9 * draws * all * cell.width();
                };
    }

    private static double exactSeconds(List<Cell> unit) {
        return 2e-6 * unit.stream().mapToInt(Cell::depth).sum();
    }

    @Override
    public double bytes(List<Cell> unit) {
        double weights = method == Method.WEIGHTS
                ? 8.0 * depth(unit) * unit.get(0).width() * unit.get(0).width()
                : 0;
        return weights + (64.0 + (correlations.isEmpty() ? 0 : 128)) * draws * (unit.size() + 1);
    }

    private static int depth(List<Cell> unit) {
        return unit.stream().mapToInt(Cell::depth).max().orElse(1);
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        if (method.sharesForwardPasses()) {
            return together(unit, context);
        }
        return unit.stream()
                .flatMap(cell -> together(List.of(cell), context).stream())
                .toList();
    }

    private List<SweepRow> together(List<Cell> cells, CellContext context) {
        long start = System.nanoTime();
        Cell deepest = cells.stream().max(Comparator.comparingInt(Cell::depth)).orElseThrow();
        List<RatioEstimate> estimates = estimation(deepest, context)
                .seed(seed(context.seed(), method, deepest.network(deepest.width()), deepest.width(), norm2(deepest)))
                .atDepths(cells.stream().mapToInt(Cell::depth).toArray());
        double seconds = (System.nanoTime() - start) / 1e9 / cells.size();
        return IntStream.range(0, cells.size())
                .mapToObj(k -> row(cells.get(k), estimates.get(k), seconds, context))
                .toList();
    }

    private VarianceEstimation estimation(Cell cell, CellContext context) {
        return new VarianceEstimation(context.engine(), cell.network(cell.width()))
                .inputNorm2(norm2(cell))
                .method(method)
                .draws(draws);
    }

    private double norm2(Cell cell) {
        return inputNorm2 == null ? cell.width() : inputNorm2;
    }

    private VarianceEstimation.Pair pair(Cell cell, RatioEstimate own, double correlation, CellContext context) {
        VarianceEstimation estimation = estimation(cell, context);
        return correlation == 1
                ? estimation.twice(own)
                : estimation
                        .seed(pairSeed(
                                context.seed(), cell.network(cell.width()), cell.width(), norm2(cell), correlation))
                        .pair(correlation);
    }

    /**
     * The seed of the estimation that a cell makes. It depends on the method and the parameters of the network only, never on
     * the cell's place in a grid; methods that serve all depths by the same forward passes have the same for all depths, since
     * a deeper network then continues a shallower one.
     *
     * @param network of constant hidden width
     * @param width that width, which a network without hidden layers does not know
     * @param inputNorm2 {@code |x|^2}; in a grid {@code M_0}
     */
    public static Seed seed(Seed seed, Method method, RandomNetwork network, int width, double inputNorm2) {
        String column = column(network, width, inputNorm2);
        return seed.derive(
                method.sharesForwardPasses()
                        ? column
                        : column + " depth=" + network.architecture().depth());
    }

    /**
     * The seed of draws at two inputs of a correlation below 1, however they are drawn; as {@link #seed} otherwise.
     *
     * @param correlation {@code x.x' / |x|^2}
     */
    public static Seed pairSeed(Seed seed, RandomNetwork network, int width, double inputNorm2, double correlation) {
        return seed.derive(column(network, width, inputNorm2) + " depth="
                + network.architecture().depth() + " correlation=" + correlation);
    }

    /** Names everything but the depth. */
    private static String column(RandomNetwork network, int width, double inputNorm2) {
        return "variance activation=" + network.activation().label() + " sigma_w2="
                + network.initialization().sigmaW2() + " sigma_b2="
                + network.initialization().sigmaB2() + " width=" + width + " input_dim="
                + network.architecture().inputDim() + " input_norm2=" + inputNorm2;
    }

    private SweepRow row(Cell cell, RatioEstimate own, double seconds, CellContext context) {
        long start = System.nanoTime();
        List<VarianceEstimation.Pair> pairs = correlations.stream()
                .map(correlation -> pair(cell, own, correlation, context))
                .toList();
        double all = seconds + (System.nanoTime() - start) / 1e9;
        Estimates estimates = new Estimates(own, pairs);
        return isFinite(own)
                ? columns.row(cell, SweepRow.Status.OK, own.reason(), estimates, all)
                : columns.row(cell, SweepRow.Status.DIVERGED, own.problem(), estimates, all);
    }

    private static boolean isFinite(RatioEstimate estimate) {
        return Double.isFinite(estimate.ratio());
    }

    private static double finiteOrMissing(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }
}
