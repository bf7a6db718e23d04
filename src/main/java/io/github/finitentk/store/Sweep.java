package io.github.finitentk.store;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A sweep that is to be computed: where its cells go, what it goes on from, who watches and who may cancel it. Results depend
 * on none of these, nor on threads and interruptions. Not for use by several threads, but {@link #run} uses all of the
 * engine's.
 */
public final class Sweep {

    private final SweepSpec spec;
    private final Engine engine;
    private Shard shard = Shard.WHOLE;
    private Path file;
    private boolean resume;
    private boolean retryFailed;
    private Path reuse;
    private Computation computation;
    private Progress listener = Progress.NONE;
    private BooleanSupplier cancel = () -> false;

    /** Who computes the cells that a run has not: the threads of this machine, or, say, those of a cluster. */
    @FunctionalInterface
    public interface Computation {

        /**
         * Computes cells and commits them, unit by unit.
         *
         * @param cells those that are wanted, by their place in grid order, finished ones among them; not to be modified
         * @param store what has the finished ones and takes the others
         * @param progress to be told, by one thread at a time
         * @param stop to be asked often; once it says true, what is under way is finished or given up
         * @throws CellStore.StoreException if results cannot be kept
         */
        void compute(BitSet cells, CellStore store, Progress progress, BooleanSupplier stop);
    }

    /** A sweep whose cells are kept in memory unless a run file is named. */
    public Sweep(SweepSpec spec, Engine engine) {
        this.spec = spec;
        this.engine = engine;
        this.computation = (cells, store, progress, stop) -> spec.compute(cells, store, engine, progress, stop);
    }

    /**
     * Computes the cells of this shard alone. Its run file is like any other, but for the entry {@code shard} of the manifest, and
     * goes on with the same shard only; those of all shards can be joined.
     */
    public Sweep shard(Shard part) {
        shard = part;
        return this;
    }

    /** Keeps the cells in a run file, each for good when it is finished; there must be none of that name yet. */
    public Sweep to(Path runFile) {
        file = runFile;
        return this;
    }

    /** Goes on with the run file if there is one: with the run of this specification that an earlier process has begun. */
    public Sweep resume() {
        resume = true;
        return this;
    }

    /** Goes on as {@link #resume} does, and computes the cells that failed again. */
    public Sweep retryFailed() {
        retryFailed = true;
        return resume();
    }

    /** Takes over the cells that another run has: of the same quantity, settings, seed and version, on another grid. */
    public Sweep reuse(Path otherRun) {
        reuse = otherRun;
        return this;
    }

    /**
     * Has the cells computed by another one than the threads of this machine; run file, resuming and progress stay what they are.
     * Numbers must be those that {@link SweepSpec#compute} gives.
     */
    public Sweep computedBy(Computation other) {
        computation = other;
        return this;
    }

    /** Is told of the progress. */
    public Sweep listener(Progress progress) {
        listener = progress;
        return this;
    }

    /**
     * Ends the run early: asked before each cell and now and then within those that take long, by the threads that compute.
     * Once it says true, the cells under way are finished or leave a checkpoint.
     */
    public Sweep cancel(BooleanSupplier flag) {
        cancel = flag;
        return this;
    }

    /**
     * Computes the cells that are missing, of the shard if there is one. A cell that fails or diverges is recorded and does not stop the others. A run file
     * that is complete has been read back.
     *
     * @throws RunFileException if the run file cannot be used, or its results cannot be saved: there is one already and it is not
     *     to be gone on with, it holds the run of another specification, or one that has to end where it was begun, it was moved away, the disk is full, ...
     * @throws IllegalArgumentException if a file is no run file, or the other run's cells cannot be taken over
     * @throws IllegalStateException if something is asked of a run in memory that only a file has
     */
    public RunResult run() {
        BitSet cells = shard.cells(spec);
        return file == null ? runInMemory(cells) : runInFile(cells);
    }

    private RunResult runInMemory(BitSet cells) {
        if (resume || reuse != null) {
            throw new IllegalStateException(
                    "Only a run in a file goes on with an earlier one or takes over its cells; to(path) names the"
                            + " file.");
        }
        CellStore store = CellStore.inMemory();
        int size = cells.cardinality();
        listener.started(new Progress.Start(Optional.empty(), 1, 1, size, 0, 0, Optional.empty()));
        computation.compute(cells, store, listener, cancel);
        List<SweepRow> rows = new ArrayList<>();
        store.rows().forEach(rows::add);
        return RunResult.inMemory(size, rows);
    }

    private RunResult runInFile(BitSet cells) {
        RunResult result;
        int size = cells.cardinality();
        try (Opened opened = open(cells)) {
            RunFile run = opened.run;
            int before = run.finished().cardinality();
            listener.started(new Progress.Start(Optional.of(file), 1, 1, size, before, opened.reused, opened.begunBy));
            computation.compute(cells, run, listener, () -> cancel.getAsBoolean() || run.isDisplaced());
            run.requireInPlace();
            result = RunResult.inFile(size, before, run);
        }
        if (result.isComplete()) {
            try (RunReader run = RunReader.open(file)) {
                run.verify();
            }
        }
        return result;
    }

    /** A run file, and what came into it when it was opened. */
    private record Opened(RunFile run, int reused, Optional<String> begunBy) implements AutoCloseable {
        @Override
        public void close() {
            run.close();
        }
    }

    private Opened open(BitSet cells) {
        if (!resume || !RunFile.isThere(file)) {
            int[] reused = new int[1];
            RunFile run = RunFile.create(
                    file,
                    spec,
                    Manifest.of(spec, shard, engine.backend()),
                    created -> reused[0] = takeOver(created, cells));
            return new Opened(run, reused[0], Optional.empty());
        }
        Optional<String> begunBy = requireOurs(cells.cardinality());
        RunFile run = RunFile.open(file);
        try {
            if (begunBy.isPresent()) {
                Manifest.continued(run, engine.backend());
            }
            if (retryFailed) {
                run.forgetFailed();
            }
            return new Opened(run, takeOver(run, cells), begunBy);
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    // Read before it is opened for writing: a run that is not ours to go on with is left as it is.
    private Optional<String> requireOurs(int size) {
        try (RunReader run = RunReader.open(file)) {
            spec.differenceFrom(run.spec()).ifPresent(difference -> {
                throw new RunFileException.OtherSpecification(file, difference);
            });
            Map<String, String> manifest = run.manifest();
            Shard before = run.shard();
            if (!before.equals(shard)) {
                throw new RunFileException.OtherShard(file, before, shard);
            }
            int done =
                    run.counts().values().stream().mapToInt(Integer::intValue).sum();
            if (done == size) {
                return Optional.empty();
            }
            Manifest.obstacle(manifest, Manifest.of(spec, shard, engine.backend()))
                    .ifPresent(reason -> {
                        throw new RunFileException.OtherProcessor(file, reason, Manifest.begunBy(manifest));
                    });
            return Manifest.isOurs(manifest, engine.backend())
                    ? Optional.empty()
                    : Optional.of(Manifest.begunBy(manifest));
        }
    }

    private int takeOver(RunFile run, BitSet cells) {
        if (reuse == null) {
            return 0;
        }
        try (RunReader other = RunReader.open(reuse)) {
            return CellReuse.of(other, run, cells, engine.backend());
        }
    }
}
