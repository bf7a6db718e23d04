package io.github.finitentk.data;

import java.util.Locale;

/** Refuses an allocation that cannot succeed, before it is tried: headers from hostile files can ask for anything. */
final class HeapLimit {

    private HeapLimit() {}

    /**
     * @param bytes what is about to be allocated
     * @param name what to call the data in the message
     * @throws DataFormatException with both numbers if the heap has not that much left
     */
    static void require(long bytes, String name) {
        if (bytes <= available()) {
            return;
        }
        System.gc(); // memory that is merely not yet collected must not refuse a file
        long available = available();
        if (bytes > available) {
            throw new DataFormatException(name + " needs " + megabytes(bytes) + " of memory, but only "
                    + megabytes(available) + " of the Java heap is available; raise it with -Xmx.");
        }
    }

    /** Three quarters of the free heap: large arrays need contiguous regions, so the rest may not be usable. */
    static long available() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return Math.max(0, runtime.maxMemory() - used) / 4 * 3;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
