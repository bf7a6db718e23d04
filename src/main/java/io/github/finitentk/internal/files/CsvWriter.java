package io.github.finitentk.internal.files;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Comma-separated tables, quoted as in RFC 4180, in UTF-8, with a heading row and lines that end with a line feed. Doubles
 * are written with {@link Double#toString}, so they round-trip and no locale matters; {@code NaN}, {@code Infinity} and
 * {@code -Infinity} are written as such, and null is an empty field.
 */
public final class CsvWriter {

    private CsvWriter() {}

    /**
     * Writes a table; the file appears whole or not at all.
     *
     * @param target replaced if it exists; missing folders are created
     * @param headings names of the columns
     * @param rows read once, in order; elements are numbers, booleans, text, {@code double[]} (written with
     *     spaces between the numbers) or null
     * @throws IllegalArgumentException if there is no column, a row has another number of fields than the heading, or the
     *     target is a folder
     * @throws IOException if writing fails
     */
    public static void write(Path target, List<String> headings, Iterable<? extends List<?>> rows) throws IOException {
        OutputFile.write(target, out -> write(out, headings, rows));
    }

    /**
     * Writes a table, row by row, to a stream that is flushed and left open.
     *
     * @throws IllegalArgumentException if there is no column, or a row has another number of fields than the heading
     * @throws IOException if the stream fails
     */
    public static void write(OutputStream out, List<String> headings, Iterable<? extends List<?>> rows)
            throws IOException {
        if (headings.isEmpty()) {
            throw new IllegalArgumentException("A table needs at least one column.");
        }
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        line(headings, writer);
        int number = 0;
        for (List<?> row : rows) {
            number++;
            if (row.size() != headings.size()) {
                throw new IllegalArgumentException("Row " + number + " of the table has " + row.size()
                        + " fields, but the heading has " + headings.size() + ".");
            }
            line(row, writer);
        }
        writer.flush();
    }

    private static void line(List<?> fields, Writer writer) throws IOException {
        for (int k = 0; k < fields.size(); k++) {
            if (k > 0) {
                writer.write(',');
            }
            Object field = fields.get(k);
            writer.write(field == null ? "" : quote(text(field)));
        }
        writer.write('\n');
    }

    private static String text(Object field) {
        return field instanceof double[] numbers
                ? Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "))
                : field.toString();
    }

    private static String quote(String text) {
        boolean special = text.indexOf(',') >= 0
                || text.indexOf('"') >= 0
                || text.indexOf('\n') >= 0
                || text.indexOf('\r') >= 0
                || !text.equals(text.strip());
        return special ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
