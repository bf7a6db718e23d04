package io.github.finitentk.experiment;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.sampling.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * method: auto        # default
 * draws: 200          # default
 * seed: 0             # default
 * </pre>
 */
public final class SweepSpecFile {

    private static final Set<String> KEYS =
            Set.of("quantity", "activation", "sigma_w2", "sigma_b2", "depth", "width", "method", "draws", "seed");
    private static final int MAX_RANGE = 1_000_000;

    private final Path path;
    private final Map<String, List<Object>> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();

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
            file.parse(text);
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw file.problem(
                    where == null ? 0 : where.getLineNr(),
                    "it cannot be read as YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse("syntax error"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + origin + ".", e);
        }
        return file.spec();
    }

    private void parse(String text) throws IOException {
        YAMLFactory factory = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw problem(1, "it must be a list of keys and values, such as \"quantity: variance\"");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                int line = parser.currentTokenLocation().getLineNr();
                if (!KEYS.contains(key)) {
                    throw problem(
                            line,
                            "unknown key \"" + key + "\"; allowed are "
                                    + KEYS.stream().sorted().toList());
                }
                parser.nextToken();
                lines.put(key, line);
                values.put(key, value(parser, key));
            }
        }
    }

    private List<Object> value(JsonParser parser, String key) throws IOException {
        List<Object> list = new ArrayList<>();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(scalar(parser, key));
            }
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            list.addAll(range(parser, key));
        } else {
            list.add(scalar(parser, key));
        }
        return list;
    }

    private Object scalar(JsonParser parser, String key) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_STRING -> parser.getText();
            default ->
                throw problem(
                        parser.currentTokenLocation().getLineNr(),
                        "the value of " + key + " must be a number, a word, a list of them, or {from, to, step}");
        };
    }

    private List<Object> range(JsonParser parser, String key) throws IOException {
        Map<String, Double> bounds = new HashMap<>();
        int line = parser.currentTokenLocation().getLineNr();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String bound = parser.currentName();
            JsonToken token = parser.nextToken();
            if (!Set.of("from", "to", "step").contains(bound) || !token.isNumeric()) {
                throw problem(line, "the range of " + key + " must be {from: number, to: number, step: number}");
            }
            bounds.put(bound, parser.getDoubleValue());
        }
        if (bounds.size() < 3) {
            throw problem(line, "the range of " + key + " must be {from: number, to: number, step: number}");
        }
        double count = (bounds.get("to") - bounds.get("from")) / bounds.get("step");
        if (!(bounds.get("step") > 0) || !(count >= 0) || count > MAX_RANGE) {
            throw problem(
                    line,
                    "the range of " + key + " from " + bounds.get("from") + " to " + bounds.get("to") + " in steps of "
                            + bounds.get("step") + " is empty or absurd");
        }
        List<Object> list = new ArrayList<>();
        // A last value that misses "to" by rounding still counts.
        for (long k = 0; k <= Math.floor(count + 1e-9); k++) {
            list.add(bounds.get("from") + k * bounds.get("step"));
        }
        return list;
    }

    private SweepSpec spec() {
        String quantity = values.containsKey("quantity") ? word("quantity") : "";
        if (!quantity.equals("variance")) {
            throw problem(
                    lines.getOrDefault("quantity", 0),
                    quantity.isEmpty()
                            ? "the key quantity is missing"
                            : "unknown quantity \"" + quantity + "\"; allowed is variance");
        }
        List<Activation> activations = new ArrayList<>();
        for (Object name : required("activation")) {
            activations.add(at("activation", () -> Activations.parse(name.toString())));
        }
        Method method = values.containsKey("method") ? at("method", () -> Method.parse(word("method"))) : Method.AUTO;
        int draws = values.containsKey("draws") ? (int) integer("draws", one("draws")) : 200;
        long seed = values.containsKey("seed") ? integer("seed", one("seed")) : 0;
        return new SweepSpec(
                activations,
                numbers("sigma_w2"),
                numbers("sigma_b2"),
                integers("depth"),
                integers("width"),
                method,
                draws,
                seed);
    }

    private List<Object> required(String key) {
        List<Object> list = values.get(key);
        if (list == null) {
            throw problem(0, "the key " + key + " is missing");
        }
        if (list.isEmpty()) {
            throw problem(lines.get(key), "the list " + key + " is empty");
        }
        return list;
    }

    private Object one(String key) {
        List<Object> list = required(key);
        if (list.size() != 1) {
            throw problem(lines.get(key), key + " takes one value, not " + list.size());
        }
        return list.get(0);
    }

    private String word(String key) {
        return one(key).toString();
    }

    private List<Double> numbers(String key) {
        List<Double> numbers = new ArrayList<>();
        for (Object value : required(key)) {
            if (!(value instanceof Double number)) {
                throw problem(lines.get(key), key + " must hold numbers, not \"" + value + "\"");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private List<Integer> integers(String key) {
        List<Integer> integers = new ArrayList<>();
        for (Object value : required(key)) {
            integers.add((int) integer(key, value));
        }
        return integers;
    }

    private long integer(String key, Object value) {
        if (!(value instanceof Double number) || number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw problem(lines.get(key), key + " must be a whole number below 2^31, not " + value);
        }
        return (long) (double) number;
    }

    private <T> T at(String key, java.util.function.Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw problem(lines.get(key), e.getMessage().replaceAll("\\.$", ""));
        }
    }

    private IllegalArgumentException problem(int line, String what) {
        return new IllegalArgumentException(path + (line > 0 ? ", line " + line : "") + ": " + what + ".");
    }
}
