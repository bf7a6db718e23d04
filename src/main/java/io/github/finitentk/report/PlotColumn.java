package io.github.finitentk.report;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activations;
import java.util.Optional;

/**
 * What a {@link Plot} draws along an axis or as a value: a column of numbers ({@code ratio}), an entry of a column of lists
 * ({@code kappa2[3]}, counted from 1), such a column whole ({@code kappa2}), or one column in units of another
 * ({@code depth/width}).
 *
 * @param name as it was asked for
 * @param column where the numbers are
 * @param entry of its lists, from 0; negative: all of them, one after the other
 * @param unit what they are divided by, or null
 */
record PlotColumn(String name, Column<?> column, int entry, PlotColumn unit) {

    /** Whether each row has as many numbers as its list. */
    boolean isList() {
        return column.type() == Column.Type.REALS && entry < 0;
    }

    boolean isText() {
        return column.type() == Column.Type.TEXT;
    }

    /** The numbers of a row; none if it is missing. */
    double[] values(SweepRow row) {
        double[] values = numbers(row, column, entry);
        if (unit != null) {
            double[] units = unit.values(row);
            for (int k = 0; k < values.length; k++) {
                values[k] /= units.length == 1 ? units[0] : k < units.length ? units[k] : Double.NaN;
            }
        }
        return values;
    }

    /** The ends of a row's intervals, as many as it has numbers; null if the column has none. */
    double[] ends(SweepRow row, boolean upper) {
        Optional<? extends Column<?>> end = upper ? column.high() : column.low();
        return unit != null || end.isEmpty() ? null : numbers(row, end.get(), entry);
    }

    private static double[] numbers(SweepRow row, Column<?> column, int entry) {
        Object value = row.get(column);
        if (value instanceof double[] list) {
            return entry < 0 ? list.clone() : new double[] {entry < list.length ? list[entry] : Double.NaN};
        }
        return new double[] {value instanceof Number number ? number.doubleValue() : Double.NaN};
    }

    /** What labels say: its symbol, with its name where that is an axis of whole numbers, and its unit. */
    String label() {
        boolean bare = column.symbol().startsWith("$");
        String symbol = column.symbol();
        if (unit == null && bare && column.type() == Column.Type.INTEGER) {
            symbol = column.name().replace('_', ' ') + " " + symbol;
        }
        if (entry >= 0 && column.type() == Column.Type.REALS) {
            symbol += ", entry " + (entry + 1);
        }
        if (unit != null) {
            symbol += " / " + unit.column.symbol();
        }
        return symbol + (column.unit().isEmpty() || unit != null ? "" : " [" + column.unit() + "]");
    }

    /** As titles and keys say it: {@code $M = 100$}. */
    String equal(Object value) {
        if (column.equals(Cell.ACTIVATION)) {
            return displayName(String.valueOf(value));
        }
        String number = value instanceof Double real ? PlotText.number(real) : String.valueOf(value);
        String symbol = column.symbol();
        boolean simple = symbol.startsWith("$") && symbol.indexOf('$', 1) == symbol.length() - 1;
        return simple && number.matches("[-0-9.]+")
                ? symbol.substring(0, symbol.length() - 1) + " = " + number + "$"
                : symbol + " = " + number;
    }

    private static String displayName(String activation) {
        try {
            return Activations.displayName(Activations.parse(activation));
        } catch (IllegalArgumentException ofAnApplication) {
            return activation;
        }
    }
}
