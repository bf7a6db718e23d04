package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ntk sweep --shard}, {@code ntk merge} and {@code ntk runs missing} in this process. */
class ShardCommandsTest {

    private static final String SPEC = """
            quantity: trial
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 10, step: 1}
            sigma_b2: 0.5
            depth: [1, 2, 3]
            width: 10
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

    private CommandLineRun shard(String shard, String... more) {
        List<String> line = new ArrayList<>(
                List.of("sweep", spec.toString(), "--out", run.toString(), "--shard", shard, "--backend", "java"));
        line.addAll(List.of(more));
        return CommandLineRun.of(line.toArray(String[]::new));
    }

    private Path file(int k, int n) {
        return folder.resolve("run.shard-" + k + "-of-" + n + ".db");
    }

    private CommandLineRun merge(Path... parts) {
        List<String> line = new ArrayList<>(List.of("merge", "--out", run.toString()));
        for (Path part : parts) {
            line.add(part.toString());
        }
        return CommandLineRun.of(line.toArray(String[]::new));
    }

    private CommandLineRun missing(Object... words) {
        List<String> line = new ArrayList<>(List.of("runs", "missing"));
        for (Object word : words) {
            line.add(word.toString());
        }
        return CommandLineRun.of(line.toArray(String[]::new));
    }

    private static String export(Path run) {
        CommandLineRun export = CommandLineRun.of("export", run.toString());
        assertThat(export.exitCode()).as(export.err()).isZero();
        return export.out();
    }

    @Test
    void mergedShardsAreTheRunOfOneProcess() {
        for (int k = 1; k <= 4; k++) {
            CommandLineRun part = shard(k + "/4", "--json");
            assertThat(part.exitCode()).as(part.err()).isZero();
            assertThat(part.json().get("run").textValue()).isEqualTo(file(k, 4).toString());
            assertThat(part.json().get("cells").intValue()).isEqualTo(15);
            assertThat(part.err()).contains("15 cells, about ").contains(", into " + file(k, 4) + ".\n");
        }
        CommandLineRun merged =
                merge(IntStream.rangeClosed(1, 4).mapToObj(k -> file(k, 4)).toArray(Path[]::new));
        assertThat(merged.exitCode()).isZero();
        assertThat(merged.out()).isEqualTo("Merged: 60 of 60 cells from 4 run files in " + run + "\n");
        assertThat(merged.err()).isEmpty();
        String shards = export(run);
        CommandLineRun list = CommandLineRun.of("runs", "list", folder.toString());
        assertThat(list.out()).contains("15 of 15 cells (shard 2/4), ").contains(" 60 of 60 cells, ");
        assertThat(run.toFile().delete()).isTrue();
        shard("1/1");
        assertThat(shards).isEqualTo(export(run)).hasLineCount(61);
    }

    @Test
    void whatIsMissingIsSaidAndComputed() {
        shard("1/3");
        shard("3/3");
        CommandLineRun merged = merge(file(1, 3), file(3, 3));
        assertThat(merged.exitCode()).isZero();
        assertThat(merged.out()).startsWith("Merged: 40 of 60 cells from 2 run files");
        assertThat(merged.err())
                .isEqualTo("ntk: 20 cells are missing; ntk runs missing " + run + " says which, and ntk sweep SPEC.yaml"
                        + " --out " + run + " --resume computes them.\n");
        assertThat(missing(file(1, 3), file(3, 3)).out())
                .isEqualTo("Missing: 20 of 60 cells, in these of 3 shards:\n--array=2\n");
        assertThat(missing(spec, file(3, 3)).out())
                .isEqualTo("Missing: 40 of 60 cells, in these of 3 shards:\n--array=1-2\n");
        assertThat(missing(run).out())
                .isEqualTo("Missing: 20 of 60 cells. --of N says which of N shards they are in.\n");
        JsonNode three = missing(run, "--of", "3", "--json").json();
        assertThat(three.toString()).isEqualTo("{\"cells\":60,\"missing\":20,\"shards\":3,\"array\":\"2\"}");
        assertThat(missing(spec, "--of", "60").out()).endsWith("\n--array=1-60\n");
        assertThat(shard("1/1", "--resume").exitCode()).isZero();
        assertThat(missing(run).out()).isEqualTo("Nothing is missing: all 60 cells are there.\n");
        assertThat(missing(run, "--of", "3", "--json").json().has("array")).isFalse();
    }

    @Test
    void aShardGoesOnAndComputesWhatFailedAgain() throws IOException {
        Files.writeString(spec, SPEC + "failing_depth: 2\n");
        assertThat(shard("2/5").err()).contains("cells in " + file(2, 5) + " failed, the first one");
        CommandLineRun again = shard("2/5");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).isEqualTo("ntk: The run file " + file(2, 5) + " exists; --resume continues it.\n");
        assertThat(shard("2/5", "--resume").exitCode()).isZero();
        assertThat(shard("2/5", "--resume", "--retry-failed").exitCode()).isZero();
        Files.copy(file(2, 5), file(3, 5));
        CommandLineRun other = shard("3/5", "--resume");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err())
                .isEqualTo("ntk: The run file " + file(3, 5)
                        + " is about shard 2/5, not shard 3/5; choose another file.\n");
    }

    @Test
    void moreShardsThanCellsAreEmpty() {
        CommandLineRun last = shard("61/61", "--json");
        assertThat(last.exitCode()).as(last.err()).isZero();
        assertThat(last.json().get("cells").intValue()).isZero();
        assertThat(merge(file(61, 61)).out()).startsWith("Merged: 0 of 60 cells");
    }

    @Test
    void theDryRunIsThatOfTheShard() {
        JsonNode estimate = CommandLineRun.of("sweep", spec.toString(), "--shard", "2/7", "--dry-run", "--json")
                .json();
        assertThat(estimate.get("cells").intValue()).isEqualTo(9);
        assertThat(estimate.get("units").intValue()).isEqualTo(9);
    }

    @Test
    void theCapacityIsForecastForAnyNumberOfCores() throws IOException {
        Files.writeString(spec, SPEC + "millis: 2000\n");
        CommandLineRun text =
                CommandLineRun.of("sweep", spec.toString(), "--dry-run", "--cores", "10,100", "--threads", "1");
        assertThat(text.err()).isEqualTo("ntk: --threads has no effect with --cores.\n");
        text = CommandLineRun.of("sweep", spec.toString(), "--dry-run", "--cores", "10,100");
        assertThat(text.out().lines())
                .containsExactly(
                        "60 cells in 60 units: 2 min of one core, the longest unit 2 s",
                        "   cores              job array                  queue",
                        "      10         12 s    100 %          12 s    100 %",
                        "     100          2 s     60 %           2 s     60 %");
        JsonNode row = CommandLineRun.of("sweep", spec.toString(), "--dry-run", "--cores", "40", "--json")
                .json()
                .get("cores")
                .get(0);
        assertThat(row.toString())
                .isEqualTo("{\"cores\":40,\"job_array_seconds\":4.0,\"job_array_efficiency\":0.75,"
                        + "\"queue_seconds\":4.0,\"queue_efficiency\":0.75}");
    }

    @Test
    void theCapacityIsThatOfMeasuredTimes() throws IOException {
        Files.writeString(spec, SPEC + "millis: 20\n");
        shard("1/6");
        Files.writeString(spec, SPEC + "millis: 20\nfailing_depth: 3\n");
        String[] line = {
            "sweep",
            spec.toString(),
            "--dry-run",
            "--cores",
            "4",
            "--measured",
            file(1, 6).toString()
        };
        CommandLineRun text = CommandLineRun.of(line);
        assertThat(text.out()).contains("Measured: 10 units took ").contains("; 0 are of this sweep\n");
        List<String> json = new ArrayList<>(List.of(line));
        json.add("--json");
        JsonNode measured =
                CommandLineRun.of(json.toArray(String[]::new)).json().get("measured");
        assertThat(measured.get("units").intValue()).isEqualTo(10);
        Files.writeString(spec, SPEC + "millis: 20\n");
        measured = CommandLineRun.of(json.toArray(String[]::new)).json().get("measured");
        assertThat(measured.get("units_of_this_sweep").intValue()).isEqualTo(10);
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        for (String[] line : new String[][] {
            {
                "sweep",
                spec.toString(),
                "--out",
                run.toString(),
                "--shard",
                "4/3",
                "The shards of 3 are numbered from 1 to 3; there is no shard 4."
            },
            {
                "sweep",
                spec.toString(),
                "--out",
                run.toString(),
                "--shard",
                "3",
                "A shard is written k/n, such as 3/20 for the third of twenty, not \"3\"."
            },
            {"sweep", "--schema", "--shard", "1/3", "--shard has no effect with --schema."},
            {"sweep", spec.toString(), "--cores", "10", "--cores has no effect without --dry-run."},
            {"sweep", spec.toString(), "--dry-run", "--measured", "a.db", "--measured has no effect without --cores."},
            {"sweep", spec.toString(), "--dry-run", "--cores", "0", "A sweep can be cut into 1 to 100000 shards, not 0."
            },
            {
                "sweep",
                spec.toString(),
                "--dry-run",
                "--cores",
                "9",
                "--measured",
                "none.db",
                "The run file none.db does not exist."
            },
            {"sweep", spec.toString(), "--dry-run", "--of", "5", "--of has no effect without --print-sbatch."},
            {"sweep", spec.toString(), "--print-sbatch", "The run file is missing: --out RUN.db."},
            {
                "sweep",
                spec.toString(),
                "--print-sbatch",
                "--out",
                "x.db",
                "--of",
                "0",
                "A sweep can be cut into 1 to 100000 shards, not 0."
            },
            {
                "sweep",
                spec.toString(),
                "--print-sbatch",
                "--out",
                "x.db",
                "--resume",
                "--resume has no effect with --print-sbatch."
            },
            {"runs", "missing", spec.toString(), "--of", "0", "A sweep can be cut into 1 to 100000 shards, not 0."},
            {"runs", "missing", spec.toString(), spec.toString(), spec + " is not a run file of Finite NTK."},
            {"merge", spec.toString(), "--out", run.toString(), spec + " is not a run file of Finite NTK."},
            {"merge", "--out", run.toString(), "Missing required parameter: 'SHARD.db'"}
        }) {
            String[] words = Arrays.copyOf(line, line.length - 1);
            CommandLineRun refused = CommandLineRun.of(words);
            assertThat(refused.err()).isEqualTo("ntk: " + line[line.length - 1] + "\n");
            assertThat(refused.exitCode()).isEqualTo(2);
        }
        assertThat(run).doesNotExist();
        shard("1/3");
        shard("1/4");
        assertThat(missing(file(1, 3), file(1, 4)).err())
                .isEqualTo("ntk: " + file(1, 3) + " is a shard of 3, " + file(1, 4)
                        + " of 4; --of N says how many there are to be.\n");
        assertThat(missing(spec, file(1, 3), "--seed", "5").err())
                .isEqualTo("ntk: " + file(1, 3) + " is of another sweep: it has \"seed: 0\", now it is \"seed: 5\".\n");
        Files.copy(file(1, 3), run);
        byte[] before = Files.readAllBytes(run);
        CommandLineRun there = merge(file(1, 3));
        assertThat(there.exitCode()).isEqualTo(1);
        assertThat(there.err()).isEqualTo("ntk: The run file " + run + " exists; choose another name.\n");
        CommandLineRun itself = merge(run);
        assertThat(itself.exitCode()).isEqualTo(2);
        assertThat(itself.err()).contains(run + " is used by this command otherwise; choose another name.");
        assertThat(Files.readAllBytes(run)).isEqualTo(before);
        try (RunFile open = RunFile.open(file(1, 3))) {
            CommandLineRun inUse = missing(file(1, 3));
            assertThat(inUse.exitCode()).isEqualTo(1);
            assertThat(inUse.err()).contains("is in use by another process");
            assertThat(open.isFinished()).isFalse();
        }
    }
}
