package io.github.finitentk.experiment;

import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BooleanSupplier;
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
    /** Longer values are shortened where two specifications are compared. */
    private static final int QUOTED = 100;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** @throws IllegalArgumentException if there are too many cells, or the quantity is not defined at one */
    public SweepSpec {
        grids = List.copyOf(grids);
        if (grids.isEmpty()) {
            throw new IllegalArgumentException("A sweep needs at least 1 grid.");
        }
        double cells = grids.stream().mapToDouble(Grid::size).sum() * quantity.rowsPerCell();
        if (cells > MAX_CELLS) {
            throw new IllegalArgumentException(
                    "This sweep has " + cells + " cells; at most " + MAX_CELLS + " are allowed.");
        }
        for (Grid grid : grids) {
            grid.cells().forEach(quantity::check);
        }
    }

    /**
     * What a sweep will take, roughly: estimates from the quantity, before anything runs.
     *
     * @param cells how many
     * @param units groups of cells that are computed together
     * @param seconds on the given number of threads
     * @param bytes of memory at the largest
     */
    public record Estimate(int cells, int units, double seconds, double bytes) {}

    /** Builds a sweep of a quantity by its name in specifications. */
    public static Builder builder(String quantity) {
        return new Builder(quantity);
    }

    /** A sweep over one grid. */
    public static SweepSpec of(Quantity quantity, Grid grid, long seed) {
        return new SweepSpec(quantity, List.of(Objects.requireNonNull(grid, "grid")), seed);
    }

    /**
     * All cells in grid order, each once, or as often as the quantity has rows for it. A view that makes each cell when it is
     * asked for.
     */
    public List<Cell> cells() {
        List<Cell> cells = grids.size() == 1 ? grids.get(0).cells() : new GridUnion(grids);
        return quantity.rowsPerCell() == 1 ? cells : repeated(cells, quantity.rowsPerCell());
    }

    private static List<Cell> repeated(List<Cell> cells, int times) {
        return new AbstractList<>() {
            @Override
            public Cell get(int index) {
                return cells.get(Objects.checkIndex(index, size()) / times);
            }

            @Override
            public int size() {
                return times * cells.size();
            }
        };
    }

    /** The number of cells. */
    public int size() {
        return cells().size();
    }

    /**
     * Computes the cells that the store has not, and commits each unit of them when it ends. A cell that fails or diverges is
     * recorded and never stops the rest.
     *
     * @param engine who computes; its threads share the cells
     * @param stop asked before each unit and, through {@link CellContext#stopRequested}, by units that take long; once it
     *     says true, no further unit is started and those under way are finished or leave a checkpoint
     * @return whether all cells are finished
     * @throws CellStore.StoreException if results cannot be kept
     */
    public boolean compute(CellStore store, Engine engine, Progress progress, BooleanSupplier stop) {
        return compute(Shard.WHOLE.cells(this), store, engine, progress, stop);
    }

    /**
     * The same for some of the cells: a {@link Shard}, say.
     *
     * @param cells those that are wanted, by their place in grid order; not to be modified meanwhile
     * @return whether all of these are finished
     * @throws CellStore.StoreException if results cannot be kept
     */
    public boolean compute(BitSet cells, CellStore store, Engine engine, Progress progress, BooleanSupplier stop) {
        return new SweepRunner(this, cells, engine).run(store, progress, stop);
    }

    /** What it will take on a number of threads that work at once. */
    public Estimate estimate(int threads) {
        return estimate(Shard.WHOLE.cells(this), threads);
    }

    /**
     * What some of its cells will take.
     *
     * @param part these, by their place in grid order
     */
    public Estimate estimate(BitSet part, int threads) {
        List<Cell> cells = cells();
        DoubleSummaryStatistics seconds = new DoubleSummaryStatistics();
        PriorityQueue<Double> largest = new PriorityQueue<>();
        for (List<Integer> indices : quantity.units(cells)) {
            List<Cell> unit = indices.stream().filter(part::get).map(cells::get).toList();
            if (unit.isEmpty()) {
                continue;
            }
            seconds.accept(quantity.seconds(unit));
            largest.add(quantity.bytes(unit));
            if (largest.size() > threads) {
                largest.remove();
            }
        }
        // Fewer units than threads share all threads, one after the other; else no run is shorter than its longest
        // unit.
        boolean shared = seconds.getCount() < threads;
        double longest = shared ? 0 : seconds.getMax();
        double bytes = largest.stream()
                .sorted(Comparator.reverseOrder())
                .limit(shared ? 1 : threads)
                .mapToDouble(Double::doubleValue)
                .sum();
        return new Estimate(
                part.cardinality(), (int) seconds.getCount(), Math.max(seconds.getSum() / threads, longest), bytes);
    }

    /**
     * Reads a specification in YAML or JSON (which is YAML). Strict: what is not understood is named with its line.
     *
     * @throws IllegalArgumentException with one sentence that names the file, and the line where there is one
     * @throws UnsupportedOperationException without SnakeYAML
     */
    public static SweepSpec read(Path path) {
        return SweepSpecFile.read(path);
    }

    /**
     * The same from text.
     *
     * @param origin the file that problems are said to be in
     */
    public static SweepSpec parse(String text, Path origin) {
        return SweepSpecFile.parse(text, origin);
    }

    /** The JSON Schema of specifications, for editors: maps, lists, texts and numbers in a fixed order. */
    public static Map<String, Object> schema() {
        return SpecSchema.of(Quantity.types());
    }

    /** The sweep as a specification that {@link #parse} reads, equal exactly for equal sweeps. */
    public String canonical() {
        StringBuilder text = new StringBuilder();
        entries()
                .forEach((key, value) ->
                        text.append(key).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** What tells this sweep from another one, key by key in a few words; empty if they are equal. */
    public Optional<String> differenceFrom(SweepSpec other) {
        return differenceFrom(other, "now it is");
    }

    /**
     * The same.
     *
     * @param mine begins what is said of this sweep: {@code it has "seed: 0", now it is "seed: 3"}, where this is {@code now it is}
     */
    public Optional<String> differenceFrom(SweepSpec other, String mine) {
        Map<String, String> ours = entries();
        Map<String, String> theirs = other.entries();
        Set<String> keys = new LinkedHashSet<>(ours.keySet());
        keys.addAll(theirs.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String here = ours.get(key);
            String there = theirs.get(key);
            if (here == null || !here.equals(there)) {
                differences.add(
                        "it has \"" + entry(key, there, here) + "\", " + mine + " \"" + entry(key, here, there) + "\"");
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    // Of long values, what is about their first difference.
    private static String entry(String key, String value, String other) {
        if (value == null) {
            return "no " + key;
        }
        int same = 0;
        while (other != null
                && same < Math.min(value.length(), other.length())
                && value.charAt(same) == other.charAt(same)) {
            same++;
        }
        int from = value.length() <= QUOTED ? 0 : Math.max(0, same - QUOTED / 4);
        int to = Math.min(value.length(), from + QUOTED);
        return key + ": " + (from > 0 ? "..." : "") + value.substring(from, to) + (to < value.length() ? "..." : "");
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

    /**
     * Builds a {@link SweepSpec} in the words of a specification:
     *
     * <pre>
     * SweepSpec spec = SweepSpec.builder("variance")
     *         .activations(Activations.RELU, Activations.TANH)
     *         .sigmaW2(Grid.range(1, 4, 0.25))
     *         .sigmaB2(1)
     *         .depths(5, 10, 20)
     *         .widths(100)
     *         .set("draws", 500)
     *         .seed(7)
     *         .build();
     * </pre>
     */
    public static final class Builder {

        private final String quantity;
        private final Map<String, Object> settings = new LinkedHashMap<>();
        private final List<Grid> grids = new ArrayList<>();
        private List<Activation> activations = List.of();
        private List<Double> sigmaW2 = List.of();
        private List<Double> sigmaB2 = List.of();
        private List<Integer> depths = List.of();
        private List<Integer> widths = List.of();
        private long seed;

        Builder(String quantity) {
            this.quantity = quantity;
        }

        public Builder activations(Activation... values) {
            activations = List.of(values);
            return this;
        }

        public Builder sigmaW2(double... values) {
            return sigmaW2(Arrays.stream(values).boxed().toList());
        }

        public Builder sigmaW2(List<Double> values) {
            sigmaW2 = values;
            return this;
        }

        public Builder sigmaB2(double... values) {
            return sigmaB2(Arrays.stream(values).boxed().toList());
        }

        public Builder sigmaB2(List<Double> values) {
            sigmaB2 = values;
            return this;
        }

        public Builder depths(int... values) {
            return depths(Arrays.stream(values).boxed().toList());
        }

        public Builder depths(List<Integer> values) {
            depths = values;
            return this;
        }

        public Builder widths(int... values) {
            return widths(Arrays.stream(values).boxed().toList());
        }

        public Builder widths(List<Integer> values) {
            widths = values;
            return this;
        }

        /**
         * Ends a grid: the axes so far are its axes. Axes that are set afterwards belong to the next one, which keeps the others.
         *
         * @throws IllegalArgumentException if an axis has no value
         */
        public Builder grid() {
            grids.add(new Grid(activations, sigmaB2, widths, sigmaW2, depths));
            return this;
        }

        /** A setting of the quantity by its key in specifications: a word, number, truth value or list of numbers. */
        public Builder set(String key, Object value) {
            settings.put(key, value);
            return this;
        }

        /** Default 0. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * @throws IllegalArgumentException if an axis has no value, a setting is unknown or out of range, or there are too many
         *     cells
         */
        public SweepSpec build() {
            if (grids.isEmpty()) {
                grid();
            }
            return new SweepSpec(Quantity.of(quantity, settings), grids, seed);
        }
    }
}
