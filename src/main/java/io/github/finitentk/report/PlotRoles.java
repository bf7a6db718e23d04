package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a {@link Plot} draws over what. Axes of the run that nobody gave a role get one: two axes of numbers make a map, one a
 * line; what else varies has lines, then panels, so that no two cells of one place are ever drawn over each other.
 *
 * @param y null of lines
 * @param lines empty of maps
 */
record PlotRoles(PlotColumn x, PlotColumn y, List<PlotColumn> lines, List<PlotColumn> panels) {

    /** More lines of one axis than this get panels instead. */
    private static final int MAX_LINES = 40;

    private static final List<String> ACROSS = List.of("sigma_w2", "sigma_b2", "width", "depth");
    private static final List<String> UP = List.of("depth", "sigma_b2", "width", "sigma_w2");
    private static final List<String> ALONG = List.of("depth", "sigma_w2", "width", "sigma_b2");
    private static final List<String> LINES = List.of("width", "sigma_w2", "sigma_b2", "depth");

    boolean isMap() {
        return y != null;
    }

    /**
     * @param x given, or null; likewise all others, of which lists are empty
     * @param values how many values each axis of the run has
     */
    static PlotRoles of(
            PlotColumn x,
            PlotColumn y,
            List<PlotColumn> lines,
            List<PlotColumn> panels,
            Map<PlotColumn, Integer> values,
            Optional<String> steps) {
        List<PlotColumn> free = values.entrySet().stream()
                .filter(axis -> axis.getValue() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(ArrayList::new));
        for (PlotColumn given : all(x, y, lines, panels)) {
            free.removeIf(axis -> uses(given, axis.column()));
        }
        boolean map =
                y != null || x == null && lines.isEmpty() && numbers(free).size() >= 2 && steps(free, steps) == null;
        if (map) {
            PlotColumn across = x != null ? x : take(free, ACROSS);
            PlotColumn up = y != null ? y : take(free, UP);
            if (across == null) {
                throw new IllegalArgumentException("A map needs two columns, but beside " + up.name()
                        + " no axis of the run varies; name one as x, or draw a line over "
                        + up.name() + ".");
            }
            return new PlotRoles(across, up, List.of(), join(panels, free));
        }
        if (x == null) {
            x = steps(free, steps);
            free.remove(x);
        }
        if (x == null) {
            x = take(free, ALONG);
        }
        if (x == null) {
            x = values.keySet().stream()
                    .filter(axis -> axis.column().equals(Cell.SIGMA_W2))
                    .findFirst()
                    .orElseThrow();
        }
        if (lines.isEmpty()) {
            PlotColumn line = take(free, LINES);
            if (line == null && !free.isEmpty()) {
                line = free.remove(0);
            }
            if (line != null && values.get(line) > MAX_LINES) {
                free.add(line);
                line = null;
            }
            lines = line == null ? List.of() : List.of(line);
        }
        return new PlotRoles(x, null, lines, join(panels, free));
    }

    private static List<PlotColumn> all(
            PlotColumn x, PlotColumn y, Collection<PlotColumn> lines, Collection<PlotColumn> panels) {
        List<PlotColumn> all = new ArrayList<>(lines);
        all.addAll(panels);
        if (x != null) {
            all.add(x);
        }
        if (y != null) {
            all.add(y);
        }
        return all;
    }

    private static List<PlotColumn> join(List<PlotColumn> some, List<PlotColumn> more) {
        List<PlotColumn> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    // In units of another column cells still differ in this one, but in two of them nothing tells what is what.
    private static boolean uses(PlotColumn given, Column<?> axis) {
        return given.column().equals(axis);
    }

    private static List<PlotColumn> numbers(List<PlotColumn> axes) {
        return axes.stream().filter(axis -> !axis.isText()).toList();
    }

    private static PlotColumn steps(List<PlotColumn> free, Optional<String> steps) {
        return free.stream()
                .filter(axis -> steps.isPresent() && axis.name().equals(steps.get()))
                .findFirst()
                .orElse(null);
    }

    /** Removes the first of these names that is there; null if none is. */
    private static PlotColumn take(List<PlotColumn> free, List<String> names) {
        for (String name : names) {
            for (PlotColumn axis : free) {
                if (axis.name().equals(name)) {
                    free.remove(axis);
                    return axis;
                }
            }
        }
        return null;
    }
}
