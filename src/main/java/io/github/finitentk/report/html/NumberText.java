package io.github.finitentk.report.html;

import java.util.Locale;

/** Numbers within sentences. */
final class NumberText {

    private NumberText() {}

    /** Four significant digits without trailing zeros. */
    static String plain(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "−∞";
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        String text = size >= 1e-3 && size < 1e6
                ? String.format(
                        Locale.ROOT, "%." + Math.max(0, 3 - (int) Math.floor(StrictMath.log10(size))) + "f", value)
                : String.format(Locale.ROOT, "%.3e", value);
        return text.contains("e") || !text.contains(".") ? text : text.replaceAll("\\.?0+$", "");
    }
}
