package io.github.finitentk.internal.files;

import java.util.Locale;

/** Sentences that quote what a file says: whatever that is, they are one line that does nothing to a terminal. */
public final class Sentence {

    private static final int LONGEST = 1500;

    private Sentence() {}

    /** The sentence with control characters written as {@code \\u001b} and, if it is very long, without its middle. */
    public static String of(String text) {
        if (text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder line = new StringBuilder();
        text.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append(c == '\n' ? "\\n" : String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.length() <= LONGEST
                ? line.toString()
                : line.replace(LONGEST / 2, line.length() - LONGEST / 2, " ... ")
                        .toString();
    }
}
