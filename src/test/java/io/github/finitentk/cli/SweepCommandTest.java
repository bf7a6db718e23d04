package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ntk sweep}, {@code ntk runs} and {@code ntk export} in this process. */
class SweepCommandTest {

    private static final String VARIANCE = """
            quantity: variance
            activation: tanh
            sigma_w2: [1, 5]
            sigma_b2: 1
            depth: [2, 12]
            width: 20
            draws: 60
            seed: 3
            """;

    private static final String TRIAL = """
            quantity: trial
            activation: [relu, leaky-relu(0.2)]
            sigma_w2: [1, 2]
            sigma_b2: 0.5
            depth: [1, 2, 3, 4, 5]
            width: 10
            failing_depth: 4
            diverging_depth: 3
            """;

    @TempDir
    Path folder;

    @Test
    void aDryRunEstimatesAndTouchesNothing() throws IOException {
        Path spec = write("spec.yaml", VARIANCE.replace("draws: 60", "draws: 100000"));
        JsonNode estimate = CommandLineRun.of("sweep", spec.toString(), "--dry-run", "--json", "--threads", "2")
                .json();
        assertThat(estimate.get("cells").intValue()).isEqualTo(4);
        assertThat(estimate.get("units").intValue()).isEqualTo(2);
        assertThat(estimate.get("seconds").doubleValue()).isBetween(0.1, 60.0);
        assertThat(estimate.get("bytes").doubleValue()).isBetween(1e6, 1e9);
        CommandLineRun words = CommandLineRun.of("sweep", spec.toString(), "--dry-run", "--threads", "2");
        assertThat(words.out())
                .contains("4 cells, about ")
                .contains(" on 2 threads")
                .contains("of memory");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(spec);
        }
    }

    // The tail of the deep cell at sigma_w^2 = 5 takes particles: both kinds of streams are reused.
    @Test
    void resultsOfASmallerGridAreReusedBitForBit() throws IOException {
        sweep(write("small.yaml", VARIANCE), "small.db");
        Path large =
                write("large.yaml", VARIANCE.replace("[1, 5]", "[0.5, 1, 3, 5]").replace("[2, 12]", "[2, 5, 12]"));
        CommandLineRun reusing = sweep(large, "reused.db", "--reuse", folder + "/small.db");
        assertThat(reusing.err()).contains("Reused 4 cells");
        sweep(large, "large.db");
        assertThat(table("reused.db")).isEqualTo(table("large.db")).hasSize(1 + 12);
        // Adding rows has kept all others.
        assertThat(table("large.db")).containsAll(table("small.db"));
        CommandLineRun other = sweep(
                write("seed.yaml", VARIANCE.replace("seed: 3", "seed: 4")), "seed.db", "--reuse", folder + "/small.db");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("cannot be reused").contains("\"seed: 3\", now it is \"seed: 4\"");
        // Cells of the other backend are as good.
        CommandLineRun backend = sweep(large, "java.db", "--backend", "java", "--reuse", folder + "/small.db");
        assertThat(backend.err()).contains("Reused 4 cells");
        assertThat(table("java.db")).isEqualTo(table("large.db"));
    }

    @Test
    void aRangeReusesTheCellsOfTheListThatSaysTheSame() throws IOException {
        String list = VARIANCE.replace("[1, 5]", "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]");
        sweep(write("list.yaml", list), "list.db");
        Path range = write("range.yaml", VARIANCE.replace("[1, 5]", "{from: 0.1, to: 0.7, step: 0.1}"));
        assertThat(sweep(range, "range.db", "--reuse", folder + "/list.db").err())
                .contains("Reused 14 cells");
        assertThat(table("range.db")).isEqualTo(table("list.db"));
    }

    @Test
    void cellsThatFailedAreNamedAndTriedAgainWhenAsked() throws IOException {
        Path spec = write("spec.yaml", TRIAL);
        CommandLineRun run = sweep(spec, "run.db");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .contains("4 cells in " + folder + "/run.db failed, the first one (activation=relu")
                .contains("Depth 4 fails.");
        assertThat(sweep(spec, "run.db", "--resume", "--retry-failed").exitCode())
                .isZero();
        assertThat(table("run.db")).hasSize(1 + 20);
    }

    @Test
    void aSweepAllOfWhoseCellsFailedIsAFailure() throws IOException {
        Path spec = write("spec.yaml", TRIAL.replace("[1, 2, 3, 4, 5]", "4"));
        for (String[] options : new String[][] {{"--quiet"}, {"--quiet", "--resume"}, {"--json"}}) {
            CommandLineRun run = sweep(spec, options.length == 1 ? options[0] + ".db" : "--quiet.db", options);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("ntk: all 4 cells in ").contains("Depth 4 fails.");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void commandsThatArePrintedAreThoseThatWereTyped() {
        assertThat(typed("--seed", "9", "sweep", "my spec.yaml", "--out", "it's.db", "--reuse", "a.db", "--threads=2"))
                .isEqualTo("ntk --seed 9 sweep 'my spec.yaml' --out 'it'\\''s.db' --threads 2 --resume");
        assertThat(typed("sweep", "--resume", "--backend", "java", "--out=-x.db", "$HOME/s.yaml", "--seed", "-3"))
                .isEqualTo("ntk sweep '$HOME/s.yaml' --resume --backend java --out=-x.db --seed=-3");
        assertThat(typed("figure", "7", "--style", "paper", "--scale", "paper", "--quiet"))
                .isEqualTo("ntk figure 7 --style paper --scale paper --quiet --resume");
    }

    private static String typed(String... arguments) {
        picocli.CommandLine root = NtkCommand.parser(new NtkCommand());
        picocli.CommandLine.ParseResult parsed = root.parseArgs(arguments);
        return TypedCommand.resuming(parsed.subcommand().commandSpec(), "--reuse");
    }

    @Test
    void theSeedOfTheCommandLineGoesFirst() throws IOException {
        Path spec = write("spec.yaml", VARIANCE);
        sweep(spec, "three.db");
        sweep(spec, "five.db", "--seed", "5");
        sweep(write("five.yaml", VARIANCE.replace("seed: 3", "seed: 5")), "written.db");
        assertThat(table("five.db")).isEqualTo(table("written.db")).isNotEqualTo(table("three.db"));
        sweep(spec, "zero.db", "--seed", "0");
        assertThat(table("zero.db")).isNotEqualTo(table("three.db"));
    }

    @Test
    void aRunThatAnotherVersionOrProcessorGoesOnWithNamesBoth() throws IOException {
        Path spec = write("spec.yaml", VARIANCE);
        sweep(spec, "whole.db");
        begunElsewhere("run.db", "version", "0.0.1");
        CommandLineRun resumed = sweep(spec, "run.db", "--resume");
        assertThat(resumed.exitCode()).isZero();
        assertThat(resumed.err()).contains("was begun by version 0.0.1");
        assertThat(CommandLineRun.of("runs", "show", folder + "/run.db").out())
                .containsPattern("continued_by +version");
        assertThat(table("run.db")).isEqualTo(table("whole.db"));
        begunElsewhere("other.db", "backend_description", "an abacus");
        CommandLineRun here = sweep(spec, "other.db", "--resume");
        assertThat(here.exitCode()).isZero();
        assertThat(here.err()).contains("on an abacus");
        assertThat(table("other.db")).isEqualTo(table("whole.db"));
    }

    // The run whole.db with another entry in its manifest and without its second cell.
    private void begunElsewhere(String name, String key, String value) {
        try (RunReader whole = RunReader.open(folder.resolve("whole.db"))) {
            Map<String, String> manifest = whole.manifest();
            manifest.put(key, value);
            try (RunFile run = RunFile.create(folder.resolve(name), whole.spec(), manifest)) {
                int index = 0;
                for (SweepRow row : whole.rows()) {
                    if (index != 1) {
                        run.commit(List.of(index), List.of(row));
                    }
                    index++;
                }
            }
        }
    }

    @Test
    void runsAreListedShownAndCompared() throws IOException {
        sweep(write("a.yaml", VARIANCE), "a.db");
        sweep(write("b.yaml", TRIAL), "b.db");
        Files.writeString(folder.resolve("notes.db"), "notes");
        JsonNode runs = CommandLineRun.of("runs", "list", folder.toString(), "--json")
                .json()
                .get("runs");
        assertThat(runs).hasSize(3);
        assertThat(runs.get(0).get("run").textValue()).isEqualTo("a.db");
        assertThat(runs.get(0).get("quantity").textValue()).isEqualTo("variance");
        assertThat(runs.get(1).get("done").intValue()).isEqualTo(20);
        assertThat(runs.get(1).get("failed").intValue()).isEqualTo(4);
        assertThat(runs.get(1).get("diverged").intValue()).isEqualTo(4);
        assertThat(runs.get(2).get("problem").textValue()).contains("not a run file");
        assertThat(CommandLineRun.of("runs", "list", folder.toString()).out()).hasLineCount(3);
        CommandLineRun shown = CommandLineRun.of("runs", "show", folder + "/a.db");
        assertThat(shown.out())
                .contains("sigma_w2: [1.0, 5.0]")
                .containsPattern("version +\\S")
                .containsPattern("backend_description +\\S")
                .containsPattern("input +\\|x\\|\\^2 = M_0 = M")
                .containsPattern("seed +3");
        JsonNode differences = CommandLineRun.of("runs", "compare", folder + "/a.db", folder + "/b.db", "--json")
                .json()
                .get("differences");
        assertThat(differences.get("quantity").get(0).textValue()).isEqualTo("variance");
        assertThat(differences.get("quantity").get(1).textValue()).isEqualTo("trial");
        assertThat(differences.has("backend")).isFalse();
        assertThat(CommandLineRun.of("runs", "compare", folder + "/a.db", folder + "/a.db")
                        .out())
                .contains("same words");
        assertThat(CommandLineRun.of("runs", "list", folder + "/none").exitCode())
                .isEqualTo(2);
    }

    @Test
    void theThreeFormatsHoldTheSameNumbers() throws IOException {
        sweep(write("spec.yaml", TRIAL), "run.db");
        List<String> csv = table("run.db");
        assertThat(csv.get(0))
                .isEqualTo("activation,sigma_w2,sigma_b2,depth,width,status,reason,value,steps,name,path");
        export("run.db", "json", "t.json");
        JsonNode json = new ObjectMapper().readTree(folder.resolve("t.json").toFile());
        assertThat(json.get("manifest").get("spec").textValue()).contains("quantity: trial");
        assertThat(json.get("descriptions").get("value").textValue()).isEqualTo("where the walk ends");
        export("run.db", "npy", "t.npy");
        ByteBuffer npy =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("t.npy"))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[10 + npy.getShort(8)];
        npy.get(header);
        assertThat(header.length % 64).isZero();
        // Steps miss some values, so they are doubles; depths miss none. Paths have 0 to 2 places.
        assertThat(new String(header, 10, header.length - 10, StandardCharsets.US_ASCII).strip())
                .isEqualTo(
                        "{'descr': [('activation', '<U15'), ('sigma_w2', '<f8'), ('sigma_b2', '<f8'), ('depth', '<i8'),"
                                + " ('width', '<i8'), ('status', '<U8'), ('value', '<f8'), ('steps', '<f8'), ('name', '<U15'),"
                                + " ('path', '<f8', (2,))], 'fortran_order': False, 'shape': (20,), }");
        assertThat(npy.remaining()).isEqualTo(20 * (4 * (15 + 8 + 15) + 8 * (4 + 2 + 2)));
        for (int k = 0; k < 20; k++) {
            String[] row = csv.get(1 + k).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
            JsonNode values = json.get("rows").get(k);
            assertThat(text(npy, 15)).isEqualTo(values.get(0).textValue()).isEqualTo(row[0]);
            assertThat(npy.getDouble()).isEqualTo(values.get(1).doubleValue()).isEqualTo(Double.parseDouble(row[1]));
            assertThat(npy.getDouble()).isEqualTo(0.5);
            long depth = npy.getLong();
            assertThat(depth).isEqualTo(values.get(3).longValue()).isEqualTo(Long.parseLong(row[3]));
            assertThat(npy.getLong()).isEqualTo(10);
            String status = depth == 3 ? "diverged" : depth == 4 ? "failed" : "ok";
            assertThat(text(npy, 8))
                    .isEqualTo(values.get(5).textValue())
                    .isEqualTo(row[5])
                    .isEqualTo(status);
            double value = npy.getDouble();
            if (status.equals("ok")) {
                assertThat(value).isEqualTo(values.get(7).doubleValue()).isEqualTo(Double.parseDouble(row[7]));
                assertThat(npy.getDouble()).isEqualTo(1);
            } else {
                assertThat(value).isNaN();
                assertThat(values.get(7).isNull()).isTrue();
                assertThat(row[7]).isEmpty();
                assertThat(npy.getDouble()).isNaN();
            }
            assertThat(text(npy, 15)).isEqualTo(row[9]);
            double[] path = {npy.getDouble(), npy.getDouble()};
            long places = status.equals("failed") ? 0 : depth % 3;
            assertThat(Arrays.stream(path).filter(place -> !Double.isNaN(place)).count())
                    .isEqualTo(places);
            if (places > 0) {
                String list = Arrays.toString(Arrays.copyOf(path, (int) places));
                assertThat(row[10].replace("\"", "")).isEqualTo(list);
                assertThat(values.get(10)).hasSize((int) places);
            }
        }
    }

    private static String text(ByteBuffer npy, int length) {
        StringBuilder text = new StringBuilder();
        for (int k = 0; k < length; k++) {
            int c = npy.getInt();
            if (c != 0) {
                text.appendCodePoint(c);
            }
        }
        return text.toString();
    }

    @Test
    void theSchemaIsPrinted() {
        JsonNode schema = CommandLineRun.of("sweep", "--schema").json();
        Set<String> definitions = new HashSet<>();
        schema.get("definitions").fieldNames().forEachRemaining(definitions::add);
        assertThat(definitions).contains("variance", "theory", "trial", "grid");
        assertThat(SweepSpec.class.getResource("sweep.schema.json")).isNotNull();
        assertThat(CommandLineRun.of("sweep").err()).contains("The specification is missing");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private CommandLineRun sweep(Path spec, String run, String... options) {
        List<String> arguments = new ArrayList<>(List.of("sweep", spec.toString(), "--out", folder + "/" + run));
        arguments.addAll(List.of(options));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private List<String> table(String run) throws IOException {
        export(run, "csv", run + ".csv");
        return Files.readAllLines(folder.resolve(run + ".csv"));
    }

    private void export(String run, String format, String file) {
        CommandLineRun export = CommandLineRun.of(
                "export", folder + "/" + run, "--format", format, "--output", folder + "/" + file, "--quiet");
        assertThat(export.exitCode()).as(export.err()).isZero();
    }
}
