package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.finitentk.experiment.TrialQuantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Shards in processes of their own, as the tasks of a job array, which are really killed. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(600)
class ShardProcessTest {

    private static final int SHARDS = 20;
    private static final int CELLS = 1000;
    private static final String SPEC = """
            quantity: trial
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 50, step: 1}
            sigma_b2: 1
            depth: [1, 2, 3, 4, 5]
            width: [10, 20]
            diverging_depth: 4
            """;

    @TempDir
    Path folder;

    private Path spec;
    private Path run;

    @BeforeEach
    void write() throws IOException {
        spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
        run = folder.resolve("run.db");
    }

    private Path log(int task) {
        return folder.resolve("steps-" + task);
    }

    private NtkProcess task(int task, int sleep) {
        return new NtkProcess(
                        "sweep",
                        spec.toString(),
                        "--out",
                        run.toString(),
                        "--resume",
                        "--backend",
                        "java",
                        "--threads",
                        "1")
                .within(
                        "env",
                        "SLURM_ARRAY_TASK_ID=" + task,
                        "SLURM_ARRAY_TASK_MIN=1",
                        "SLURM_ARRAY_TASK_MAX=" + SHARDS,
                        "SLURM_ARRAY_TASK_STEP=1",
                        "SLURM_ARRAY_TASK_COUNT=" + SHARDS)
                .with("-D" + TrialQuantity.SLEEP + "=" + sleep)
                .with("-D" + TrialQuantity.LOG + "=" + log(task));
    }

    private long steps(int task) throws IOException {
        return Files.exists(log(task)) ? Files.size(log(task)) : 0;
    }

    private void waitForSteps(int task, long steps) throws IOException, InterruptedException {
        for (int i = 0; i < 6000 && steps(task) < steps; i++) {
            Thread.sleep(5);
        }
        assertThat(steps(task)).isGreaterThanOrEqualTo(steps);
    }

    private record Fate(int killed, int requeued) {}

    /** Signals at random places, one for every second task or two; then it is left alone. */
    private Fate compute(int task, SplittableRandom random) throws Exception {
        int killed = 0;
        int requeued = 0;
        int signals = random.nextInt(3);
        for (int k = 0; k < signals; k++) {
            NtkProcess process = task(task, 20).start();
            waitForSteps(task, steps(task) + 1 + random.nextInt(15));
            if (random.nextBoolean()) {
                assertThat(process.kill()).isTrue();
                killed++;
            } else {
                process.signal("USR1");
                assertThat(process.finish())
                        .contains("ntk: finishing the cells under way.\n")
                        .containsPattern(
                                "ntk: interrupted with \\d+ of 50 cells saved; resume with: ntk sweep .* --shard "
                                        + task + "/20\n");
                assertThat(process.exitCode()).isEqualTo(StopSignal.REQUEUE);
                requeued++;
            }
        }
        NtkProcess last = task(task, 0).start();
        assertThat(last.finish())
                .contains("ntk: computing shard " + task
                        + "/20, as SLURM_ARRAY_TASK_ID says; --shard 1/1 computes all.\n");
        assertThat(last.exitCode()).isZero();
        return new Fate(killed, requeued);
    }

    @Test
    void killedAndRequeuedShardsMakeTheTableOfOneMachineByteForByte() throws Exception {
        SplittableRandom random = new SplittableRandom(2021);
        ExecutorService machines = Executors.newFixedThreadPool(2);
        List<Future<Fate>> tasks = new ArrayList<>();
        for (int task = 1; task <= SHARDS; task++) {
            int number = task;
            SplittableRandom own = random.split();
            tasks.add(machines.submit(() -> compute(number, own)));
        }
        int killed = 0;
        int requeued = 0;
        for (Future<Fate> each : tasks) {
            killed += each.get().killed;
            requeued += each.get().requeued;
        }
        machines.shutdown();
        assertThat(killed).isGreaterThan(4);
        assertThat(requeued).isGreaterThan(4);
        long computed = 0;
        for (int task = 1; task <= SHARDS; task++) {
            computed += steps(task);
        }
        // A kill costs the cell under way, and no other cell is computed twice.
        assertThat(computed).isBetween((long) CELLS, (long) CELLS + killed);
        List<String> merge = new ArrayList<>(List.of("merge", "--out", run.toString()));
        IntStream.rangeClosed(1, SHARDS).forEach(k -> merge.add(folder + "/run.shard-" + k + "-of-20.db"));
        CommandLineRun merged = CommandLineRun.of(merge.toArray(String[]::new));
        assertThat(merged.out()).isEqualTo("Merged: 1000 of 1000 cells from 20 run files in " + run + "\n");
        Path whole = folder.resolve("whole.db");
        CommandLineRun.of("sweep", spec.toString(), "--out", whole.toString(), "--backend", "java", "--quiet");
        for (String format : List.of("csv", "npy")) {
            assertThat(export(run, format)).isEqualTo(export(whole, format));
        }
        assertThat(new String(export(run, "csv"))).hasLineCount(1 + CELLS);
    }

