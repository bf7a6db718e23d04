package io.github.finitentk.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Numbers and names as a {@link Plot} writes and reads them. */
final class PlotText {

    private PlotText() {}

    /** Six significant digits without trailing zeros, in markup: 2, 1.5, $10^{-5}$. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "missing" : value > 0 ? "∞" : "−∞";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (value == 0) {
            return "0";
        }
        if (exponent >= -4 && exponent < 6) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.scaleByPowerOfTen(-exponent).toPlainString();
        return "$" + (mantissa.equals("1") ? "" : mantissa + " \\cdot ") + "10^{" + exponent + "}$";
    }

    /** The name that is closest to a mistyped one; none if all are far from it. */
    static Optional<String> nearest(String typed, List<String> names) {
        String best = null;
        int least = Math.max(2, typed.length() / 3) + 1;
        for (String name : names) {
            int distance = distance(typed.toLowerCase(Locale.ROOT), name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return Optional.ofNullable(best);
    }

    /** How many letters must be changed, added, left out, or swapped with the next one. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
