package io.github.finitentk.cli;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.internal.compute.Memory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as the command line has it: {@code 6g}, {@code 500m}, {@code 1.5g}; in powers of 1000, as all messages are.
 *
 * @param bytes at least 1
 */
record ByteCount(long bytes) {

    private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)([kmgt]?)b?", Pattern.CASE_INSENSITIVE);

    /** @throws IllegalArgumentException if it is no positive amount */
    static ByteCount parse(String text) {
        Matcher parts = TEXT.matcher(text);
        double bytes = parts.matches() ? Double.parseDouble(parts.group(1)) : 0;
        if (parts.matches() && !parts.group(2).isEmpty()) {
            char unit = parts.group(2).toLowerCase(Locale.ROOT).charAt(0);
            for (int i = "kmgt".indexOf(unit); i >= 0; i--) {
                bytes *= 1000;
            }
        }
        if (!(bytes >= 1 && bytes < Long.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "An amount of memory is a number above 0 with k, m, g or t, such as 6g or 500m, not \"" + text
                            + "\".");
        }
        return new ByteCount((long) bytes);
    }

    /**
     * What the Java heap, as it is now, leaves of it.
     *
     * @throws InsufficientMemoryException if that is nothing
     */
    long left() {
        System.gc(); // what is garbage counts as used until it is collected
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        if (bytes <= heap) {
            throw new InsufficientMemoryException("Of the memory that may be taken, " + Memory.format(bytes)
                    + ", the data alone take " + Memory.format(heap) + ".");
        }
        return bytes - heap;
    }
}
