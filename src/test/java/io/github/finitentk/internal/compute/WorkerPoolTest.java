package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkerPoolTest {

    @Test
    void everyTaskRunsOnceAndSlotsAreNeverShared() {
        try (WorkerPool pool = WorkerPool.of(3)) {
            for (int tasks : new int[] {0, 1, 2, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(1000);
                AtomicIntegerArray inSlot = new AtomicIntegerArray(3);
                pool.forEach(tasks, (index, slot) -> {
                    assertThat(inSlot.incrementAndGet(slot)).isEqualTo(1);
                    runs.incrementAndGet(index);
                    inSlot.decrementAndGet(slot);
                });
                for (int i = 0; i < 1000; i++) {
                    assertThat(runs.get(i)).isEqualTo(i < tasks ? 1 : 0);
                }
            }
        }
    }

    @Test
    void tasksRunAtTheSameTime() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger met = new AtomicInteger();
            pool.forEach(2, (index, slot) -> {
                both.countDown();
                try {
                    if (both.await(10, TimeUnit.SECONDS)) {
                        met.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(met.get()).isEqualTo(2);
        }
    }

    @Test
    void innerLoopsRunOnTheirOwnThread() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            pool.forEach(4, (index, slot) -> {
                Thread outer = Thread.currentThread();
                pool.forEach(3, (inner, innerSlot) -> {
                    assertThat(Thread.currentThread()).isSameAs(outer);
                    assertThat(innerSlot).isZero();
                });
            });
        }
    }

    @Test
    void theFirstFailureReachesTheCallerAndThePoolSurvives() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            assertThatThrownBy(() -> pool.forEach(100, (index, slot) -> {
                        if (index == 3) {
                            throw new IllegalStateException("task 3");
                        }
                    }))
                    .hasMessage("task 3");
            AtomicInteger runs = new AtomicInteger();
            pool.forEach(10, (index, slot) -> runs.incrementAndGet());
            assertThat(runs.get()).isEqualTo(10);
        }
    }

    @Test
    void aSystemThatRefusesThreadsMakesASmallerPool() {
        for (int allowed : new int[] {0, 2}) {
            AtomicInteger started = new AtomicInteger();
            try (WorkerPool pool = WorkerPool.of(8, body -> new Thread(body) {
                @Override
                public void start() {
                    if (started.incrementAndGet() > allowed) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    super.start();
                }
            })) {
                assertThat(pool.threads()).isEqualTo(1 + allowed);
                AtomicInteger runs = new AtomicInteger();
                pool.forEach(100, (index, slot) -> {
                    assertThat(slot).isLessThanOrEqualTo(allowed);
                    runs.incrementAndGet();
                });
                assertThat(runs.get()).isEqualTo(100);
            }
        }
    }

    // Tasks write into memory that the caller frees when the loop is over.
    @Test
    void noTaskRunsAnyMoreWhenALoopHasFailed() throws InterruptedException {
        Throwable[] failures = {
            new IllegalStateException("no"),
            new OutOfMemoryError("no"),
            new StackOverflowError("no"),
            new Exception("no")
        };
        for (Throwable failure : failures) {
            for (int failing = 0; failing < 4; failing++) {
                int failingSlot = failing;
                AtomicInteger running = new AtomicInteger();
                CountDownLatch allIn = new CountDownLatch(4);
                try (WorkerPool pool = WorkerPool.of(4)) {
                    assertThatThrownBy(() -> pool.forEach(4, (index, slot) -> {
                                running.incrementAndGet();
                                allIn.countDown();
                                awaitAll(allIn);
                                if (slot == failingSlot) {
                                    running.decrementAndGet();
                                    WorkerPoolTest.<RuntimeException>sneak(failure);
                                }
                                pause();
                                running.decrementAndGet();
                            }))
                            .isSameAs(failure);
                    assertThat(running.get()).isZero();
                }
            }
        }
    }

    @Test
    void anInterruptedCallerWaitsForItsTasks() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            AtomicInteger running = new AtomicInteger();
            CountDownLatch allIn = new CountDownLatch(2);
            Thread.currentThread().interrupt();
            pool.forEach(2, (index, slot) -> {
                running.incrementAndGet();
                allIn.countDown();
                if (slot > 0) {
                    awaitAll(allIn);
                    pause();
                }
                running.decrementAndGet();
            });
            assertThat(Thread.interrupted()).isTrue();
            assertThat(running.get()).isZero();
        }
    }

    @Test
    void aClosedPoolSaysSoAndRunsNoTask() {
        WorkerPool pool = WorkerPool.of(2);
        pool.close();
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> pool.forEach(5, (index, slot) -> runs.incrementAndGet()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("This pool of threads has been closed.");
        assertThat(runs.get()).isZero();
    }

    @Test
    void closingTwiceIsHarmless() {
        WorkerPool pool = WorkerPool.of(2);
        pool.close();
        pool.close();
        WorkerPool.SINGLE.close();
        AtomicInteger runs = new AtomicInteger();
        WorkerPool.SINGLE.forEach(3, (index, slot) -> runs.incrementAndGet());
        assertThat(runs.get()).isEqualTo(3);
    }

    @Test
    void anApplicationsThreadsHelpAndStayOpen() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch allIn = new CountDownLatch(3);
        try (WorkerPool pool = WorkerPool.on(executor, 3)) {
            assertThat(pool.threads()).isEqualTo(3);
            pool.forEach(3, (index, slot) -> {
                seen.add(Thread.currentThread());
                allIn.countDown();
                awaitAll(allIn);
            });
        }
        assertThat(allIn.getCount()).isZero();
        assertThat(seen).hasSize(3).contains(Thread.currentThread());
        assertThat(executor.submit(() -> 4).get()).isEqualTo(4);
        executor.shutdown();
    }

    // A caller that waited for a lane which its own thread would have to run would wait for ever.
    @Test
    @Timeout(20)
    void aLoopWithinTheOnlyThreadOfAnExecutorEnds() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (WorkerPool one = WorkerPool.on(executor, 4);
                WorkerPool other = WorkerPool.on(executor, 4)) {
            int total = executor.submit(() -> {
                        AtomicInteger runs = new AtomicInteger();
                        one.forEach(
                                5,
                                (index, slot) -> other.forEach(
                                        5,
                                        (inner, innerSlot) -> one.forEach(5, (last, lane) -> runs.incrementAndGet())));
                        return runs.get();
                    })
                    .get();
            assertThat(total).isEqualTo(125);
        }
        executor.shutdown();
    }

    @Test
    void aLaneThatBeginsTooLateTouchesNothing() {
        List<Runnable> queued = new ArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        WorkerPool pool = WorkerPool.on(queued::add, 3);
        pool.forEach(10, (index, slot) -> runs.incrementAndGet());
        assertThat(queued).hasSize(2);
        queued.forEach(Runnable::run);
        assertThat(runs.get()).isEqualTo(10);
    }

    @Test
    void anExecutorThatRefusesCostsHelpNotResults() {
        AtomicInteger runs = new AtomicInteger();
        WorkerPool pool = WorkerPool.on(
                lane -> {
                    throw new RejectedExecutionException("full");
                },
                3);
        pool.forEach(10, (index, slot) -> runs.incrementAndGet());
        assertThat(runs.get()).isEqualTo(10);

        ExecutorService executor = Executors.newFixedThreadPool(1);
        executor.shutdown();
        assertThatThrownBy(() -> WorkerPool.on(executor, 2).forEach(5, (index, slot) -> runs.incrementAndGet()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The executor that was to compute has been shut down.");
        assertThat(runs.get()).isEqualTo(10);
    }

    @Test
    void poolsDoNotShareWhatCountsAsInside() {
        try (WorkerPool outer = WorkerPool.of(2);
                WorkerPool inner = WorkerPool.of(2)) {
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            CountDownLatch both = new CountDownLatch(2);
            outer.forEach(2, (index, slot) -> {
                if (index == 0) {
                    inner.forEach(2, (task, lane) -> {
                        seen.add(Thread.currentThread());
                        both.countDown();
                        awaitAll(both);
                    });
                }
            });
            assertThat(seen).hasSize(2);
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        long end = System.nanoTime() + 50_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable problem) throws E {
        throw (E) problem;
    }

    @Test
    void absurdThreadCountsAreRefused() {
        assertThatThrownBy(() -> WorkerPool.of(0)).hasMessageContaining("between 1 and 1024");
        assertThatThrownBy(() -> WorkerPool.of(5000)).hasMessageContaining("between 1 and 1024");
    }
}
