package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.internal.Version;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
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
        data.put("axes", axes(table));
        data.put("names", names(table));
        data.put("columns", columns(table));
        data.put("derived", derived(table));
        data.put("words", Codes.all());
        data.put("measures", Measure.of(table));
        data.put("borders", theory.borders());
        data.put("exact", exact(table, theory));
        data.put("limit", theory.limit());
        data.put("networks", networks(table, theory));
        data.put("reading", new Reading(table, theory).sentences());
        data.put("colours", colours());
        return data;
    }

    private static List<Map<String, Object>> axes(FinishedCells table) {
        return Stream.concat(table.along().stream(), Cell.AXES.stream())
                .map(axis -> Map.<String, Object>of(
                        "name", axis.name(), "title", axis.description(), "symbol", Measure.label(axis)))
                .toList();
    }

    /** Activations as pictures name them. */
    private static Map<String, String> names(FinishedCells table) {
        return table.rows().stream()
                .map(row -> row.cell().activation())
                .distinct()
                .collect(Collectors.toMap(Activation::label, Activations::displayName, (a, b) -> a));
    }

    private static List<Map<String, Object>> columns(FinishedCells table) {
        List<Column<?>> columns = new ArrayList<>(Cell.AXES);
        columns.add(SweepRow.STATUS);
        if (table.rows().stream().anyMatch(row -> row.reason() != null)) {
            columns.add(SweepRow.REASON);
        }
        columns.addAll(table.columns());
        columns.add(SweepRow.SECONDS);
        return columns.stream().map(column -> column(table, column)).toList();
    }

    private static List<Map<String, Object>> derived(FinishedCells table) {
        return Derived.of(table).stream()
                .map(derived -> column(table, derived.column(), derived.value()))
                .toList();
    }

    private static Map<String, Object> column(FinishedCells table, Column<?> column) {
        return column(table, column, row -> row.get(column));
    }

    private static Map<String, Object> column(FinishedCells table, Column<?> column, Function<SweepRow, Object> value) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", column.name());
        data.put("type", column.type().label());
        data.put("description", pretty(column.description()));
        data.put("values", table.rows().stream().map(value).collect(Collectors.toList()));
        column.index().ifPresent(symbol -> data.put("index", index(table, column, symbol)));
        return data;
    }

    /** What the places of lists stand for: values, or a column that holds them, if there are any. */
    private static Map<String, Object> index(FinishedCells table, Column<?> column, String symbol) {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("symbol", Caption.plain(symbol));
        column.indexValues().ifPresent(name -> {
            Object values = table.settings().get(name);
            index.put(values == null ? "column" : "values", values == null ? name : values);
        });
        return index;
    }

    /** Tables are plain ASCII, pages need not be. */
    private static String pretty(String description) {
        return description
                .replaceAll("\\bTheta\\b", "Θ")
                .replaceAll("\\bkappa_1\\b", "κ₁")
                .replaceAll("\\bkappa_2\\b", "κ₂")
                .replaceAll("\\bchi_1\\b", "χ₁")
                .replaceAll("\\blambda", "λ")
                .replaceAll("\\beta λ", "η λ")
                .replaceAll("\\bsigma_([wb])", "σ_$1")
                .replaceAll("\\bc0\\b", "c₀")
                .replace("^2", "²")
                .replace("^t", "ᵗ")
                .replace("^0", "⁰");
    }

    /** By row; empty if no cell has an exact ratio. */
    private static List<Double> exact(FinishedCells table, Theory theory) {
        List<Double> ratios = table.rows().stream()
                .map(row -> row.status() == SweepRow.Status.FAILED ? Double.NaN : theory.exactRatio(row.cell()))
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
                        Map.of(
                                "sentences",
                                sentences,
                                "kinds",
                                readings,
                                "question",
                                judgement.question(),
                                "holds",
                                judgement.holds(),
                                "fails",
                                judgement.fails()));
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
