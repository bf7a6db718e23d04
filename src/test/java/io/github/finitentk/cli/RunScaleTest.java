package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many cells: what the engine adds to each, and what their table costs. */
@Timeout(600)
class RunScaleTest {

    private static final boolean FULL =
            System.getProperty("ntk.statistics", "quick").equals("full");

    @TempDir
    Path folder;

    @Test
    void theEngineAddsLessThanAMillisecondToACell() {
        SweepSpec spec = SweepSpec.builder("trial")
                .activations(Activations.RELU)
                .sigmaW2(Grid.range(1.0, 100, 1))
                .sigmaB2(1)
                .depths(Grid.range(1, 100, 1))
                .widths(10)
                .build();
        double alone = seconds(spec, CellStore.inMemory());
        try (RunFile run = RunFile.create(folder.resolve("run.db"), spec, Map.of())) {
            double stored = seconds(spec, run);
            assertThat(run.isFinished()).isTrue();
            System.out.printf(
                    Locale.ROOT,
                    "10,000 cheap cells: %.3f ms a cell into a run file, %.3f ms into memory%n",
                    stored / 10,
                    alone / 10);
            // The cell's own time is part of it; even so it is below the bound.
            assertThat(stored).isLessThan(10);
        }
    }

    private static double seconds(SweepSpec spec, CellStore store) {
        long start = System.nanoTime();
        try (Engine engine = Engine.of(Backend.pureJava(), 2)) {
            spec.compute(store, engine, Progress.NONE, () -> false);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    // A tenth of the rows in the quick suite, with a tenth of the minute.
    @Test
    void aMillionRowsAreExportedWithinAMinuteAnd512Megabytes() throws Exception {
        int depths = FULL ? 1000 : 100;
        Path run = folder.resolve("large.db");
        fill(run, depths);
        for (String format : FULL ? new String[] {"csv", "json", "npy"} : new String[] {"csv", "npy"}) {
            Path table = folder.resolve("table." + format);
            long start = System.nanoTime();
            NtkProcess export = new NtkProcess(
                            "export", run.toString(), "--format", format, "--output", table.toString())
                    .with("-Xmx256m")
                    .start();
            long peak = export.peakMemory();
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(export.exitCode()).isZero();
            System.out.printf(
                    Locale.ROOT,
                    "%,d rows as %s: %.1f s, %.0f MB at the most, %.0f MB of table%n",
                    depths * 1000,
                    format,
                    seconds,
                    peak / 1e6,
                    Files.size(table) / 1e6);
            assertThat(peak).isLessThan(512_000_000L);
            assertThat(seconds).isLessThan(depths / 1000.0 * 60);
        }
        try (Stream<String> lines = Files.lines(folder.resolve("table.csv"))) {
            assertThat(lines.count()).isEqualTo(1 + depths * 1000L);
        }
    }

    /** A run of the variance with made-up numbers: a thousand rows for each depth. */
    private static void fill(Path file, int depths) throws IOException {
        SweepSpec spec = SweepSpec.builder("variance")
                .activations(Activations.RELU, Activations.TANH)
                .sigmaW2(Grid.range(0.01, 5, 0.01))
                .sigmaB2(1)
                .depths(Grid.range(1, depths, 1))
                .widths(100)
                .build();
        int cells = spec.cells().size();
        assertThat(cells).isEqualTo(1000 * depths);
        SplittableRandom random = new SplittableRandom(1);
        try (RunFile run = RunFile.create(file, spec, Map.of("version", "made up"))) {
            for (int first = 0; first < cells; first += 10_000) {
                run.commit(
                        IntStream.range(first, first + 10_000).boxed().toList(),
                        IntStream.range(first, first + 10_000)
                                .mapToObj(k -> made(spec, k, random))
                                .toList());
            }
        }
    }

    private static SweepRow made(SweepSpec spec, int index, SplittableRandom random) {
        return new SweepRow(
                spec.cells().get(index),
                SweepRow.Status.OK,
                "no closed form; the tail is light enough for an interval",
                random.nextDouble(),
                spec.quantity().columns(),
                List.of(
                        "rao-blackwell",
                        200L,
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        random.nextDouble(),
                        0L,
                        random.nextDouble(),
                        random.nextDouble()));
    }
}
