package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The paper's randomness of the kernel at initialisation, {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}, at the normalised
 * input {@code |x|^2 = M_0 = M}. Cells that differ in depth only are one unit: one forward pass serves them all.
 */
public final class VarianceQuantity implements Quantity {

    private static final class Keys {
        static final Setting<Method> METHOD =
                Setting.choice("method", Method.AUTO, Method::label, "how each cell is computed");
        static final Setting<Integer> DRAWS =
                Setting.integer("draws", 200, 2, Integer.MAX_VALUE, "networks or forward passes for each cell");
    }

    static final QuantityType TYPE = new OwnType(
            "variance",
            "randomness of the kernel at initialisation, E[Theta(x,x)^2] / E[Theta(x,x)]^2",
            List.of(Keys.METHOD, Keys.DRAWS),
            settings -> new VarianceQuantity(settings.get(Keys.METHOD), settings.get(Keys.DRAWS)));

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

    // A ratio that no double holds is no number; its logarithms are, if there are any.
    private static final Columns<RatioEstimate> COLUMNS = new Columns<RatioEstimate>()
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
            .with(EFFECTIVE_DRAWS, RatioEstimate::effectiveDraws);

    private final Method method;
    private final int draws;

    /** @throws IllegalArgumentException if there are fewer than two draws */
    public VarianceQuantity(Method method, int draws) {
        if (draws < 2) {
            throw new IllegalArgumentException("A sweep needs at least 2 draws per cell, not " + draws + ".");
        }
        this.method = method;
        this.draws = draws;
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        return Settings.of(TYPE, Map.of(Keys.METHOD.name(), method.label(), Keys.DRAWS.name(), draws))
                .values();
    }

    @Override
    public Columns<?> columns() {
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return CONVENTIONS;
    }

    @Override
    public void check(Cell cell) {
        if (method == Method.EXACT && !ExactMoments.known(cell.activation(), cell.initialization())) {
            throw new IllegalArgumentException(
                    "Method exact knows piecewise linear activations only (without biases none that is flat above 0 only), not "
                            + cell.activation().label() + ".");
        }
    }

    @Override
    public List<List<Integer>> units(List<Cell> cells) {
        return new DepthUnits(cells);
    }

    // Nanoseconds for one neuron of one draw, measured on one thread; good to a factor of two.
    @Override
    public double seconds(List<Cell> unit) {
        Cell cell = unit.get(0);
        double deepest = (double) depth(unit) * cell.width();
        double all = (double) unit.stream().mapToInt(Cell::depth).sum() * cell.width();
        boolean exact = ExactMoments.known(cell.activation(), cell.initialization());
        double particles = VarianceEstimation.REPETITIONS * Math.max(VarianceEstimation.MIN_PARTICLES, draws / 16.0);
        return switch (method) {
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
        return weights + 64.0 * draws * (unit.size() + 1);
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
        int width = deepest.width();
        RandomNetwork network = deepest.network(width);
        List<RatioEstimate> estimates = new VarianceEstimation(context.engine(), network)
                .method(method)
                .draws(draws)
                .seed(seed(context.seed(), method, network, width, width))
                .atDepths(cells.stream().mapToInt(Cell::depth).toArray());
        double seconds = (System.nanoTime() - start) / 1e9 / cells.size();
        return IntStream.range(0, cells.size())
                .mapToObj(k -> row(cells.get(k), estimates.get(k), seconds))
                .toList();
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

    /** Names everything but the depth. */
    private static String column(RandomNetwork network, int width, double inputNorm2) {
        return "variance activation=" + network.activation().label() + " sigma_w2="
                + network.initialization().sigmaW2() + " sigma_b2="
                + network.initialization().sigmaB2() + " width=" + width + " input_dim="
                + network.architecture().inputDim() + " input_norm2=" + inputNorm2;
    }

    private static SweepRow row(Cell cell, RatioEstimate estimate, double seconds) {
        return isFinite(estimate)
                ? COLUMNS.row(cell, SweepRow.Status.OK, estimate.reason(), estimate, seconds)
                : COLUMNS.row(cell, SweepRow.Status.DIVERGED, estimate.problem(), estimate, seconds);
    }

    private static boolean isFinite(RatioEstimate estimate) {
        return Double.isFinite(estimate.ratio());
    }

    private static double finiteOrMissing(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }
}
