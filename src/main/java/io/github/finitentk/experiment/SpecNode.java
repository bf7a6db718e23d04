package io.github.finitentk.experiment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a YAML document that knows its line.
 *
 * @param line where it starts, from 1
 * @param value a String, Long, Double or Boolean, null, a {@code List<SpecNode>} or a {@code Map<String, SpecNode>} whose
 *     values have the lines of their keys
 */
record SpecNode(int line, Object value) {

    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The first document of a text; null if it is empty. */
    static SpecNode parse(String text) throws IOException {
        try (JsonParser parser = YAML.createParser(text)) {
            return parser.nextToken() == null ? null : read(parser, line(parser));
        }
    }

    private static SpecNode read(JsonParser parser, int line) throws IOException {
        return new SpecNode(
                line,
                switch (parser.currentToken()) {
                    case START_ARRAY -> list(parser);
                    case START_OBJECT -> map(parser);
                    case VALUE_NUMBER_INT -> integer(parser);
                    case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                    case VALUE_TRUE -> true;
                    case VALUE_FALSE -> false;
                    case VALUE_NULL -> null;
                    default -> parser.getText();
                });
    }

    // What exceeds a long is kept as a double, which no whole number of ours accepts.
    private static Object integer(JsonParser parser) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return parser.getDoubleValue();
        }
        return parser.getLongValue();
    }

    private static List<SpecNode> list(JsonParser parser) throws IOException {
        List<SpecNode> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(read(parser, line(parser)));
        }
        return list;
    }

    private static Map<String, SpecNode> map(JsonParser parser) throws IOException {
        Map<String, SpecNode> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            int line = line(parser);
            parser.nextToken();
            map.put(key, read(parser, line));
        }
        return map;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Its entries; null if it is no map. */
    @SuppressWarnings("unchecked")
    Map<String, SpecNode> map() {
        return value instanceof Map<?, ?> ? (Map<String, SpecNode>) value : null;
    }

    /** Its elements; itself alone if it is no list. */
    @SuppressWarnings("unchecked")
    List<SpecNode> list() {
        return value instanceof List<?> ? (List<SpecNode>) value : List.of(this);
    }

    /** As it may be quoted in a sentence. */
    @Override
    public String toString() {
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }
}
