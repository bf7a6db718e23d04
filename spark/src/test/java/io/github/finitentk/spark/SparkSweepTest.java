package io.github.finitentk.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import io.github.finitentk.store.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps in {@code local[2]}: driver and executor in this virtual machine. */
class SparkSweepTest {

    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.log.level", "ERROR")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static SweepSpec spec(int... depths) {
        return SweepSpec.builder("variance")
                .activations(Activations.TANH, Activations.RELU)
                .sigmaW2(1, 2, 3)
                .sigmaB2(1)
                .depths(depths)
                .widths(10, 20, 100)
                .set("method", "weights")
                .set("draws", 300)
                .build();
    }

    private List<Path> parquet() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out/cells"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    @Test
    void theRunFileIsThatOfOneMachine() throws IOException {
        SweepSpec spec = spec(3, 5, 9);
        String expected = Tables.onOneMachine(spec, folder.resolve("one.db"));
        List<Progress.State> states = new ArrayList<>();
        RunResult result = SparkSweep.of(spark, spec)
                .to(folder.resolve("out"))
                .listener(states::add)
                .run();
        assertThat(result)
                .hasToString("complete: 54 of 54 cells in " + folder.resolve("out/run.db") + ", 0 diverged, 0 failed");
        assertThat(Tables.export(folder.resolve("out/run.db"))).isEqualTo(expected);
        assertThat(states).last().satisfies(state -> {
            assertThat(state.done()).isEqualTo(54);
            assertThat(state.fraction()).isCloseTo(1, within(1e-12));
        });
        assertThat(folder.resolve("out/checkpoints")).doesNotExist();
        assertThat(parquet()).hasSize(1);
        Dataset<Row> table = spark.read().parquet(folder.resolve("out/cells").toString());
        assertThat(table.count()).isEqualTo(54);
        assertThat(table.select("cell").distinct().count()).isEqualTo(54);
    }

    @Test
    void aRunGoesOnWithItsRunFileOrItsParquetFiles() throws IOException {
        SweepSpec spec = spec(3, 5, 9);
        String expected = Tables.onOneMachine(spec, folder.resolve("one.db"));
        Path out = folder.resolve("out");
        AtomicBoolean stop = new AtomicBoolean();
        SparkSweep sweep = SparkSweep.of(spark, spec).to(out).cancel(stop::get).listener(state -> stop.set(true));
        RunResult first = sweep.run();
        assertThat(first.isComplete()).isFalse();
        assertThat(first.finished()).isPositive();
        assertThatThrownBy(() -> SparkSweep.of(spark, spec).to(out).run())
                .isInstanceOf(CellStore.StoreException.class)
                .hasMessageContaining("There are cells of an earlier run in");

        // With the Parquet files alone.
        Files.delete(out.resolve("run.db"));
        stop.set(false);
        RunResult second = sweep.resume().run();
        assertThat(second.finished()).isGreaterThan(first.finished());

        // With the run file alone.
        for (Path file : parquet()) {
            Files.delete(file);
        }
        stop.set(false);
        RunResult third = sweep.listener(Progress.NONE).run();
        assertThat(third.before()).isEqualTo(second.finished());
        assertThat(third.isComplete()).isTrue();
        assertThat(Tables.export(out.resolve("run.db"))).isEqualTo(expected);

        // A table that is complete is a run file again.
        Files.delete(out.resolve("run.db"));
        assertThat(sweep.run().isComplete()).isTrue();
        assertThat(Tables.export(out.resolve("run.db"))).isEqualTo(expected);
        assertThat(spark.read().parquet(out.resolve("cells").toString()).count())
                .isEqualTo(54);
    }

    @Test
    void cellsOfAnotherSpecificationAreRefused() throws IOException {
        Path out = folder.resolve("out");
        SparkSweep.of(spark, spec(2)).to(out).run();
        Files.delete(out.resolve("run.db"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkSweep.of(spark, spec(3)).to(out).resume().run())
                .withMessageContaining(
                        "holds cells of another specification: it has \"depth: [2]\", now it is \"depth: [3]\".");
    }
}
