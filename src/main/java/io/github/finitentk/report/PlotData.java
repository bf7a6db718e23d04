package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.store.RunReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The numbers of a run that a {@link Plot} draws, panel by panel. */
final class PlotData {

    /** More numbers than this are no picture, and fill memories. */
    private static final int MAX_POINTS = 1_000_000;

    private static final int MAX_PANELS = 30;

    /**
     * The numbers of a panel, in grid order.
     *
     * @param value which column they are of
     */
    record Panel(PlotColumn value, List<Object> key, List<PlotPoint> points) {}

    private final RunReader run;
    private final Map<PlotColumn, Set<String>> where;
    private final Map<PlotColumn, TreeSet<Object>> axes = new LinkedHashMap<>();
    private final boolean complete;
    private int finished;

    PlotData(RunReader run, Optional<SweepSpec> spec, PlotColumns columns, Map<PlotColumn, Set<String>> where) {
        this.run = run;
        this.where = where;
        columns.axes().forEach(axis -> axes.put(axis, new TreeSet<>()));
        // What is not computed yet has its place.
        spec.ifPresent(known -> known.grids().forEach(this::addGrid));
        int rows = 0;
        for (SweepRow row : run.rows()) {
            rows++;
            if (isWanted(row)) {
                finished++;
                axes.forEach((axis, found) -> add(axis, found, row.get(axis.column())));
            }
        }
        complete = spec.isEmpty() || rows >= spec.get().size();
        if (finished == 0) {
            throw new IllegalArgumentException(
                    rows == 0
                            ? "The run has no finished cell yet, so there is nothing to draw."
                            : "None of the run's " + rows + " finished cells is among those asked for; it has "
                                    + axes.entrySet().stream()
                                            .filter(axis -> where.containsKey(axis.getKey()))
                                            .map(axis -> values(axis.getKey()))
                                            .collect(Collectors.joining(", "))
                                    + ".");
        }
    }

    private void addGrid(Grid grid) {
        axes.forEach((axis, found) -> {
            Column<?> column = axis.column();
            List<?> places = column.equals(Cell.ACTIVATION)
                    ? grid.activations().stream().map(each -> each.label()).toList()
                    : column.equals(Cell.SIGMA_W2)
                            ? grid.sigmaW2()
                            : column.equals(Cell.SIGMA_B2)
                                    ? grid.sigmaB2()
                                    : column.equals(Cell.DEPTH)
                                            ? longs(grid.depths())
                                            : column.equals(Cell.WIDTH) ? longs(grid.widths()) : List.of();
            places.forEach(place -> add(axis, found, place));
        });
    }

    private static List<Long> longs(List<Integer> values) {
        return values.stream().map(Integer::longValue).toList();
    }

    private void add(PlotColumn axis, Set<Object> found, Object value) {
        if (value != null && isWanted(axis, value)) {
            found.add(value);
        }
    }

    private boolean isWanted(SweepRow row) {
        return where.keySet().stream().allMatch(axis -> isWanted(axis, row.get(axis.column())));
    }

    private boolean isWanted(PlotColumn axis, Object value) {
        Set<String> among = where.get(axis);
        return among == null
                || among.stream()
                        .anyMatch(wanted -> value instanceof Number number
                                ? isNumber(wanted, number.doubleValue())
                                : wanted.equalsIgnoreCase(String.valueOf(value)));
    }

