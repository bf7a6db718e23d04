package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.store.RunReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The columns of a run, as a {@link Plot} names them. */
final class PlotColumns {

    private static final Pattern ENTRY = Pattern.compile("(.+)\\[([0-9]{1,9})]");

    private final List<Column<?>> axes = new ArrayList<>();
    private final List<Column<?>> results;

    /** @param quantity what the run computes, if it is known: files have neither symbols nor intervals */
    PlotColumns(RunReader run, Optional<Quantity> quantity) {
        List<Column<?>> declared = quantity.<List<Column<?>>>map(known -> List.copyOf(known.columns()))
                .orElse(List.of());
        results = new ArrayList<>(run.columns().stream()
                .<Column<?>>map(column -> declared.contains(column) ? declared.get(declared.indexOf(column)) : column)
                .toList());
        run.along().ifPresent(along -> {
            int at = results.indexOf(along);
            axes.add(results.remove(at));
        });
        axes.addAll(Cell.AXES);
    }

    /** What tells rows apart: the step of a training, if there are several to a cell, and the cell's parameters. */
    List<PlotColumn> axes() {
        return axes.stream().map(PlotColumns::whole).toList();
    }

    /** The column that the quantity is about. */
    PlotColumn main() {
        for (Column<?> preferred :
                List.of(VarianceQuantity.RATIO, KernelChangeQuantity.CHANGE, KernelChangeQuantity.MIN_LOSS)) {
            if (results.contains(preferred)) {
                return whole(results.get(results.indexOf(preferred)));
            }
        }
        Set<Column<?>> ends = results.stream()
                .<Column<?>>mapMulti((column, add) -> {
                    column.low().ifPresent(add);
                    column.high().ifPresent(add);
                })
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (Column.Type type : List.of(Column.Type.REAL, Column.Type.REALS, Column.Type.INTEGER)) {
            Optional<Column<?>> first = results.stream()
                    .filter(column -> column.type() == type && !ends.contains(column))
                    .findFirst();
            if (first.isPresent()) {
                return type == Column.Type.REALS ? named(first.get().name() + "[1]") : whole(first.get());
            }
        }
        throw new IllegalArgumentException("The run has no column of numbers, so there is nothing to draw.");
    }

    private static PlotColumn whole(Column<?> column) {
        return new PlotColumn(column.name(), column, -1, null);
    }

    /** @throws IllegalArgumentException if there is no such axis, with the nearest and the list of all */
    PlotColumn axis(String name) {
        return axes().stream()
                .filter(axis -> axis.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        unknown("axis", name, axes.stream().map(Column::name).toList()));
    }

    /** @throws IllegalArgumentException if it holds no numbers, or there is none, with the nearest and the list of all */
    PlotColumn numbers(String name) {
        PlotColumn found = named(name);
        if (found.isText()) {
            throw new IllegalArgumentException(
                    "The column " + name + " holds texts, which have no place on a scale; numbers are in "
                            + String.join(", ", numeric()) + ".");
        }
        return found;
    }

    private List<String> numeric() {
        return all().stream()
                .filter(column -> column.type() != Column.Type.TEXT)
                .map(Column::name)
                .toList();
    }

    private List<Column<?>> all() {
        List<Column<?>> all = new ArrayList<>(axes);
        all.addAll(results);
        all.add(SweepRow.SECONDS);
        all.add(SweepRow.STATUS);
        return all;
    }

    private PlotColumn named(String name) {
        for (Column<?> column : all()) {
            if (column.name().equals(name)) {
                return whole(column);
            }
        }
        int slash = name.indexOf('/');
        if (slash > 0) {
            PlotColumn above = numbers(name.substring(0, slash).strip());
            PlotColumn below = numbers(name.substring(slash + 1).strip());
            return new PlotColumn(name, above.column(), above.entry(), below);
        }
        Matcher entry = ENTRY.matcher(name);
        if (entry.matches()) {
            PlotColumn lists = named(entry.group(1));
            int at = Integer.parseInt(entry.group(2));
            if (!lists.isList() || at < 1) {
                throw new IllegalArgumentException(
                        lists.isList()
                                ? "Entries of lists count from 1: " + entry.group(1) + "[1] is the first."
                                : "The column " + entry.group(1) + " holds no lists, so it has no entries.");
            }
            return new PlotColumn(name, lists.column(), at - 1, null);
        }
        throw unknown("column", name, all().stream().map(Column::name).toList());
    }

    private static IllegalArgumentException unknown(String what, String name, List<String> names) {
        return new IllegalArgumentException("The run has no " + what + " " + name
                + PlotText.nearest(name, names)
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse(".")
                + " It has " + String.join(", ", names) + ".");
    }
}
