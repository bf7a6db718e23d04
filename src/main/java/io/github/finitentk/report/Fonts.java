package io.github.finitentk.report;

import java.awt.AWTError;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * The one font of all figures, DejaVu Sans, which lies in the jar: figures look alike everywhere, and PDF can embed it. A text
 * with a character that it lacks is set in the machine's own sans serif. This is also the place where a machine whose Java
 * cannot draw text is noticed.
 */
final class Fonts {

    /** Metrics that do not depend on the device, so that PNG and SVG are laid out alike. */
    static final FontRenderContext METRICS = new FontRenderContext(null, true, true);

    static final String FAMILY = "DejaVu Sans";

    private static final String UPRIGHT = "fonts/DejaVuSans.ttf";
    private static final String ITALIC = "fonts/DejaVuSans-Oblique.ttf";

    /** Covers every symbol the figures use; a font that lacks one of them would draw empty boxes. */
    private static final String NEEDED = "σχΘκφ≥‖²₁×−∞";

    private static final String MISSING =
            "Java cannot draw text on this machine, so figures cannot be drawn; install the Debian packages fontconfig"
                    + " and fonts-dejavu-core (apt-get install fontconfig fonts-dejavu-core).";

    private static final String NO_DISPLAY =
            "Java wants to use a display that does not answer, though figures need none;"
                    + " start it with -Djava.awt.headless=true.";

    // Not in a static initialiser: its failure would surface as a different, unreadable error on every later use.
    private static volatile Font upright;
    private static volatile Font italic;

    private Fonts() {}

    /**
     * What a text is set in.
     *
     * @param size in points
     * @throws IllegalStateException if Java cannot draw text on this machine
     */
    static Font of(String text, boolean slanted, double size) {
        Font font = (slanted ? italic() : upright()).deriveFont((float) size);
        return font.canDisplayUpTo(text) < 0
                ? font
                : new Font(Font.SANS_SERIF, slanted ? Font.ITALIC : Font.PLAIN, 1).deriveFont((float) size);
    }

    private static Font upright() {
        Font font = upright;
        if (font == null) {
            upright = font = load(UPRIGHT);
        }
        return font;
    }

    private static Font italic() {
        Font font = italic;
        if (font == null) {
            italic = font = load(ITALIC);
        }
        return font;
    }

    /** The file of the upright or the italic font. */
    static InputStream file(boolean slanted) {
        return Fonts.class.getResourceAsStream(slanted ? ITALIC : UPRIGHT);
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

    private static Font load(String file) {
        return checked(() -> {
            try (InputStream in = Fonts.class.getResourceAsStream(file)) {
                Font font = Font.createFont(Font.TRUETYPE_FONT, in);
                if (font.canDisplayUpTo(NEEDED) >= 0) {
                    throw new IllegalStateException("The font " + font.getFontName() + " lacks symbols.");
                }
                font.createGlyphVector(METRICS, NEEDED).getOutline();
                return font;
            } catch (FontFormatException | IOException e) {
                throw new IllegalStateException("The font " + file + " cannot be read.", e);
            }
        });
    }
}
