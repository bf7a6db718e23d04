package io.github.finitentk.experiment;

import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON Schema (draft 7, which editors know) of the files that {@link SweepSpecFile} reads, from the keys that quantities
 * declare.
 */
final class SpecSchema {

    private static final String TYPE = "type";
    private static final String DESCRIPTION = "description";
    private static final String REF = "$ref";

    private SpecSchema() {}

    /** The schema for these quantities, as maps, lists, texts and numbers in a fixed order. */
    public static Map<String, Object> of(List<QuantityType> quantities) {
        Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.put(
                "activation",
                anyOf(
                        Map.of(
                                "enum",
                                Activations.names().stream()
                                        .filter(name -> !name.endsWith(")"))
                                        .toList()),
                        ordered(TYPE, "string", "pattern", "^(leaky-relu|abrelu)\\(.+\\)$")));
        definitions.put("range", range());
        definitions.put("numbers", oneOrMore(Map.of(TYPE, "number"), true));
        definitions.put("integers", oneOrMore(Map.of(TYPE, "integer"), true));
        definitions.put("grid", closed(axes(), SweepSpecFile.AXES));
        List<Object> cases = new ArrayList<>();
        for (QuantityType quantity : quantities) {
            definitions.put(quantity.name(), quantity(quantity));
            cases.add(ordered(
                    "if", Map.of("properties", Map.of("quantity", Map.of("const", quantity.name()))),
                    "then", reference(quantity.name())));
        }
        return ordered(
                "$schema",
                "http://json-schema.org/draft-07/schema#",
                "title",
                "Finite NTK sweep",
                DESCRIPTION,
                "A grid of cells and what is computed at each",
                TYPE,
                "object",
                "required",
                List.of("quantity"),
                "properties",
                Map.of(
                        "quantity",
                        ordered(
                                DESCRIPTION,
                                "what is computed at each cell",
                                "enum",
                                quantities.stream().map(QuantityType::name).toList())),
                "allOf",
                cases,
                "definitions",
                definitions);
    }

    private static Map<String, Object> quantity(QuantityType quantity) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("quantity", ordered("const", quantity.name(), DESCRIPTION, quantity.description()));
        properties.putAll(axes());
        properties.put(
                "grids",
                ordered(
                        DESCRIPTION,
                        "several grids in place of the axes: their union, in order",
                        TYPE,
                        "array",
                        "minItems",
                        1,
                        "items",
                        reference("grid")));
        quantity.keys().forEach(key -> properties.put(key.name(), setting(key)));
        properties.put("seed", ordered(DESCRIPTION, "seed of all random numbers", TYPE, "integer", "default", 0));
        Map<String, Object> schema = closed(properties, List.of("quantity"));
        schema.put(
                "oneOf",
                List.of(
                        ordered("required", SweepSpecFile.AXES, "not", Map.of("required", List.of("grids"))),
                        ordered(
                                "required",
                                List.of("grids"),
                                "not",
                                anyOf(SweepSpecFile.AXES.stream()
                                        .map(axis -> Map.of("required", List.of(axis)))
                                        .toArray()))));
        return schema;
    }

    private static Map<String, Object> axes() {
        Map<String, Object> axes = new LinkedHashMap<>();
        axes.put(Cell.ACTIVATION.name(), described("activations", oneOrMore(reference("activation"), false)));
        axes.put(Cell.SIGMA_W2.name(), described("weight variances", reference("numbers")));
        axes.put(Cell.SIGMA_B2.name(), described("bias variances", reference("numbers")));
        axes.put(Cell.DEPTH.name(), described("numbers of weight layers L", reference("integers")));
        axes.put(Cell.WIDTH.name(), described("hidden widths M", reference("integers")));
        return axes;
    }

    private static Map<String, Object> setting(Setting<?> key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(DESCRIPTION, key.description());
        if (key.fallback() != null) {
            schema.put("default", key.fallback());
        }
        switch (key.type()) {
            case TEXT -> {
                schema.put(TYPE, "string");
                if (!key.choices().isEmpty()) {
                    schema.put("enum", key.choices());
                }
            }
            case TEXTS -> schema.putAll(oneOrMore(Map.of(TYPE, "string"), false));
            case FLAG -> schema.put(TYPE, "boolean");
            case INTEGER -> schema.putAll(bounded("integer", key));
            case NUMBER -> schema.putAll(bounded("number", key));
            case INTEGERS -> schema.putAll(oneOrMore(bounded("integer", key), true));
            case NUMBERS -> schema.putAll(oneOrMore(bounded("number", key), true));
        }
        return schema;
    }

    private static Map<String, Object> bounded(String type, Setting<?> key) {
        Map<String, Object> schema = ordered(TYPE, type);
        if (Double.isFinite(key.min())) {
            schema.put("minimum", plain(key.min()));
        }
        if (Double.isFinite(key.max())) {
            schema.put("maximum", plain(key.max()));
        }
        return schema;
    }

    private static Object plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1L << 53 ? (Object) (long) bound : (Object) bound;
    }

    private static Map<String, Object> range() {
        Map<String, Object> number = Map.of(TYPE, "number");
        return closed(
                ordered("from", number, "to", number, "step", ordered(TYPE, "number", "exclusiveMinimum", 0)),
                List.of("from", "to", "step"));
    }

    private static Map<String, Object> oneOrMore(Object item, boolean withRange) {
        List<Object> forms = new ArrayList<>();
        forms.add(item);
        forms.add(ordered(TYPE, "array", "minItems", 1, "uniqueItems", true, "items", item));
        if (withRange) {
            forms.add(reference("range"));
        }
        return anyOf(forms.toArray());
    }

    private static Map<String, Object> anyOf(Object... forms) {
        return ordered("anyOf", List.of(forms));
    }

    // In draft 7, what stands beside $ref is ignored.
    private static Map<String, Object> described(String description, Map<String, Object> schema) {
        return ordered(DESCRIPTION, description, "allOf", List.of(schema));
    }

    private static Map<String, Object> closed(Map<String, Object> properties, List<String> required) {
        return ordered(TYPE, "object", "properties", properties, "required", required, "additionalProperties", false);
    }

    private static Map<String, Object> reference(String definition) {
        return ordered(REF, "#/definitions/" + definition);
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int k = 0; k < keysAndValues.length; k += 2) {
            map.put((String) keysAndValues[k], keysAndValues[k + 1]);
        }
        return map;
    }
}
