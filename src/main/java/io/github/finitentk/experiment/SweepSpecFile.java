package io.github.finitentk.experiment;

import io.github.finitentk.internal.OptionalDependency;
import io.github.finitentk.internal.files.Sentence;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Reads a {@link SweepSpec} from YAML or JSON (which is YAML). Strict: what is not understood is named with its line.
 *
 * <pre>
 * quantity: variance
 * activation: [relu, tanh]
 * sigma_w2: {from: 1, to: 4, step: 0.25}
 * sigma_b2: 1
 * depth: [5, 10, 20]
 * width: 100
 * method: auto        # the settings of the quantity; here, as elsewhere, the default
 * draws: 200
 * seed: 0             # default
 * </pre>
 *
 * Instead of the five axes there may be a list of such groups of axes under the key {@code grids}.
 */
final class SweepSpecFile {

    /** The axes of a grid. */
    static final List<String> AXES = Cell.AXES.stream().map(Column::name).toList();

    /** Of all ranges: a few words can ask for a million values, and a file has room for thousands of such words. */
    private static final int MAX_VALUES = 1_500_000;

    private final Path path;
    private int rangeValues;

    private SweepSpecFile(Path path) {
        this.path = path;
    }

    /**
     * @throws IllegalArgumentException with one sentence that names the file, and the line where there is one
     * @throws UnsupportedOperationException without SnakeYAML
     */
    public static SweepSpec read(Path path) {
        return parse(SpecText.read(path), path);
    }

    /**
     * The same from text.
     *
     * @param origin the file that problems are said to be in
     */
    public static SweepSpec parse(String text, Path origin) {
        OptionalDependency.SNAKEYAML.require();
        SweepSpecFile file = new SweepSpecFile(origin);
        try {
            return file.spec(SpecParser.parse(text));
        } catch (SpecParser.SyntaxException e) {
            throw file.problem(e.line(), e.column(), e.getMessage());
        }
    }

