package io.github.finitentk.report.html;

import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.internal.Version;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.FigureStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The document that the scripts of a page read: everything they show, column by column. */
final class PageData {

    /** Tolerances that the reader can choose from, in percent. */
    static final List<Integer> TOLERANCES = List.of(5, 10, 20, 30, 50);

    private static final int SHADES = 65;

    private PageData() {}

    /**
     * @param name of the run
     * @param command that makes the page again
     */
    static Map<String, Object> of(FinishedCells table, String name, String command) {
        Theory theory = new Theory(table);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("quantity", table.quantity());
        data.put("version", Version.text());
        data.put("command", command);
        data.put("total", table.total());
        data.put("manifest", table.manifest());
        data.put("columns", columns(table));
        data.put("measures", Measure.of(table.columns()));
        data.put("borders", theory.borders());
        data.put("exact", exact(table, theory));
        data.put("limit", theory.limit());
        data.put("networks", networks(table, theory));
        data.put("reading", new Reading(table, theory).sentences());
        data.put("colours", colours());
        return data;
    }

    private static List<Map<String, Object>> columns(FinishedCells table) {
        List<Map<String, Object>> columns = new ArrayList<>();
        columns.add(column(
                table, "activation", "text", "", row -> row.cell().activation().label()));
        columns.add(column(
                table, "sigma_w2", "real", "weight variance", row -> row.cell().sigmaW2()));
        columns.add(column(
                table, "sigma_b2", "real", "bias variance", row -> row.cell().sigmaB2()));
        columns.add(column(
                table, "depth", "integer", "weight layers L", row -> row.cell().depth()));
        columns.add(column(
                table, "width", "integer", "hidden width M", row -> row.cell().width()));
        columns.add(column(
                table, "status", "text", "", row -> row.result().status().name().toLowerCase(Locale.ROOT)));
        if (table.rows().stream().anyMatch(row -> row.result().reason() != null)) {
            columns.add(column(table, "reason", "text", "", row -> row.result().reason()));
        }
        for (int k = 0; k < table.columns().size(); k++) {
            int position = k;
            Column column = table.columns().get(k);
            columns.add(column(
                    table,
                    column.name(),
                    column.type().name().toLowerCase(Locale.ROOT),
                    column.description(),
                    row -> row.result().values().get(position)));
        }
        columns.add(column(
                table,
                "seconds",
                "real",
                "time of the computation alone",
                row -> row.result().seconds()));
        return columns;
    }

    private static Map<String, Object> column(
            FinishedCells table, String name, String type, String description, Function<SweepRow, Object> value) {
        Map<String, Object> column = new LinkedHashMap<>();
        column.put("name", name);
        column.put("type", type);
        column.put("description", pretty(description));
        column.put("values", table.rows().stream().map(value).collect(Collectors.toList()));
        return column;
    }

    /** Tables are plain ASCII, pages need not be. */
    private static String pretty(String description) {
        return description
                .replace("Theta", "Θ")
                .replace("^2", "²")
                .replace("^t", "ᵗ")
                .replace("^0", "⁰");
    }

    /** By row; empty if no cell has an exact ratio. */
    private static List<Double> exact(FinishedCells table, Theory theory) {
        List<Double> ratios = table.rows().stream()
                .map(row ->
                        row.result().status() == CellResult.Status.FAILED ? Double.NaN : theory.exactRatio(row.cell()))
                .toList();
        return ratios.stream().allMatch(ratio -> ratio.isNaN()) ? List.of() : ratios;
    }

    /** By tolerance: what the run says of each kind of network, and of the widest ones in words. */
    private static Map<String, Object> networks(FinishedCells table, Theory theory) {
        Map<String, Object> networks = new LinkedHashMap<>();
        for (int percent : TOLERANCES) {
            List<NetworkReading> readings = NetworkReading.of(table, theory, percent);
            if (!readings.isEmpty()) {
                Criterion judgement = Criterion.of(table.quantity(), percent).orElseThrow();
                int widest =
                        readings.stream().mapToInt(NetworkReading::width).max().orElseThrow();
                List<String> sentences = readings.stream()
                        .filter(network -> network.width() == widest)
                        .map(network -> network.sentence(judgement))
                        .toList();
                networks.put(
                        Integer.toString(percent),
                        Map.of("sentences", sentences, "kinds", readings, "judgement", judgement));
            }
        }
        return networks;
    }

    /** The gradients of both figure styles, so that page and pictures show equal colours. */
    private static Map<String, Object> colours() {
        Map<String, Object> colours = new LinkedHashMap<>();
        for (FigureStyle style : FigureStyle.values()) {
            Map<String, Object> gradients = new LinkedHashMap<>();
            gradients.put("diverging", shades(style.around(0.5, 0, 1)));
            gradients.put("sequential", shades(style.sequential(0, 1)));
            colours.put(style.name().toLowerCase(Locale.ROOT), gradients);
        }
        return colours;
    }

    private static List<String> shades(ColorScale scale) {
        return IntStream.range(0, SHADES)
                .mapToObj(k -> scale.color(k / (SHADES - 1.0)))
                .flatMap(color -> Stream.of(String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff)))
                .toList();
    }
}
