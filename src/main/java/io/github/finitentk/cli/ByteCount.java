package io.github.finitentk.cli;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.internal.compute.Memory;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as the command line has it: {@code 6g}, {@code 500m}, {@code 1.5g}, or bytes; in powers of 1000, as all messages are.
 *
 * @param bytes at least 1
 */
record ByteCount(long bytes) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)([kmgt]?)b?");

    // What the virtual machine takes beside its heap.
    private static final long VIRTUAL_MACHINE = 200_000_000;

    /** @throws IllegalArgumentException if it is no positive amount */
    static ByteCount parse(String text) {
        Matcher parts = TEXT.matcher(text.toLowerCase(Locale.ROOT));
        BigDecimal bytes = parts.matches()
                ? new BigDecimal(parts.group(1)).scaleByPowerOfTen(3 * (1 + "kmgt".indexOf(unit(parts))))
                : BigDecimal.ZERO;
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    "An amount of memory is a number of bytes, or one with k, m, g or t, such as 2g, not \"" + text
                            + "\".");
        }
        return new ByteCount(bytes.longValue());
    }

    private static char unit(Matcher parts) {
        return parts.group(2).isEmpty() ? ' ' : parts.group(2).charAt(0);
    }

    /**
     * What data and the virtual machine leave of it, if it is for the whole process.
     *
     * @throws InsufficientMemoryException if that is nothing
     */
    long left() {
        System.gc(); // what is garbage counts as used until it is collected
        Runtime runtime = Runtime.getRuntime();
        long taken = runtime.totalMemory() - runtime.freeMemory() + VIRTUAL_MACHINE;
        if (bytes <= taken) {
            throw new InsufficientMemoryException("--memory must be more than the " + Memory.format(taken)
                    + " that the virtual machine and the data take already, not " + Memory.format(bytes) + ".");
        }
        return bytes - taken;
    }
}
