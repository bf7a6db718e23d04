package io.github.finitentk.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** A document for reading: a line for each number, under the name that it has in JSON; arrays stand there alone. */
final class RecordText {

    private RecordText() {}

    static void print(Record document, PrintWriter out) {
        print("", document, out);
    }

    private static void print(String prefix, Record section, PrintWriter out) {
        Documents.entries(section).forEach((key, value) -> {
            if (value instanceof Record inner) {
                print(prefix + key + ".", inner, out);
            } else if (!value.getClass().isArray()) {
                out.printf(Locale.ROOT, "%-34s %s%n", prefix + key, text(value));
            }
        });
    }

    private static Object text(Object value) {
        return value instanceof Double number && Double.isFinite(number)
                ? String.format(Locale.ROOT, "%.8g", number)
                : value;
    }
}
