package io.github.finitentk.report;

import io.github.finitentk.internal.OptionalDependency;
import io.github.finitentk.internal.files.AtomicFile;
import io.github.finitentk.internal.files.OutputFile;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Turns a {@link Figure} into files: PDF and SVG whose text is text, and PNG. All come from the same drawing; one figure gives the
 * same bytes whenever it is written.
 */
public final class FigureWriter {

    /** Dots per inch of PNG files if not told otherwise. */
    public static final int DPI = 300;

    /** The endings of the files it writes. */
    public static final List<String> FORMATS = List.of("pdf", "svg", "png");

    private static final double MAX_PIXELS = 100e6;

    private FigureWriter() {}

    /**
     * Draws a figure on a white image.
     *
     * @param dpi dots per inch: a figure 17 cm wide has 2008 pixels across at 300
     * @throws IllegalArgumentException if the resolution is not positive or the image would exceed 100 million pixels
     * @throws IllegalStateException if Java cannot draw text on this machine
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
     * Writes a PDF, an SVG or a PNG with 300 dots per inch, as the name ends; the file appears whole or not at all.
     *
     * @param target replaced if it exists; missing folders are created
     * @throws IllegalArgumentException if it ends in none of them or is a folder
     * @throws IllegalStateException if Java cannot draw text on this machine
     * @throws IOException if writing fails
     * @throws UnsupportedOperationException without PDFBox for a PDF, or Batik for an SVG
     */
    public static void write(Figure figure, Path target) throws IOException {
        write(figure, target, DPI);
    }

    /**
     * Likewise.
     *
     * @param dpi dots per inch of a PNG
     */
    public static void write(Figure figure, Path target, int dpi) throws IOException {
        requireFormat(target);
        AtomicFile.Content content = content(figure, ending(target), dpi);
        OutputFile.write(target, content);
    }

    /**
     * Writes a picture to a stream, which is left open. It is drawn before the first byte is written.
     *
     * @param format {@code pdf}, {@code svg} or {@code png}
     * @param dpi dots per inch of a PNG
     */
    public static void write(Figure figure, String format, int dpi, OutputStream out) throws IOException {
        content(figure, format, dpi).writeTo(out);
    }

    private static AtomicFile.Content content(Figure figure, String format, int dpi) {
        switch (format) {
            case "pdf" -> {
                OptionalDependency.PDFBOX.require();
                return out -> PdfFormat.write(figure, out);
            }
            case "svg" -> {
                OptionalDependency.BATIK.require();
                org.w3c.dom.Element root = SvgFormat.draw(figure);
                return out -> SvgFormat.write(root, out);
            }
            case "png" -> {
                BufferedImage image = render(figure, dpi);
                return out -> PngFormat.write(image, dpi, figure.description(), out);
            }
            default -> throw new IllegalArgumentException("A picture is a pdf, an svg or a png, not a " + format + ".");
        }
    }

    /** @throws IllegalArgumentException if a name ends in neither {@code .pdf}, {@code .svg} nor {@code .png} */
    public static void requireFormat(Path target) {
        if (!FORMATS.contains(ending(target))) {
            throw new IllegalArgumentException(
                    "A picture is written as .pdf, .svg or .png, but " + target + " ends in none of them.");
        }
    }

    private static String ending(Path target) {
        String name = target.toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
