package io.github.finitentk.store;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The results of two runs, number by number. Cells belong together if their parameters are equal, whatever the grids are; numbers
 * are equal if they are the same double (NaN is), lists if all their numbers are.
 *
 * @param common cells that both have
 * @param onlyFirst cells that the first has alone
 * @param onlySecond cells that the second has alone
 * @param different cells that both have and that differ in at least one column
 * @param columns those in which some cell differs, in the order of the first run's table
 */
public record RunComparison(int common, int onlyFirst, int onlySecond, int different, List<Difference> columns) {

    /**
     * Where a column differs.
     *
     * @param column its name; {@code status} is one, too
     * @param cells how many differ
     * @param largest the largest relative difference of two numbers, |a - b| / max(|a|, |b|); NaN where there are none to compare
     * @param at the cell with that, or the first one
     * @param first what the first run says there
     * @param second what the second run says there
     */
    public record Difference(String column, int cells, double largest, Cell at, String first, String second) {}

    public RunComparison {
        columns = List.copyOf(columns);
    }

    /** Whether both hold the same cells with the same results. */
    public boolean equal() {
        return onlyFirst + onlySecond + different == 0;
    }

    /** @throws RunFileException if one of them cannot be read */
    public static RunComparison of(RunReader first, RunReader second) {
        Optional<Column<?>> along = first.along();
        Map<List<Object>, Map<String, Object>> others = new HashMap<>();
        second.rows().forEach(row -> others.put(place(row, along), values(row)));
        Map<String, Difference> columns = new LinkedHashMap<>();
        int cells = 0;
        int common = 0;
        int different = 0;
        for (SweepRow row : first.rows()) {
            cells++;
            Map<String, Object> there = others.get(place(row, along));
            if (there == null) {
                continue;
            }
            common++;
            Map<String, Object> here = values(row);
            Set<String> names = new LinkedHashSet<>(here.keySet());
            names.addAll(there.keySet());
            boolean differs = false;
            for (String name : names) {
                Object a = here.get(name);
                Object b = there.get(name);
                if (!Objects.deepEquals(a, b)) {
                    differs = true;
                    columns.merge(name, difference(name, row.cell(), a, b), RunComparison::larger);
                }
            }
            different += differs ? 1 : 0;
        }
        return new RunComparison(
                common, cells - common, others.size() - common, different, new ArrayList<>(columns.values()));
    }

    // What a row is about: its cell, and where it is along a training.
    private static List<Object> place(SweepRow row, Optional<Column<?>> along) {
        return List.of(row.cell(), along.filter(row.columns()::contains).map(row::get));
    }

    private static Map<String, Object> values(SweepRow row) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(SweepRow.STATUS.name(), row.get(SweepRow.STATUS));
        row.columns().forEach(column -> values.put(column.name(), row.get(column)));
        return values;
    }

    private static Difference difference(String name, Cell cell, Object a, Object b) {
        return new Difference(name, 1, distance(a, b), cell, text(a), text(b));
    }

    private static Difference larger(Difference known, Difference next) {
        // A NaN, where numbers cannot be compared, does not hide the largest that can.
        Difference shown = next.largest() > known.largest() || Double.isNaN(known.largest()) ? next : known;
        return new Difference(
                known.column(), known.cells() + 1, shown.largest(), shown.at(), shown.first(), shown.second());
    }

    private static double distance(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            double scale = Math.max(Math.abs(x.doubleValue()), Math.abs(y.doubleValue()));
            return Math.abs(x.doubleValue() - y.doubleValue()) / scale;
        }
        if (a instanceof double[] x && b instanceof double[] y && x.length == y.length) {
            double largest = 0;
            for (int k = 0; k < x.length; k++) {
                if (Double.compare(x[k], y[k]) != 0) {
                    largest = Math.max(largest, distance(x[k], y[k]));
                }
            }
            return largest;
        }
        return Double.NaN;
    }

    private static String text(Object value) {
        return value instanceof double[] list ? Arrays.toString(list) : String.valueOf(value);
    }
}
