package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void sweep() throws IOException {
        Path spec = Files.writeString(
                folder.resolve("spec.yaml"),
                "quantity: variance\nactivation: relu\nsigma_w2: [1, 2, 3]\nsigma_b2: 1\ndepth: [5, 50]\nwidth: 50\n");
        run = folder.resolve("my run.db");
        assertThat(CommandLineRun.of("sweep", spec.toString(), "--out", run.toString(), "--quiet")
                        .exitCode())
                .isZero();
    }

    private void refused(Path file, int exitCode, String sentence) {
        CommandLineRun report = CommandLineRun.of("report", file.toString(), "--quiet");
        assertThat(report.exitCode()).as(report.err()).isEqualTo(exitCode);
        assertThat(report.err().lines()).hasSize(1);
        assertThat(report.err()).startsWith("ntk: ").contains(sentence).doesNotContain("Exception");
        assertThat(file.resolveSibling(file.getFileName() + ".html")).doesNotExist();
    }

    @Test
    void thePageGoesBesideTheRunOrWhereItIsWanted() throws IOException {
        CommandLineRun report = CommandLineRun.of("report", run.toString());
        assertThat(report.exitCode()).as(report.err()).isZero();
        String page = Files.readString(folder.resolve("my run.html"));
        assertThat(page).contains("<title>my run · Finite NTK</title>", "\"command\" : \"ntk report '" + run + "'\"");

        Path other = folder.resolve("other.html");
        CommandLineRun json = CommandLineRun.of("report", run.toString(), "--output", other.toString(), "--json");
        assertThat(json.json().get("report").textValue()).isEqualTo(other.toString());
        assertThat(other).isNotEmptyFile();
        // The run is as it was and can be read again.
        assertThat(CommandLineRun.of("report", run.toString()).exitCode()).isZero();
    }

    @Test
    void filesThatAreNoRunsAreRefusedInOneSentence() throws Exception {
        refused(folder.resolve("missing.db"), 2, "does not exist");
        refused(Files.writeString(folder.resolve("text.db"), "hello"), 2, "is not a run file");
        Path foreign = folder.resolve("foreign.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (x)");
        }
        refused(foreign, 2, "not a run file of Finite NTK");
        byte[] bytes = Files.readAllBytes(run);
        for (int k = 4096; k < bytes.length; k++) {
            bytes[k] = (byte) (31 * k);
        }
        refused(Files.write(folder.resolve("damaged.db"), bytes), 1, "damaged");
        refused(folder, 2, "is a folder");
    }

    @Test
    void aMissingOutputFolderIsNamed() {
        CommandLineRun report = CommandLineRun.of(
                "report",
                run.toString(),
                "--output",
                folder.resolve("no/r.html").toString());
        assertThat(report.exitCode()).isEqualTo(Main.USAGE);
        assertThat(report.err()).contains("The folder of the output file").contains("does not exist");
        CommandLineRun into = CommandLineRun.of("report", run.toString(), "--output", folder.toString());
        assertThat(into.exitCode()).isEqualTo(Main.USAGE);
        assertThat(into.err()).contains("is a folder");
    }
}
