package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.TrialQuantity;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What other programs do to a run file while a sweep, in a process of its own, writes it. */
@Timeout(300)
class RunFileProcessTest {

    private static final String SPEC = """
            quantity: trial
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 20, step: 1}
            sigma_b2: 1
            depth: [5, 20, 40]
            width: [60, 70, 80, 90, 100]
            """;
    private static final int CELLS = 2 * 20 * 3 * 5;

    @TempDir
    Path folder;

    private Path spec;
    private Path log;
    private Path run;

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
        log = folder.resolve("steps.log");
        run = Files.createDirectory(folder.resolve("place")).resolve("run.db");
    }

    @Test
    void aCopyOfTheFileAloneIsARunWithAllButTheLastSecond() throws Exception {
        NtkProcess process = sweep(run, 10).start();
        waitForSteps(10);
        // From its first moment it is a run.
        Path early = Files.copy(run, folder.resolve("early.db"));
        long before = Files.size(log);
        Thread.sleep(2500);
        Path copy = Files.copy(run, folder.resolve("copy.db"));
        assertThat(process.kill()).isTrue();
        for (Path each : new Path[] {early, copy}) {
            assertThat(CommandLineRun.of("runs", "verify", each.toString()).exitCode())
                    .isZero();
        }
        try (RunReader reader = RunReader.open(copy)) {
            assertThat((long) reader.counts().get("ok")).isBetween(before, Files.size(log));
        }
        assertThat(finish(sweep(copy, 0))).isZero();
        assertThat(export(copy)).isEqualTo(uninterrupted());
    }

    enum Accident {
        DELETED,
        MOVED,
        REPLACED,
        CUT_SHORT;

        void happenTo(Path run) throws IOException {
            switch (this) {
                case DELETED -> Files.delete(run);
                case MOVED -> Files.move(run, run.resolveSibling("moved.db"));
                case REPLACED -> {
                    Path other = Files.writeString(run.resolveSibling("other"), "other");
                    Files.move(other, run, StandardCopyOption.REPLACE_EXISTING);
                }
                case CUT_SHORT -> {
                    try (RandomAccessFile file = new RandomAccessFile(run.toFile(), "rw")) {
                        file.setLength(0);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Accident.class)
    void aFileThatIsGoneIsMissedAndItsCellsAreRescued(Accident accident) throws Exception {
        NtkProcess process = sweep(run, 20).start();
        waitForSteps(60);
        accident.happenTo(run);
        String err = process.finish();
        assertThat(process.exitCode()).as(err).isEqualTo(1);
        Path rescued = run.resolveSibling("run.rescued.db");
        assertThat(err).contains("The run file " + run + " was deleted, moved or replaced");
        assertThat(Files.size(log)).as("it stopped before the end").isLessThan(CELLS);
        assertThat(run.resolveSibling("run.db-wal")).doesNotExist();
        if (accident == Accident.REPLACED) {
            assertThat(Files.readString(run)).isEqualTo("other");
        }
        if (accident == Accident.CUT_SHORT && !Files.exists(rescued)) {
            assertThat(err).contains("could not be saved");
            return;
        }
        assertThat(err).contains("its " + Files.size(log) + " cells are in " + rescued);
        assertThat(finish(sweep(rescued, 0))).isZero();
        assertThat(export(rescued)).isEqualTo(uninterrupted());
        // No finished cell was computed twice.
        assertThat(Files.size(log)).isEqualTo(CELLS);
    }

    @Test
    void aFileThatIsGoneAtTheVeryEndIsMissed() throws Exception {
        Files.writeString(spec, SPEC.replace("to: 20", "to: 1").replace("[60, 70, 80, 90, 100]", "60"));
        NtkProcess process = sweep(run, 2000).start();
        waitForSteps(4);
        Files.delete(run);
        String err = process.finish();
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(err).contains("was deleted, moved or replaced").contains("run.rescued.db");
    }

    @Test
    void aRunThatTakesTheNameOfADeletedOneLosesNothing() throws Exception {
        NtkProcess first = sweep(run, 20).start();
        waitForSteps(40);
        Files.delete(run);
        Path otherLog = folder.resolve("other.log");
        NtkProcess second =
                sweep(run, 5).with("-D" + TrialQuantity.LOG + "=" + otherLog).start();
        String err = first.finish();
        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(err).contains("run.rescued.db");
        assertThat(second.finish()).doesNotContain("Exception");
        assertThat(second.exitCode()).isZero();
        assertThat(CommandLineRun.of("runs", "verify", run.toString(), run.resolveSibling("run.rescued.db") + "")
                        .exitCode())
                .isZero();
        assertThat(export(run)).isEqualTo(uninterrupted());
        assertThat(run.resolveSibling("run.db-wal")).doesNotExist();
    }

    // A copy of an earlier state together with a log is what SQLite cannot tell from a run that was killed.
    @Test
    void aLogThatWasLeftBehindIsNotTakenForThatOfANewRun() throws Exception {
        NtkProcess process = sweep(run, 10).start();
        waitForSteps(20);
        assertThat(process.kill()).isTrue();
        assertThat(run.resolveSibling("run.db-wal")).exists();
        Files.delete(run);
        assertThat(finish(sweep(run, 0))).isZero();
        assertThat(export(run)).isEqualTo(uninterrupted());
    }

    private NtkProcess sweep(Path file, int sleep) {
        return new NtkProcess(
                        "sweep",
                        spec.toString(),
                        "--out",
                        file.toString(),
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

    private String uninterrupted() throws IOException {
        Path whole = folder.resolve("whole.db");
        assertThat(CommandLineRun.of(
                                "sweep", spec.toString(), "--out", whole.toString(), "--backend", "java", "--quiet")
                        .exitCode())
                .isZero();
        return export(whole);
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
