package io.github.finitentk.report.paper;

import java.util.Locale;

/** Numbers as they appear in titles. */
final class Numbers {

    private Numbers() {}

    /** Four significant digits without trailing zeros: 2, 1.5, 2.718. */
    static String plain(double value) {
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4g", value).replaceAll("0+$", "");
    }
}
