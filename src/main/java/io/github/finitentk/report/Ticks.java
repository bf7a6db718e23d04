package io.github.finitentk.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an axis is marked: at multiples of 1, 2 or 5 times a power of ten, or at powers of ten on a logarithmic axis that
 * spans enough of them.
 */
record Ticks(List<Double> major, List<String> labels, List<Double> minor) {

    /**
     * As many ticks as fit.
     *
     * @param axis with finite limits
     * @param length of the axis in points
     * @param size of the labels' font in points
     * @param horizontal whether labels stand side by side (their widths count) or one above the other
     */
    static Ticks fitting(Axis axis, double length, double size, boolean horizontal) {
        double apart = horizontal ? 18 : 15;
        for (int count = Math.max(2, (int) (length / apart) + 1); count > 2; count--) {
            Ticks ticks = axis.log() ? log(axis.low(), axis.high(), count) : linear(axis.low(), axis.high(), count);
            if (ticks.fits(axis, length, size, horizontal)) {
                return ticks;
            }
        }
        return axis.log() ? log(axis.low(), axis.high(), 2) : linear(axis.low(), axis.high(), 2);
    }

    /** At most {@code count} multiples of a round step within the limits (two of them may be all there is). */
    static Ticks linear(double low, double high, int count) {
        int exponent = (int) Math.floor(StrictMath.log10((high - low) / Math.max(1, count))) - 1;
        for (; ; exponent++) {
            for (int mantissa : new int[] {1, 2, 5}) {
                BigDecimal step = BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent);
                double tolerance = 1e-9 * (high - low) / step.doubleValue();
                long first = (long) Math.ceil(low / step.doubleValue() - tolerance);
                long last = (long) Math.floor(high / step.doubleValue() + tolerance);
                if (last - first + 1 <= count) {
                    return multiples(step, first, last);
                }
            }
        }
    }

    /** Powers of ten (every n-th if there are too many), or 1-2-5 multiples of them, or round steps in a short range. */
    static Ticks log(double low, double high, int count) {
        int first = (int) Math.ceil(StrictMath.log10(low) - 1e-9);
        int last = (int) Math.floor(StrictMath.log10(high) + 1e-9);
        int decades = last - first + 1;
        if (decades >= 3) {
            int stride = Math.max(1, (int) Math.ceil(decades / (double) count));
            List<Double> major = new ArrayList<>();
            List<Double> minor = new ArrayList<>();
            for (int e = first - 1; e <= last; e++) {
                boolean labelled = Math.floorMod(e, stride) == 0 && e >= first;
                (labelled ? major : minor).add(StrictMath.pow(10, e));
                for (int m = 2; m < 10 && stride == 1; m++) {
                    minor.add(m * StrictMath.pow(10, e));
                }
            }
            minor.removeIf(t -> t < low || t > high);
            return new Ticks(major, labels(major), minor);
        }
        for (int[] mantissas : new int[][] {{1, 2, 5}, {1, 3}, {1}}) {
            List<Double> major = new ArrayList<>();
            for (int e = first - 1; e <= last; e++) {
                for (int m : mantissas) {
                    double t = new BigDecimal(m).scaleByPowerOfTen(e).doubleValue();
                    if (t >= low * (1 - 1e-9) && t <= high * (1 + 1e-9)) {
                        major.add(t);
                    }
                }
            }
            if (major.size() >= 3 && major.size() <= count) {
                return new Ticks(major, labels(major), List.of());
            }
        }
        return linear(low, high, count);
    }

    private static Ticks multiples(BigDecimal step, long first, long last) {
        List<Double> major = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (long k = first; k <= last; k++) {
            BigDecimal value = step.multiply(BigDecimal.valueOf(k));
            major.add(value.doubleValue());
            labels.add(label(value, step.scale()));
        }
        return new Ticks(major, labels, List.of());
    }

    /** Plain digits for everyday numbers, a power of ten for others. */
    private static String label(BigDecimal value, int decimals) {
        double magnitude = Math.abs(value.doubleValue());
        if (magnitude != 0 && (magnitude >= 1e5 || decimals > 4)) {
            return scientific(value);
        }
        return (decimals > 0 ? value : value.setScale(0)).toPlainString().replace('-', '−');
    }

    private static List<String> labels(List<Double> values) {
        boolean plain = values.stream().allMatch(v -> v >= 0.000999 && v <= 1001);
        List<String> labels = new ArrayList<>();
        for (double v : values) {
            BigDecimal value = new BigDecimal(v).round(new MathContext(6)).stripTrailingZeros();
            labels.add(plain ? value.toPlainString() : scientific(value));
        }
        return labels;
    }

    private static String scientific(BigDecimal value) {
        BigDecimal v = value.stripTrailingZeros();
        int exponent = v.precision() - v.scale() - 1;
        String mantissa = v.scaleByPowerOfTen(-exponent).toPlainString().replace('-', '−');
        String power = "10" + UnicodeScripts.superscript(Integer.toString(exponent));
        return mantissa.equals("1") ? power : mantissa + "·" + power;
    }

    private boolean fits(Axis axis, double length, double size, boolean horizontal) {
        for (int k = 1; k < major.size(); k++) {
            double gap = length * (position(axis, major.get(k)) - position(axis, major.get(k - 1)));
            double need = horizontal ? (width(k, size) + width(k - 1, size)) / 2 + 0.45 * size : 1.4 * size;
            if (gap < need) {
                return false;
            }
        }
        return true;
    }

    private double width(int k, double size) {
        return MathText.parse(labels.get(k)).width(size);
    }

    /** The widest label in points, 0 without labels. */
    double widest(double size) {
        double widest = 0;
        for (int k = 0; k < labels.size(); k++) {
            widest = Math.max(widest, width(k, size));
        }
        return widest;
    }

    /** Where a value lies on an axis: 0 at its lower, 1 at its upper limit. */
    static double position(Axis axis, double value) {
        return axis.log()
                ? StrictMath.log(value / axis.low()) / StrictMath.log(axis.high() / axis.low())
                : (value - axis.low()) / (axis.high() - axis.low());
    }
}
