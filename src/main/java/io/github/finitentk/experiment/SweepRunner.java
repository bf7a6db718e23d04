package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.MemoryBudget;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Computes the cells of a sweep that are not finished yet, unit by unit over the worker pool, and commits each unit when it
 * ends. A cell that fails or diverges is recorded and never stops the rest.
 */
final class SweepRunner {

    private final SweepSpec spec;
    private final BitSet part;
    private final Engine engine;

    /** @param part the cells that are wanted, by their place in grid order; not to be modified */
    SweepRunner(SweepSpec spec, BitSet part, Engine engine) {
        this.spec = spec;
        this.part = part;
        this.engine = engine;
    }

    SweepRunner(SweepSpec spec, Engine engine) {
        this(spec, Shard.WHOLE.cells(spec), engine);
    }

    /** Cells that are computed and committed together. */
    private record Unit(List<Integer> indices, List<Cell> cells, double seconds, double bytes) {}

    /** As {@link SweepSpec#compute(BitSet, CellStore, Engine, Progress, BooleanSupplier)}. */
    boolean run(CellStore store, Progress progress, BooleanSupplier stop) {
        List<Cell> cells = spec.cells();
        BitSet finished = finished(store);
        List<Unit> units = new ArrayList<>();
        double total = 0;
        for (List<Integer> indices : spec.quantity().units(cells)) {
            List<Integer> wanted = indices.stream().filter(part::get).toList();
            if (!wanted.isEmpty()) {
                total += unit(cells, wanted).seconds;
            }
            List<Integer> missing =
                    wanted.stream().filter(i -> !finished.get(i)).toList();
            if (!missing.isEmpty()) {
                units.add(unit(cells, missing));
            }
        }
        double left = units.stream().mapToDouble(Unit::seconds).sum();
        Work work = new Work(
                store,
                new SweepProgress(progress, part.cardinality(), total, finished.cardinality(), total - left),
                stop);
        // Rows along a training are computed along it: neighbours have work in common.
        List<Unit> ordered = spec.quantity().along().isPresent() ? units : coarseToFine(units);
        // Fewer units than threads: one after the other, each on all threads.
        Engine outer = ordered.size() < engine.threads() ? engine.single() : engine;
        outer.forEach(ordered.size(), (index, slot) -> work.run(ordered.get(index)));
        return finished(store).equals(part);
    }

    private BitSet finished(CellStore store) {
        BitSet finished = store.finished();
        finished.and(part);
        return finished;
    }

    private Unit unit(List<Cell> cells, List<Integer> indices) {
        List<Cell> unit = indices.stream().map(cells::get).toList();
        return new Unit(
                indices, unit, spec.quantity().seconds(unit), spec.quantity().bytes(unit));
    }

    // Levels of the order 0, 1/2, 1/4, 3/4, 1/8, ... of the list, so that early results cover the grid; within a level
    // the dearest first, so that no thread is left alone with one at the end.
    private static List<Unit> coarseToFine(List<Unit> units) {
        List<Unit> ordered = new ArrayList<>(units.size());
        int whole = Integer.highestOneBit(Math.max(1, units.size() - 1)) << 1;
        for (int step = whole; step >= 1; step /= 2) {
            List<Unit> level = new ArrayList<>();
            for (int i = step == whole ? 0 : step; i < units.size(); i += 2 * step) {
                level.add(units.get(i));
            }
            level.sort(Comparator.comparingDouble(unit -> -unit.seconds));
            ordered.addAll(level);
        }
        return ordered;
    }

    /** One run's units. */
    private final class Work {
        private final CellStore store;
        private final SweepProgress progress;
        private final BooleanSupplier stop;
        private final MemoryBudget memory = new MemoryBudget(engine.availableMemory());

        Work(CellStore store, SweepProgress progress, BooleanSupplier stop) {
            this.store = store;
            this.progress = progress;
            this.stop = stop;
        }

        void run(Unit unit) {
            double share = memory.take(unit.bytes);
            try {
                runWithMemory(unit);
            } finally {
                memory.giveBack(share);
            }
        }

        private void runWithMemory(Unit unit) {
            if (stop.getAsBoolean()) {
                return;
            }
            progress.started(unit.indices, unit.cells.get(0));
            try {
                store.commit(unit.indices, compute(unit));
            } catch (CellContext.StoppedException e) {
                return;
            }
            progress.finished(unit.indices, unit.seconds);
        }

        private List<SweepRow> compute(Unit unit) {
            long start = System.nanoTime();
            Columns<?> columns = spec.quantity().columns();
            try {
                List<SweepRow> rows = spec.quantity().compute(unit.cells, new UnitContext(unit));
                if (!rows.stream().map(SweepRow::cell).toList().equals(unit.cells)
                        || rows.stream().anyMatch(row -> !row.columns().equals(columns))) {
                    throw new IllegalStateException("The quantity "
                            + spec.quantity().name() + " did not return one row of its own columns for each cell.");
                }
                return rows;
            } catch (CellContext.StoppedException | CellStore.StoreException e) {
                throw e;
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError problem) {
                if (unit.indices.size() == 1) {
                    return List.of(columns.failed(unit.cells.get(0), problem, (System.nanoTime() - start) / 1e9));
                }
            }
            // One of them failed: each alone, so that the others have their results.
            List<SweepRow> rows = new ArrayList<>();
            for (int k = 0; k < unit.indices.size(); k++) {
                rows.addAll(compute(new Unit(
                        List.of(unit.indices.get(k)),
                        List.of(unit.cells.get(k)),
                        unit.seconds / unit.indices.size(),
                        unit.bytes)));
            }
            return rows;
        }

        private final class UnitContext implements CellContext {
            private final Unit unit;

            UnitContext(Unit unit) {
                this.unit = unit;
            }

            @Override
            public Engine engine() {
                return engine;
            }

            @Override
            public Seed seed() {
                return Seed.of(spec.seed());
            }

            @Override
            public int place(int k) {
                return unit.indices.get(k);
            }

            @Override
            public Optional<byte[]> checkpoint() {
                return store.checkpoint(unit.indices);
            }

            @Override
            public void checkpoint(byte[] state) {
                store.checkpoint(unit.indices, state);
            }

            @Override
            public boolean stopRequested() {
                return stop.getAsBoolean();
            }

            @Override
            public void progress(double fraction) {
                progress.reached(unit.indices, fraction * unit.seconds);
            }
        }
    }
}
