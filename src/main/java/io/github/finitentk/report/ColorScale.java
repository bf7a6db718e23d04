package io.github.finitentk.report;

import java.awt.Color;

/**
 * Maps a number to a colour: a range {@code [low, high]}, linear or logarithmic, over a gradient of 256 colours. Numbers
 * outside the range take the colour of the nearer end; a scale that is <em>open</em> at an end says so on its colour bar
 * ("≥ 3", with an arrow). Immutable.
 */
public final class ColorScale {

    private static final int LEVELS = 256;

    /**
     * viridis, every 15th of its 256 colours, interpolated between (at most 5/255 off in any channel). By Stéfan van der
     * Walt and Nathaniel Smith for matplotlib, dedicated to the public domain under CC0 1.0. Monotone in lightness and
     * readable with every common colour-vision deficiency and in grey.
     */
    private static final int[] VIRIDIS = {
        0x440154, 0x481769, 0x472a7a, 0x433d84, 0x3d4e8a, 0x355e8d, 0x2e6d8e, 0x297b8e, 0x23898e, 0x1f978b, 0x21a585,
        0x2eb37c, 0x46c06f, 0x65cb5e, 0x89d548, 0xb0dd2f, 0xd8e219, 0xfde725
    };

    /**
     * Evenly spaced over [1, 3]: black 1, dark red 1.25, red 1.5, pale red 1.75, white 2, then blues. The last one stays
     * bright: a deeper blue could be taken for the black of the other end.
     */
    private static final int[] PAPER = {
        0x000000, 0x8b0a0a, 0xd7261e, 0xf59a8c, 0xffffff, 0xb5cbf2, 0x6f9be8, 0x3570d8, 0x0b45b8
    };

    /**
     * vik, 17 evenly spaced colours, interpolated between (at most 7/255 off in any channel). By Fabio Crameri, Scientific
     * colour maps (2018), MIT licence. Blue, white, brown; perceptually uniform on both sides, and the sides stay apart
     * with every common colour-vision deficiency.
     */
    private static final int[] VIK = {
        0x001261, 0x022b71, 0x034481, 0x0c5e92, 0x2f7ca6, 0x609dbc, 0x92bdd2, 0xc5dbe5, 0xece5e1, 0xe9cbb9, 0xdcab8f,
        0xcf8e68, 0xc37243, 0xb3531f, 0x932e06, 0x741506, 0x590008
    };

    private final int[] rgb;
    private final double low;
    private final double high;
    private final boolean log;
    private final boolean openBelow;
    private final boolean openAbove;

    private ColorScale(int[] rgb, double low, double high, boolean log, boolean openBelow, boolean openAbove) {
        if (!Double.isFinite(low) || !Double.isFinite(high) || !(low < high)) {
            throw new IllegalArgumentException(
                    "A colour scale needs finite limits with low < high, not " + low + " and " + high + ".");
        }
        if (log && low <= 0) {
            throw new IllegalArgumentException("A logarithmic colour scale cannot start at " + low + ".");
        }
        this.rgb = rgb;
        this.low = low;
        this.high = high;
        this.log = log;
        this.openBelow = openBelow;
        this.openAbove = openAbove;
    }

    /**
     * The paper's reading of the ratio {@code E[Θ²]/E²[Θ]}: black at 1 (the kernel is deterministic), red where its
     * standard deviation is a fraction of its mean, white at 2 (standard deviation = mean), blue above, saturating at 3
     * ("≥ 3").
     */
    public static ColorScale paper() {
        return paper(1, 3).open(false, true);
    }

    /**
     * The paper's colours over any range: black, red, white in the middle, blue.
     *
     * @throws IllegalArgumentException unless both limits are finite and {@code low < high}
     */
    public static ColorScale paper(double low, double high) {
        return new ColorScale(gradient(PAPER), low, high, false, false, false);
    }

    /**
     * A perceptually uniform scale for values on both sides of one that stands out: blue, white in the middle, brown.
     *
     * @throws IllegalArgumentException unless both limits are finite and {@code low < high}
     */
    public static ColorScale vik(double low, double high) {
        return new ColorScale(gradient(VIK), low, high, false, false, false);
    }

    /**
     * A perceptually uniform scale, dark to light, for the colour-blind and for grey print.
     *
     * @throws IllegalArgumentException unless both limits are finite and {@code low < high}
     */
    public static ColorScale viridis(double low, double high) {
        return new ColorScale(gradient(VIRIDIS), low, high, false, false, false);
    }

    /**
     * The same colours over a logarithmic range.
     *
     * @throws IllegalArgumentException if the lower limit is not positive
     */
    public ColorScale logarithmic() {
        return new ColorScale(rgb, low, high, true, openBelow, openAbove);
    }

