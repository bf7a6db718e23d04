package io.github.finitentk.report;

import java.util.Map;

/**
 * {@link MathText} markup as LaTeX. What stands between dollar signs is TeX already; elsewhere TeX's own characters are escaped.
 * Characters that pdfLaTeX does not know as they are become commands.
 */
final class TexText {

    private static final Map<Character, String> ESCAPED = Map.of(
            '%', "\\%",
            '&', "\\&",
            '#', "\\#",
            '_', "\\_",
            '{', "\\{",
            '}', "\\}",
            '~', "\\textasciitilde{}",
            '^', "\\textasciicircum{}",
            '\\', "\\textbackslash{}");

    private TexText() {}

    /**
     * The same in LaTeX; {@code \mathbb} needs the package amssymb.
     *
     * @throws IllegalArgumentException if the markup cannot be parsed
     */
    static String of(String markup) {
        MathText.parse(markup);
        StringBuilder out = new StringBuilder();
        boolean math = false;
        for (int at = 0; at < markup.length(); at++) {
            char c = markup.charAt(at);
            if (c == '\\' && !math && at + 1 < markup.length() && markup.charAt(at + 1) == '$') {
                out.append("\\$");
                at++;
            } else if (c == '$') {
                math = !math;
                out.append(c);
            } else if (!math && ESCAPED.containsKey(c)) {
                out.append(ESCAPED.get(c));
            } else if (MathTextParser.command(c) != null) {
                out.append(math ? MathTextParser.command(c) + " " : "$" + MathTextParser.command(c) + "$");
            } else if (c == '−') {
                out.append(math ? "-" : "$-$");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
