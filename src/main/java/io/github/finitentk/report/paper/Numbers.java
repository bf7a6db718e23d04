package io.github.finitentk.report.paper;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers as they appear in titles. */
final class Numbers {

    private Numbers() {}

    /** {@code 50, 100, 200}. */
    static String list(List<? extends Number> values) {
        return values.stream().map(value -> plain(value.doubleValue())).collect(Collectors.joining(", "));
    }

    /** Four significant digits without trailing zeros: 2, 1.5, 2.718. */
    static String plain(double value) {
        if (value == Math.rint(value)) {
            return Long.toString((long) value);
        }
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /** A power of ten as such, in markup: $10^{-5}$; other numbers plainly. */
    static String power(double value) {
        long exponent = Math.round(StrictMath.log10(value));
        return Double.parseDouble("1e" + exponent) == value ? "$10^{" + exponent + "}$" : plain(value);
    }
}
