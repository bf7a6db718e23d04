package io.github.finitentk.internal;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That a thing was opened which has to be closed. One that is forgotten is closed by the garbage collector; to learn where it was
 * opened, start Java with {@code -Dntk.leaks=true}: a line on standard error names the place.
 */
public final class Opened {

    private static final Set<Opened> OPEN = ConcurrentHashMap.newKeySet();

    private static final int CALLS = 16;

    private static volatile boolean recording = Boolean.getBoolean("ntk.leaks");

    // The place, where it is recorded.
    private final Throwable place;
    private final Cleaner.Cleanable forgotten;
    private volatile boolean closed;

    // Started with the first thing that needs it.
    private static final class Collector {
        static final Cleaner CLEANER = Cleaner.create();
    }

    private Opened(Object thing, String what, Runnable reclaim) {
        boolean recorded = recording;
        place = recorded ? place(what) : null;
        if (recorded) {
            OPEN.add(this);
        }
        forgotten =
                recorded || reclaim != null ? Collector.CLEANER.register(thing, () -> collected(what, reclaim)) : null;
    }

    private static Throwable place(String what) {
        Throwable place = new Throwable(what + " was opened here and never closed");
        // Without the calls within this class, and as far as it helps to find it.
        StackTraceElement[] calls = place.getStackTrace();
        place.setStackTrace(Arrays.copyOfRange(calls, Math.min(3, calls.length), Math.min(3 + CALLS, calls.length)));
        return place;
    }

    /**
     * Called by what is opened, once it is.
     *
     * @param what completes "... was never closed", for example "A training"
     */
    public static Opened by(Object thing, String what) {
        return new Opened(thing, what, null);
    }

    /**
     * The same for what Java does not reclaim by itself.
     *
     * @param reclaim run if it is forgotten, when it is collected; knows nothing of the thing
     */
    public static Opened by(Object thing, String what, Runnable reclaim) {
        return new Opened(thing, what, reclaim);
    }

    /** Called by {@code close()}; again does nothing. */
    public void closed() {
        closed = true;
        OPEN.remove(this);
        if (forgotten != null) {
            forgotten.clean();
        }
    }

    private void collected(String what, Runnable reclaim) {
        if (closed) {
            return;
        }
        OPEN.remove(this);
        if (place != null) {
            place.printStackTrace();
        }
        if (reclaim != null) {
            reclaim.run();
        }
    }

    /** From now on, places are recorded: as {@code -Dntk.leaks=true}. */
    public static void record() {
        recording = true;
    }

    /** What is open of all that was opened since places are recorded. */
    public static Set<Opened> stillOpen() {
        return Set.copyOf(OPEN);
    }

    /** Where it was opened; null if that was not recorded. */
    public Throwable place() {
        return place;
    }
}
