package io.github.finitentk.examples.quantity;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellContext;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Columns;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.QuantityType;
import io.github.finitentk.experiment.Setting;
import io.github.finitentk.experiment.SweepRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The condition number of the NTK of one network at initialisation, on random inputs of norm {@code sqrt(n_0)}: how many times
 * slower than the fastest direction gradient descent learns the slowest.
 */
public final class ConditionNumber implements Quantity {

    static final Column<Double> CONDITION = Column.real("condition", "largest over smallest eigenvalue of Theta");

    private static final Setting<Integer> SAMPLES = Setting.integer("samples", 8, 2, 4096, "inputs");
    private static final Setting<Integer> INPUT_DIM = Setting.integer("input_dim", 16, 2, 4096, "their dimension n_0");

    private static final Columns<Double> COLUMNS = new Columns<Double>().with(CONDITION, value -> value);

    private final Settings settings;

    private ConditionNumber(Settings settings) {
        this.settings = settings;
    }

    /** How specifications name it. */
    public static final class Type implements QuantityType {

        @Override
        public String name() {
            return "condition_number";
        }

        @Override
        public String description() {
            return "condition number of the NTK at initialisation";
        }

        @Override
        public List<Setting<?>> keys() {
            return List.of(SAMPLES, INPUT_DIM);
        }

        @Override
        public Quantity create(Settings settings) {
            return new ConditionNumber(settings);
        }
    }

    @Override
    public String name() {
        return "condition_number";
    }

    @Override
    public Map<String, Object> settings() {
        return settings.values();
    }

    @Override
    public Columns<?> columns() {
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return Map.of("inputs", "uniform on the sphere |x|^2 = n_0");
    }

    @Override
    public double seconds(List<Cell> unit) {
        return unit.size() * 1e-9 * settings.get(SAMPLES) * settings.get(SAMPLES) * parameters(unit.get(0));
    }

    @Override
    public double bytes(List<Cell> unit) {
        return 8 * parameters(unit.get(0));
    }

    private double parameters(Cell cell) {
        return cell.network(settings.get(INPUT_DIM)).architecture().parameterCount();
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        Ntk ntk = Ntk.of(context);
        Inputs inputs = Inputs.onSphere(
                settings.get(SAMPLES), settings.get(INPUT_DIM), context.seed().derive("inputs"));
        List<SweepRow> rows = new ArrayList<>();
        for (Cell cell : unit) {
            long begin = System.nanoTime();
            Kernel theta = ntk.kernel(
                    cell.network(settings.get(INPUT_DIM)).sample(context.cellSeed(cell, "network")), inputs);
            rows.add(COLUMNS.row(cell, ntk.conditionNumber(theta), 1e-9 * (System.nanoTime() - begin)));
        }
        return rows;
    }
}
