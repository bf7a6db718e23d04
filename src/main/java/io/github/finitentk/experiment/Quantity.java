package io.github.finitentk.experiment;

import java.util.AbstractList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a sweep computes at each cell, with all settings that are not axes: draws, method, data, learning rate. Immutable
 * and safe for use by several threads. A cell's result depends on the settings, the seed and the cell's parameters only:
 * not on threads, company, order or interruptions.
 */
public interface Quantity {

    /** The name in specifications: {@code variance}, {@code theory}, ... */
    String name();

    /**
     * All settings by their keys in a specification, in a fixed order, defaults included; values are String, Long, Double,
     * Boolean or lists of these. Together with grid and seed they identify a run.
     */
    Map<String, Object> settings();

    /** The columns of its results, always the same object. */
    Columns<?> columns();

    /** Conventions that its numbers rest on, for the manifest: input normalisation, loss, ...; values by name, none by default. */
    default Map<String, String> conventions() {
        return Map.of();
    }

    /**
     * Why the last digits of its results depend on the processor: what they are made of that is not the same bits everywhere, such
     * as eigenvalues by LAPACK. A run of it is begun and ended on one kind of machine. Empty by default.
     */
    default Optional<String> processorDependence() {
        return Optional.empty();
    }

    /**
     * Refuses a cell at which it is not defined; unless it says otherwise, it is defined everywhere.
     *
     * @throws IllegalArgumentException with one sentence
     */
    default void check(Cell cell) {}

    /**
     * What tells the rows of one cell apart, where it has several: a column of the quantity, such as the step of a training,
     * whose values ascend. There is none by default, and one row for each cell.
     */
    default Optional<Column<Long>> along() {
        return Optional.empty();
    }

    /** How many rows each cell has; they follow one another in grid order. */
    default int rowsPerCell() {
        return 1;
    }

    /**
     * The cells that are computed together, by their place in the list: each cell in exactly one unit. A unit is committed
     * as a whole.
     */
    default List<List<Integer>> units(List<Cell> cells) {
        return new AbstractList<>() {
            @Override
            public int size() {
                return cells.size();
            }

            @Override
            public List<Integer> get(int index) {
                return List.of(Objects.checkIndex(index, cells.size()));
            }
        };
    }

    /** An estimate of the time of a unit on one thread. */
    double seconds(List<Cell> unit);

    /** An estimate of the memory that a unit takes at its largest. */
    double bytes(List<Cell> unit);

    /**
     * Computes a unit, or those of its cells that are missing.
     *
     * @return one row per cell, in their order, made by {@link #columns}
     * @throws CellContext.StoppedException if it stopped because it was asked to
     * @throws RuntimeException if it failed; the cells are then tried one by one and recorded as failed
     */
    List<SweepRow> compute(List<Cell> unit, CellContext context);

    /**
     * A quantity from settings by key; missing keys have their defaults.
     *
     * @param name as in specifications: {@code variance}, {@code theory}, ... or one of the application
     * @throws IllegalArgumentException if there is none of that name, a key is unknown or a value out of range
     */
    static Quantity of(String name, Map<String, ?> settings) {
        QuantityType type = Quantities.type(name);
        return type.create(Settings.of(type, settings));
    }

    /** All that specifications can ask for, in the order in which help texts list them. */
    static List<QuantityType> types() {
        return Quantities.ALL;
    }

    /** The settings of a quantity: every key of its type with a value in range, given or by default. Immutable. */
    final class Settings {

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
                throw new IllegalArgumentException(
                        "The quantity " + type.name() + " has no setting \"" + name + "\"; it has "
                                + type.keys().stream().map(Setting::name).collect(Collectors.joining(", ")) + ".");
            }
        }
    }
}
