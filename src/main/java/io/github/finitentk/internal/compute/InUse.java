package io.github.finitentk.internal.compute;

import io.github.finitentk.internal.Opened;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who uses memory that can be closed at any time, by any thread, also by one that is using it: it is freed at once if nobody does, else
 * by the last who leaves. Nobody enters after it was closed.
 */
final class InUse {

    // Set in the number of users once closed.
    private static final int CLOSED = Integer.MIN_VALUE;

    private final String sentence;
    private final Runnable free;
    private final AtomicInteger users = new AtomicInteger();
    private final Object owner;
    // From the first use on: an owner whose constructor fails is never used, and nobody has it to close.
    private volatile Opened opened;

    /**
     * @param owner of the memory
     * @param sentence says that it has been closed
     * @param free frees it; called once
     */
    InUse(Object owner, String sentence, Runnable free) {
        this.sentence = sentence;
        this.free = free;
        this.owner = owner;
    }

    /** @throws IllegalStateException if it has been closed */
    void enter() {
        int now = users.get();
        while (!users.compareAndSet(requireOpen(now), now + 1)) {
            now = users.get();
        }
    }

    void leave() {
        if (users.decrementAndGet() == CLOSED) {
            free.run();
        }
    }

    /** @throws IllegalStateException if it has been closed */
    void requireOpen() {
        requireOpen(users.get());
    }

    private int requireOpen(int now) {
        if (now < 0) {
            throw new IllegalStateException(sentence);
        }
        if (opened == null) {
            watch();
        }
        return now;
    }

    private synchronized void watch() {
        if (opened == null) {
            opened = Opened.by(owner, owner.getClass().getSimpleName());
        }
    }

    private void unwatch() {
        watch();
        opened.closed();
    }

    /** Closing again does nothing. */
    void close() {
        unwatch();
        if (users.getAndUpdate(now -> now | CLOSED) == 0) {
            free.run();
        }
    }

    /**
     * The same, but holding the monitor of its owner if nobody has entered: for an owner whose methods do, of which only those enter that
     * may run what is not ours. Who closes from in there, perhaps on another thread, would wait for itself.
     */
    void close(Object monitor) {
        if (users.getAndUpdate(now -> now == 0 ? 0 : now | CLOSED) == 0) {
            synchronized (monitor) {
                close();
            }
        } else {
            unwatch();
        }
    }
}
