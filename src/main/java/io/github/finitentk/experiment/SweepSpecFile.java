package io.github.finitentk.experiment;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
public final class SweepSpecFile {

    /** The axes of a grid. */
    static final List<String> AXES = List.of("activation", "sigma_w2", "sigma_b2", "depth", "width");

    private static final int MAX_RANGE = 1_000_000;

    private final Path path;

    private SweepSpecFile(Path path) {
        this.path = path;
    }

    /** @throws IllegalArgumentException with one sentence that names the file, and the line where there is one */
    public static SweepSpec read(Path path) {
        try {
            return parse(Files.readString(path), path);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("The specification " + path + " does not exist.");
        } catch (IOException e) {
            throw new IllegalArgumentException("The specification " + path + " cannot be read as text.");
        }
    }

    /**
     * The same from text.
     *
     * @param origin the file that problems are said to be in
     */
    public static SweepSpec parse(String text, Path origin) {
        SweepSpecFile file = new SweepSpecFile(origin);
        try {
            return file.spec(SpecNode.parse(text));
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw file.problem(
                    where == null ? 0 : where.getLineNr(),
                    "it cannot be read as YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("syntax error"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + origin + ".", e);
        }
    }

    private SweepSpec spec(SpecNode root) {
        if (root == null || root.map() == null) {
            throw problem(1, "it must be a list of keys and values, such as \"quantity: variance\"");
        }
        Map<String, SpecNode> entries = root.map();
        SpecNode name = required(entries, "quantity");
        QuantityType type = at(name, () -> Quantities.type(String.valueOf(name.value())));
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
        for (SettingKey key : type.keys()) {
            SpecNode node = entries.get(key.name());
            if (node != null) {
                Object value = value(key, node);
                settings.put(key.name(), at(node, () -> key.accept(value)));
            }
        }
        long seed = entries.containsKey("seed") ? integer("seed", one("seed", entries.get("seed"))) : 0;
        try {
            return new SweepSpec(type.create(Settings.of(type, settings)), grids, seed);
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
        SpecNode names = required(entries, "activation");
        for (SpecNode node : values("activation", names)) {
            activations.add(at(node, () -> Activations.parse(String.valueOf(node.value()))));
        }
        List<Double> sigmaW2 = numbers("sigma_w2", entries);
        List<Double> sigmaB2 = numbers("sigma_b2", entries);
        List<Integer> depths = integers("depth", entries);
        List<Integer> widths = integers("width", entries);
        return at(names, () -> new Grid(activations, sigmaB2, widths, sigmaW2, depths));
    }

    private Object value(SettingKey key, SpecNode node) {
        return key.isList()
                ? values(key.name(), node).stream().map(SpecNode::value).toList()
                : one(key.name(), node).value();
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
                    if (Math.abs(value) > Integer.MAX_VALUE) {
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
        if (node.value() == null || node.value() instanceof List<?> || node.map() != null) {
            throw problem(node.line(), key + " takes one value");
        }
        return node;
    }

    private void requireScalar(String key, SpecNode node) {
        if (node.value() == null || node.value() instanceof List<?> || node.map() != null) {
            throw problem(
                    node.line(),
                    "the value of " + key + " must be a number, a word, a list of them, or {from, to, step}");
        }
    }

    private List<SpecNode> range(String key, SpecNode node) {
        Map<String, SpecNode> bounds = node.map();
        if (!bounds.keySet().equals(Set.of("from", "to", "step"))
                || !bounds.values().stream().allMatch(bound -> bound.value() instanceof Number)) {
            throw problem(node.line(), "the range of " + key + " must be {from: number, to: number, step: number}");
        }
        double from = number(key, bounds.get("from"));
        double to = number(key, bounds.get("to"));
        double step = number(key, bounds.get("step"));
        double count = (to - from) / step;
        if (!(step > 0) || !(count >= 0) || count > MAX_RANGE) {
            throw problem(
                    node.line(),
                    "the range of " + key + " from " + from + " to " + to + " in steps of " + step
                            + " is empty or absurd");
        }
        return Grid.range(from, to, step).stream()
                .map(value -> new SpecNode(node.line(), value))
                .toList();
    }

    private double number(String key, SpecNode node) {
        if (!(node.value() instanceof Number number)) {
            throw problem(node.line(), key + " must hold numbers, not " + node);
        }
        return number.doubleValue();
    }

    private long integer(String key, SpecNode node) {
        if (node.value() instanceof Long whole) {
            return whole;
        }
        if (!(node.value() instanceof Double number) || number != Math.rint(number) || Math.abs(number) > 1L << 53) {
            throw problem(node.line(), key + " must be a whole number, not " + node);
        }
        return (long) (double) number;
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

    private IllegalArgumentException problem(int line, String what) {
        return new IllegalArgumentException(path + (line > 0 ? ", line " + line : "") + ": " + what + ".");
    }
}