    private SweepSpec spec(SpecNode root) {
        if (root == null || root.map() == null) {
            throw problem(1, "it must be a list of keys and values, such as \"quantity: variance\"");
        }
        Map<String, SpecNode> entries = root.map();
        SpecNode name = required(entries, "quantity");
        QuantityType type = at(name, () -> Quantities.type(word("quantity", name)));
        Set<String> allowed = new LinkedHashSet<>(List.of("quantity", "seed"));
        allowed.addAll(entries.containsKey("grids") ? List.of("grids") : AXES);
        type.keys().forEach(key -> allowed.add(key.name()));
        requireKnown(entries, allowed);
        List<Grid> grids = new ArrayList<>();
        if (entries.containsKey("grids")) {
            for (SpecNode node : entries.get("grids").list()) {
                if (node.map() == null) {
                    throw problem(node.line(), "grids must be a list of groups of the keys " + AXES);
                }
                requireKnown(node.map(), Set.copyOf(AXES));
                grids.add(grid(node.map()));
            }
        } else {
            grids.add(grid(entries));
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        for (Setting<?> key : type.keys()) {
            SpecNode node = entries.get(key.name());
            if (node != null) {
                Object value = value(key, node);
                settings.put(key.name(), at(node, () -> key.accept(value)));
            }
        }
        long seed = entries.containsKey("seed") ? integer("seed", one("seed", entries.get("seed"))) : 0;
        try {
            return new SweepSpec(type.create(Quantity.Settings.of(type, settings)), grids, seed);
        } catch (IllegalArgumentException e) {
            throw problem(0, plain(e));
        }
    }

    private void requireKnown(Map<String, SpecNode> entries, Set<String> allowed) {
        entries.forEach((key, node) -> {
            if (!allowed.contains(key)) {
                throw problem(node.line(), "unknown key \"" + key + "\"; allowed are " + new TreeSet<>(allowed));
            }
        });
    }

    private Grid grid(Map<String, SpecNode> entries) {
        List<Activation> activations = new ArrayList<>();
        String activation = Cell.ACTIVATION.name();
        SpecNode names = required(entries, activation);
        for (SpecNode node : values(activation, names)) {
            activations.add(at(node, () -> Activations.parse(word(activation, node))));
        }
        List<Double> sigmaW2 = numbers(Cell.SIGMA_W2.name(), entries);
        List<Double> sigmaB2 = numbers(Cell.SIGMA_B2.name(), entries);
        List<Integer> depths = integers(Cell.DEPTH.name(), entries);
        List<Integer> widths = integers(Cell.WIDTH.name(), entries);
        return at(names, () -> new Grid(activations, sigmaB2, widths, sigmaW2, depths));
    }

    private Object value(Setting<?> key, SpecNode node) {
        List<SpecNode> nodes = key.isList() ? values(key.name(), node) : List.of(one(key.name(), node));
        if (key.isNumeric()) {
            nodes.forEach(value -> requirePlain(key.name(), value));
        }
        List<Object> values = nodes.stream().map(SpecNode::setting).toList();
        return key.isList() ? values : values.get(0);
    }

    private SpecNode required(Map<String, SpecNode> entries, String key) {
        SpecNode node = entries.get(key);
        if (node == null) {
            throw problem(0, "the key " + key + " is missing");
        }
        return node;
    }

    private List<Double> numbers(String key, Map<String, SpecNode> entries) {
        return values(key, required(entries, key)).stream()
                .map(node -> number(key, node))
                .toList();
    }

    private List<Integer> integers(String key, Map<String, SpecNode> entries) {
        return values(key, required(entries, key)).stream()
                .map(node -> {
                    long value = integer(key, node);
                    if (value != (int) value) {
                        throw problem(node.line(), key + " must be a whole number below 2^31, not " + value);
                    }
                    return (int) value;
                })
                .toList();
    }

    // One value, a list or a range: its scalars.
    private List<SpecNode> values(String key, SpecNode node) {
        if (node.map() != null) {
            return range(key, node);
        }
        if (node.list().isEmpty()) {
            throw problem(node.line(), "the list " + key + " is empty");
        }
        for (SpecNode element : node.list()) {
            requireScalar(key, element);
        }
        return node.list();
    }

    private SpecNode one(String key, SpecNode node) {
        if (node.value() == null) {
            throw problem(node.line(), key + " has no value");
        }
        if (!node.isScalar()) {
            throw problem(node.line(), key + " takes one value");
        }
        return node;
    }

    private void requireScalar(String key, SpecNode node) {
        if (!node.isScalar()) {
            throw problem(
                    node.line(),
                    "the value of " + key + " must be a number, a word, a list of them, or {from, to, step}");
        }
    }

    private String word(String key, SpecNode node) {
        if (!(node.value() instanceof String text)) {
            throw problem(node.line(), key + " must be a word, not " + node);
        }
        return SpecNode.abbreviated(text);
    }

    private List<SpecNode> range(String key, SpecNode node) {
        Map<String, SpecNode> bounds = node.map();
        if (!bounds.keySet().equals(Set.of("from", "to", "step"))) {
            throw problem(node.line(), "the range of " + key + " must be {from: number, to: number, step: number}");
        }
        BigDecimal from = decimal(key, bounds.get("from"));
        BigDecimal to = decimal(key, bounds.get("to"));
        BigDecimal step = decimal(key, bounds.get("step"));
        List<BigDecimal> values;
        try {
            values = Grid.decimalRange(from, to, step);
        } catch (IllegalArgumentException e) {
            throw problem(node.line(), plain(e).replaceFirst("^The range", "the range of " + key));
        }
        rangeValues += values.size();
        if (rangeValues > MAX_VALUES) {
            throw problem(node.line(), "the ranges up to here have more than " + MAX_VALUES + " values");
        }
        return values.stream()
                .map(value -> new SpecNode(node.line(), node.column(), value))
                .toList();
    }

    private double number(String key, SpecNode node) {
        return decimal(key, node).doubleValue();
    }

    private BigDecimal decimal(String key, SpecNode node) {
        requirePlain(key, node);
        if (!(node.value() instanceof BigDecimal number)) {
            throw problem(node.line(), key + " must hold numbers, not " + node);
        }
        return number;
    }

    // Texts that look like numbers are no numbers, and the sentence says why.
    private void requirePlain(String key, SpecNode node) {
        if (node.value() instanceof String text) {
            SpecNumber.refusal(text).ifPresent(why -> {
                throw problem(node.line(), node.column(), key + " must be a plain decimal number, but " + why);
            });
        }
    }

    private long integer(String key, SpecNode node) {
        BigDecimal number = decimal(key, one(key, node));
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            throw problem(node.line(), key + " must be a whole number, not " + node);
        }
    }

    private <T> T at(SpecNode node, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw problem(node.line(), plain(e));
        }
    }

    private static String plain(IllegalArgumentException e) {
        return e.getMessage().replaceAll("\\.$", "");
    }

    private IllegalArgumentException problem(int line, int column, String what) {
        return new IllegalArgumentException(
                Sentence.of(path + ", line " + line + ", column " + column + ": " + what + "."));
    }

    private IllegalArgumentException problem(int line, String what) {
        return new IllegalArgumentException(Sentence.of(path + (line > 0 ? ", line " + line : "") + ": " + what + "."));
    }
}
