package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The walk-through with networks of other libraries: every command it shows is run here, on the files beside its script. */
class YourOwnNetworkTest {

    private static final Path PAGE = Path.of("docs", "your-own-network.md");
    private static final Path FILES = Path.of("examples", "your-own-network").toAbsolutePath();

    @TempDir
    Path folder;

    static List<String> commands() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("    ntk "))
                .map(String::strip)
                .toList();
    }

    private CommandLineRun run(String command) {
        List<String> arguments = new ArrayList<>();
        for (String word : command.replace("'", "").split(" ")) {
            boolean input = word.matches("(sklearn|torch|keras)/.*|(x|labels)(_test)?\\.npy");
            boolean output = word.matches("theta\\.npy|track\\.png");
            arguments.add(
                    input
                            ? FILES.resolve(word).toString()
                            : output ? folder.resolve(word).toString() : word);
        }
        arguments.remove(0);
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void thePageShowsEveryCommandForEveryLibrary() throws IOException {
        for (String command : List.of("kernel", "trust", "track", "regress")) {
            for (String library : List.of("sklearn", "torch", "keras")) {
                assertThat(commands())
                        .anyMatch(line -> line.startsWith("ntk " + command + " ") && line.contains(library + "/"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandOfThePageWorks(String command) {
        CommandLineRun run = run(command);
        assertThat(run.exitCode()).as(command + "\n" + run.err()).isZero();
        assertThat(run.out()).isNotBlank();
    }

    /** The answers, with what an independent automatic differentiation in f64 gives for the linear network (torch.func.jvp). */
    @ParameterizedTest
    @CsvSource({
        "sklearn/step-%s.npz, tanh, not lazy, 0.75061607896",
        "torch/step-%s.safetensors, relu, nearly lazy, 0.22782844493",
        "keras/step-%s.npz, tanh, nearly lazy, 1.55149211672",
    })
    void eachTrainingIsJudged(String file, String activation, String laziness, double missed) {
        JsonNode json = run("ntk trust --json --network " + file.replace("%s", "1000") + " --initial "
                        + file.replace("%s", "0000") + " --inputs x.npy --targets labels.npy --activation "
                        + activation)
                .json();
        assertThat(json.get("laziness").textValue()).isEqualTo(laziness);
        JsonNode movement = json.get("movement");
        assertThat(movement.get("linearization_error").doubleValue()).isCloseTo(missed, within(1e-10));
        assertThat(movement.get("accuracy").doubleValue()).isEqualTo(1);
        assertThat(json.get("widths").size())
                .isEqualTo(json.get("sigma_w2_by_layer").size() + 1);
    }

    /** Two ways to the same number: trust's prediction and the linearised network of regress. */
    @ParameterizedTest
    @CsvSource({"sklearn/step-%s.npz, tanh", "torch/step-%s.safetensors, relu", "keras/step-%s.npz, tanh"})
    void trustPredictsWhatRegressLinearises(String file, String activation) {
        String network = " --network " + file.replace("%s", "1000") + " --initial " + file.replace("%s", "0000")
                + " --inputs x.npy --targets labels.npy --test-inputs x_test.npy --activation " + activation;
        JsonNode trust = run("ntk trust --json" + network).json();
        JsonNode regress = run("ntk regress --json" + network).json();
        assertThat(trust.get("movement").get("prediction_error").doubleValue())
                .isCloseTo(regress.get("relative_gap").doubleValue(), within(1e-9));
        assertThat(trust.get("tests").intValue()).isEqualTo(100);
    }

    /** The page's answer is the command's, word by word; line breaks and padding aside. */
    @Test
    void theAnswerOnThePageIsTheCommands() throws IOException {
        String page = Files.readString(PAGE).replaceAll("\\s+", " ");
        String command = commands().stream()
                .filter(line -> line.startsWith("ntk trust --network torch"))
                .findFirst()
                .orElseThrow();
        String answer = run(command).out().replaceAll("\\s+", " ");
        String shown = page.substring(page.indexOf("NEARLY LAZY;"), page.indexOf(" Three things are measured"));
        assertThat(answer).startsWith(shown);
    }

    @Test
    void theNumbersOnThePageAreThoseOfRegression() throws IOException {
        String command = commands().stream()
                .filter(line -> line.startsWith("ntk regress --network torch"))
                .findFirst()
                .orElseThrow();
        List<String> printed = run(command).out().lines().toList();
        List<String> shown = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("    (linearized|network|initial|gap|relative_gap)\\b.*"))
                .map(String::strip)
                .toList();
        assertThat(shown).hasSize(8);
        assertThat(printed).containsAll(shown);
    }

    /** The transposed file of the library and ours are one network. */
    @Test
    void libraryAndOwnNamesGiveTheSameKernel() throws IOException {
        Network.read(FILES.resolve("sklearn/step-0100.npz")).write(folder.resolve("own.npz"));
        Path theta = folder.resolve("theta.npy");
        assertThat(run("ntk kernel --network sklearn/step-0100.npz --inputs x.npy --activation tanh --output theta.npy")
                        .exitCode())
                .isZero();
        NpyArray expected = NpyArray.read(theta);
        assertThat(run("ntk kernel --network " + folder.resolve("own.npz")
                                + " --inputs x.npy --activation tanh --output theta.npy")
                        .exitCode())
                .isZero();
        assertThat(NpyArray.read(theta)).isEqualTo(expected);
        try (Stream<Path> files = Files.list(FILES.resolve("sklearn"))) {
            assertThat(files).hasSize(5);
        }
    }

    @Test
    void contradictionsGetOneSentence() {
        String trust = "ntk trust --network keras/step-0001.npz --inputs x.npy --targets labels.npy --activation tanh ";
        for (String line : List.of(
                trust + "--depth 3",
                trust + "--samples 3",
                trust + "--budget 5s",
                trust + "--sigma-w2 2",
                trust + "--learning-rate 1",
                trust + "--learning-rate 1 --max-steps 5",
                trust + "--test-inputs x_test.npy",
                trust + "--initial torch/step-0000.safetensors",
                trust + "--layer-names dense_1,dense",
                trust + "--tolerance 9",
                "ntk trust --network keras/step-0001.npz --activation tanh",
                "ntk trust --activation tanh --sigma-w2 1 --sigma-b2 0 --depth 3 --width 5 --initial keras/step-0001.npz",
                "ntk trust --activation tanh --sigma-w2 1 --sigma-b2 0 --depth 3 --width 5 --weight-layout in-out",
                "ntk trust --activation tanh --depth 3 --width 5",
                "ntk kernel --network torch/step-0000.safetensors --inputs labels.npy --activation relu",
                "ntk kernel --network torch/step-0000.safetensors --inputs x.npy --activation relu --weight-layout up",
                "ntk kernel --infinite --inputs x.npy --activation relu --sigma-w2 2 --sigma-b2 0 --depth 3 --width 5"
                        + " --layer-names a")) {
            CommandLineRun run = run(line);
            assertThat(run.exitCode()).as(line + run.err()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()
                            .lines()
                            .filter(each -> each.startsWith("ntk: ") && !each.contains("pure-Java backend")))
                    .as(run.err())
                    .hasSize(1);
        }
    }
}
