package io.github.finitentk.cli;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Numbers of layers as an option gives them, {@code 1,3-5}: ascending, each once.
 *
 * @param layers at least one
 */
record LayerNumbers(int[] layers) {

    private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?");
    private static final int MOST = 1_000_000;

    /** @throws IllegalArgumentException if it is no list of numbers and ranges */
    static LayerNumbers parse(String text) {
        return new LayerNumbers(Arrays.stream(text.split(",", -1))
                .flatMapToInt(part -> range(part.strip(), text))
                .sorted()
                .distinct()
                .toArray());
    }

    private static IntStream range(String part, String text) {
        Matcher range = RANGE.matcher(part);
        if (range.matches()) {
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (first <= last && last <= MOST) {
                return IntStream.rangeClosed(first, last);
            }
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is no list of layers; layers are counted from 1, for example 1,3-5.");
    }
}
