package io.github.finitentk.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines and points in a grid of panels, with a key below them and, where series are ordered by a parameter, a colour bar.
 * Series with the same label have the same colour in all panels and one entry in the key. Immutable.
 */
public final class LineFigure extends PanelFigure {

    private static final double ROOM = 0.04;

    private final List<Panel> panels;
    private final Map<String, Color> palette;
    private final ColorScale scale;

    private LineFigure(Builder builder, List<PanelFrame> frames, Map<String, Color> palette) {
        super(frames, builder.columns, builder.width, builder.aspect, key(builder, palette), builder.caption);
        this.panels = List.copyOf(builder.panels);
        this.palette = palette;
        this.scale = builder.bar == null ? null : builder.bar.scale();
    }

    private LineFigure(LineFigure other, double width) {
        super(other, width);
        this.panels = other.panels;
        this.palette = other.palette;
        this.scale = other.scale;
    }

    @Override
    public LineFigure atWidth(double points) {
        return new LineFigure(this, Checks.positive("The width of a figure", points));
    }

    /** Starts a figure. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void drawData(Graphics2D g, int panel) {
        series(panel).forEach(series -> series.draw(g, plot(panel)));
    }

    List<SeriesPlot> series(int panel) {
        return panels.get(panel).series().stream()
                .map(series -> new SeriesPlot(series, color(series, scale, palette)))
                .toList();
    }

    private static Color color(Series series, ColorScale scale, Map<String, Color> palette) {
        if (series.color() != null) {
            return series.color();
        }
        return series.hasParameter() ? scale.color(series.parameter()) : palette.get(series.label());
    }

    private static List<Key.Entry> key(Builder builder, Map<String, Color> palette) {
        ColorScale scale = builder.bar == null ? null : builder.bar.scale();
        Map<String, Key.Entry> entries = new LinkedHashMap<>();
        for (Panel panel : builder.panels) {
            for (Series series : panel.series()) {
                if (!series.label().isEmpty()) {
                    Color color = color(series, scale, palette);
                    double width = series.line() == Series.Line.NONE ? 8 : 18;
                    MathText label = MathText.parse(series.label());
                    entries.putIfAbsent(
                            series.label(),
                            new Key.Entry(label, width, (g, box) -> SeriesStyle.swatch(g, box, series, color)));
                }
            }
        }
        return List.copyOf(entries.values());
    }

    /** Collects panels and settings. */
    public static final class Builder {

        private final List<Panel> panels = new ArrayList<>();
        private int columns = 3;
        private double width = TWO_COLUMNS;
        private double aspect = 0.8;
        private boolean lettered = true;
        private Axis x = Axis.linear("depth $L$");
        private Axis y = Axis.linear("");
        private Axis.Sharing sharedX = Axis.Sharing.ALL;
        private Axis.Sharing sharedY = Axis.Sharing.ALL;
        private ColorBar bar;
        private String caption = "";

        private Builder() {}

        /** Adds a panel; panels are placed row by row. */
        public Builder panel(Panel panel) {
            panels.add(panel);
            return this;
        }

        /** The number of panels in a row; 3 if not given. */
        public Builder columns(int columns) {
            if (columns < 1) {
                throw new IllegalArgumentException(
                        "A figure needs at least one column of panels, not " + columns + ".");
            }
            this.columns = columns;
            return this;
        }

        /** The width of the page in points; two columns of a journal if not given. */
        public Builder width(double points) {
            this.width = Checks.positive("The width of a figure", points);
            return this;
        }

        /** Height of a panel divided by its width; 0.8 if not given. */
        public Builder aspect(double aspect) {
            this.aspect = Checks.positive("The aspect of a panel", aspect);
            return this;
        }

        /** Whether titles start with a), b), ...; they do if not given. */
        public Builder lettered(boolean lettered) {
            this.lettered = lettered;
            return this;
        }

        /** The horizontal axis of panels that have none of their own, and who shares limits that come from the data. */
        public Builder xAxis(Axis axis, Axis.Sharing sharing) {
            this.x = axis;
            this.sharedX = sharing;
            return this;
        }

