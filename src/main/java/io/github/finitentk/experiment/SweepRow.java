package io.github.finitentk.experiment;

import java.util.List;

/**
 * A finished cell.
 *
 * @param cell the cell
 * @param result what became of it
 * @param columns what its values are
 */
public record SweepRow(Cell cell, CellResult result, List<Column> columns) {

    private Object get(String column) {
        for (int k = 0; k < columns.size(); k++) {
            if (columns.get(k).name().equals(column)) {
                return result.values().get(k);
            }
        }
        throw new IllegalArgumentException("There is no column " + column + ".");
    }

    /** NaN if it is missing. */
    public double real(String column) {
        Object value = get(column);
        return value == null ? Double.NaN : (Double) value;
    }

    /** 0 if it is missing. */
    public long integer(String column) {
        Object value = get(column);
        return value == null ? 0 : (Long) value;
    }

    /** Whether an integer is there and not 0. */
    public boolean flag(String column) {
        return integer(column) != 0;
    }

    /** Null if it is missing. */
    public String text(String column) {
        return (String) get(column);
    }

    /** Null if it is missing; not to be modified. */
    public double[] reals(String column) {
        return (double[]) get(column);
    }
}
