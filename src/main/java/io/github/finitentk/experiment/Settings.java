package io.github.finitentk.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of a quantity: every key of its type with a value in range, given or by default. Immutable. */
public final class Settings {

    private final QuantityType type;
    private final Map<String, Object> values;

    private Settings(QuantityType type, Map<String, Object> values) {
        this.type = type;
        this.values = values;
    }

    /**
     * @param given values by key: String, Long, Integer, Double, Boolean or lists of numbers
     * @throws IllegalArgumentException if a key is unknown or a value out of range
     */
    public static Settings of(QuantityType type, Map<String, ?> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Setting<?> key : type.keys()) {
            Object value = given.get(key.name());
            if (value != null) {
                values.put(key.name(), key.accept(value));
            } else if (key.fallback() != null) {
                values.put(key.name(), key.fallback());
            }
        }
        for (String name : given.keySet()) {
            requireKnown(type, name);
        }
        return new Settings(type, Collections.unmodifiableMap(values));
    }

    /** All of them, in the order of the type's keys: what {@link Quantity#settings} returns. */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * The value of a setting; null for one that is absent.
     *
     * @throws IllegalArgumentException if the quantity has no such setting
     */
    public <T> T get(Setting<T> setting) {
        requireKnown(type, setting.name());
        return setting.read(values.get(setting.name()));
    }

    private static void requireKnown(QuantityType type, String name) {
        if (type.keys().stream().noneMatch(key -> key.name().equals(name))) {
            throw new IllegalArgumentException("The quantity " + type.name() + " has no setting \"" + name
                    + "\"; it has " + type.keys().stream().map(Setting::name).collect(Collectors.joining(", ")) + ".");
        }
    }
}
