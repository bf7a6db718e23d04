package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustCommandTest {

    private static final String RELU = "--activation relu --sigma-w2 2 --sigma-b2 1 --depth 3 --width 30";

    @TempDir
    Path folder;

    private static CommandLineRun run(String line) {
        return CommandLineRun.of(line.split(" "));
    }

    static Stream<Arguments> documentedExamples() throws IOException {
        Pattern row = Pattern.compile(
                "(?m)^\\| (\\w+) \\| `(--activation[^`]*)` \\| (\\S+) \\| (\\w+) \\| (\\w+) \\| (\\w+) \\|$");
        List<MatchResult> rows = row.matcher(Files.readString(Path.of("docs/trust.md")))
                .results()
                .toList();
        assertThat(rows).hasSize(16);
        return rows.stream()
                .map(r -> Arguments.of(r.group(1), r.group(2), r.group(3), r.group(4), r.group(5), r.group(6)));
    }

    @ParameterizedTest
    @MethodSource("documentedExamples")
    void examplesOfTheDocumentation(
            String phase, String options, String verdict, String determinism, String constancy, String regression) {
        JsonNode json = run("trust --json --samples 32 " + options).json();
        assertThat(List.of(
                        json.get("phase").textValue(),
                        json.get("verdict").textValue(),
                        json.get("determinism").textValue(),
                        json.get("constancy").textValue(),
                        json.get("regression").textValue()))
                .as(json.get("reasons").toString())
                .containsExactly(phase, verdict, determinism, constancy, regression);
        assertThat(json.get("reasons")).hasSize(3);
    }

    /** Trained at this width the kernel moves by 0.30; networks of width 166 and the law 1/M predict 0.18. */
    @Test
    void theChangeIsThatOfNetworksOfTheTrueWidth() {
        JsonNode change = run("trust --json --samples 32 --activation tanh --sigma-w2 1.5 --sigma-b2 1 --depth 12"
                        + " --width 500 --input-dim 784 --budget 5s")
                .json()
                .get("kernel_change");
        assertThat(change.get("source").textValue()).isEqualTo("measured");
        assertThat(change.get("width").intValue()).isEqualTo(500);
        assertThat(change.get("value").doubleValue()).isBetween(0.25, 0.4);
        assertThat(change.get("interval").get(0).doubleValue()).isLessThan(0.3);
        assertThat(change.get("interval").get(1).doubleValue()).isGreaterThan(0.3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatNothingIsKnownAboutStaysUnknownForEverySeed(int seed) {
        JsonNode json =
                run("trust --json --samples 32 --budget 10s --activation relu --sigma-w2 2 --sigma-b2 0 --depth 50"
                                + " --width 5000 --seed " + seed)
                        .json();
        assertThat(json.get("verdict").textValue()).isEqualTo("unknown");
        assertThat(json.get("constancy").textValue()).isEqualTo("unknown");
        assertThat(json.get("reasons").get(1).textValue()).contains("not answered: ", "run with a budget of ");
        assertThat(json.get("kernel_change").get("value").isNull()).isTrue();
        assertThat(json.get("kernel_change").get("sufficient_budget").textValue())
                .endsWith("m");
    }

    @Test
    void unansweredQuestionsSayWhatWouldAnswerThem() {
        CommandLineRun run =
                run("trust --samples 8 --budget 0.001s --activation tanh --sigma-w2 1.5 --sigma-b2 1 --depth 20"
                        + " --width 60");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().findFirst()).hasValue("NOT ANSWERED");
        assertThat(run.out()).contains("run with a budget of ");
    }

    /** A process of its own, whose output is all there when it has ended. */
    @Test
    void theExplanationReachesTheReader() throws IOException, InterruptedException {
        Path output = folder.resolve("out.txt");
        NtkProcess process = new NtkProcess(("trust --samples 4 --explain " + RELU).split(" "))
                .within("sh", "-c", "exec \"$0\" \"$@\" > " + output)
                .start();
        assertThat(process.finish()).isEmpty();
        assertThat(process.exitCode()).isZero();
        assertThat(Files.readString(output))
                .contains("  phase        edge     chi_1 = 1.00000", "Where the numbers come from")
                .endsWith("in between.\n");
    }

    @Test
    void numbersAreThoseOfTheOtherCommands() {
        JsonNode json = run("trust --json --samples 8 " + RELU).json();
        assertThat(json.get("ratio").doubleValue())
                .isEqualTo(run("variance --json " + RELU).json().get("ratio").doubleValue());
        assertThat(json.get("chi1").doubleValue()).isEqualTo(1);
        assertThat(json.get("border_sigma_w2").doubleValue()).isEqualTo(2);
        int width = json.get("smallest_width").intValue();
        assertThat(json.get("smallest_width_leading_order").doubleValue()).isCloseTo(width, within(2.0));
        String widths = "30," + width + "," + width + ",1";
        assertThat(run("moments --json --widths " + widths + " --sigma-w2 2 --sigma-b2 1 --input-norm2 30")
                        .json()
                        .get("ratio")
                        .doubleValue())
                .isLessThanOrEqualTo(1.1);
        JsonNode change = json.get("kernel_change");
        assertThat(change.get("source").textValue()).isEqualTo("measured");
        assertThat(change.get("value").doubleValue())
                .isBetween(
                        change.get("lowest").doubleValue(),
                        change.get("largest").doubleValue());
        JsonNode prediction = json.get("prediction");
        assertThat(prediction.get("deviation").doubleValue())
                .isBetween(
                        prediction.get("interval").get(0).doubleValue(),
                        prediction.get("interval").get(1).doubleValue());
        assertThat(prediction.get("samples").intValue()).isEqualTo(8);
    }

    /** L = 1: nothing is random but the output, and nothing changes; X = sphere of dimension 3, S = 2. */
    @Test
    void linearNetworksAreTrusted() {
        double r = Math.sqrt(3);
        Path x = folder.resolve("x.npy");
        Path y = folder.resolve("y.npy");
        NpyArray.of(new double[] {r, 0, 0, 0, r, 0}, 2, 3).write(x);
        NpyArray.of(new double[] {1, 2}, 2).write(y);
        JsonNode json = run("trust --json --activation relu --sigma-w2 2 --sigma-b2 0 --widths 3,1 --inputs " + x
                        + " --targets " + y)
                .json();
        assertThat(json.get("verdict").textValue()).isEqualTo("trust");
        assertThat(json.get("ratio").doubleValue()).isCloseTo(1, within(1e-14));
        assertThat(json.get("kernel_change").get("value").doubleValue()).isLessThan(1e-13);
        // Theta = [[4, 1], [1, 4]]: eigenvalues 3 and 5, S = 2
        assertThat(json.get("condition_number").doubleValue()).isCloseTo(5.0 / 3, within(1e-13));
        assertThat(json.get("eta_max").doubleValue()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void anUnstableRateIsRefused() {
        // The largest stable rate is 2/lambda_max; ten times that diverges or is at least no theory's business.
        double rate =
                run("trust --json --samples 8 " + RELU).json().get("eta_max").doubleValue();
        JsonNode json = run("trust --json --samples 8 --max-steps 200 --learning-rate " + 100 * rate + " " + RELU)
                .json();
        assertThat(json.get("constancy").textValue()).isEqualTo("fails");
        assertThat(json.get("verdict").textValue()).isEqualTo("do-not-trust");
    }

    @ParameterizedTest
    @CsvSource({
        "relu 1.5 1 5 256, 0, trust",
        "tanh 1.5 1 40 100, 10, caution",
        "relu 2 0 20 100, 20, do-not-trust",
        "relu 2 0 50 5000, 30, unknown",
    })
    void theExitCodeSaysTheVerdictWhereItIsAskedFor(String network, int code, String verdict) {
        String[] words = network.split(" ");
        String line = "trust --json --samples 32 --activation %s --sigma-w2 %s --sigma-b2 %s --depth %s --width %s"
                .formatted((Object[]) words);
        CommandLineRun run = run(line + " --exit-code");
        assertThat(run.json().get("verdict").textValue()).isEqualTo(verdict);
        assertThat(run.exitCode()).isEqualTo(code);
        assertThat(run("trust --exit-code --depth 3").exitCode()).isEqualTo(2);
    }

    @Test
    void theTextGivesReasonsAndExplains() {
        CommandLineRun run = run("trust --samples 8 --explain " + RELU);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("on the edge of chaos", "eq. (3)", "eq. (4)", "eq. (10)", "Where the numbers come from")
                .contains("widths 30, 2 x 30, 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trust --activation relu --sigma-w2 2 --sigma-b2 1",
                "trust --activation relu --sigma-w2 2 --sigma-b2 1 --depth 3",
                "trust --activation relu --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10 --widths 3,3,1",
                "trust --activation relu --sigma-w2 2 --sigma-b2 1 --widths 3,3",
                "trust --activation nothing --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10",
                "trust --activation relu --sigma-w2 0 --sigma-b2 1 --depth 3 --width 10",
                "trust --samples 1 " + RELU,
                "trust --samples 5000 " + RELU,
                "trust --tolerance 1 " + RELU,
                "trust --tolerance 2 " + RELU,
                "trust --learning-rate -1 " + RELU,
                "trust --max-steps 0 " + RELU,
                "trust --budget 20 " + RELU,
                "trust --budget 0s " + RELU,
                "trust --budget soon " + RELU,
                "trust --inputs missing.npy " + RELU,
                "trust --inputs missing.npy --targets missing.npy " + RELU,
            })
    void badInputGetsOneSentence(String line) {
        CommandLineRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception");
    }

    @Test
    void aKernelOutOfRangeGetsOneSentence() {
        CommandLineRun run =
                run("trust --activation relu --sigma-w2 9 --sigma-b2 1 --depth 3000 --width 10 --samples 4");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).contains("exceeds the range of a double");
    }
}
