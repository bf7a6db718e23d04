package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps in processes of their own, which are really killed. */
class SweepProcessTest {

    private static final String SPEC = """
            quantity: variance
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 6, step: 0.25}
            sigma_b2: 1
            depth: [5, 20, 40]
            width: [60, 120]
            method: rao-blackwell
            draws: 3000
            """;
    private static final int CELLS = 2 * 21 * 3 * 2;

    @TempDir
    Path folder;

    private Path spec;

    @BeforeEach
    void writeSpec() throws IOException {
        spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
    }

    @Test
    void twentyKillsChangeNothingAndNoFinishedCellIsComputedTwice() throws Exception {
        Path whole = folder.resolve("whole.db");
        assertThat(finish(sweep(whole))).isZero();
        SplittableRandom random = new SplittableRandom(1);
        Path killed = folder.resolve("killed.db");
        BitSet before = new BitSet();
        int interrupted = 0;
        for (int kill = 0; kill < 20; kill++) {
            Process process = sweep(killed, "--resume");
            if (!process.waitFor(300 + random.nextInt(1200), TimeUnit.MILLISECONDS)) {
                interrupted++;
            }
            process.destroyForcibly().waitFor();
            if (Files.exists(killed) && hasTables(killed)) {
                try (RunFile run = RunFile.open(killed)) {
                    BitSet lost = (BitSet) before.clone();
                    lost.andNot(run.finished());
                    assertThat(lost.isEmpty()).as("finished cells are kept").isTrue();
                    before = run.finished();
                }
            } else {
                Files.deleteIfExists(killed);
            }
        }
        assertThat(interrupted).isGreaterThan(0);
        // A cell that were computed twice would break the primary key and fail the run.
        assertThat(finish(sweep(killed, "--resume"))).isZero();
        assertThat(export(killed)).isEqualTo(export(whole));
        assertThat(Files.readAllLines(folder.resolve("killed.db.csv"))).hasSize(1 + CELLS);
    }

    // Killed before its tables were committed, a run holds nothing yet.
    private static boolean hasTables(Path run) {
        try {
            RunFile.open(run).close();
            return true;
        } catch (RuntimeException empty) {
            return false;
        }
    }

    @Test
    void anInterruptSavesTheCellsUnderWayAndSaysHowToResume() throws Exception {
        Path run = folder.resolve("run.db");
        Process process = sweep(run);
        waitForCells(run);
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        String err = new String(process.getErrorStream().readAllBytes());
        assertThat(process.waitFor()).isEqualTo(130);
        assertThat(err).contains("--resume");
        try (RunFile file = RunFile.open(run)) {
            assertThat(file.finished().cardinality()).isBetween(1, CELLS - 1);
        }
        assertThat(finish(sweep(run, "--resume"))).isZero();
    }

    @Test
    void twoWritersAreRefused() throws Exception {
        Path run = folder.resolve("run.db");
        Process first = sweep(run);
        waitForCells(run);
        Process second = sweep(run, "--resume");
        String err = new String(second.getErrorStream().readAllBytes());
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(err).contains("in use by another process");
        assertThat(finish(first)).isZero();
    }

