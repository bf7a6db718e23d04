package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.finitentk.experiment.TrialQuantity;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweeps in processes of their own, which are really killed. */
@Timeout(300)
class SweepProcessTest {

    private static final String SPEC = """
        quantity: trial
        activation: [relu, tanh]
        sigma_w2: {from: 1, to: 20, step: 1}
        sigma_b2: 1
        depth: [5, 20, 40]
        width: [60, 70, 80, 90, 100]
        """;
    private static final int CELLS = 2 * 20 * 3 * 5;

    private static final String LONG_CELL = """
        quantity: trial
        activation: relu
        sigma_w2: 1
        sigma_b2: 1
        depth: 1
        width: 1
        steps: 40
        """;

    private static final String LONG_TRAINING = """
        quantity: kernel_change
        activation: tanh
        sigma_w2: 1.5
        sigma_b2: 1
        depth: 3
        width: 64
        samples: 32
        initializations: 2
        integrator: gd
        max_steps: 40000
        min_decrease: 0
        """;

    @TempDir
    Path folder;

    private Path spec;
    private Path log;

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
        log = folder.resolve("steps.log");
    }

    @Test
    void twentyKillsChangeNothingAndNoFinishedCellIsComputedTwice() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        Path run = folder.resolve("killed.db");
        BitSet before = new BitSet();
        int killed = 0;
        for (int kill = 0; kill < 20; kill++) {
            NtkProcess process = sweep(run, 20).start();
            if (kill % 5 == 4) {
                Thread.sleep(random.nextInt(600)); // while the program starts, too
            } else {
                waitForLog(run);
                Thread.sleep(random.nextInt(200));
            }
            killed += process.kill() ? 1 : 0;
            if (RunFile.isThere(run)) {
                try (RunFile file = RunFile.open(run)) {
                    BitSet lost = (BitSet) before.clone();
                    lost.andNot(file.finished());
                    assertThat(lost.isEmpty()).as("finished cells are kept").isTrue();
                    before = file.finished();
                }
            }
        }
        assertThat(killed).isEqualTo(20);
        assertThat(before.cardinality()).isBetween(1, CELLS - 1);
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run)).isEqualTo(uninterrupted()).hasLineCount(1 + CELLS);
        // Each kill costs the cells under way, one a thread, and no other cell is computed twice.
        assertThat(Files.size(log)).isBetween((long) CELLS, CELLS + 20L * 2);
    }

    @Test
    void aLongCellThatIsKilledGoesOnFromItsCheckpoint() throws Exception {
        Files.writeString(spec, LONG_CELL);
        Path run = folder.resolve("run.db");
        NtkProcess process = sweep(run, 50).start();
        waitForSteps(12);
        assertThat(process.kill()).isTrue();
        try (RunFile file = RunFile.open(run)) {
            assertThat(file.finished().isEmpty()).isTrue();
        }
        // The next one is asked to stop, and leaves a checkpoint as well.
        long steps = Files.size(log);
        NtkProcess stopped = sweep(run, 50).start();
        waitForSteps(steps + 8);
        stopped.signal("TERM");
        assertThat(stopped.finish()).contains("interrupted with 0 of 1 cells saved");
        assertThat(stopped.exitCode()).isEqualTo(75);
        assertThat(Files.size(log)).isLessThan(40);
        assertThat(finish(sweep(run, 0))).isZero();
        // A kill between a step and its checkpoint costs that step.
        assertThat(Files.size(log)).isBetween(40L, 41L);
        assertThat(export(run)).isEqualTo(uninterrupted()).hasLineCount(2);
    }

    @Test
    void aTrainingThatIsStoppedAndThenKilledGoesOnFromItsCheckpoint() throws Exception {
        Files.writeString(spec, LONG_TRAINING);
        Path run = folder.resolve("run.db");
        Optional<byte[]> state = Optional.empty();
        for (int attempt = 0; attempt < 20 && state.isEmpty(); attempt++) {
            NtkProcess stopped = sweep(run, 0).start();
            waitForLog(run);
            Thread.sleep(500);
            stopped.signal("TERM");
            assertThat(stopped.finish()).contains("interrupted with 0 of 1 cells saved");
            state = checkpoint(run);
        }
        assertThat(state).isPresent();
        NtkProcess killed = sweep(run, 0).start();
        waitForLog(run);
        Thread.sleep(1000);
        assertThat(killed.kill()).isTrue();
        // The next checkpoint would have come later: the kill cost a second's steps.
        assertThat(checkpoint(run).orElseThrow()).isEqualTo(state.orElseThrow());
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run))
                .isEqualTo(uninterrupted())
                .contains("max-steps 2")
                .hasLineCount(2);
    }

    private static Optional<byte[]> checkpoint(Path run) {
        try (RunFile file = RunFile.open(run)) {
            assertThat(file.finished().isEmpty()).isTrue();
            return file.checkpoint(List.of(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 75", "HUP, 130", "USR1, 75"})
    void aSignalFinishesTheCellsUnderWayAndSaysHowToResume(String signal, int exitCode) throws Exception {
        Path run = folder.resolve("run.db");
        NtkProcess process = sweep(run, 20).start();
        waitForSteps(10);
        process.signal(signal);
        String err = process.finish();
        assertThat(process.exitCode()).isEqualTo(exitCode);
        assertThat(err)
                .contains("finishing the cells under way")
                .contains("resume with: ntk sweep " + spec + " --out " + run + " --resume");
        try (RunReader file = RunReader.open(run)) {
            int saved = file.counts().get("ok");
            assertThat(saved).isBetween(1, CELLS - 1);
            // What was started is also saved.
            assertThat((long) saved).isEqualTo(Files.size(log));
            assertThat(err).contains(saved + " of " + CELLS + " cells saved");
        }
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run)).isEqualTo(uninterrupted());
        assertThat(Files.size(log)).isEqualTo(CELLS);
    }

    @Test
    void aSecondSignalStopsAtOnceAndLosesNothing() throws Exception {
        Path run = folder.resolve("run.db");
        NtkProcess first = sweep(run, 20).start();
        waitForSteps(10);
        first.signal("INT");
        first.finish();
        long saved = Files.size(log);
        NtkProcess second = sweep(run, 100_000).start();
        waitForLog(run);
        for (String line = second.errorLine(); !line.contains("cells, about"); ) {
            line = second.errorLine();
        }
        Thread.sleep(300);
        second.signal("INT");
        for (String line = second.errorLine(); !line.contains("once more stops at once"); ) {
            line = second.errorLine();
        }
        long start = System.nanoTime();
        second.signal("INT");
        second.finish();
        assertThat(second.exitCode()).isEqualTo(130);
        assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
        try (RunReader file = RunReader.open(run)) {
            assertThat((long) file.counts().get("ok")).isEqualTo(saved);
        }
    }

    @Test
    void twoWritersAreRefused() throws Exception {
        Path run = folder.resolve("run.db");
        NtkProcess first = sweep(run, 40).start();
        waitForSteps(4);
        NtkProcess second = sweep(run, 0).start();
        assertThat(second.finish()).hasLineCount(1).contains("in use by another process");
        assertThat(second.exitCode()).isEqualTo(1);
        CommandLineRun export = CommandLineRun.of("export", run.toString(), "--output", run + ".csv");
        assertThat(export.exitCode()).isEqualTo(1);
        assertThat(export.err()).contains("in use by another process");
        assertThat(first.isAlive()).isTrue();
        first.signal("INT");
        first.finish();
        // The lock does not outlive the process.
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run)).isEqualTo(uninterrupted());
    }

    // A limit on the size of files stands in for a full disk: writing fails in the same way.
    @Test
    void aFullDiskEndsWithOneSentenceAndLosesNothing() throws Exception {
        Path run = folder.resolve("run.db");
        // The driver could not unpack its library within the limit: it gets a copy.
        Path library = Path.of("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so");
        try (InputStream in = org.sqlite.JDBC.class.getClassLoader().getResourceAsStream(library.toString())) {
            assumeTrue(in != null);
            Files.copy(in, folder.resolve(library.getFileName().toString()));
        }
        NtkProcess limited = sweep(run, 0)
                .within("bash", "-c", "ulimit -f 100; exec \"$@\"", "limited")
                .with("-Dorg.sqlite.lib.path=" + folder)
                .with("-XX:-UsePerfData")
                .start();
        String err = limited.finish();
        assertThat(limited.exitCode()).as(err).isEqualTo(1);
        assertThat(err).contains("is the disk full?").doesNotContain("Exception");
        int saved;
        try (RunFile file = RunFile.open(run)) {
            saved = file.finished().cardinality();
        }
        assertThat(saved).isBetween(1, CELLS - 1);
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run)).isEqualTo(uninterrupted());
    }

    @Test
    void aReadOnlyFolderEndsWithOneSentenceAndChangesNothing() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Path run = place.resolve("run.db");
        NtkProcess first = sweep(run, 20).start();
        waitForSteps(10);
        first.signal("INT");
        first.finish();
        byte[] bytes = Files.readAllBytes(run);
        String remount = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"";
        assumeTrue(
                new ProcessBuilder("unshare", "-rm", "sh", "-c", remount, place.toString(), "true")
                                .start()
                                .waitFor()
                        == 0,
                "read-only mounts are not allowed here");
        for (Path target : new Path[] {run, place.resolve("new.db")}) {
            NtkProcess process = sweep(target, 0)
                    .within("unshare", "-rm", "sh", "-c", remount, place.toString())
                    .start();
            assertThat(process.finish()).hasLineCount(1).startsWith("ntk: ").contains(target.toString());
            assertThat(process.exitCode()).isEqualTo(1);
        }
        assertThat(Arrays.equals(Files.readAllBytes(run), bytes)).isTrue();
        assertThat(place.resolve("new.db")).doesNotExist();
        // Reading is allowed: a run that was closed is one ordinary file.
        NtkProcess export = new NtkProcess("export", run.toString(), "--output", folder + "/t.csv", "--quiet")
                .within("unshare", "-rm", "sh", "-c", remount, place.toString())
                .start();
        assertThat(export.finish()).isEmpty();
        assertThat(export.exitCode()).isZero();
        String whole = uninterrupted();
        String header = whole.lines().findFirst().orElseThrow();
        assertThat(Files.readString(folder.resolve("t.csv"))).startsWith(header + "\n");
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run)).isEqualTo(whole);
    }

    @Test
    void withoutATerminalThereIsOnePlainLineEveryTenSecondsAndNoneIfQuiet() throws Exception {
        Files.writeString(spec, LONG_CELL.replace("depth: 1", "depth: [1, 2, 3, 4]"));
        NtkProcess talking = sweep(folder.resolve("a.db"), 150).start();
        NtkProcess quiet = new NtkProcess(
                        "sweep",
                        spec.toString(),
                        "--out",
                        folder + "/b.db",
                        "--backend",
                        "java",
                        "--threads",
                        "2",
                        "--quiet")
                .with("-D" + TrialQuantity.SLEEP + "=150")
                .start();
        assertThat(talking.finish())
                .containsPattern(
                        "(?m)^Sweep: \\d+ % done, \\d of 4 cells, .* left, at relu sw2=1.000 sb2=1.000 L=\\d M=1$")
                .doesNotContain("\r");
        assertThat(quiet.finish()).isEmpty();
        assertThat(talking.exitCode()).isZero();
        assertThat(quiet.exitCode()).isZero();
    }

    private NtkProcess sweep(Path run, int sleep) {
        return new NtkProcess(
                        "sweep",
                        spec.toString(),
                        "--out",
                        run.toString(),
                        "--resume",
                        "--backend",
                        "java",
                        "--threads",
                        "2")
                .with("-D" + TrialQuantity.SLEEP + "=" + sleep)
                .with("-D" + TrialQuantity.LOG + "=" + log);
    }

    private static int finish(NtkProcess process) throws IOException, InterruptedException {
        process.start().finish();
        return process.exitCode();
    }

    /** The table of a run that nobody disturbed. */
    private String uninterrupted() throws IOException {
        Path run = folder.resolve("whole.db");
        assertThat(CommandLineRun.of("sweep", spec.toString(), "--out", run.toString(), "--backend", "java", "--quiet")
                        .exitCode())
                .isZero();
        return export(run);
    }

    // Until the file is being written: its write-ahead log appears when it is made or opened.
    private static void waitForLog(Path run) throws InterruptedException {
        Path wal = run.resolveSibling(run.getFileName() + "-wal");
        for (int i = 0; i < 3000 && !Files.exists(wal); i++) {
            Thread.sleep(10);
        }
    }

    private void waitForSteps(long steps) throws IOException, InterruptedException {
        for (int i = 0; i < 6000 && (!Files.exists(log) || Files.size(log) < steps); i++) {
            Thread.sleep(10);
        }
        assertThat(Files.size(log)).isGreaterThanOrEqualTo(steps);
    }

    private static String export(Path run) throws IOException {
        Path table = Path.of(run + ".csv");
        assertThat(CommandLineRun.of("export", run.toString(), "--output", table.toString(), "--quiet")
                        .exitCode())
                .isZero();
        return Files.readString(table);
    }
}
