package io.github.finitentk.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Version;
import io.github.finitentk.model.Activations;
import io.github.finitentk.store.RunFileException;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.store.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
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
                .config("spark.sql.shuffle.partitions", 2)
                // Less forgiving than Java's.
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
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
        assertThatThrownBy(() -> SparkSweep.of(spark, spec).to(out).run()).isInstanceOf(RunFileException.Exists.class);

        // With the Parquet files alone.
        Files.delete(out.resolve("run.db"));
        assertThatThrownBy(() -> SparkSweep.of(spark, spec).to(out).run())
                .isInstanceOf(CellStore.StoreException.class)
                .hasMessageContaining("There are cells of an earlier run in");
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

    /** Trainings that are given up leave their state, and go on from it. */
    @Test
    void aTrainingGoesOnFromItsCheckpoint() throws IOException {
        SweepSpec spec = SweepSpec.builder("kernel_change")
                .activations(Activations.TANH)
                .sigmaW2(1.5, 2)
                .sigmaB2(1)
                .depths(3)
                .widths(64)
                .set("samples", 32)
                .set("learning_rate", 1e-5)
                .set("max_steps", 400_000)
                .set("integrator", "gd")
                .build();
        Path out = folder.resolve("out");
        Path checkpoints = out.resolve("checkpoints");
        long[] begun = new long[1];
        AtomicInteger tasks = new AtomicInteger();
        SparkListener starts = new SparkListener() {
            @Override
            public void onTaskStart(SparkListenerTaskStart start) {
                tasks.incrementAndGet();
            }
        };
        spark.sparkContext().addSparkListener(starts);
        RunResult first = SparkSweep.of(spark, spec)
                .to(out)
                .cancel(() -> {
                    if (tasks.get() < 2) {
                        begun[0] = System.nanoTime();
                    }
                    return System.nanoTime() - begun[0] > 2_000_000_000L;
                })
                .run();
        spark.sparkContext().removeSparkListener(starts);
        assertThat(first.finished()).isZero();
        try (Stream<Path> states = Files.list(checkpoints)) {
            assertThat(states.filter(file -> file.toString().endsWith(".checkpoint")))
                    .hasSize(2);
        }
        SparkSweep.of(spark, spec).to(out).resume().run();
        assertThat(checkpoints).doesNotExist();
        assertThat(Tables.export(out.resolve("run.db"))).isEqualTo(Tables.onOneMachine(spec, folder.resolve("one.db")));
    }

    @Test
    void whatFailedIsTakenOverOrComputedAgain() throws IOException {
        SweepSpec spec = spec(2);
        String expected = Tables.onOneMachine(spec, folder.resolve("one.db"));
        Path out = folder.resolve("out");
        List<Column<?>> columns = List.copyOf(spec.quantity().columns());
        SweepRow failed = new SweepRow(
                spec.cells().get(3),
                SweepRow.Status.FAILED,
                "It was full moon.",
                0.1,
                columns,
                Collections.nCopies(columns.size(), null));
        new ParquetCells(
                        spark.sparkContext().hadoopConfiguration(),
                        new org.apache.hadoop.fs.Path(out.toUri().toString(), "cells"),
                        spec,
                        Version.text(),
                        "another one")
                .append(List.of(3), List.of(failed));
        RunResult resumed = SparkSweep.of(spark, spec).to(out).resume().run();
        assertThat(resumed.failed()).isEqualTo(1);
        assertThat(resumed.firstFailure().orElseThrow().reason()).isEqualTo("It was full moon.");
        RunResult again = SparkSweep.of(spark, spec).to(out).retryFailed().run();
        assertThat(again.failed()).isZero();
        assertThat(Tables.export(out.resolve("run.db"))).isEqualTo(expected);
        Files.delete(out.resolve("run.db"));
        SparkSweep.of(spark, spec).to(out).resume().run();
        assertThat(Tables.export(out.resolve("run.db"))).isEqualTo(expected);
    }

    @Test
    void aParquetFileThatIsDamagedIsRefused() throws IOException {
        SweepSpec spec = spec(2);
        Path out = folder.resolve("out");
        SparkSweep.of(spark, spec).to(out).run();
        Path file = parquet().get(0);
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 4] ^= 1;
        Files.write(file, bytes);
        Files.delete(out.resolve("run.db"));
        assertThatThrownBy(() -> SparkSweep.of(spark, spec).to(out).resume().run())
                .isInstanceOf(CellStore.StoreException.class)
                .hasMessageContaining("The Parquet files of ")
                .hasMessageContaining(" cannot be read: ");
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

    @Test
    void aQuantityIsAFunctionOverADatasetOfCells() {
        SweepSpec spec = spec(3, 5);
        Tables.onOneMachine(spec, folder.resolve("one.db"));
        List<SweepRow> expected = new ArrayList<>();
        try (RunReader run = RunReader.open(folder.resolve("one.db"))) {
            run.rows().forEach(expected::add);
        }
        Dataset<Row> cells = spark.range(1)
                .selectExpr(
                        "explode(array('relu', 'tanh')) as activation",
                        "1 as sigma_b2",
                        "'a column of the application' as note")
                .selectExpr("*", "explode(array(10L, 20L, 100L)) as width")
                .selectExpr("*", "explode(array(3.0D, 1.0D, 2.0D)) as sigma_w2")
                .selectExpr("*", "explode(array(5, 3)) as depth");
        CellFunction variance = CellFunction.of("variance", spec.quantity().settings(), 0);
        // Some cells come twice, and partitions have nothing to do with their order.
        List<Row> results = cells.union(cells.limit(5))
                .repartition(3)
                .mapPartitions(variance, variance.encoder())
                .collectAsList();
        assertThat(results).hasSize(36 + 5);
        assertThat(results.stream()
                        .map(row -> ResultRows.fingerprint(
                                ResultRows.row(spec.quantity().columns(), values(row))))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(ResultRows::fingerprint).toList());
        assertThat(variance.schema().fieldNames())
                .startsWith("activation", "sigma_w2")
                .contains("status", "ratio");
    }

    private static Object[] values(Row row) {
        Object[] values = new Object[row.size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = row.get(k) instanceof scala.collection.Seq<?>
                    ? row.<Double>getList(k).stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray()
                    : row.get(k);
        }
        return values;
    }

    @Test
    void listsOfNumbersComeThrough() throws IOException {
        SweepSpec spec = SweepSpec.builder("theory")
                .activations(Activations.TANH)
                .sigmaW2(1, 2)
                .sigmaB2(0, 1)
                .depths(3, 5)
                .widths(10)
                .build();
        String expected = Tables.onOneMachine(spec, folder.resolve("one.db"));
        Path out = folder.resolve("out");
        SparkSweep.of(spark, spec).to(out).run();
        Files.delete(out.resolve("run.db"));
        SparkSweep.of(spark, spec).to(out).resume().run();
        assertThat(Tables.export(out.resolve("run.db"))).isEqualTo(expected);
        CellFunction theory = CellFunction.of("theory", spec.quantity().settings(), 0);
        Dataset<Row> table = spark.read().parquet(out.resolve("cells").toString());
        List<Long> fingerprints = table.mapPartitions(theory, theory.encoder()).collectAsList().stream()
                .map(row ->
                        ResultRows.fingerprint(ResultRows.row(spec.quantity().columns(), values(row))))
                .toList();
        try (RunReader run = RunReader.open(out.resolve("run.db"))) {
            List<Long> ofTheRun = new ArrayList<>();
            run.rows().forEach(row -> ofTheRun.add(ResultRows.fingerprint(row)));
            assertThat(fingerprints).isEqualTo(ofTheRun);
        }
    }

    @Test
    void whatIsNoCellOrNoQuantityIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CellFunction.of("variance", Map.of("draw", 5L), 0))
                .withMessageStartingWith("The quantity variance has no setting \"draw\"");
        CellFunction theory = CellFunction.of("theory", Map.of(), 0);
        Row row = spark.sql("select 'tanh' as activation, 1 as sigma_w2, 'x' as sigma_b2, 3 as depth, 10 as width")
                .first();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> theory.call(List.of(row).iterator()).next())
                .withMessage("A cell needs a number in the column sigma_b2.");
    }
}
