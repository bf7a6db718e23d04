package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    @TempDir
    Path folder;

    private Path network;
    private Path inputs;

    /** f(x) = w2 relu(w1 x + b1) + b2 with one hidden unit: everything can be worked out by hand. */
    @BeforeEach
    void writeFiles() {
        network = folder.resolve("net.npz");
        inputs = folder.resolve("x.npy");
        new Network(Architecture.of(2, 1, 1), new double[] {2, -1, 0.5, 3, 0.25}).write(network);
        NpyArray.of(new double[] {1, 1, 2, 0}, 2, 2).write(inputs);
    }

    @Test
    void kernelOfANetworkThatCanBeWorkedOutByHand() {
        // h(1,1) = 1.5, h(2,0) = 4.5; gradients (w1: 3 x, b1: 3, w2: relu(h), b2: 1)
        CommandLineRun run = CommandLineRun.of(
                "kernel", "--network", "" + network, "--inputs", "" + inputs, "--activation", "relu", "--json");
        assertThat(run.exitCode()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("outputs").get(0).doubleValue()).isCloseTo(4.75, within(1e-14));
        assertThat(json.get("outputs").get(1).doubleValue()).isCloseTo(13.75, within(1e-14));
        assertThat(json.get("theta").get(0).get(0).doubleValue()).isCloseTo(9 * 2 + 9 + 2.25 + 1, within(1e-13));
        assertThat(json.get("theta").get(0).get(1).doubleValue()).isCloseTo(9 * 2 + 9 + 6.75 + 1, within(1e-13));
        assertThat(json.get("theta").get(1).get(0).doubleValue()).isCloseTo(9 * 2 + 9 + 6.75 + 1, within(1e-13));
        assertThat(json.get("theta").get(1).get(1).doubleValue()).isCloseTo(9 * 4 + 9 + 20.25 + 1, within(1e-13));
    }

    @Test
    void inputsComeFromFilesOfEveryKind() throws IOException {
        String expected = kernelOf(inputs).out();
        Path csv = Files.writeString(folder.resolve("x.csv"), "1,1\n2,0\n");
        Path npz = folder.resolve("x.npz");
        NpyArray.writeAll(npz, Map.of("x", NpyArray.of(new double[] {1, 1, 2, 0}, 2, 2)));
        assertThat(kernelOf(csv).out()).isEqualTo(expected);
        assertThat(kernelOf(npz).out()).isEqualTo(expected);
    }

    @Test
    void unsuitableInputsGetOneSentence() throws IOException {
        Path wide = folder.resolve("wide.npy");
        NpyArray.of(new double[6], 2, 3).write(wide);
        assertRefused(wide, "have shape (2, 3), but this network takes S x 2 with S >= 1; transposed?");
        Path nan = folder.resolve("nan.npy");
        NpyArray.of(new double[] {1, Double.NaN}, 1, 2).write(nan);
        assertRefused(nan, "holds NaN at index [0, 1]");
        Path archive = folder.resolve("archive.npy");
        NpyArray.writeAll(archive, Map.of("x", NpyArray.of(new double[2], 1, 2)));
        assertRefused(archive, "is not an .npy file but an .npz (zip) archive");
        Path array = folder.resolve("array.npz");
        NpyArray.of(new double[2], 1, 2).write(array);
        assertRefused(array, "is not an .npz archive but an .npy file of a single array");
    }

    private void assertRefused(Path file, String why) {
        CommandLineRun run = kernelOf(file);
        assertThat(run.exitCode()).as(file.toString()).isEqualTo(2);
        assertThat(run.err()).contains(file + " ").contains(why).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    private CommandLineRun kernelOf(Path file) {
        return CommandLineRun.of(
                "kernel", "--network", "" + network, "--inputs", "" + file, "--activation", "relu", "--json");
    }

    @Test
    void kernelIsWrittenAsNpyOnBothBackendsAndPrecisions() {
        for (String backend : new String[] {"auto", "java"}) {
            for (String precision : new String[] {"f32", "f64"}) {
                Path theta = folder.resolve("theta.npy");
                CommandLineRun run = CommandLineRun.of(
                        "kernel",
                        "--network",
                        "" + network,
                        "--inputs",
                        "" + inputs,
                        "--activation",
                        "relu",
                        "--output",
                        "" + theta,
                        "--backend",
                        backend,
                        "--precision",
                        precision);
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(NpyArray.read(theta).get(0, 1)).isCloseTo(34.75, within(1e-5));
            }
        }
    }

    @Test
    void varianceReportsTheContractsKeysAndTheSameNumbersForEveryThreadCount() {
        List<String> ratios = new ArrayList<>();
        for (String threads : new String[] {"1", "2"}) {
            CommandLineRun run = CommandLineRun.of(
                    ("variance --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30 --draws 50 "
                                    + "--method weights --json --threads " + threads)
                            .split(" "));
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().fieldNames())
                    .toIterable()
                    .contains("method", "draws", "mean", "second_moment", "ratio", "ratio_ci", "seconds");
            assertThat(run.json().get("method").textValue()).isEqualTo("weights");
            assertThat(run.json().get("input_norm2").doubleValue()).isEqualTo(30);
            assertThat(run.json().get("ratio_ci").get(0).doubleValue())
                    .isLessThanOrEqualTo(run.json().get("ratio").doubleValue());
            ratios.add(run.json().get("ratio").asText());
        }
        assertThat(ratios.get(0)).isEqualTo(ratios.get(1));
    }

    @Test
    void varianceAndMomentsSayWhatNoDoubleHolds() {
        String[] gelu = "variance --activation gelu --sigma-w2 256 --sigma-b2 0 --depth 160 --width 20 --method chain"
                .split(" ");
        CommandLineRun text = CommandLineRun.of(gelu);
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out())
                .containsPattern("E\\[Theta\\]   = \\d\\.\\d{5}e\\+33\\d")
                .doesNotContain("Infinity");
        CommandLineRun json = CommandLineRun.of((String.join(" ", gelu) + " --json").split(" "));
        assertThat(json.out()).contains("\"mean\" : null").doesNotContain("Infinity");
        CommandLineRun beyond = CommandLineRun.of(
                "variance --activation tanh --sigma-w2 100 --sigma-b2 1 --depth 500 --width 10".split(" "));
        assertThat(beyond.exitCode()).isEqualTo(1);
        assertThat(beyond.out()).isEmpty();
        assertThat(beyond.err()).startsWith("ntk: E[Theta^2]/E[Theta]^2 cannot be estimated: it exceeds the range");
        CommandLineRun moments = CommandLineRun.of(
                ("moments --sigma-w2 30 --sigma-b2 1 --input-norm2 1 --widths " + "2,".repeat(2000) + "1").split(" "));
        assertThat(moments.exitCode()).isZero();
        assertThat(moments.out()).containsPattern("ratio +\\d\\.\\d+e\\+\\d{3}").doesNotContain("Infinity");
        CommandLineRun nothing = CommandLineRun.of(
                "moments --widths 3,3,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 0 --no-bias-gradients".split(" "));
        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.err()).contains("Theta(x,x) is 0 for every network");
    }

    @Test
    void varianceAtTheInputZero() {
        for (String activation : new String[] {"relu", "tanh", "gelu"}) {
            CommandLineRun run = CommandLineRun.of(("variance --activation " + activation
                            + " --sigma-w2 2 --sigma-b2 1 --depth 4 --width 30 --input-norm2 0 --json")
                    .split(" "));
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("\"input_norm2\" : 0.0");
        }
    }

    @Test
    void varianceOfADeepReluNetworkCoversTheExactRatio() {
        CommandLineRun run = CommandLineRun.of(
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 20 --width 50 --draws 4000 --input-norm2 50 --json"
                        .split(" "));
        double exact = ExactMoments.of(Architecture.constant(50, 50, 20), new Initialization(2, 1), 50)
                .ratio();
        assertThat(exact)
                .isBetween(
                        run.json().get("ratio_ci").get(0).doubleValue(),
                        run.json().get("ratio_ci").get(1).doubleValue());
    }

    @Test
    void doctorAndCompletionAnswer() {
        CommandLineRun doctor = CommandLineRun.of("doctor", "--json");
        assertThat(doctor.exitCode()).isZero();
        assertThat(doctor.json().get("backend").textValue()).isIn("native", "java");
        assertThat(CommandLineRun.of("completion").out()).contains("variance");
        assertThat(CommandLineRun.of("--version").out()).startsWith("Finite NTK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "variance",
                "variance --activation nope --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30",
                "variance --activation relu --sigma-w2 -2 --sigma-b2 1 --depth 5 --width 30",
                "variance --activation relu --sigma-w2 NaN --sigma-b2 1 --depth 5 --width 30",
                "variance --activation relu --sigma-w2 2 --sigma-b2 -1 --depth 5 --width 30",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 0 --width 30",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width 0",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width -3",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width ten",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30 --draws 0",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30 --draws -5",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30 --method magic",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30 --threads 0",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 5 --width 30 --backend gpu",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 50 --width 200000 --method weights",
                "kernel --network {net} --inputs {missing} --activation relu",
                "kernel --network {missing} --inputs {x} --activation relu",
                "kernel --network {text} --inputs {x} --activation relu",
                "kernel --network {net} --inputs {text} --activation relu",
                "kernel --network {net} --inputs {wide} --activation relu",
                "kernel --network {net} --inputs {nan} --activation relu",
                "kernel --network {net} --inputs {x} --activation relu --precision f16",
                "kernel --network {net} --inputs {x} --activation relu --output {missing}/theta.npy",
                "kernel --network {net} --inputs {folder} --activation relu",
                "figure 99",
                "figure one",
                "figure 1 --scale huge",
                "figure 1 --out {text}",
            })
    void badInputGetsOneSentenceAndExitCode2AndWritesNothing(String line) throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not an array");
        Path wide = folder.resolve("wide.npy");
        NpyArray.of(new double[6], 2, 3).write(wide);
        Path nan = folder.resolve("nan.npy");
        NpyArray.of(new double[] {1, Double.NaN}, 1, 2).write(nan);
        long before = files();
        String command = line.replace("{net}", "" + network)
                .replace("{x}", "" + inputs)
                .replace("{missing}", "" + folder.resolve("missing.npz"))
                .replace("{text}", "" + text)
                .replace("{wide}", "" + wide)
                .replace("{nan}", "" + nan)
                .replace("{folder}", "" + folder);
        CommandLineRun run = CommandLineRun.of(command.isEmpty() ? new String[0] : command.split(" "));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        // Without a native core, one more line says which backend is used.
        List<String> lines = run.err()
                .lines()
                .filter(message -> !message.startsWith("ntk: using the pure-Java backend"))
                .toList();
        assertThat(lines).as(run.err()).hasSize(1);
        assertThat(lines.get(0)).startsWith("ntk: ").doesNotContain("Exception");
        assertThat(files()).isEqualTo(before);
    }

    private long files() throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.count();
        }
    }
}
