package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.EmpiricalDistribution;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.VarianceEstimation;
import java.util.List;
import java.util.Map;

/**
 * What an experiment with few networks sees of {@code E[Theta^2] / E[Theta]^2}: median and 5 % to 95 % band over many such
 * experiments, at the normalised input {@code |x|^2 = M_0 = M}. See {@link VarianceEstimation#plainEstimates}.
 */
public final class FiniteSampleQuantity implements Quantity {

    private static final class Keys {
        static final Setting<Integer> DRAWS =
                Setting.integer("draws", 200, 2, Integer.MAX_VALUE, "networks in one experiment");
        static final Setting<Integer> EXPERIMENTS =
                Setting.integer("experiments", 200, 1, Integer.MAX_VALUE, "how many experiments");
    }

    static final QuantityType TYPE = new OwnType(
            "finite_sample",
            "what experiments with few networks see of the randomness at initialisation",
            List.of(Keys.DRAWS, Keys.EXPERIMENTS),
            settings -> new FiniteSampleQuantity(settings.get(Keys.DRAWS), settings.get(Keys.EXPERIMENTS)));

    public static final Column<Double> LOWER = Column.real("lower", "their 5 % quantile");
    public static final Column<Double> UPPER = Column.real("upper", "their 95 % quantile");
    public static final Column<Double> MEDIAN = Column.real("median", "median of the experiments' ratios")
            .withSymbol("median of estimates of " + VarianceQuantity.RATIO.symbol())
            .withInterval(LOWER, UPPER);

    private static final Columns<EmpiricalDistribution> COLUMNS = new Columns<EmpiricalDistribution>()
            .with(MEDIAN, ratios -> ratios.quantile(0.5))
            .with(LOWER, ratios -> ratios.quantile(0.05))
            .with(UPPER, ratios -> ratios.quantile(0.95));

    private final int draws;
    private final int experiments;

    /**
     * @param draws networks in one experiment, at least 2
     * @param experiments how many
     */
    public FiniteSampleQuantity(int draws, int experiments) {
        if (draws < 2 || experiments < 1 || (long) draws * experiments > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "At least 2 draws and 1 experiment are needed, and less than 2^31 draws in all, not " + draws
                            + " draws in each of " + experiments + " experiments.");
        }
        this.draws = draws;
        this.experiments = experiments;
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        return Settings.of(TYPE, Map.of(Keys.DRAWS.name(), draws, Keys.EXPERIMENTS.name(), experiments))
                .values();
    }

    @Override
    public Columns<?> columns() {
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return VarianceQuantity.CONVENTIONS;
    }

    @Override
    public double seconds(List<Cell> unit) {
        return 2e-8 * draws * experiments * unit.get(0).depth() * unit.get(0).width();
    }

    @Override
    public double bytes(List<Cell> unit) {
        return 32.0 * draws * experiments;
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        long start = System.nanoTime();
        Cell cell = unit.get(0);
        int width = cell.width();
        // The seed of the variance plus one: other networks than those that the truth is estimated from.
        Seed other = Seed.of(context.seed().value() + 1);
        RandomNetwork network = cell.network(width);
        EmpiricalDistribution ratios = new VarianceEstimation(context.engine(), network)
                .draws(draws)
                .seed(VarianceQuantity.seed(other, Method.CHAIN, network, width, width))
                .plainEstimates(experiments);
        return List.of(COLUMNS.row(cell, ratios, (System.nanoTime() - start) / 1e9));
    }
}
