package io.github.finitentk.experiment;

import io.github.finitentk.internal.random.NormalStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A quantity for trying the engine, as an application would add one: a walk of some steps, each of which may sleep and leaves
 * a checkpoint; cells of one depth fail, of another diverge.
 */
public final class TrialQuantity implements Quantity {

    /** System property: the file that gets one character for each step that is taken. */
    public static final String LOG = "ntk.trial.log";

    /** System property: milliseconds to sleep in each step, beyond what the specification says. */
    public static final String SLEEP = "ntk.trial.sleep";

    private static final Setting<Integer> STEPS = Setting.integer("steps", 1, 1, 1_000_000, "steps of the walk");
    private static final Setting<Integer> MILLIS = Setting.integer("millis", 0, 0, 1_000_000, "sleep in each step");
    private static final Setting<Boolean> TOGETHER =
            Setting.flag("together", false, "whether cells that differ in depth only are one unit");
    private static final Setting<Integer> FAILING_DEPTH =
            Setting.integer("failing_depth", 0, 0, 1_000_000, "cells of this depth fail");
    private static final Setting<Integer> DIVERGING_DEPTH =
            Setting.integer("diverging_depth", 0, 0, 1_000_000, "cells of this depth diverge");
    private static final Setting<Double> SCALE = Setting.number("scale", 1.0, 0, 10, "scale of the walk");
    private static final Setting<List<Double>> WEIGHTS = Setting.numbers("weights", List.of(1.0), -10, 10, "not used");
    private static final Setting<String> LABEL = Setting.text("label", null, "not used");

    private record Walk(Double end, Long steps, String name, double[] path) {}

    private static final Columns<Walk> COLUMNS = new Columns<Walk>()
            .with(Column.real("value", "where the walk ends"), Walk::end)
            .with(Column.integer("steps", "its steps"), Walk::steps)
            .with(Column.text("name", "the activation in upper case"), walk -> walk.name.toUpperCase(Locale.ROOT))
            .with(Column.reals("path", "its last places"), Walk::path);

    private final Settings settings;

    private TrialQuantity(Settings settings) {
        this.settings = settings;
    }

    /** Found by {@link java.util.ServiceLoader}. */
    public static final class Type implements QuantityType {
        @Override
        public String name() {
            return "trial";
        }

        @Override
        public String description() {
            return "a walk for trying the engine";
        }

        @Override
        public List<Setting<?>> keys() {
            return List.of(STEPS, MILLIS, TOGETHER, FAILING_DEPTH, DIVERGING_DEPTH, SCALE, WEIGHTS, LABEL);
        }

        @Override
        public Quantity create(Settings settings) {
            return new TrialQuantity(settings);
        }
    }

    @Override
    public String name() {
        return "trial";
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
    public void check(Cell cell) {
        if (cell.width() == 13) {
            throw new IllegalArgumentException("Width 13 is unlucky.");
        }
    }

    @Override
    public List<List<Integer>> units(List<Cell> cells) {
        return settings.get(TOGETHER) ? new DepthUnits(cells) : Quantity.super.units(cells);
    }

    @Override
    public double seconds(List<Cell> unit) {
        return 1e-3 * unit.size() * settings.get(STEPS) * Math.max(0.001, settings.get(MILLIS));
    }

    @Override
    public double bytes(List<Cell> unit) {
        return 1e6 * unit.get(0).width();
    }

    @Override
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        List<SweepRow> rows = new ArrayList<>();
        for (Cell cell : unit) {
            rows.add(compute(cell, context));
        }
        return rows;
    }

    private SweepRow compute(Cell cell, CellContext context) {
        if (cell.depth() == settings.get(FAILING_DEPTH)) {
            throw new IllegalStateException("Depth " + cell.depth() + " fails.");
        }
        int steps = settings.get(STEPS);
        double[] step = new double[1];
        double place = 0;
        int done = 0;
        if (context.checkpoint().isPresent()) {
            ByteBuffer state = ByteBuffer.wrap(context.checkpoint().get());
            done = state.getInt();
            place = state.getDouble();
        }
        NormalStream walk = new NormalStream(context.cellSeed(cell, "trial").value(), 0, 0, 0);
        for (; done < steps; done++) {
            if (context.stopRequested() && steps > 1) {
                throw new CellContext.StoppedException();
            }
            walk.fill(step, 0, 1, done, settings.get(SCALE));
            place += step[0];
            sleep();
            log();
            if (steps > 1) {
                context.checkpoint(ByteBuffer.allocate(12)
                        .putInt(done + 1)
                        .putDouble(place)
                        .array());
                context.progress((done + 1.0) / steps);
            }
        }
        boolean diverged = cell.depth() == settings.get(DIVERGING_DEPTH);
        double[] path = new double[cell.depth() % 3];
        Arrays.fill(path, place);
        return COLUMNS.row(
                cell,
                diverged ? SweepRow.Status.DIVERGED : SweepRow.Status.OK,
                diverged ? "it walked too far" : null,
                new Walk(
                        diverged ? null : place,
                        diverged ? null : (long) steps,
                        cell.activation().label(),
                        path),
                0);
    }

    private void sleep() {
        try {
            Thread.sleep(settings.get(MILLIS) + Integer.getInteger(SLEEP, 0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void log() {
        String file = System.getProperty(LOG);
        if (file != null) {
            try {
                Files.write(
                        Path.of(file),
                        "s".getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("The log cannot be written.", e);
            }
        }
    }
}
