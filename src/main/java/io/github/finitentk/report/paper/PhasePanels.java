package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Panels over {@code sigma_w^2} and depth for any quantity: one per activation, bias variance and width, with the dashed
 * border {@code chi_1 = 1} between the phases. For a {@link HeatMapFigure}, whose axes have these meanings if not told
 * otherwise.
 */
final class PhasePanels {

    private record Key(Activation activation, double sigmaB2, int width) {

        static Key of(Cell cell) {
            return new Key(cell.activation(), cell.sigmaB2(), cell.width());
        }
    }

    private PhasePanels() {}

    /**
     * Groups cells into panels, which appear in the order in which their first cells do. Titles name the activation and
     * what else tells the panels apart: width, bias variance, or both.
     *
     * @param items one for each cell
     * @param value what a cell's colour shows; NaN if it is missing, {@code +infinity} if it diverged
     * @param mark a sign in the cell, or null
     */
    static <T> List<HeatMapPanel> of(
            List<T> items, Function<T, Cell> cell, ToDoubleFunction<T> value, Function<T, CellGrid.Mark> mark) {
        Map<Key, List<T>> groups = items.stream()
                .collect(Collectors.groupingBy(
                        item -> Key.of(cell.apply(item)), LinkedHashMap::new, Collectors.toList()));
        boolean biases = groups.keySet().stream().map(Key::sigmaB2).distinct().count() > 1;
        boolean widths = groups.keySet().stream().map(Key::width).distinct().count() > 1 || !biases;
        List<HeatMapPanel> panels = new ArrayList<>();
        groups.forEach((key, own) -> panels.add(panel(title(key, biases, widths), key, own, cell, value, mark)));
        return panels;
    }

    private static String title(Key key, boolean biases, boolean widths) {
        return Activations.displayName(key.activation)
                + (biases ? ", $\\sigma_b^2 = " + Double.toString(key.sigmaB2).replaceAll("\\.0$", "") + "$" : "")
                + (widths ? ", $M = " + key.width + "$" : "");
    }

    private static <T> HeatMapPanel panel(
            String title,
            Key key,
            List<T> items,
            Function<T, Cell> cell,
            ToDoubleFunction<T> value,
            Function<T, CellGrid.Mark> mark) {
        List<Cell> cells = items.stream().map(cell).toList();
        double[] x =
                cells.stream().mapToDouble(Cell::sigmaW2).distinct().sorted().toArray();
        double[] y = cells.stream().mapToDouble(Cell::depth).distinct().sorted().toArray();
        double[][] values = new double[y.length][x.length];
        for (double[] line : values) {
            Arrays.fill(line, Double.NaN);
        }
        for (T item : items) {
            values[row(y, cell.apply(item))][column(x, cell.apply(item))] = value.applyAsDouble(item);
        }
        HeatMapPanel panel = HeatMapPanel.of(title, new CellGrid(x, y, values));
        for (T item : items) {
            CellGrid.Mark sign = mark.apply(item);
            if (sign != null) {
                panel = panel.withMark(column(x, cell.apply(item)), row(y, cell.apply(item)), sign);
            }
        }
        PhaseBoundary.Point border = new PhaseBoundary(key.activation).at(key.sigmaB2);
        return border.exists() ? panel.withBorder(border.sigmaW2()) : panel;
    }

    private static int column(double[] x, Cell cell) {
        return Arrays.binarySearch(x, cell.sigmaW2());
    }

    private static int row(double[] y, Cell cell) {
        return Arrays.binarySearch(y, cell.depth());
    }
}
