package io.github.finitentk.report.paper;

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

/**
 * Panels over {@code sigma_w^2} and depth for any quantity: one per activation, bias variance and width, with the dashed
 * border {@code chi_1 = 1} between the phases. For a {@link HeatMapFigure}, whose axes have these meanings if not told
 * otherwise.
 */
final class PhasePanels {

    /**
     * One cell.
     *
     * @param value what its colour shows; NaN if it is missing, {@code +infinity} if it diverged
     * @param mark a sign in the cell, or null
     */
    record Point(
            Activation activation,
            double sigmaW2,
            double sigmaB2,
            int depth,
            int width,
            double value,
            CellGrid.Mark mark) {}

    private record Key(Activation activation, double sigmaB2, int width) {}

    private PhasePanels() {}

    /**
     * Groups cells into panels, which appear in the order in which their first cells do. Titles name the activation and
     * what else tells the panels apart: width, bias variance, or both.
     */
    static List<HeatMapPanel> of(List<Point> points) {
        Map<Key, List<Point>> groups = new LinkedHashMap<>();
        for (Point point : points) {
            groups.computeIfAbsent(
                            new Key(point.activation(), point.sigmaB2(), point.width()), key -> new ArrayList<>())
                    .add(point);
        }
        boolean biases = groups.keySet().stream().map(Key::sigmaB2).distinct().count() > 1;
        boolean widths = groups.keySet().stream().map(Key::width).distinct().count() > 1 || !biases;
        List<HeatMapPanel> panels = new ArrayList<>();
        groups.forEach((key, cells) -> panels.add(panel(title(key, biases, widths), key, cells)));
        return panels;
    }

    private static String title(Key key, boolean biases, boolean widths) {
        return Activations.displayName(key.activation)
                + (biases ? ", $\\sigma_b^2 = " + Double.toString(key.sigmaB2).replaceAll("\\.0$", "") + "$" : "")
                + (widths ? ", $M = " + key.width + "$" : "");
    }

    private static HeatMapPanel panel(String title, Key key, List<Point> points) {
        double[] x =
                points.stream().mapToDouble(Point::sigmaW2).distinct().sorted().toArray();
        double[] y =
                points.stream().mapToDouble(Point::depth).distinct().sorted().toArray();
        double[][] values = new double[y.length][x.length];
        for (double[] line : values) {
            Arrays.fill(line, Double.NaN);
        }
        for (Point point : points) {
            values[Arrays.binarySearch(y, point.depth())][Arrays.binarySearch(x, point.sigmaW2())] = point.value();
        }
        HeatMapPanel panel = HeatMapPanel.of(title, new CellGrid(x, y, values));
        for (Point point : points) {
            if (point.mark() != null) {
                panel = panel.withMark(
                        Arrays.binarySearch(x, point.sigmaW2()), Arrays.binarySearch(y, point.depth()), point.mark());
            }
        }
        PhaseBoundary.Point border = new PhaseBoundary(key.activation).at(key.sigmaB2);
        return border.exists() ? panel.withBorder(border.sigmaW2()) : panel;
    }
}
