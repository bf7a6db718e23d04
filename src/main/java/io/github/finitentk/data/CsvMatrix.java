package io.github.finitentk.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A matrix as comma-separated numbers, one row a line, without a header: what {@code numpy.savetxt} with delimiter "," writes. */
final class CsvMatrix {

    /** What some spreadsheets write first. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private CsvMatrix() {}

    /**
     * Empty lines and those that begin with {@code #} are passed over.
     *
     * @throws DataFormatException if the file cannot be read, holds anything but numbers, or its rows differ in length
     */
    static NpyArray read(Path path) {
        double[] values = new double[1024];
        int count = 0;
        int columns = 0;
        int lineNumber = 0;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(Io.open(path), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lineNumber++;
                line = lineNumber == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] fields = line.split(",", -1);
                columns = columns == 0 ? fields.length : columns;
                if (fields.length != columns) {
                    throw new DataFormatException(path + " has " + fields.length + " numbers in line " + lineNumber
                            + ", but " + columns + " in its first row.");
                }
                if (count > NpyArray.MAX_ELEMENTS - columns) {
                    throw new DataFormatException(path + " holds more numbers than one array can.");
                }
                if (count + columns > values.length) {
                    int larger = (int) Math.min(NpyArray.MAX_ELEMENTS, Math.max(count + columns, 2L * values.length));
                    HeapLimit.require(8L * larger, path.toString());
                    values = Arrays.copyOf(values, larger);
                }
                for (int k = 0; k < columns; k++) {
                    values[count++] = number(path, fields[k], lineNumber, k + 1);
                }
            }
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
        return NpyArray.wrap(Arrays.copyOf(values, count), columns == 0 ? 0 : count / columns, columns);
    }

    private static double number(Path path, String field, int line, int column) {
        try {
            return Double.parseDouble(field);
        } catch (NumberFormatException e) {
            throw new DataFormatException(path + " has \"" + field.strip() + "\" in line " + line + ", column " + column
                    + ", which is not a number; a matrix has one row a line, without a header.");
        }
    }

    /** The shortest decimals that give the same doubles back. The stream is flushed, not closed. */
    static void write(OutputStream out, NpyArray matrix) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        for (int k = 0; k < matrix.size(); k++) {
            writer.write(Double.toString(matrix.get(k)));
            writer.write((k + 1) % matrix.columns() == 0 ? '\n' : ',');
        }
        writer.flush();
    }
}