    private static boolean isNumber(String text, double value) {
        try {
            double wanted = Double.parseDouble(text);
            return Math.abs(wanted - value) <= 1e-9 * Math.abs(value);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String values(PlotColumn axis) {
        TreeSet<Object> all = new TreeSet<>();
        run.rows().forEach(row -> all.add(row.get(axis.column())));
        return axis.name() + " "
                + all.stream().limit(20).map(String::valueOf).collect(Collectors.joining(", "))
                + (all.size() > 20 ? ", ..." : "");
    }

    /** How many values each axis has. */
    Map<PlotColumn, Integer> counts() {
        Map<PlotColumn, Integer> counts = new LinkedHashMap<>();
        axes.forEach((axis, found) -> counts.put(axis, found.size()));
        return counts;
    }

    /** The values of an axis, in order; empty of columns that are none. */
    List<Object> places(PlotColumn axis) {
        return List.copyOf(axes.getOrDefault(axis, new TreeSet<>()));
    }

    /** Whether all cells of the run are finished. */
    boolean isComplete() {
        return complete;
    }

    int finished() {
        return finished;
    }

    /**
     * The panels, in the order of their first numbers.
     *
     * @throws IllegalArgumentException if a value has no number anywhere, or there are too many of them
     */
    List<Panel> panels(PlotRoles roles, List<PlotColumn> values, PlotTheory theory) {
        Map<List<Object>, Panel> panels = new LinkedHashMap<>();
        int points = 0;
        for (PlotColumn value : values) {
            boolean any = false;
            for (SweepRow row : run.rows()) {
                if (!isWanted(row)) {
                    continue;
                }
                for (PlotPoint point : points(row, roles, value, theory)) {
                    any |= Double.isFinite(point.value());
                    List<Object> key = new ArrayList<>(point.panel());
                    key.add(value.name());
                    panels.computeIfAbsent(key, k -> new Panel(value, point.panel(), new ArrayList<>()))
                            .points()
                            .add(point);
                    if (++points > MAX_POINTS) {
                        throw new IllegalArgumentException("A plot of more than " + MAX_POINTS
                                + " numbers cannot be read; choose some of them (where).");
                    }
                }
            }
            if (!any) {
                throw new IllegalArgumentException("The column " + value.name() + " has no finite number in the run's "
                        + finished + " finished cells, so there is nothing to draw.");
            }
            if (panels.size() > MAX_PANELS) {
                throw new IllegalArgumentException(
                        "The plot would have more than " + MAX_PANELS + " panels, one for each "
                                + roles.panels().stream()
                                        .map(axis -> axis.name() + " (" + counts().get(axis) + ")")
                                        .collect(Collectors.joining(" and "))
                                + "; choose some of them (where).");
            }
        }
        return List.copyOf(panels.values());
    }

    private List<PlotPoint> points(SweepRow row, PlotRoles roles, PlotColumn value, PlotTheory theory) {
        double[] numbers = value.values(row);
        double[] xs = roles.x().values(row);
        double[] ys = roles.isMap() ? roles.y().values(row) : new double[] {Double.NaN};
        double[] lows = value.ends(row, false);
        double[] highs = value.ends(row, true);
        List<Object> panel = keys(row, roles.panels());
        List<Object> line = keys(row, roles.lines());
        List<Object> places = keys(row, List.copyOf(axes.keySet()));
        double exact = value.unit() == null ? theory.exact(value.column(), row.cell()) : Double.NaN;
        boolean heavy =
                row.columns().contains(VarianceQuantity.HEAVY_TAILED) && row.flag(VarianceQuantity.HEAVY_TAILED);
        int size = Math.max(numbers.length, xs.length);
        List<PlotPoint> points = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            points.add(new PlotPoint(
                    row.cell(),
                    panel,
                    line,
                    places,
                    at(xs, k),
                    at(ys, k),
                    at(numbers, k),
                    at(lows, k),
                    at(highs, k),
                    exact,
                    heavy,
                    row.status()));
        }
        return points;
    }

    private static double at(double[] values, int k) {
        return values == null
                ? Double.NaN
                : values.length == 1 ? values[0] : k < values.length ? values[k] : Double.NaN;
    }

    private static List<Object> keys(SweepRow row, List<PlotColumn> columns) {
        List<Object> keys = new ArrayList<>();
        columns.forEach(column -> keys.add(row.get(column.column())));
        return keys;
    }

    /** How many panels stand side by side: those of the last axis, so that rows differ in one thing. */
    static int across(List<Panel> panels, PlotRoles roles) {
        if (panels.size() <= 3) {
            return panels.size();
        }
        if (!roles.panels().isEmpty()) {
            int last = roles.panels().size() - 1;
            int apart = (int) panels.stream()
                    .map(panel -> panel.key().get(last))
                    .distinct()
                    .count();
            if (apart > 1 && apart <= 4 && panels.size() % apart == 0) {
                return apart;
            }
        }
        return panels.size() == 4 ? 2 : panels.size() % 4 == 0 ? 4 : 3;
    }

    /** The title of a panel: what it is told by. */
    static String title(Panel panel, PlotRoles roles) {
        List<String> parts = new ArrayList<>();
        for (int k = 0; k < roles.panels().size(); k++) {
            parts.add(roles.panels().get(k).equal(panel.key().get(k)));
        }
        return String.join(", ", parts);
    }
}
