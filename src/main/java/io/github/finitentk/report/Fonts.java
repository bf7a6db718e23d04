package io.github.finitentk.report;

import java.awt.AWTError;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.function.Supplier;

/**
 * The one font of all figures: Java's logical SansSerif (DejaVu Sans on Debian), and the place where a machine without
 * fonts is noticed.
 */
final class Fonts {

    /** Metrics that do not depend on the device, so that PNG and SVG are laid out alike. */
    static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

    /** Covers every symbol the figures use; a font that lacks one of them would draw empty boxes. */
    private static final String NEEDED = "σχΘκφ≥‖²₁×−∞";

    private static final String MISSING =
            "No usable font was found, so figures cannot be drawn; install the Debian packages fontconfig and"
                    + " fonts-dejavu-core (apt-get install fontconfig fonts-dejavu-core).";

    private static final String NO_DISPLAY =
            "Java wants to use a display that does not answer, though figures need none;"
                    + " start it with -Djava.awt.headless=true.";

    // Not in a static initialiser: its failure would surface as a different, unreadable error on every later use.
    private static volatile Font upright;
    private static volatile Font italic;

    private Fonts() {}

    /**
     * @param size in points
     * @throws IllegalStateException if this machine has no font that Java can use
     */
    static Font upright(double size) {
        Font font = upright;
        if (font == null) {
            upright = font = load(Font.PLAIN);
        }
        return font.deriveFont((float) size);
    }

    /** Like {@link #upright} but slanted; Java slants the upright font where no italic one is installed. */
    static Font italic(double size) {
        Font font = italic;
        if (font == null) {
            italic = font = load(Font.ITALIC);
        }
        return font.deriveFont((float) size);
    }

    /**
     * Runs something that touches fonts for the first time. Without fontconfig the JDK fails there with an
     * {@code InternalError}, a {@code NullPointerException} or a linkage error, depending on its version.
     *
     * @throws IllegalStateException in place of these, with one sentence that says what to install
     */
    static <T> T checked(Supplier<T> firstUse) {
        try {
            return firstUse.get();
        } catch (AWTError e) {
            throw new IllegalStateException(NO_DISPLAY, e);
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new IllegalStateException(MISSING, e);
        }
    }

    private static Font load(int style) {
        return checked(() -> {
            Font font = new Font(Font.SANS_SERIF, style, 8);
            if (font.canDisplayUpTo(NEEDED) >= 0) {
                throw new IllegalStateException("The font " + font.getFontName() + " lacks symbols.");
            }
            font.createGlyphVector(METRICS, NEEDED).getOutline();
            return font;
        });
    }
}
