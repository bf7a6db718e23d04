package io.github.finitentk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps as an application runs them, in memory and in a file. */
class SweepTest {

    private static final Engine ENGINE = Engine.single(Backend.pureJava());

    @TempDir
    Path folder;

    private static SweepSpec spec(long seed, int... depths) {
        return SweepSpec.builder("variance")
                .activations(Activations.TANH)
                .sigmaW2(1, 2)
                .sigmaB2(1)
                .depths(depths)
                .widths(10)
                .seed(seed)
                .build();
    }

    private static List<String> numbers(Iterable<SweepRow> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.cell() + " " + row.real("ratio") + " " + row.real("mean"))
                .toList();
    }

    private static List<String> numbers(Path file) {
        try (RunReader run = RunReader.open(file)) {
            return numbers(run.rows());
        }
    }

    @Test
    void aFileHoldsTheNumbersOfARunInMemory() {
        Path file = folder.resolve("run.db");
        RunResult inMemory = new Sweep(spec(0, 3, 5), ENGINE).run();
        RunResult inFile = new Sweep(spec(0, 3, 5), ENGINE).to(file).run();
        assertThat(inMemory.rows()).hasSize(4);
        assertThat(inMemory.file()).isEmpty();
        assertThat(numbers(file)).isEqualTo(numbers(inMemory.rows()));
        assertThat(inFile)
                .hasToString("complete: 4 of 4 cells in " + file + ", 0 diverged, 0 failed")
                .isEqualTo(new RunResult(
                        RunResult.End.COMPLETE, Optional.of(file), 4, 0, 4, 0, 0, Optional.empty(), List.of()));
        assertThatThrownBy(inFile::rows)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The cells of this run are in " + file + "; RunReader.open reads them.");
        try (RunReader run = RunReader.open(file)) {
            assertThat(run.manifest())
                    .containsEntry("backend", "java")
                    .containsKeys("version", "backend_description", "created", "input");
        }
    }

    /** Stops a sweep when two cells are finished; so does one in memory. */
    @Test
    void aCancelledRunIsGoneOnWith() {
        Path file = folder.resolve("run.db");
        List<Object> heard = new ArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Progress listener = new Progress() {
            @Override
            public void started(Start start) {
                heard.add(start);
            }

            @Override
            public void update(State state) {
                cancelled.set(state.done() >= 2);
            }
        };
        RunResult first = new Sweep(spec(0, 2, 4, 6, 8), ENGINE)
                .to(file)
                .listener(listener)
                .cancel(cancelled::get)
                .run();
        assertThat(first.isComplete()).isFalse();
        assertThat(first.end()).isEqualTo(RunResult.End.CANCELLED);
        assertThat(first.finished()).isBetween(2, 7);
        RunResult second = new Sweep(spec(0, 2, 4, 6, 8), ENGINE)
                .to(file)
                .resume()
                .listener(listener)
                .run();
        assertThat(second.isComplete()).isTrue();
        assertThat(second.before()).isEqualTo(first.finished());
        assertThat(heard)
                .containsExactly(
                        new Progress.Start(Optional.of(file), 1, 1, 8, 0, 0, Optional.empty()),
                        new Progress.Start(Optional.of(file), 1, 1, 8, first.finished(), 0, Optional.empty()));
        assertThat(numbers(file))
                .isEqualTo(numbers(new Sweep(spec(0, 2, 4, 6, 8), ENGINE).run().rows()));
        assertThat(new Sweep(spec(0, 2), ENGINE).cancel(() -> true).run())
                .hasToString("cancelled: 0 of 2 cells in memory, 0 diverged, 0 failed");
    }

    @Test
    void whatIsThereIsNeitherReplacedNorMixedWithOtherRuns() throws Exception {
        Path file = folder.resolve("run.db");
        new Sweep(spec(0, 3), ENGINE).to(file).cancel(() -> true).run();
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> new Sweep(spec(0, 3), ENGINE).to(file).run())
                .isInstanceOf(RunFileException.Exists.class)
                .hasMessage("The run file " + file + " exists.");
        assertThatThrownBy(() -> new Sweep(spec(1, 3), ENGINE).to(file).resume().run())
                .isInstanceOf(RunFileException.OtherSpecification.class)
                .hasMessage("The run file " + file + " was started with another specification: it has \"seed: 0\","
                        + " now it is \"seed: 1\".");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aRunGoesOnOnAnotherProcessorUnlessLapackHasAPartInIt() throws Exception {
        Path file = folder.resolve("run.db");
        new Sweep(spec(0, 2, 3), ENGINE).to(file).run();
        Path elsewhere = begunOn("abacus", spec(0, 2, 3));
        assertThat(new Sweep(spec(0, 2, 3), ENGINE).to(elsewhere).resume().run().isComplete())
                .isTrue();
        assertThat(numbers(elsewhere)).isEqualTo(numbers(file));
        assertThat(manifest(file)).containsEntry("last_digits", "the same on every processor");

        SweepSpec flow = SweepSpec.builder("kernel_change")
                .activations(Activations.TANH)
                .sigmaW2(1)
                .sigmaB2(1)
                .depths(2)
                .widths(5)
                .set("samples", 3)
                .set("max_steps", 2)
                .set("integrator", "flow")
                .build();
        Path begun = begunOn("abacus", flow);
        byte[] before = Files.readAllBytes(begun);
        assertThatThrownBy(() -> new Sweep(flow, ENGINE).to(begun).resume().run())
                .isInstanceOf(RunFileException.OtherProcessor.class)
                .hasMessage(
                        "The run file " + begun + " was begun by version 1 on an abacus and has to be finished there,"
                                + " because the last digits of its results depend on the processor: the integrator flow takes"
                                + " eigenvalues from LAPACK.");
        assertThat(Files.readAllBytes(begun)).isEqualTo(before);
        Path there = folder.resolve("there.db");
        new Sweep(flow, ENGINE).to(there).cancel(() -> true).run();
        assertThat(manifest(there).get("last_digits"))
                .isEqualTo("depend on the processor: the integrator flow takes" + " eigenvalues from LAPACK");
        assertThat(new Sweep(flow, ENGINE)
                        .to(there)
                        .resume()
                        .cancel(() -> true)
                        .run()
                        .end())
                .isEqualTo(RunResult.End.CANCELLED);
        // Whatever the quantity, a run that says so of itself.
        Path blas = folder.resolve("blas.db");
        RunFile.create(
                        blas,
                        spec(0, 3),
                        Map.of("backend", "abacus", "last_digits", "depend on the processor: beads are of wood"))
                .close();
        assertThatThrownBy(() -> new Sweep(spec(0, 3), ENGINE).to(blas).resume().run())
                .isInstanceOf(RunFileException.OtherProcessor.class)
                .hasMessageEndingWith("depend on the processor: beads are of wood.");
    }

    private Path begunOn(String backend, SweepSpec spec) {
        Path file = folder.resolve(backend + "-" + spec.quantity().name() + ".db");
        RunFile.create(file, spec, Map.of("version", "1", "backend", backend, "backend_description", "an " + backend))
                .close();
        return file;
    }

    private static Map<String, String> manifest(Path file) {
        try (RunReader run = RunReader.open(file)) {
            return run.manifest();
        }
    }

    @Test
    void cellsOfASmallerGridAreTakenOver() {
        Path small = folder.resolve("small.db");
        Path large = folder.resolve("large.db");
        new Sweep(spec(0, 3, 5), ENGINE).to(small).run();
        RunResult result =
                new Sweep(spec(0, 2, 3, 5), ENGINE).to(large).reuse(small).run();
        assertThat(result.before()).isEqualTo(4);
        assertThat(numbers(large)).containsAll(numbers(small)).hasSize(6);
        Path refused = folder.resolve("refused.db");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Sweep(spec(1, 3), ENGINE).to(refused).reuse(small).run())
                .withMessageContaining("cannot be reused");
        assertThat(refused).doesNotExist();
        assertThatThrownBy(() -> new Sweep(spec(0, 3), ENGINE).reuse(small).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only a run in a file");
    }

    @Test
    void cellsThatFailAreNamedAndTriedAgainWhenAsked() {
        SweepSpec spec = SweepSpec.builder("trial")
                .activations(Activations.RELU)
                .sigmaW2(1, 2)
                .sigmaB2(0)
                .depths(3, 4)
                .widths(10)
                .set("failing_depth", 4)
                .set("diverging_depth", 3)
                .build();
        Path file = folder.resolve("run.db");
        for (RunResult result : List.of(
                new Sweep(spec, ENGINE).run(),
                new Sweep(spec, ENGINE).to(file).run(),
                new Sweep(spec, ENGINE).to(file).retryFailed().run())) {
            assertThat(List.of(result.finished(), result.diverged(), result.failed()))
                    .containsExactly(4, 2, 2);
            assertThat(result.hasFailed()).isFalse();
            assertThat(result.firstFailure()).hasValueSatisfying(row -> {
                assertThat(row.cell().depth()).isEqualTo(4);
                assertThat(row.reason()).isEqualTo("Depth 4 fails.");
            });
        }
        assertThat(new Sweep(spec, ENGINE).to(file).resume().run().before()).isEqualTo(4);
    }

    @Test
    void anotherOneMayComputeTheCells() {
        SweepSpec spec = spec(0, 3, 5);
        Path file = folder.resolve("run.db");
        AtomicBoolean stop = new AtomicBoolean();
        List<Integer> asked = new ArrayList<>();
        // One cell at a time, until it is told to stop after the second.
        Sweep.Computation oneByOne = (cells, store, progress, cancel) -> {
            for (int cell : cells.stream().filter(i -> !store.finished().get(i)).toArray()) {
                if (!cancel.getAsBoolean()) {
                    asked.add(cell);
                    BitSet one = new BitSet();
                    one.set(cell);
                    spec.compute(one, store, ENGINE, progress, cancel);
                    stop.set(asked.size() == 2);
                }
            }
        };
        Sweep sweep = new Sweep(spec, ENGINE).computedBy(oneByOne).cancel(stop::get);
        assertThat(sweep.to(file).run().finished()).isEqualTo(2);
        stop.set(false);
        RunResult result = sweep.resume().run();
        assertThat(asked).containsExactly(0, 1, 2, 3);
        assertThat(result.before()).isEqualTo(2);
        assertThat(result.isComplete()).isTrue();
        assertThat(numbers(file))
                .isEqualTo(numbers(new Sweep(spec, ENGINE).run().rows()));
    }

    @Test
    void aShardComputesItsCellsAlone() {
        SweepSpec spec = spec(0, 3, 5);
        List<String> all = numbers(new Sweep(spec, ENGINE).run().rows());
        Path file = folder.resolve("run.db");
        List<String> found = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int k = 1; k <= 2; k++) {
            Shard shard = new Shard(k, 2);
            RunResult result = new Sweep(spec, ENGINE)
                    .shard(shard)
                    .to(shard.file(file))
                    .listener(new Progress() {
                        @Override
                        public void started(Start start) {
                            sizes.add(start.cells());
                        }

                        @Override
                        public void update(State state) {
                            sizes.add(state.cells());
                        }
                    })
                    .run();
            assertThat(result.isComplete()).isTrue();
            assertThat(result.cells()).isEqualTo(2);
            assertThat(numbers(new Sweep(spec, ENGINE).shard(shard).run().rows()))
                    .isEqualTo(numbers(shard.file(file)));
            found.addAll(numbers(shard.file(file)));
        }
        assertThat(sizes).containsOnly(2);
        assertThat(found).containsExactlyInAnyOrderElementsOf(all);
        try (RunReader run = RunReader.open(folder.resolve("run.shard-2-of-2.db"))) {
            assertThat(run.shard()).isEqualTo(new Shard(2, 2));
            assertThat(run.manifest()).containsEntry("shard", "2/2");
        }
    }

    @Test
    void aShardIsGoneOnWithAsItself() {
        Path file = folder.resolve("run.db");
        Shard first = new Shard(1, 2);
        AtomicBoolean stop = new AtomicBoolean(true);
        RunResult none = new Sweep(spec(0, 3, 5), ENGINE)
                .shard(first)
                .to(file)
                .cancel(stop::get)
                .run();
        assertThat(none.finished()).isZero();
        assertThatThrownBy(
                        () -> new Sweep(spec(0, 3, 5), ENGINE).to(file).resume().run())
                .isInstanceOf(RunFileException.OtherShard.class)
                .hasMessage("The run file " + file + " is about shard 1/2, not all of its sweep.");
        assertThatThrownBy(() -> new Sweep(spec(0, 3, 5), ENGINE)
                        .shard(new Shard(2, 2))
                        .to(file)
                        .resume()
                        .run())
                .hasMessage("The run file " + file + " is about shard 1/2, not shard 2/2.");
        Path other = folder.resolve("other.db");
        new Sweep(spec(0, 3, 5), ENGINE).to(other).run();
        RunResult reused = new Sweep(spec(0, 3, 5), ENGINE)
                .shard(first)
                .to(file)
                .resume()
                .reuse(other)
                .run();
        assertThat(reused.isComplete()).isTrue();
        assertThat(numbers(file)).hasSize(2);
    }
}
