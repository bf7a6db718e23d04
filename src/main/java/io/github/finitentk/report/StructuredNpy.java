package io.github.finitentk.report;

import io.github.finitentk.experiment.Column;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** NumPy's format 1.0 for arrays of records with named fields. */
final class StructuredNpy {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int BYTES_PER_CHARACTER = 4;

    private StructuredNpy() {}

    /** A field, as wide as its widest value. */
    private static final class Field {
        private final Column<?> column;
        private int length;
        private boolean missing;

        Field(Column<?> column) {
            this.column = column;
        }

        void see(Object value) {
            if (value == null) {
                missing = true;
            } else if (value instanceof String text) {
                length = Math.max(length, text.codePointCount(0, text.length()));
            } else if (value instanceof double[] list) {
                length = Math.max(length, list.length);
            }
        }

        private boolean isInteger() {
            return column.type() == Column.Type.INTEGER && !missing;
        }

        String description() {
            String type = switch (column.type()) {
                case TEXT -> "'<U" + Math.max(1, length) + "'";
                case INTEGER -> isInteger() ? "'<i8'" : "'<f8'";
                case REAL -> "'<f8'";
                case REALS -> "'<f8', (" + length + ",)";
            };
            return "('" + column.name() + "', " + type + ")";
        }

        int bytes() {
            return switch (column.type()) {
                case TEXT -> BYTES_PER_CHARACTER * Math.max(1, length);
                case REALS -> Double.BYTES * length;
                default -> Double.BYTES;
            };
        }

        void put(Object value, ByteBuffer record) {
            switch (column.type()) {
                case TEXT -> {
                    int end = record.position() + bytes();
                    if (value != null) {
                        ((String) value).codePoints().forEach(record::putInt);
                    }
                    while (record.position() < end) {
                        record.putInt(0);
                    }
                }
                case REALS -> {
                    double[] list = value == null ? new double[0] : (double[]) value;
                    for (int k = 0; k < length; k++) {
                        record.putDouble(k < list.length ? list[k] : Double.NaN);
                    }
                }
                default -> {
                    if (isInteger()) {
                        record.putLong((Long) value);
                    } else {
                        record.putDouble(value == null ? Double.NaN : ((Number) value).doubleValue());
                    }
                }
            }
        }
    }

    /**
     * @param rows read twice, in order: what they hold decides how wide the fields are
     * @throws IOException if writing fails
     */
    static void write(OutputStream out, List<Column<?>> columns, Iterable<? extends List<?>> rows) throws IOException {
        List<Field> fields = columns.stream().map(Field::new).toList();
        long count = 0;
        for (List<?> row : rows) {
            count++;
            for (int k = 0; k < fields.size(); k++) {
                fields.get(k).see(row.get(k));
            }
        }
        byte[] header = header(fields, count);
        ByteBuffer record = ByteBuffer.allocate(
                        fields.stream().mapToInt(Field::bytes).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        out.write(header);
        for (List<?> row : rows) {
            record.clear();
            for (int k = 0; k < fields.size(); k++) {
                fields.get(k).put(row.get(k), record);
            }
            out.write(record.array());
        }
    }

    private static byte[] header(List<Field> fields, long count) {
        List<String> descriptions = new ArrayList<>();
        fields.forEach(field -> descriptions.add(field.description()));
        String text = "{'descr': [" + String.join(", ", descriptions) + "], 'fortran_order': False, 'shape': (" + count
                + ",), }";
        int prefix = MAGIC.length + 2;
        int padding = ALIGNMENT - 1 - (prefix + text.length()) % ALIGNMENT;
        byte[] words = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix + words.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) words.length)
                .put(words)
                .array();
    }
}
