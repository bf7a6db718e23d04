package io.github.finitentk.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width at which a figure is printed: {@code 85mm}, {@code 17cm}, {@code 3.35in} or {@code 240pt}. */
record PageWidth(double millimetres) {

    private static final double INCH = 25.4;
    private static final double SMALLEST = 30;
    private static final double LARGEST = 1000;
    private static final Map<String, Double> UNITS = Map.of("mm", 1.0, "cm", 10.0, "in", INCH, "pt", INCH / 72);
    private static final Pattern FORM = Pattern.compile("([0-9]*\\.?[0-9]+)\\s*(mm|cm|in|pt)");

    /** @throws IllegalArgumentException if that is no width, or none of a figure */
    static PageWidth parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "A figure's width is a number with a unit, such as 85mm, 17cm, 3.35in or 240pt, not " + text + ".");
        }
        double millimetres = Double.parseDouble(form.group(1)) * UNITS.get(form.group(2));
        if (millimetres < SMALLEST || millimetres > LARGEST) {
            throw new IllegalArgumentException(
                    "A figure is between 30 and 1000 mm wide (journals print 85 or 170), not " + text + ".");
        }
        return new PageWidth(millimetres);
    }

    @Override
    public String toString() {
        return new BigDecimal(millimetres)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString() + "mm";
    }

    double points() {
        return millimetres / INCH * 72;
    }
}
