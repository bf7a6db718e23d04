package io.github.finitentk.trust;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much an answer may cost. It is given as a time but counted in work, {@link #PRODUCTS_PER_SECOND} multiply-adds for a
 * second: what is computed, and so the verdict, never depends on how fast or how busy a machine is, nor on its number of
 * threads. On one core of a current machine a second of budget is about a second.
 *
 * @param seconds positive, at most a year
 */
public record Budget(double seconds) {

    /** What {@code ntk trust} may spend unless it is told otherwise. */
    public static final Budget DEFAULT = new Budget(20);

    private static final double PRODUCTS_PER_SECOND = 2e10;
    private static final double YEAR = 366 * 86_400;
    private static final Pattern SYNTAX = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(s|m|h)");

    /** @throws IllegalArgumentException if it is out of its range */
    public Budget {
        if (!(seconds > 0 && seconds <= YEAR)) {
            throw new IllegalArgumentException(
                    "A budget is more than 0 and at most a year of seconds, not " + seconds + ".");
        }
    }

    /** @throws IllegalArgumentException unless the text is a number with its unit: {@code 90s}, {@code 5m}, {@code 1h} */
    public static Budget parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "A budget is a number with its unit, as 20s, 5m or 1h, not \"" + text + "\".");
        }
        double unit = switch (matcher.group(2)) {
            case "m" -> 60;
            case "h" -> 3600;
            default -> 1;
        };
        return new Budget(Double.parseDouble(matcher.group(1)) * unit);
    }

    /** The least of 1, 2, 5, 10, 20, 30, 90 seconds, minutes or hours that pays for so many multiply-adds; a year if none does. */
    static Budget covering(double products) {
        double seconds = products / PRODUCTS_PER_SECOND;
        for (double unit : new double[] {1, 60, 3600}) {
            for (double count : new double[] {1, 2, 5, 10, 20, 30, 90}) {
                if (seconds <= count * unit) {
                    return new Budget(count * unit);
                }
            }
        }
        return new Budget(Math.max(90 * 3600, Math.min(YEAR, seconds)));
    }

    /** In multiply-adds. */
    double products() {
        return seconds * PRODUCTS_PER_SECOND;
    }

    /** As {@link #parse} reads it: {@code 20s}, {@code 5m}, {@code 1.5h}. */
    @Override
    public String toString() {
        double unit = seconds < 60 || seconds % 60 != 0 && seconds < 3600
                ? 1
                : seconds < 3600 || seconds % 3600 != 0 && seconds < 86_400 ? 60 : 3600;
        return plain(seconds / unit) + (unit == 1 ? "s" : unit == 60 ? "m" : "h");
    }

    private static String plain(double value) {
        return new BigDecimal(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
