package io.github.finitentk.report;

import io.github.finitentk.internal.OptionalDependency;
import io.github.finitentk.internal.files.OutputFile;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Turns a {@link Figure} into files. PNG and SVG come from the same drawing and differ in nothing but the format. */
public final class FigureWriter {

    /** Dots per inch of PNG files. */
    public static final int DPI = 300;

    private static final double MAX_PIXELS = 100e6;

    private FigureWriter() {}

    /**
     * Draws a figure on a white image.
     *
     * @param dpi dots per inch: a figure 17 cm wide has 2008 pixels across at 300
     * @throws IllegalArgumentException if the resolution is not positive or the image would exceed 100 million pixels
     * @throws IllegalStateException if this machine has no usable font
     */
    public static BufferedImage render(Figure figure, int dpi) {
        double scale = dpi / 72.0;
        double pixels = figure.width() * scale * figure.height() * scale;
        if (dpi < 1 || pixels > MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "A resolution of " + dpi + " dots per inch is not usable for a figure of "
                            + Math.round(figure.width()) + " x " + Math.round(figure.height()) + " points.");
        }
        BufferedImage image = new BufferedImage(
                (int) Math.round(figure.width() * scale),
                (int) Math.round(figure.height() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = Fonts.checked(image::createGraphics);
        try {
            g.scale(scale, scale);
            figure.draw(g);
        } finally {
            g.dispose();
        }
        return image;
    }

    /**
     * Writes a PNG or an SVG, as the name ends.
     *
     * @throws IllegalArgumentException if it ends in neither
     */
    public static void write(Figure figure, Path target) throws IOException {
        requireFormat(target);
        if (ending(target).equals("png")) {
            writePng(figure, target);
        } else {
            writeSvg(figure, target);
        }
    }

    /** @throws IllegalArgumentException if a name ends in neither {@code .png} nor {@code .svg} */
    public static void requireFormat(Path target) {
        if (!List.of("png", "svg").contains(ending(target))) {
            throw new IllegalArgumentException(
                    "A picture is written as .png or .svg, but " + target + " ends in neither.");
        }
    }

    private static String ending(Path target) {
        String name = target.toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * Writes a PNG with 300 dots per inch; the file appears whole or not at all.
     *
     * @param target replaced if it exists; missing folders are created
     * @throws IllegalArgumentException if the target is a folder
     * @throws IllegalStateException if this machine has no usable font
     * @throws IOException if writing fails
     */
    public static void writePng(Figure figure, Path target) throws IOException {
        BufferedImage image = render(figure, DPI);
        OutputFile.write(target, out -> PngFormat.write(image, DPI, figure.description(), out));
    }

    /**
     * Writes an SVG without fonts, bitmaps or references to anything outside the file: text is drawn as shapes. The file
     * appears whole or not at all.
     *
     * @param target replaced if it exists; missing folders are created
     * @throws IllegalArgumentException if the target is a folder
     * @throws IllegalStateException if this machine has no usable font
     * @throws IOException if writing fails
     * @throws UnsupportedOperationException without Batik
     */
    public static void writeSvg(Figure figure, Path target) throws IOException {
        OptionalDependency.BATIK.require();
        org.w3c.dom.Element root = SvgFormat.draw(figure);
        OutputFile.write(target, out -> SvgFormat.write(root, out));
    }
}
