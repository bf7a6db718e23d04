package io.github.finitentk.report;

import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of text with symbols, written in a small subset of TeX. Between dollar signs Latin letters and small Greek
 * letters are italic, {@code _} and {@code ^} take one character, command or <code>{group}</code> and stack when both are
 * given ({@code $\sigma_w^2$}), {@code -} is a minus sign and spaces are kept. Known commands: the Greek letters in use,
 * {@code \le \ge \approx \times \cdot \infty \pm \Vert \to \sum \mathbb{E} \mathrm{..}}. {@code \$} is a dollar sign.
 * Immutable.
 */
final class MathText {

    private static final double SCRIPT_SIZE = 0.70;
    private static final double SUPERSCRIPT_RISE = 0.42;
    private static final double SUBSCRIPT_DROP = 0.24;

    /** A run of characters with optional scripts at its end. */
    record Atom(String text, boolean italic, List<Atom> sub, List<Atom> sup) {}

    /**
     * Characters of one font and size.
     *
     * @param x where they start, in points
     * @param y their baseline, in points; downwards
     */
    record Run(String text, boolean italic, double size, double x, double y) {

        Font font() {
            return Fonts.of(text, italic, size);
        }

        double width() {
            return font().createGlyphVector(Fonts.METRICS, text)
                    .getLogicalBounds()
                    .getWidth();
        }
    }

    /** Runs placed on a baseline that starts at (0, 0), and how far they advance; in points. */
    record Laid(List<Run> runs, double width) {

        /** All of it as outlines. */
        Shape shape() {
            Path2D path = new Path2D.Double();
            for (Run run : runs) {
                Shape glyphs =
                        run.font().createGlyphVector(Fonts.METRICS, run.text()).getOutline();
                path.append(glyphs.getPathIterator(AffineTransform.getTranslateInstance(run.x(), run.y())), false);
            }
            return path;
        }
    }

    private final List<Atom> atoms;

    private MathText(List<Atom> atoms) {
        this.atoms = atoms;
    }

    /**
     * @throws IllegalArgumentException if a dollar sign or brace is not closed, or a command is unknown
     */
    static MathText parse(String source) {
        return new MathText(new MathTextParser(source).parse());
    }

    /** The text in plain Unicode for captions, alternative texts and table headings: {@code σ_w²}, {@code χ₁ = 1}. */
    String plain() {
        StringBuilder out = new StringBuilder();
        plain(atoms, out);
        return out.toString();
    }

    /** The advance width in points at a font size in points. */
    double width(double size) {
        return lay(size).width();
    }

    /** Set at a font size in points. */
    Laid lay(double size) {
        List<Run> runs = new ArrayList<>();
        double width = lay(atoms, size, 0, 0, runs);
        return new Laid(List.copyOf(runs), width);
    }

    private static double lay(List<Atom> atoms, double size, double x, double y, List<Run> runs) {
        boolean joins = false;
        for (Atom atom : atoms) {
            if (!atom.text().isEmpty()) {
                Run run = new Run(atom.text(), atom.italic(), size, x, y);
                Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
                if (joins && last.italic() == atom.italic()) {
                    runs.set(runs.size() - 1, new Run(last.text() + atom.text(), atom.italic(), size, last.x(), y));
                } else {
                    runs.add(run);
                }
                x += run.width();
            }
            joins = !atom.text().isEmpty() && atom.sub().isEmpty() && atom.sup().isEmpty();
            // The slant carries the top of an italic letter to the right and its foot to the left.
            double slant = atom.italic() ? 0.06 * size : 0;
            double small = SCRIPT_SIZE * size;
            double end = x;
            if (!atom.sub().isEmpty()) {
                end = Math.max(end, lay(atom.sub(), small, x, y + SUBSCRIPT_DROP * size, runs));
            }
            if (!atom.sup().isEmpty()) {
                end = Math.max(end, lay(atom.sup(), small, x + slant, y - SUPERSCRIPT_RISE * size, runs));
            }
            x = end;
        }
        return x;
    }

    private static void plain(List<Atom> atoms, StringBuilder out) {
        for (Atom atom : atoms) {
            out.append(atom.text());
            script(atom.sub(), '_', UnicodeScripts::subscript, out);
            script(atom.sup(), '^', UnicodeScripts::superscript, out);
        }
    }

    private static void script(
            List<Atom> script, char sign, java.util.function.UnaryOperator<String> toUnicode, StringBuilder out) {
        if (script.isEmpty()) {
            return;
        }
        StringBuilder inner = new StringBuilder();
        plain(script, inner);
        String text = inner.toString();
        String unicode = toUnicode.apply(text);
        if (unicode != null) {
            out.append(unicode);
        } else {
            out.append(sign).append(text.length() == 1 ? text : "(" + text + ")");
        }
    }

    /**
     * Breaks a text at its spaces (never inside dollar signs) so that each line fits a width; a line feed always
     * breaks.
     *
     * @param width in points
     * @param size font size in points
     */
    static List<MathText> wrap(String source, double width, double size) {
        List<MathText> lines = new ArrayList<>();
        for (String paragraph : source.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String word : words(paragraph)) {
                String longer = line.isEmpty() ? word : line + " " + word;
                if (!line.isEmpty() && parse(longer).width(size) > width) {
                    lines.add(parse(line.toString()));
                    line.setLength(0);
                    line.append(word);
                } else {
                    line.setLength(0);
                    line.append(longer);
                }
            }
            lines.add(parse(line.toString()));
        }
        return lines;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean math = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '$' && (i == 0 || text.charAt(i - 1) != '\\')) {
                math = !math;
            }
            if (c == ' ' && !math) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
    }

    @Override
    public String toString() {
        return plain();
    }
}
