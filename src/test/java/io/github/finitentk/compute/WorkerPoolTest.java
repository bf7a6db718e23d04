package io.github.finitentk.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

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
    void absurdThreadCountsAreRefused() {
        assertThatThrownBy(() -> WorkerPool.of(0)).hasMessageContaining("between 1 and 1024");
        assertThatThrownBy(() -> WorkerPool.of(5000)).hasMessageContaining("between 1 and 1024");
    }
}