        /** The vertical axis of panels that have none of their own, and who shares limits that come from the data. */
        public Builder yAxis(Axis axis, Axis.Sharing sharing) {
            this.y = axis;
            this.sharedY = sharing;
            return this;
        }

        /** The colours of series that have a parameter, and the label of the colour bar in markup. */
        public Builder scale(ColorScale scale, String label) {
            MathText.parse(label);
            this.bar = new ColorBar(scale, label);
            return this;
        }

        /** What belongs beside the picture, in markup; name every hyper-parameter. It is not drawn. */
        public Builder caption(String caption) {
            MathText.parse(caption);
            this.caption = caption;
            return this;
        }

        /**
         * @throws IllegalArgumentException if there is no panel, a series has a parameter but the figure no scale, or the
         *     page is too narrow
         * @throws IllegalStateException if Java cannot draw text on this machine
         */
        public LineFigure build() {
            if (panels.isEmpty()) {
                throw new IllegalArgumentException("A figure needs at least one panel.");
            }
            Map<String, Color> palette = new HashMap<>();
            for (Panel panel : panels) {
                for (Series series : panel.series()) {
                    if (series.color() == null && series.hasParameter()) {
                        if (bar == null) {
                            throw new IllegalArgumentException(
                                    "A series is coloured by its parameter, but the figure has no colour scale.");
                        }
                    } else if (series.color() == null) {
                        palette.putIfAbsent(series.label(), Palette.color(palette.size()));
                    }
                }
            }
            return new LineFigure(this, frames(), palette);
        }

        private List<PanelFrame> frames() {
            Map<Integer, Limits> xs = new HashMap<>();
            Map<Integer, Limits> ys = new HashMap<>();
            for (int i = 0; i < panels.size(); i++) {
                Limits xLimits = xs.computeIfAbsent(sharedX.group(i, columns), k -> new Limits());
                Limits yLimits = ys.computeIfAbsent(sharedY.group(i, columns), k -> new Limits());
                panels.get(i).series().forEach(series -> series.addTo(xLimits, yLimits));
            }
            // Lines may end at the frame, but markers there would be cut in half.
            boolean marked = panels.stream()
                    .flatMap(panel -> panel.series().stream())
                    .anyMatch(series -> series.marker() != Series.Marker.NONE);
            double roomX = marked ? ROOM : 0;
            List<PanelFrame> frames = new ArrayList<>();
            for (int i = 0; i < panels.size(); i++) {
                Panel panel = panels.get(i);
                Axis xAxis = xs.get(sharedX.group(i, columns)).fill(panel.x() == null ? x : panel.x(), roomX);
                Axis yAxis = ys.get(sharedY.group(i, columns)).fill(panel.y() == null ? y : panel.y(), ROOM);
                String title = Checks.lettered(panel.title(), i, lettered);
                frames.add(new PanelFrame(title, xAxis, yAxis, bar, null));
            }
            return frames;
        }
    }

    /**
     * One panel of a {@link LineFigure}. Immutable; the {@code with} methods return changed copies.
     *
     * @param title markup, without a letter
     * @param series drawn in order, later ones on top
     * @param x the horizontal axis, or null for the figure's
     * @param y the vertical axis, or null for the figure's
     */
    public record Panel(String title, List<Series> series, Axis x, Axis y) {

        /**
         * @throws IllegalArgumentException if the title cannot be parsed or there is no series
         */
        public Panel {
            MathText.parse(title);
            if (series.isEmpty()) {
                throw new IllegalArgumentException("The panel \"" + title + "\" needs at least one series.");
            }
            series = List.copyOf(series);
        }

        /** A panel with the figure's axes. */
        public static Panel of(String title, List<Series> series) {
            return new Panel(title, series, null, null);
        }

        /** With its own horizontal axis. */
        public Panel withX(Axis axis) {
            return new Panel(title, series, axis, y);
        }

        /** With its own vertical axis. */
        public Panel withY(Axis axis) {
            return new Panel(title, series, x, axis);
        }
    }
}