    private byte[] export(Path file, String format) throws IOException {
        Path table = folder.resolve("table." + format);
        assertThat(CommandLineRun.of("export", file.toString(), "--output", table.toString(), "--quiet")
                        .exitCode())
                .isZero();
        return Files.readAllBytes(table);
    }

    /** A merge that is killed leaves no half file, and its second attempt is the whole one. */
    @Test
    void aMergeThatIsKilledLeavesNothingOfItsName() throws Exception {
        Files.writeString(
                spec,
                SPEC.replace("to: 50, step: 1", "to: 50, step: 0.02").replace("depth: [1, 2, 3, 4, 5]", "depth: [1]"));
        for (int k = 1; k <= 2; k++) {
            CommandLineRun part = CommandLineRun.of(
                    "sweep",
                    spec.toString(),
                    "--out",
                    run.toString(),
                    "--shard",
                    k + "/2",
                    "--backend",
                    "java",
                    "--quiet");
            assertThat(part.exitCode()).as(part.err()).isZero();
        }
        int interrupted = 0;
        for (int wait = 0; wait < 1000 && !Files.exists(run); wait += 40) {
            NtkProcess merge = new NtkProcess(
                            "merge",
                            folder + "/run.shard-1-of-2.db",
                            folder + "/run.shard-2-of-2.db",
                            "--out",
                            run.toString())
                    .start();
            waitForTemporary(merge);
            Thread.sleep(wait);
            interrupted += merge.kill() ? 1 : 0;
        }
        assertThat(interrupted).isGreaterThan(0);
        if (!Files.exists(run)) {
            CommandLineRun.of(
                    "merge", folder + "/run.shard-1-of-2.db", folder + "/run.shard-2-of-2.db", "--out", run.toString());
        }
        assertThat(CommandLineRun.of("runs", "verify", run.toString()).out()).contains(" 9804 cells, all as written");
        assertThat(CommandLineRun.of("runs", "missing", run.toString()).out())
                .isEqualTo("Nothing is missing: all 9804 cells are there.\n");
    }

    // Until the merge is writing: under a hidden name of its own.
    private void waitForTemporary(NtkProcess merge) throws IOException, InterruptedException {
        long before = temporaries();
        while (merge.isAlive() && temporaries() == before) {
            Thread.sleep(5);
        }
    }

    private long temporaries() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".run.db."))
                    .count();
        }
    }

    @Test
    void threadsAreThoseOfTheJob() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
        String all = " of " + Runtime.getRuntime().availableProcessors() + " processors, as SLURM_CPUS_PER_TASK says";
        NtkProcess job = new NtkProcess("sweep", spec.toString(), "--dry-run", "--backend", "java")
                .within("env", "SLURM_CPUS_PER_TASK=1")
                .start();
        assertThat(job.finish()).isEqualTo("ntk: working with 1" + all + "; --threads takes more.\n");
        NtkProcess asked = new NtkProcess("sweep", spec.toString(), "--dry-run", "--backend", "java", "--threads", "2")
                .within("env", "SLURM_CPUS_PER_TASK=1")
                .start();
        assertThat(asked.finish()).isEmpty();
        assertThat(asked.exitCode()).isZero();
    }
}
