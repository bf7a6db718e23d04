package io.github.finitentk.experiment;

import io.github.finitentk.model.Activations;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The paper's randomness of the kernel at initialisation, {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}, at the normalised
 * input {@code |x|^2 = M_0 = M}. Cells that differ in depth only are one unit: one forward pass serves them all.
 */
public final class VarianceQuantity implements Quantity {

    static final QuantityType TYPE = new Type();

    static final Map<String, String> CONVENTIONS = Map.of("input", "|x|^2 = M_0 = M");

    private static final List<Column> COLUMNS = List.of(
            Column.text("method", "the method that was used"),
            Column.integer("draws", "networks, forward passes or particles; 0 if exact"),
            Column.real("log_mean", "natural logarithm of E[Theta]"),
            Column.real("log_second_moment", "natural logarithm of E[Theta^2]"),
            Column.real("mean", "E[Theta(x,x)]"),
            Column.real("second_moment", "E[Theta(x,x)^2]"),
            Column.real("ratio", "E[Theta^2] / E[Theta]^2"),
            Column.real("ratio_ci_low", "lower end of the ratio's 95 % interval"),
            Column.real("ratio_ci_high", "its upper end"),
            Column.integer("heavy_tailed", "1 if the tail is too heavy for the interval to be trusted"),
            Column.real("tail_share", "the largest draw's share of the second moment"),
            Column.real("effective_draws", "effective number of draws behind the second moment"));

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

    private static final class Type implements QuantityType {
        @Override
        public String name() {
            return "variance";
        }

        @Override
        public String description() {
            return "randomness of the kernel at initialisation, E[Theta(x,x)^2] / E[Theta(x,x)]^2";
        }

        @Override
        public List<SettingKey> keys() {
            return List.of(
                    SettingKey.choice("method", Method.AUTO, Method::label, "how each cell is computed"),
                    SettingKey.integer(
                            "draws", 200L, 2, Integer.MAX_VALUE, "networks or forward passes for each cell"));
        }

        @Override
        public Quantity create(Settings settings) {
            return new VarianceQuantity(Method.parse(settings.text("method")), settings.integer("draws"));
        }
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("method", method.label());
        settings.put("draws", (long) draws);
        return settings;
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return CONVENTIONS;
    }

    @Override
    public void check(Cell cell) {
        if (method == Method.EXACT && !Activations.isRelu(cell.activation())) {
            throw new IllegalArgumentException(
                    "Method exact knows ReLU only, not " + cell.activation().label() + ".");
        }
    }

    @Override
    public List<List<Integer>> units(List<Cell> cells) {
        return new CellColumns(cells);
    }

    // Nanoseconds for one neuron of one draw, measured on one thread; good to a factor of two.
    @Override
    public double seconds(List<Cell> unit) {
        Cell cell = unit.get(0);
        double deepest = (double) depth(unit) * cell.width();
        double all = (double) unit.stream().mapToInt(Cell::depth).sum() * cell.width();
        boolean relu = Activations.isRelu(cell.activation());
        double particles = VarianceEstimator.REPETITIONS * Math.max(VarianceEstimator.MIN_PARTICLES, draws / 16.0);
        return switch (method) {
            case EXACT -> exactSeconds(unit);
            // One column in two has a tail so heavy that particles follow the draws.
            case AUTO -> relu ? exactSeconds(unit) : 1e-9 * deepest * (20.0 * draws + 0.5 * 6 * particles);
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
    public List<CellResult> compute(List<Cell> unit, CellContext context) {
        VarianceExperiment experiment = new VarianceExperiment(context.engine(), context.seed(), method, draws);
        List<VarianceCell> cells = unit.stream().map(VarianceCell::normalized).toList();
        return experiment.run(cells).stream()
                .map(row -> result(row.estimate(), row.seconds()))
                .toList();
    }

    // A ratio that no double holds is no result; its logarithms are, if there are any.
    private static CellResult result(RatioEstimate estimate, double seconds) {
        boolean finite = Double.isFinite(estimate.ratio());
        return new CellResult(
                finite ? CellResult.Status.OK : CellResult.Status.DIVERGED,
                finite ? estimate.reason() : estimate.problem(),
                Arrays.asList(
                        estimate.method().label(),
                        estimate.draws(),
                        finiteOrMissing(estimate.mean().log()),
                        finiteOrMissing(estimate.secondMoment().log()),
                        estimate.mean().doubleOrNaN(),
                        estimate.secondMoment().doubleOrNaN(),
                        finiteOrMissing(estimate.ratio()),
                        finite ? estimate.interval().lower() : Double.NaN,
                        finite ? finiteOrMissing(estimate.interval().upper()) : Double.NaN,
                        estimate.heavyTailed() ? 1L : 0L,
                        estimate.tailShare(),
                        estimate.effectiveDraws()),
                seconds);
    }

    private static double finiteOrMissing(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }
}
