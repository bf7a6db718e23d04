package io.github.finitentk.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of a quantity: every key of its type with a value in range, given or by default. Immutable. */
public final class Settings {

    private final Map<String, Object> values;

    private Settings(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * @param given values by key: String, Long, Integer, Double, Boolean or lists of numbers
     * @throws IllegalArgumentException if a key is unknown or a value out of range
     */
    public static Settings of(QuantityType type, Map<String, ?> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (SettingKey key : type.keys()) {
            Object value = given.get(key.name());
            if (value != null) {
                values.put(key.name(), key.accept(value));
            } else if (key.fallback() != null) {
                values.put(key.name(), key.fallback());
            }
        }
        for (String name : given.keySet()) {
            if (type.keys().stream().noneMatch(key -> key.name().equals(name))) {
                throw new IllegalArgumentException(
                        "The quantity " + type.name() + " has no setting \"" + name + "\"; it has "
                                + type.keys().stream().map(SettingKey::name).collect(Collectors.joining(", ")) + ".");
            }
        }
        return new Settings(Collections.unmodifiableMap(values));
    }

    /** All of them, in the order of the type's keys: what {@link Quantity#settings} returns. */
    public Map<String, Object> values() {
        return values;
    }

    /** Whether an optional key has a value. */
    public boolean has(String key) {
        return values.containsKey(key);
    }

    public String text(String key) {
        return (String) get(key);
    }

    /** @throws ArithmeticException if the key allows more than an int */
    public int integer(String key) {
        return Math.toIntExact(longInteger(key));
    }

    public long longInteger(String key) {
        return (Long) get(key);
    }

    public double number(String key) {
        return (Double) get(key);
    }

    public boolean flag(String key) {
        return (Boolean) get(key);
    }

    public List<Long> integers(String key) {
        return ((List<?>) get(key)).stream().map(Long.class::cast).toList();
    }

    public List<Double> numbers(String key) {
        return ((List<?>) get(key)).stream().map(Double.class::cast).toList();
    }

    private Object get(String key) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("The key " + key + " is missing.");
        }
        return value;
    }
}
