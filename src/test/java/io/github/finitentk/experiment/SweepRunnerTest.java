package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.MemoryBudget;
import io.github.finitentk.model.Activations;
import io.github.finitentk.store.Sweep;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SweepRunnerTest {

    private static SweepSpec.Builder trial() {
        return SweepSpec.builder("trial")
                .activations(Activations.TANH, Activations.RELU)
                .sigmaW2(1, 2, 3, 4)
                .sigmaB2(0.5)
                .depths(1, 2, 3, 4)
                .widths(10);
    }

    private static List<SweepRow> compute(SweepSpec spec) {
        try (Engine two = Engine.of(Backend.pureJava(), 2)) {
            return new Sweep(spec, two).run().rows();
        }
    }

    @Test
    void failingAndDivergingCellsAreRecordedAndNeverStopTheRest() {
        for (boolean together : new boolean[] {false, true}) {
            SweepSpec spec = trial().set("together", together)
                    .set("failing_depth", 2)
                    .set("diverging_depth", 3)
                    .build();
            List<SweepRow> rows = compute(spec);
            assertThat(rows).hasSize(32).extracting(SweepRow::cell).isEqualTo(List.copyOf(spec.cells()));
            for (SweepRow row : rows) {
                SweepRow.Status expected = switch (row.cell().depth()) {
                    case 2 -> SweepRow.Status.FAILED;
                    case 3 -> SweepRow.Status.DIVERGED;
                    default -> SweepRow.Status.OK;
                };
                assertThat(row.status()).isEqualTo(expected);
                assertThat(Double.isNaN(row.real("value"))).isEqualTo(expected != SweepRow.Status.OK);
                if (expected == SweepRow.Status.FAILED) {
                    assertThat(row.reason()).isEqualTo("Depth 2 fails.");
                }
            }
        }
    }

    @Test
    void addingAValueToAnAxisKeepsAllOtherResultsBitForBit() {
        List<SweepRow> before = compute(trial().build());
        List<SweepRow> after = compute(trial().sigmaW2(0.5, 1, 2, 2.5, 3, 4)
                .activations(Activations.ERF, Activations.RELU, Activations.TANH)
                .build());
        Map<Cell, Double> values = after.stream().collect(Collectors.toMap(SweepRow::cell, row -> row.real("value")));
        assertThat(values).hasSize(72);
        assertThat(new HashSet<>(values.values())).hasSize(72);
        for (SweepRow row : before) {
            assertThat(values.get(row.cell())).isEqualTo(row.real("value"));
        }
    }

    @Test
    void earlyResultsCoverTheGrid() {
        SweepSpec spec = SweepSpec.builder("trial")
                .activations(Activations.TANH)
                .sigmaW2(Grid.range(1.0, 64, 1))
                .sigmaB2(1)
                .depths(1)
                .widths(10)
                .build();
        List<Integer> order = new ArrayList<>();
        CellStore store = new Recorder(new MemoryStore(), order);
        new SweepRunner(spec, Engine.single(Backend.pureJava())).run(store, Progress.NONE, () -> false);
        assertThat(order).hasSize(64).doesNotHaveDuplicates();
        // After an eighth of the cells, no point of the grid is further than an eighth from a finished one.
        List<Integer> early = order.subList(0, 8);
        for (int cell = 0; cell < 64; cell++) {
            int here = cell;
            assertThat(early.stream()
                            .mapToInt(other -> Math.abs(other - here))
                            .min()
                            .orElseThrow())
                    .isLessThan(8);
        }
    }

    @Test
    void aStopFinishesTheCellsUnderWayAndTheNextRunTheRest() {
        SweepSpec spec = trial().build();
        MemoryStore store = new MemoryStore();
        AtomicInteger asked = new AtomicInteger();
        SweepRunner runner = new SweepRunner(spec, Engine.single(Backend.pureJava()));
        assertThat(runner.run(store, Progress.NONE, () -> asked.incrementAndGet() > 10))
                .isFalse();
        int done = store.finished().cardinality();
        assertThat(done).isBetween(1, 31);
        List<Integer> order = new ArrayList<>();
        assertThat(runner.run(new Recorder(store, order), Progress.NONE, () -> false))
                .isTrue();
        assertThat(order).hasSize(32 - done);
        assertThat(values(store.rows())).isEqualTo(values(compute(spec)));
    }

    @Test
    void aLongCellLeavesACheckpointAndGoesOnFromIt() {
        SweepSpec spec = SweepSpec.of(
                Quantity.of("trial", Map.of("steps", 10)), Grid.of(new Cell(Activations.TANH, 1, 1, 4, 10)), 0);
        MemoryStore store = new MemoryStore();
        AtomicInteger asked = new AtomicInteger();
        SweepRunner runner = new SweepRunner(spec, Engine.single(Backend.pureJava()));
        assertThat(runner.run(store, Progress.NONE, () -> asked.incrementAndGet() > 5))
                .isFalse();
        assertThat(store.finished().isEmpty()).isTrue();
        assertThat(store.checkpoint(List.of(0))).isPresent();
        List<Progress.State> states = Collections.synchronizedList(new ArrayList<>());
        assertThat(runner.run(store, states::add, () -> false)).isTrue();
        assertThat(store.checkpoint(List.of(0))).isEmpty();
        assertThat(values(store.rows())).isEqualTo(values(compute(spec)));
        // Four steps were done: the first fraction that the second run reports is the fifth's.
        assertThat(states.stream()
                        .mapToDouble(Progress.State::fraction)
                        .filter(f -> f > 0)
                        .findFirst())
                .hasValue(0.5);
        assertThat(states.get(states.size() - 1))
                .isEqualTo(new Progress.State(1, 1, 1, spec.cells().get(0)));
    }

    @Test
    void aStoreThatFailsEndsTheRun() {
        CellStore broken = new Recorder(new MemoryStore(), new ArrayList<>()) {
            @Override
            public void commit(List<Integer> unit, List<SweepRow> rows) {
                throw new CellStore.StoreException("The disk is full.");
            }
        };
        SweepRunner runner = new SweepRunner(trial().build(), Engine.single(Backend.pureJava()));
        assertThatThrownBy(() -> runner.run(broken, Progress.NONE, () -> false))
                .isInstanceOf(CellStore.StoreException.class)
                .hasMessage("The disk is full.");
    }

    @Test
    void unitsWaitForMemory() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(100);
        double whole = budget.take(1e9);
        Set<String> entered = Collections.synchronizedSet(new HashSet<>());
        Thread second = new Thread(() -> {
            double share = budget.take(60);
            entered.add("second");
            budget.giveBack(share);
        });
        second.start();
        Thread.sleep(50);
        assertThat(entered).isEmpty();
        budget.giveBack(whole);
        second.join(10_000);
        assertThat(entered).containsExactly("second");
    }

    private static List<Object> values(List<SweepRow> rows) {
        return rows.stream().map(row -> (Object) row.real("value")).toList();
    }

    /** Notes the order of commits. */
    private static class Recorder implements CellStore {
        private final CellStore store;
        private final List<Integer> order;

        Recorder(CellStore store, List<Integer> order) {
            this.store = store;
            this.order = order;
        }

        @Override
        public BitSet finished() {
            return store.finished();
        }

        @Override
        public synchronized void commit(List<Integer> unit, List<SweepRow> rows) {
            order.addAll(unit);
            store.commit(unit, rows);
        }

        @Override
        public Iterable<SweepRow> rows() {
            return store.rows();
        }

        @Override
        public Optional<byte[]> checkpoint(List<Integer> unit) {
            return store.checkpoint(unit);
        }

        @Override
        public void checkpoint(List<Integer> unit, byte[] state) {
            store.checkpoint(unit, state);
        }
    }
}
