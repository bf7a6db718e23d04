package io.github.finitentk.report;

import java.util.Set;

/**
 * How a {@link Plot} is drawn.
 *
 * @param logarithmic what is, or null: what spans orders of magnitude
 * @param low the lower limit of the value, or NaN
 * @param high the upper limit, or NaN
 */
record PlotSettings(Set<Plot.Scale> logarithmic, double low, double high, FigureStyle style) {

    /** Values that span more are drawn on a logarithmic scale. */
    private static final double WIDE = 1000;

    /** Places along an axis that span more, as steps of trainings do. */
    private static final double LONG = 300;

    boolean isLog(Plot.Scale scale, double least, double largest) {
        if (logarithmic != null) {
            return logarithmic.contains(scale);
        }
        return least > 0 && largest > (scale == Plot.Scale.VALUE ? WIDE : LONG) * least;
    }

    boolean chosen(Plot.Scale scale) {
        return logarithmic != null && logarithmic.contains(scale);
    }
}
