package io.github.finitentk.spark;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A {@link SweepRow} as plain values, one for each column that every row has and for each of the quantity's: what executors send
 * and tables hold. NaN is null, as in run files.
 */
final class ResultRows {

    private ResultRows() {}

    /** All columns of a quantity's table, in the order of {@link #values}. */
    static List<Column<?>> columns(List<Column<?>> ofTheQuantity) {
        List<Column<?>> columns = new ArrayList<>(SweepRow.COMMON);
        columns.addAll(ofTheQuantity);
        return columns;
    }

    /** Those columns as Spark sees them; any value may be null. */
    static StructType schema(List<Column<?>> ofTheQuantity) {
        StructType schema = new StructType();
        for (Column<?> column : columns(ofTheQuantity)) {
            schema = schema.add(column.name(), type(column.type()), true, column.description());
        }
        return schema;
    }

    private static DataType type(Column.Type type) {
        return switch (type) {
            case REAL -> DataTypes.DoubleType;
            case INTEGER -> DataTypes.LongType;
            case TEXT -> DataTypes.StringType;
            case REALS -> DataTypes.createArrayType(DataTypes.DoubleType, false);
        };
    }

    /** Double, Long, String or {@code double[]}, or null. */
    static Object[] values(SweepRow row) {
        return columns(row.columns()).stream()
                .map(row::get)
                .map(value -> value instanceof Double real ? real(real) : value)
                .toArray();
    }

    // Run files know no NaN and no negative zero.
    private static Double real(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(value + 0.0);
    }

    /**
     * The row that has these values.
     *
     * @throws IllegalArgumentException if they are not those of a row with these columns
     */
    static SweepRow row(List<Column<?>> ofTheQuantity, Object[] values) {
        Cell cell = new Cell(
                Activations.parse(common(values, Cell.ACTIVATION)),
                common(values, Cell.SIGMA_W2),
                common(values, Cell.SIGMA_B2),
                Math.toIntExact(common(values, Cell.DEPTH)),
                Math.toIntExact(common(values, Cell.WIDTH)));
        Double seconds = common(values, SweepRow.SECONDS);
        return new SweepRow(
                cell,
                SweepRow.Status.parse(common(values, SweepRow.STATUS)),
                common(values, SweepRow.REASON),
                seconds == null ? 0 : seconds,
                ofTheQuantity,
                Arrays.asList(values).subList(SweepRow.COMMON.size(), values.length));
    }

    @SuppressWarnings("unchecked") // a value that is none of its column's type is met by the caller
    private static <T> T common(Object[] values, Column<T> column) {
        return (T) values[SweepRow.COMMON.indexOf(column)];
    }

    /** Of all bits of a result, but for the time that it took: another one has another fingerprint, as good as certainly. */
    static long fingerprint(SweepRow row) {
        List<Object> values = new ArrayList<>(Arrays.asList(values(row)));
        values.remove(SweepRow.COMMON.indexOf(SweepRow.SECONDS));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Object value : values) {
                byte[] bytes = bytes(value);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value == null ? -1 : bytes.length));
                digest.update(bytes);
            }
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    private static byte[] bytes(Object value) {
        if (value instanceof Double real) {
            return bytes(new double[] {real});
        }
        if (value instanceof double[] list) {
            ByteBuffer buffer = ByteBuffer.allocate(Double.BYTES * list.length);
            buffer.asDoubleBuffer().put(list);
            return buffer.array();
        }
        return value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
