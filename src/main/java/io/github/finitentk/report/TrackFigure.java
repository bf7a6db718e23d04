package io.github.finitentk.report;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.TrackQuantity;
import io.github.finitentk.trust.TrustThresholds;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The kernel along a training: change, distance, rank, and what the rows have of alignment, class blocks and sharpness. */
public final class TrackFigure {

    /** Steps that span more than this are drawn on a logarithmic axis. */
    private static final double WIDE = 50;

    private final List<SweepRow> rows;
    private final boolean log;
    private final LineFigure.Builder figure = LineFigure.builder();

    private TrackFigure(List<SweepRow> rows, boolean log) {
        this.rows = rows;
        this.log = log;
    }

    /**
     * Draws a track. Where its steps span orders of magnitude their axis is logarithmic, without step 0.
     *
     * @param track rows of a {@link TrackQuantity}, in order of their steps
     * @throws IllegalArgumentException if no row has a finite kernel
     */
    public static Figure of(List<SweepRow> track) {
        List<SweepRow> rows =
                track.stream().filter(row -> row.status() == SweepRow.Status.OK).toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("No checkpoint has a finite kernel: there is nothing to draw.");
        }
        List<SweepRow> started =
                rows.stream().filter(row -> row.get(TrackQuantity.STEP) > 0).toList();
        boolean log = started.size() > 2
                && started.get(started.size() - 1).get(TrackQuantity.STEP)
                        > WIDE * started.get(0).get(TrackQuantity.STEP);
        return new TrackFigure(log ? started : rows, log).draw();
    }

    private Figure draw() {
        String step = "step of the training";
        figure.xAxis(log ? Axis.log(step) : Axis.linear(step), Axis.Sharing.ALL)
                .yAxis(Axis.linear(""), Axis.Sharing.NONE);
        panel(
                "kernel change",
                Axis.log("relative change"),
                line(TrackQuantity.CHANGE, "from the first checkpoint", 0, Series.Marker.CIRCLE),
                line(TrackQuantity.CHANGE_TO_LAST, "to the last checkpoint", 1, Series.Marker.CIRCLE),
                level(TrustThresholds.CHANGE_HOLDS, "lazy up to here", Series.Line.DASHED),
                level(TrustThresholds.CHANGE_LIMITED, "not lazy above", Series.Line.DOTTED));
        panel(
                "kernel distance",
                Axis.log("1 - cosine"),
                line(TrackQuantity.DISTANCE, "from the first checkpoint", 0, Series.Marker.CIRCLE));
        panel(
                "rank",
                Axis.log("number of directions"),
                line(TrackQuantity.EFFECTIVE_RANK, "effective rank", 2, Series.Marker.TRIANGLE),
                line(TrackQuantity.PARTICIPATION, "participation ratio", 3, Series.Marker.TRIANGLE));
        panel(
                "alignment with targets",
                Axis.linear("alignment"),
                line(TrackQuantity.ALIGNMENT, "alignment, plain", 4, Series.Marker.SQUARE),
                line(TrackQuantity.CENTRED_ALIGNMENT, "alignment, centred (CKA)", 5, Series.Marker.SQUARE));
        panel(
                "class blocks",
                Axis.linear("mean over the diagonal's"),
                line(TrackQuantity.SAME_CLASS, "pairs of equal targets", 6, Series.Marker.DIAMOND),
                line(TrackQuantity.DIFFERENT_CLASS, "pairs of different targets", 0, Series.Marker.DIAMOND));
        if (has(TrackQuantity.SHARPNESS)) {
            panel(
                    "sharpness",
                    Axis.log(TrackQuantity.SHARPNESS.symbol()),
                    line(TrackQuantity.SHARPNESS, "", 1, Series.Marker.DIAMOND),
                    level(rows.get(0).get(TrackQuantity.SHARPNESS_BOUND), "unstable above", Series.Line.DASHED));
        } else {
            panel(
                    "largest eigenvalue",
                    Axis.log(TrackQuantity.LARGEST_EIGENVALUE.symbol()),
                    line(TrackQuantity.LARGEST_EIGENVALUE, "", 1, Series.Marker.DIAMOND));
        }
        return figure.build();
    }

    // What no row has is left out.
    private void panel(String title, Axis y, Series... lines) {
        List<Series> shown = new ArrayList<>();
        for (Series line : lines) {
            boolean points = false;
            for (int k = 0; k < line.size(); k++) {
                points |= Double.isFinite(line.y(k));
            }
            if (points) {
                shown.add(line);
            }
        }
        if (!shown.isEmpty() && shown.get(0).line() == Series.Line.SOLID) {
            figure.panel(LineFigure.Panel.of(title, shown).withY(y));
        }
    }

    private boolean has(Column<Double> column) {
        return rows.stream().anyMatch(row -> !Double.isNaN(row.get(column)));
    }

    private Series line(Column<Double> column, String label, int color, Series.Marker marker) {
        // The first kernel's change and distance are 0, which logarithmic axes do not have.
        double[] y = rows.stream()
                .mapToDouble(row -> row.get(column))
                .map(value -> value == 0 ? Double.NaN : value)
                .toArray();
        return Series.line(label, steps(), y).withMarker(marker).withColor(color);
    }

    private Series level(double value, String label, Series.Line line) {
        double[] steps = steps();
        double[] ends = {steps[0], steps[steps.length - 1]};
        double[] values = new double[2];
        Arrays.fill(values, value);
        return Series.line(label, ends, values).withLine(line).withColor(Color.GRAY);
    }

    private double[] steps() {
        return rows.stream().mapToDouble(row -> row.get(TrackQuantity.STEP)).toArray();
    }
}
