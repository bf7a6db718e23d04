package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What 10,000 cells leave behind outside the heap: nothing. */
class SweepMemoryTest {

    private static final int CELLS = 10_000;

    private Engine engine;

    @BeforeEach
    void open() {
        engine = Engine.of(Backend.nativeCore(), 2);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** Forgets rows at once, and looks at memory between cells: what cells hold meanwhile is freed by then, but for the other thread's. */
    private static final class Scales implements CellStore {
        private final AtomicInteger cells = new AtomicInteger();
        private final BitSet finished = new BitSet();
        long early;
        long late;
        long earlyProcess;
        long lateProcess;

        @Override
        public synchronized BitSet finished() {
            return (BitSet) finished.clone();
        }

        @Override
        public synchronized void commit(List<Integer> unit, List<SweepRow> rows) {
            assertThat(rows).allMatch(row -> row.status() == SweepRow.Status.OK);
            unit.forEach(finished::set);
            int count = cells.addAndGet(unit.size());
            if (count <= CELLS / 10) {
                early = Math.max(early, Pointer.totalBytes());
                earlyProcess = outsideTheHeap();
            } else {
                late = Math.max(late, Pointer.totalBytes());
                lateProcess = outsideTheHeap();
            }
        }

        // At the least: not all of the heap need be in memory.
        private static long outsideTheHeap() {
            return Pointer.physicalBytes() - Runtime.getRuntime().totalMemory();
        }

        @Override
        public Optional<byte[]> checkpoint(List<Integer> unit) {
            return Optional.empty();
        }

        @Override
        public void checkpoint(List<Integer> unit, byte[] state) {
            // Nothing is taken up again.
        }

        @Override
        public Iterable<SweepRow> rows() {
            return List.of();
        }
    }

    private SweepSpec spec(String quantity, String method) {
        SweepSpec.Builder builder = SweepSpec.builder(quantity)
                .activations(Activations.TANH)
                .sigmaW2(Grid.range(1, 2 - 1.0 / CELLS, 1.0 / CELLS))
                .sigmaB2(1)
                .depths(3)
                .widths(4);
        if (method != null) {
            return builder.set("method", method).set("draws", 8).build();
        }
        return builder.set("samples", 2)
                .set("max_steps", 2)
                .set("initializations", 1)
                .set("snapshots", List.of(1))
                .set("integrator", "gd")
                .set("learning_rate", 1e-3)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chain", "conditional", "rao-blackwell", "weights"})
    void varianceCells(String method) {
        check(spec("variance", method));
    }

    @Test
    void trainings() {
        check(spec("kernel_change", null));
    }

    private void check(SweepSpec spec) {
        assertThat(spec.size()).isEqualTo(CELLS);
        long bytes = Pointer.totalBytes();
        long objects = Pointer.totalCount();
        Scales scales = new Scales();
        assertThat(spec.compute(scales, engine, Progress.NONE, () -> false)).isTrue();
        // Every buffer of the core was closed by whoever had it, not by the collector some time later.
        assertThat(Pointer.totalBytes()).isEqualTo(bytes);
        assertThat(Pointer.totalCount()).isEqualTo(objects);
        assertThat(scales.late).isLessThanOrEqualTo(scales.early);
        // The process as a whole, where 9,000 lost buffers of two pages would be 72 MB; compiled code and the heap's
        // own tables may grow.
        assertThat(scales.lateProcess - scales.earlyProcess).isLessThan(60L << 20);
    }
}
