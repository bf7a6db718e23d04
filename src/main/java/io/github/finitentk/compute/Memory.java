package io.github.finitentk.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How much memory there is, and the refusal of what does not fit. */
public final class Memory {

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    private Memory() {}

    /** Bytes that the Java heap can still grow by. */
    public static long availableHeap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    /**
     * Bytes that the operating system can still give outside the heap ({@code MemAvailable} on Linux); where that is
     * unknown, four times the maximal heap.
     */
    public static long availableOffHeap() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // not Linux, or a sandbox without /proc
        }
        return 4 * Runtime.getRuntime().maxMemory();
    }

    /**
     * @param bytes what is needed
     * @param available what there is
     * @param purpose completes "... needs 3.2 GB of memory", for example "A batch of 8 networks"
     * @throws InsufficientMemoryException if it does not fit
     */
    public static void require(double bytes, long available, String purpose) {
        if (bytes > available) {
            throw new InsufficientMemoryException(purpose + " needs " + format(bytes) + " of memory, but only "
                    + format(available) + " is available.");
        }
    }

    /** {@code 1.5 GB}, in powers of 1000. */
    public static String format(double bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        while (bytes >= 1000 && unit < units.length - 1) {
            bytes /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
    }
}