    // A limit on the size of files stands in for a full disk: writing fails in the same way.
    @Test
    void aFullDiskEndsWithOneSentenceAndLosesNothing() throws Exception {
        Path run = folder.resolve("run.db");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 60; exec \"$@\"", "limited"));
        List<String> java = new ArrayList<>(command(run));
        // The driver could not unpack its library within the limit: it gets a copy.
        Path library = Path.of("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so");
        try (InputStream in = org.sqlite.JDBC.class.getClassLoader().getResourceAsStream(library.toString())) {
            Files.copy(in, folder.resolve(library.getFileName().toString()));
        }
        java.add(1, "-Dorg.sqlite.lib.path=" + folder);
        command.addAll(java);
        Process limited = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String err = new String(limited.getErrorStream().readAllBytes());
        assertThat(limited.waitFor()).as(err).isEqualTo(1);
        assertThat(err).contains("is the disk full?").doesNotContain("Exception");
        assertThat(finish(sweep(run, "--resume"))).isZero();
        assertThat(export(run).lines()).hasSize(1 + CELLS);
    }

    @Test
    void foreignTruncatedAndDifferingFilesAreNamedAndLeftAlone() throws Exception {
        Path text = Files.writeString(folder.resolve("text.db"), "some notes");
        assertRefused(text, "not a run file", 1);
        Path foreign = folder.resolve("foreign.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE recipes (name TEXT)");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertRefused(foreign, "not a run file", 1);
        Path run = folder.resolve("run.db");
        Path quick = Files.writeString(folder.resolve("quick.yaml"), SPEC.replace("3000", "20"));
        assertThat(CommandLineRun.of("sweep", quick.toString(), "--out", run.toString(), "--quiet")
                        .exitCode())
                .isZero();
        CommandLineRun other = CommandLineRun.of("sweep", spec.toString(), "--out", run.toString(), "--resume");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("draws: 20").contains("draws: 3000");
        CommandLineRun again = CommandLineRun.of("sweep", quick.toString(), "--out", run.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("--resume continues it");
        byte[] bytes = Files.readAllBytes(run);
        Path truncated = Files.write(folder.resolve("truncated.db"), Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(truncated, "damaged", 1);
        CommandLineRun nowhere = CommandLineRun.of("sweep", quick.toString(), "--out", text + "/run.db");
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.err()).startsWith("ntk: ").hasLineCount(1);
    }

    @Test
    void mistakesInTheSpecificationAreNamedWithTheirLine() throws IOException {
        String[][] mistakes = {
            {"draws: 3000", "drawz: 3000", "line 8", "unknown key \"drawz\""},
            {"sigma_b2: 1", "sigma_b2: -1", "bias variance", "-1.0"},
            {"depth: [5, 20, 40]", "depth: [5, 2.5]", "line 5", "whole number"},
            {"depth: [5, 20, 40]", "depth: []", "line 5", "empty"},
            {"step: 0.25", "step: -1", "line 3", "empty or absurd"},
            {"step: 0.25", "step: 1e-12", "line 3", "empty or absurd"},
            {"relu, tanh", "relu, thanh", "line 2", "thanh"},
            {"quantity: variance", "quantity: magic", "line 1", "magic"},
            {"quantity: variance\n", "", "quantity is missing", ""},
            {"width: [60, 120]", "width: [60, 120", "cannot be read as YAML", ""},
            {"method: rao-blackwell", "method: exact", "ReLU only", "tanh"},
        };
        for (String[] mistake : mistakes) {
            Files.writeString(spec, SPEC.replace(mistake[0], mistake[1]));
            CommandLineRun run = CommandLineRun.of(
                    "sweep", spec.toString(), "--out", folder.resolve("x.db").toString());
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err()).hasLineCount(1).contains(mistake[2]).contains(mistake[3]);
            assertThat(folder.resolve("x.db")).doesNotExist();
        }
    }

    private void assertRefused(Path run, String sentence, int exitCode) throws IOException {
        byte[] before = Files.readAllBytes(run);
        CommandLineRun refused = CommandLineRun.of("sweep", spec.toString(), "--out", run.toString(), "--resume");
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(exitCode);
        assertThat(refused.err()).hasLineCount(1).contains(sentence);
        assertThat(Files.readAllBytes(run)).isEqualTo(before);
    }

    private Process sweep(Path run, String... options) throws IOException {
        List<String> command = new ArrayList<>(command(run));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> command(Path run) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dorg.bytedeco.javacpp.cacheDir=" + System.getProperty("org.bytedeco.javacpp.cacheDir"),
                "io.github.finitentk.cli.Main",
                "sweep",
                spec.toString(),
                "--out",
                run.toString());
    }

    private static int finish(Process process) throws IOException, InterruptedException {
        process.getErrorStream().readAllBytes();
        return process.waitFor();
    }

    // The write-ahead log grows with the first committed cells.
    private static void waitForCells(Path run) throws IOException, InterruptedException {
        Path log = run.resolveSibling(run.getFileName() + "-wal");
        for (int i = 0; i < 600 && (!Files.exists(log) || Files.size(log) < 40_000); i++) {
            Thread.sleep(20);
        }
    }

    private static String export(Path run) throws IOException {
        Path table = Path.of(run + ".csv");
        assertThat(CommandLineRun.of("export", run.toString(), "--output", table.toString(), "--quiet")
                        .exitCode())
                .isZero();
        return Files.readString(table);
    }
}
