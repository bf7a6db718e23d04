package io.github.finitentk.experiment;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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

    /**
     * Conventions that its numbers rest on, for the manifest: input normalisation, loss, ...; values by name.
     */
    Map<String, String> conventions();

    /** @throws IllegalArgumentException if it is not defined at this cell */
    void check(Cell cell);

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
     * @throws CellInterruptedException if it stopped because it was asked to
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
}
