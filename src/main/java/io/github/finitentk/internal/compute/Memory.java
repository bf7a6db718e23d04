package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.InsufficientMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How much memory there is, and the refusal of what does not fit. */
public final class Memory {

    /** The longest array that every Java virtual machine allocates. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private static final Path MEMINFO = Path.of("/proc/meminfo");

    /** How long a reading of the system's files holds: they take longer than a small cell, and in that time little can be filled. */
    private static final long HOLDS_NANOS = 50_000_000;

    /** What needs less is not worth a look at these files. */
    private static final double SMALL = 1 << 20;

    private record Reading(long nanos, long bytes) {}

    private static volatile Reading last;

    private Memory() {}

    /** Bytes that the Java heap can still grow by. */
    public static long availableHeap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    /**
     * Bytes that this process can still get outside the heap: what the machine has ({@code MemAvailable} on Linux), within
     * the limits of its control groups (containers, batch systems) and of its address space; where all that is unknown, four
     * times the maximal heap. As it was less than a twentieth of a second ago.
     */
    public static long availableOffHeap() {
        Reading reading = last;
        long now = System.nanoTime();
        if (reading == null || now - reading.nanos > HOLDS_NANOS) {
            reading = new Reading(now, readOffHeap());
            last = reading;
        }
        return reading.bytes;
    }

    private static long readOffHeap() {
        long machine = kilobytes(MEMINFO, "MemAvailable:");
        if (machine < 0) {
            return 4 * Runtime.getRuntime().maxMemory();
        }
        return Math.min(Math.min(machine, new ControlGroups(Path.of("/")).availableMemory()), availableAddresses());
    }

    // What "ulimit -v" leaves.
    private static long availableAddresses() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max address space")) {
                    String soft =
                            line.substring("Max address space".length()).trim().split(" ")[0];
                    long used = kilobytes(Path.of("/proc/self/status"), "VmSize:");
                    return soft.equals("unlimited") || used < 0
                            ? Long.MAX_VALUE
                            : Math.max(0, Long.parseLong(soft) - used);
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // no such limit known
        }
        return Long.MAX_VALUE;
    }

    /** A number of kB in bytes; -1 if it is not there (no Linux, or a sandbox without /proc). */
    private static long kilobytes(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // as if it were not there
        }
        return -1;
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

    /**
     * The same where it takes time to say what there is: not asked for less than a megabyte.
     *
     * @throws InsufficientMemoryException if it does not fit
     */
    public static void require(double bytes, LongSupplier available, String purpose) {
        if (!(bytes <= SMALL)) {
            require(bytes, available.getAsLong(), purpose);
        }
    }

    /** {@link #requireHeap(double, double, String, String)} for what grows with the number of inputs. */
    public static void requireHeap(double heap, double offHeap, String purpose) {
        requireHeap(heap, offHeap, purpose, "inputs");
    }

    /**
     * Refuses what does not fit before it is begun: on the Java heap, and in the machine's memory, from which the heap grows, too.
     *
     * @param heap bytes of the Java heap
     * @param offHeap bytes outside it
     * @param purpose completes "... needs 3.2 GB of Java heap", for example "The kernel of 28000 inputs"
     * @param things what fewer of needs less
     * @throws InsufficientMemoryException if it does not fit
     */
    public static void requireHeap(double heap, double offHeap, String purpose, String things) {
        if (heap > availableHeap()) {
            System.gc(); // what is garbage counts as used until it is collected
        }
        double growth = Math.max(0, heap - Runtime.getRuntime().freeMemory()) + offHeap;
        long available = growth <= SMALL ? Long.MAX_VALUE : availableOffHeap();
        if (growth > available) {
            throw new InsufficientMemoryException(purpose + " needs " + format(heap + offHeap) + " of memory, but only "
                    + format(available) + " is available; fewer " + things + " need less.");
        }
        if (heap > availableHeap()) {
            String option =
                    "-Xmx" + (long) Math.ceil((heap + Runtime.getRuntime().totalMemory()) / 1e9 + 0.5) + "g";
            throw new InsufficientMemoryException(purpose + " needs " + format(heap) + " of Java heap, but only "
                    + format(availableHeap()) + " is left: raise it with " + option + " (NTK_JAVA_OPTS=" + option
                    + " ntk ...), or use fewer " + things + ".");
        }
    }

    /**
     * The same for what one Java array has to hold, however much memory there is.
     *
     * @param numbers how many
     * @param purpose completes "... has more numbers than one array can hold", for example "A kernel of 50000 inputs"
     * @throws IllegalArgumentException if they are too many
     */
    public static void requireArray(double numbers, String purpose) {
        if (numbers > MAX_ARRAY) {
            throw new IllegalArgumentException(
                    purpose + " has more numbers than one array can hold (" + MAX_ARRAY + ").");
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
