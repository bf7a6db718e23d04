package io.github.finitentk.experiment;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a sweep computes: one quantity at every cell of one or several grids.
 *
 * @param quantity with its settings
 * @param grids at least one; a cell that is in several counts once, where it appears first
 * @param seed of all random numbers
 */
public record SweepSpec(Quantity quantity, List<Grid> grids, long seed) {

    /** More cells than this are taken for a slip of the pen. */
    public static final long MAX_CELLS = 10_000_000;

    private static final Set<String> YAML_WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** @throws IllegalArgumentException if there are too many cells, or the quantity is not defined at one */
    public SweepSpec {
        grids = List.copyOf(grids);
        if (grids.isEmpty()) {
            throw new IllegalArgumentException("A sweep needs at least 1 grid.");
        }
        double cells = grids.stream().mapToDouble(Grid::size).sum();
        if (cells > MAX_CELLS) {
            throw new IllegalArgumentException(
                    "This sweep has " + cells + " cells; at most " + MAX_CELLS + " are allowed.");
        }
        for (Grid grid : grids) {
            grid.cells().forEach(quantity::check);
        }
    }

    /** Builds a sweep of a quantity by its name in specifications. */
    public static SweepSpecBuilder builder(String quantity) {
        return new SweepSpecBuilder(quantity);
    }

    /** A sweep over one grid. */
    public static SweepSpec of(Quantity quantity, Grid grid, long seed) {
        return new SweepSpec(quantity, List.of(grid), seed);
    }

    /** All cells in grid order, each once. A view that makes each cell when it is asked for. */
    public List<Cell> cells() {
        return grids.size() == 1 ? grids.get(0).cells() : new GridUnion(grids);
    }

    /** The number of cells. */
    public int size() {
        return cells().size();
    }

    /** The sweep as a specification that {@link SweepSpecFile} reads, equal exactly for equal sweeps. */
    public String canonical() {
        StringBuilder text = new StringBuilder();
        entries()
                .forEach((key, value) ->
                        text.append(key).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** What tells this sweep from another one, key by key in a few words; empty if they are equal. */
    public Optional<String> differenceFrom(SweepSpec other) {
        Map<String, String> mine = entries();
        Map<String, String> theirs = other.entries();
        Set<String> keys = new LinkedHashSet<>(mine.keySet());
        keys.addAll(theirs.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String here = mine.get(key);
            String there = theirs.get(key);
            if (here == null || !here.equals(there)) {
                differences.add("it has \"" + entry(key, there) + "\", now it is \"" + entry(key, here) + "\"");
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    private static String entry(String key, String value) {
        return value == null ? "no " + key : key + ": " + value;
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("quantity", scalar(quantity.name()));
        if (grids.size() == 1) {
            entries.putAll(axes(grids.get(0)));
        } else {
            entries.put(
                    "grids",
                    grids.stream()
                            .map(grid -> axes(grid).entrySet().stream()
                                    .map(axis -> axis.getKey() + ": " + axis.getValue())
                                    .collect(Collectors.joining(", ", "{", "}")))
                            .collect(Collectors.joining(", ", "[", "]")));
        }
        quantity.settings().forEach((key, value) -> entries.put(key, value(value)));
        entries.put("seed", Long.toString(seed));
        return entries;
    }

    private static Map<String, String> axes(Grid grid) {
        Map<String, String> axes = new LinkedHashMap<>();
        axes.put(
                Cell.ACTIVATION.name(),
                grid.activations().stream().map(a -> quoted(a.label())).toList().toString());
        axes.put(Cell.SIGMA_W2.name(), grid.sigmaW2().toString());
        axes.put(Cell.SIGMA_B2.name(), grid.sigmaB2().toString());
        axes.put(Cell.DEPTH.name(), grid.depths().toString());
        axes.put(Cell.WIDTH.name(), grid.widths().toString());
        return axes;
    }

    private static String value(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(SweepSpec::scalar).toList().toString()
                : scalar(value);
    }

    private static String scalar(Object value) {
        String text = value.toString();
        boolean plain = !(value instanceof String) || text.matches("[a-z][a-z0-9_-]*") && !YAML_WORDS.contains(text);
        return plain ? text : quoted(text);
    }

    // A JSON string is a YAML one.
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\b' -> quoted.append("\\b");
                case '\t' -> quoted.append("\\t");
                case '\n' -> quoted.append("\\n");
                case '\f' -> quoted.append("\\f");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append(c < ' ' ? "\\u00" + HEX.toHexDigits((byte) c) : c);
            }
        }
        return quoted.append('"').toString();
    }
}