    /** The same colours from high to low. */
    public ColorScale reversed() {
        int[] turned = new int[LEVELS];
        for (int k = 0; k < LEVELS; k++) {
            turned[k] = rgb[LEVELS - 1 - k];
        }
        return new ColorScale(turned, low, high, log, openBelow, openAbove);
    }

    /**
     * The same scale without the last part of its gradient, so that its light end can be told from white paper in thin
     * lines.
     *
     * @param fraction what is kept of the gradient, in (0, 1]
     * @throws IllegalArgumentException if the fraction is outside that range
     */
    public ColorScale darkest(double fraction) {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("The kept part of a gradient must be in (0, 1], not " + fraction + ".");
        }
        int[] kept = new int[LEVELS];
        for (int k = 0; k < LEVELS; k++) {
            kept[k] = rgb[(int) Math.round(k * fraction)];
        }
        return new ColorScale(kept, low, high, log, openBelow, openAbove);
    }

    /**
     * The same range with the middle of the gradient at a given value. Colours change at the same rate on both sides of
     * it, so that the end nearer to it does not reach the end of the gradient.
     *
     * @throws IllegalArgumentException unless the value lies between the limits
     */
    public ColorScale centredAt(double middle) {
        if (!(low < middle && middle < high)) {
            throw new IllegalArgumentException("The middle of a colour scale must lie between its limits " + low
                    + " and " + high + ", but it is " + middle + ".");
        }
        double centre = position(middle);
        double reach = Math.max(centre, 1 - centre);
        int[] moved = new int[LEVELS];
        for (int k = 0; k < LEVELS; k++) {
            double t = 0.5 + 0.5 * ((k + 0.5) / LEVELS - centre) / reach;
            moved[k] = rgb[(int) Math.min(LEVELS - 1, Math.floor(t * LEVELS))];
        }
        return new ColorScale(moved, low, high, log, openBelow, openAbove);
    }

    /** The same scale, whose colour bar says that values may lie below or above its limits. */
    public ColorScale open(boolean below, boolean above) {
        return new ColorScale(rgb, low, high, log, below, above);
    }

    /**
     * The colour of a value; {@code ±infinity} takes the colour of an end.
     *
     * @throws IllegalArgumentException if the value is NaN, which has no colour
     */
    public Color color(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("NaN has no colour; a missing cell is hatched instead.");
        }
        return new Color(rgb[(int) Math.min(LEVELS - 1, Math.floor(position(value) * LEVELS))]);
    }

    /** Like {@link #color}, with 16 colours only. */
    Color coarseColor(double value) {
        int level = (int) Math.min(LEVELS - 1, Math.floor(position(value) * LEVELS));
        return new Color(rgb[level / 16 * 16 + 8]);
    }

    /** Where a value lies between the limits, clamped to [0, 1]. */
    public double position(double value) {
        double t = log
                ? (StrictMath.log(Math.max(value, low)) - StrictMath.log(low))
                        / (StrictMath.log(high) - StrictMath.log(low))
                : (value - low) / (high - low);
        return Math.min(1, Math.max(0, t));
    }

    /** The lower limit. */
    public double low() {
        return low;
    }

    /** The upper limit. */
    public double high() {
        return high;
    }

    /** Whether the range is logarithmic. */
    public boolean isLogarithmic() {
        return log;
    }

    /** Whether values below the lower limit are to be expected. */
    public boolean isOpenBelow() {
        return openBelow;
    }

    /** Whether values above the upper limit are to be expected. */
    public boolean isOpenAbove() {
        return openAbove;
    }

    /** The number of distinct colours. */
    int levels() {
        return LEVELS;
    }

    /** The colour of a level, 0 at the lower limit. */
    Color level(int k) {
        return new Color(rgb[k]);
    }

    boolean looksLike(ColorScale other) {
        return low == other.low
                && high == other.high
                && log == other.log
                && openBelow == other.openBelow
                && openAbove == other.openAbove
                && java.util.Arrays.equals(rgb, other.rgb);
    }

    private static int[] gradient(int[] points) {
        int[] rgb = new int[LEVELS];
        for (int k = 0; k < LEVELS; k++) {
            double t = k / (LEVELS - 1.0) * (points.length - 1);
            int i = Math.min(points.length - 2, (int) t);
            rgb[k] = mix(points[i], points[i + 1], t - i);
        }
        return rgb;
    }

    private static int mix(int a, int b, double t) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = a >> shift & 0xff;
            int to = b >> shift & 0xff;
            mixed = mixed << 8 | (int) Math.round(from + t * (to - from));
        }
        return mixed;
    }
}
