package io.github.finitentk.report;

import java.util.ArrayList;
import java.util.List;

/** What a {@link Plot} draws, as a table: one line for each number. */
record PlotTable(List<PlotColumn> axes, PlotRoles roles) {

    List<String> headings() {
        List<String> headings =
                new ArrayList<>(axes.stream().map(PlotColumn::name).toList());
        extra().forEach(column -> headings.add(column.name()));
        headings.addAll(List.of("column", "value", "low", "high", "exact", "status"));
        return headings;
    }

    private List<PlotColumn> extra() {
        List<PlotColumn> extra = new ArrayList<>();
        for (PlotColumn column : roles.isMap() ? List.of(roles.x(), roles.y()) : List.of(roles.x())) {
            if (!axes.contains(column)) {
                extra.add(column);
            }
        }
        return extra;
    }

    List<List<Object>> rows(List<PlotData.Panel> panels) {
        List<List<Object>> rows = new ArrayList<>();
        for (PlotData.Panel panel : panels) {
            for (PlotPoint point : panel.points()) {
                List<Object> row = new ArrayList<>(point.axes());
                for (PlotColumn column : extra()) {
                    row.add(number(column.equals(roles.x()) ? point.x() : point.y()));
                }
                row.add(panel.value().name());
                for (double number : new double[] {point.value(), point.low(), point.high(), point.exact()}) {
                    row.add(number(number));
                }
                row.add(point.status().label());
                rows.add(row);
            }
        }
        return rows;
    }

    private static Object number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
