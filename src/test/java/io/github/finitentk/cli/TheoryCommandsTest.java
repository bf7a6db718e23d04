package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TheoryCommandsTest {

    private static final String RELU = "--activation relu --sigma-w2 2 --sigma-b2 0 --depth 3 --width 10";

    @TempDir
    Path folder;

    private static CommandLineRun run(String line) {
        return CommandLineRun.of(line.split(" "));
    }

    // ReLU at sigma_w^2 = 2, sigma_b^2 = 0: q = 2, qhat = 1, p = 1 in every layer, Theta* = L (M + 1).
    @Test
    void theoryOfReluAtTheEdgeOfChaosIsKnownByHand() {
        JsonNode json = run("theory --json --c0 1 --samples 4 " + RELU).json();
        for (String key : new String[] {
            "q",
            "qhat",
            "p",
            "chi1",
            "q_sr",
            "qhat_sr",
            "p_sr",
            "c",
            "kappa1",
            "kappa2",
            "alpha",
            "theta_diag",
            "theta_offdiag",
            "nngp_diag",
            "nngp_offdiag",
            "phase",
            "q_star",
            "chi1_star",
            "xi_c",
            "eta_max"
        }) {
            assertThat(json.has(key)).as(key).isTrue();
        }
        for (int l = 0; l < 3; l++) {
            assertThat(json.get("q").get(l).doubleValue()).isCloseTo(2, within(1e-14));
            assertThat(json.get("qhat").get(l).doubleValue()).isCloseTo(1, within(1e-14));
            assertThat(json.get("p").get(l).doubleValue()).isCloseTo(1, within(1e-14));
            assertThat(json.get("c").get(l).doubleValue()).isCloseTo(1, within(1e-14));
        }
        assertThat(json.get("theta_diag").doubleValue()).isCloseTo(33, within(1e-12));
        assertThat(json.get("theta_offdiag").doubleValue()).isCloseTo(33, within(1e-12));
        assertThat(json.get("alpha").doubleValue()).isEqualTo(2);
        assertThat(json.get("phase").textValue()).isEqualTo("edge");
        // Equal inputs: the only eigenvalue of Theta/S that is not zero is Theta itself, and the rate is 2 over it.
        assertThat(json.get("eta_max").doubleValue()).isCloseTo(2.0 / 33, within(1e-12));
    }

    @Test
    void phaseGivesTheGoldenValues() {
        JsonNode json =
                run("phase --json --activation tanh --sigma-b2 0.05 0.5 1").json();
        assertThat(json.get(0).get("sigma_w2").doubleValue()).isCloseTo(1.76095464, within(5e-9));
        assertThat(json.get(1).get("sigma_w2").doubleValue()).isCloseTo(2.84316746, within(5e-9));
        assertThat(json.get(2).get("sigma_w2").doubleValue()).isCloseTo(3.44321091, within(5e-9));
        assertThat(json.get(2).get("q_star").doubleValue()).isCloseTo(3.03639639, within(5e-9));
        assertThat(run("phase --json --activation relu --sigma-b2 1")
                        .json()
                        .get(0)
                        .get("sigma_w2")
                        .doubleValue())
                .isEqualTo(2);
    }

    @Test
    void phaseSaysOfWhichKindABorderIsAndFromWhichStart() {
        JsonNode gelu =
                run("phase --json --activation gelu --sigma-b2 0,0.05,0.5").json();
        assertThat(gelu).hasSize(3);
        assertThat(gelu.get(0).get("sigma_w2").doubleValue()).isCloseTo(2.352, within(5e-4));
        JsonNode jump = gelu.get(1);
        assertThat(jump.get("kind").textValue()).isEqualTo("jump");
        assertThat(jump.get("sigma_w2").doubleValue()).isCloseTo(2.234, within(5e-4));
        assertThat(jump.get("borders").get(0).get("branch_end").doubleValue()).isCloseTo(2.416, within(5e-4));
        assertThat(jump.get("borders").get(0).get("start").textValue()).isEqualTo("q^1 = 1.0");
        assertThat(jump.get("borders").get(1).get("start").textValue()).isEqualTo("|x|^2/M_0 = 1.0");
        assertThat(jump.get("borders").get(1).get("sigma_w2").doubleValue()).isBetween(2.1, 2.2);
        assertThat(gelu.get(2).get("kind").textValue()).isEqualTo("stable");
        JsonNode softplus =
                run("phase --json --activation softplus --sigma-b2 0.3").json().get(0);
        assertThat(softplus.get("sigma_w2").doubleValue()).isEqualTo(2);
        assertThat(softplus.get("q_star").textValue()).isEqualTo("Infinity");
        assertThat(softplus.get("kind").textValue()).isEqualTo("infinity");
        assertThat(run("phase --activation gelu --sigma-b2 0.05").out())
                .contains("jump, from q^1 = 1.0; the ordered fixed point exists up to sigma_w^2 = 2.416");
        CommandLineRun negative = run("phase --activation gelu --sigma-b2 0.05 --q0 -1");
        assertThat(negative.exitCode()).isEqualTo(2);
        assertThat(negative.err()).contains("q^1 must be zero or a positive finite number, not -1.0");
    }

    @Test
    void theoryIsThatOfItsOwnStart() {
        String gelu = "theory --json --activation gelu --sigma-w2 2.2 --sigma-b2 0.05 --depth 400 --width 10";
        JsonNode far = run(gelu).json();
        assertThat(far.get("phase").textValue()).isEqualTo("chaotic");
        assertThat(far.get("q_star").textValue()).isEqualTo("Infinity");
        assertThat(far.get("xi_c").textValue()).isEqualTo("Infinity");
        JsonNode near = run(gelu + " --q0 0.1").json();
        assertThat(near.get("phase").textValue()).isEqualTo("ordered");
        assertThat(near.get("q_star").doubleValue())
                .isCloseTo(near.get("q").get(399).doubleValue(), within(1e-12));
        String tanh = "theory --json --activation tanh --sigma-w2 0.5 --sigma-b2 0 --depth 40 --width 10";
        for (String c0 : new String[] {"0.2", "0.5", "0.9"}) {
            JsonNode json = run(tanh + " --c0 " + c0).json();
            assertThat(json.get("c_star").doubleValue())
                    .isCloseTo(json.get("c").get(39).doubleValue(), within(1e-12));
        }
    }

    @Test
    void impossibleInputSetsAreRefused() {
        String tanh = "theory --json --activation tanh --sigma-w2 2 --sigma-b2 0 --depth 3 --width 50 --c0 -1";
        assertThat(run(tanh + " --samples 2").json().get("eta_max").doubleValue())
                .isCloseTo(0.0264, within(5e-5));
        CommandLineRun refused = run(tanh);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err().strip())
                .isEqualTo(
                        "ntk: There are no 128 inputs with a correlation of -1.0 between any two: with it there are at"
                                + " most 2, and for 128 it is at least -0.007874015748031496.");
    }

    @Test
    void whatFitsIsGivenWhateverTheVariancesOnTheWay() {
        String relu = "theory --json --activation relu --sigma-b2 1 --width 100 --sigma-w2 3 --depth ";
        assertThat(run(relu + "890").json().get("theta_diag").doubleValue()).isCloseTo(6.2348220143e161, within(1e152));
        Path x = folder.resolve("x.npy");
        NpyArray.of(new double[] {1, 2, 0.3, -1, 0.5, 2}, 2, 3).write(x);
        String kernel = "kernel --json --infinite --activation relu --sigma-b2 0 --width 100 --inputs " + x;
        CommandLineRun vanishing = run(kernel + " --sigma-w2 0.3333333 --depth 450");
        assertThat(vanishing.exitCode()).isZero();
        assertThat(vanishing.json().get("ntk").get(0).get(0).doubleValue()).isCloseTo(1.2, within(1e-7));
        assertThat(vanishing.json().get("ntk").get(0).get(1).doubleValue()).isBetween(1.19, 1.2);
        assertThat(vanishing.json().get("nngp").get(0).get(1).isNull()).isTrue();
        assertThat(vanishing.err()).contains("below the smallest double");
        CommandLineRun theory =
                run("theory --activation relu --sigma-w2 0.3333333 --sigma-b2 0 --depth 450 --width 100");
        assertThat(theory.exitCode()).isZero();
        assertThat(theory.out()).contains("theta_diag     1.2000000").doesNotContain("NaN");
        for (String command : new String[] {
            "theory --activation relu --sigma-w2 256 --sigma-b2 0 --depth 220 --width 100",
            kernel + " --sigma-w2 256 --depth 150"
        }) {
            CommandLineRun run = run(command);
            assertThat(run.exitCode()).as(command).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().strip().lines()).hasSize(1);
            assertThat(run.err()).contains("exceeds the range of a double").doesNotContain("--debug");
        }
    }

    @Test
    void momentsGiveTheGoldenRatios() {
        String widths = "100" + ",100".repeat(29) + ",1";
        double[][] golden = {{1, 1.064}, {1.5, 1.159}, {2, 1.901}, {3, 2.848}};
        for (double[] value : golden) {
            JsonNode json = run("moments --json --widths " + widths + " --sigma-w2 " + value[0]
                            + " --sigma-b2 1 --input-norm2 100")
                    .json();
            assertThat(json.get("ratio").doubleValue()).isCloseTo(value[1], within(5e-4));
        }
    }

    @Test
    void momentsNameTheirOrder() {
        String setting = " --widths 100" + ",100".repeat(9) + ",1 --sigma-w2 3.44321091 --sigma-b2 1 --input-norm2 100";
        for (String activation : new String[] {"relu", "leaky-relu(0.1)", "abs"}) {
            JsonNode json =
                    run("moments --json --activation " + activation + setting).json();
            assertThat(json.get("order").textValue()).isEqualTo("exact");
            assertThat(json.has("constant")).isFalse();
        }
        JsonNode law = run("moments --json --activation tanh" + setting).json();
        assertThat(law.get("order").textValue()).isEqualTo("1/M");
        assertThat(law.get("constant").doubleValue()).isCloseTo(19.3794801, within(6e-8));
        assertThat(law.get("ratio").doubleValue()).isCloseTo(1.193794801, within(6e-10));
        assertThat(law.get("lognormal_ratio").doubleValue()).isCloseTo(Math.exp(0.193794801), within(6e-10));
        assertThat(run("moments --activation gelu" + setting).out()).startsWith("order              1/M");
    }

    @Test
    void infiniteWidthKernelsAgreeWithTheTheoryOfAPair() {
        Path x = folder.resolve("x.npy");
        // Two unit-q0 inputs of correlation 0.5 in three dimensions.
        double r = Math.sqrt(3);
        NpyArray.of(new double[] {r, 0, 0, r / 2, r * Math.sqrt(0.75), 0}, 2, 3).write(x);
        for (String activation : new String[] {"relu", "tanh", "erf", "gelu", "leaky-relu(0.2)"}) {
            String setting = "--activation " + activation + " --sigma-w2 1.7 --sigma-b2 0.3 --depth 4 --width 20";
            JsonNode kernel = run("kernel --json --infinite --inputs " + x + " " + setting)
                    .json();
            JsonNode theory =
                    run("theory --json --input-dim 3 --c0 0.5 " + setting).json();
            assertThat(kernel.get("ntk").get(0).get(0).doubleValue())
                    .isCloseTo(theory.get("theta_diag").doubleValue(), within(1e-9));
            assertThat(kernel.get("ntk").get(1).get(0).doubleValue())
                    .isCloseTo(theory.get("theta_offdiag").doubleValue(), within(1e-9));
            assertThat(kernel.get("nngp").get(0).get(1).doubleValue())
                    .isCloseTo(theory.get("nngp_offdiag").doubleValue(), within(1e-10));
            assertThat(kernel.get("kappa1").get(1).doubleValue())
                    .isCloseTo(theory.get("kappa1").doubleValue(), within(1e-10));
            assertThat(kernel.get("kappa2").get(0).get(1).doubleValue())
                    .isCloseTo(theory.get("kappa2").doubleValue(), within(1e-10));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "theory --activation relu --sigma-w2 -2 --sigma-b2 0 --depth 3 --width 10",
                "theory --activation relu --sigma-w2 2 --sigma-b2 -1 --depth 3 --width 10",
                "theory --activation relu --sigma-w2 2 --sigma-b2 0 --depth 0 --width 10",
                "theory --activation relu --sigma-w2 Infinity --sigma-b2 0 --depth 3 --width 10",
                "theory --activation relu --sigma-w2 2 --sigma-b2 0 --depth 3 --width 10 --c0 1.5",
                "theory --activation relu --sigma-w2 2 --sigma-b2 0 --depth 3 --width 10 --q0 NaN",
                "theory --activation relu --sigma-w2 2 --sigma-b2 0 --depth 3 --width 10 --samples 0",
                "phase --activation tanh --sigma-b2 -1",
                "phase --activation tanh --sigma-b2 x",
                "moments --widths 10,0,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 1",
                "moments --widths 10,10 --sigma-w2 2 --sigma-b2 0 --input-norm2 1",
                "moments --widths 10 --sigma-w2 2 --sigma-b2 0 --input-norm2 1",
                "moments --widths 10,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 -1",
                "moments --activation tanh --widths 10,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 -1",
                "moments --activation tanh --widths 10,10 --sigma-w2 2 --sigma-b2 0 --input-norm2 1",
                "moments --activation tan --widths 10,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 1",
                "kernel --infinite --inputs missing.npy --activation relu --sigma-w2 2 --sigma-b2 0 --depth 3 --width 1",
                "kernel --infinite --inputs missing.npy --activation relu",
                "kernel --inputs missing.npy --activation relu",
            })
    void badParametersGetOneSentence(String line) {
        CommandLineRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception");
    }

    @Test
    void varianceOfAPairOfInputs() {
        String line = "variance --json --draws 50 --input-norm2 1 " + RELU;
        JsonNode half = run(line + " --correlation 0.5").json();
        assertThat(half.get("method").textValue()).isEqualTo("conditional");
        assertThat(half.get("correlation").doubleValue()).isEqualTo(0.5);
        assertThat(half.get("mean").doubleValue())
                .isBetween(
                        half.get("mean_ci").get(0).doubleValue(),
                        half.get("mean_ci").get(1).doubleValue());
        assertThat(half.get("infinite_width").doubleValue())
                .isBetween(1.0, half.get("mean").doubleValue() * 2);
        JsonNode drawn = run(line + " --correlation 0.5 --method weights").json();
        assertThat(drawn.get("infinite_width")).isEqualTo(half.get("infinite_width"));
        JsonNode one = run(line + " --correlation 1").json();
        JsonNode without = run(line).json();
        for (String key : new String[] {"method", "mean", "second_moment", "ratio", "ratio_ci"}) {
            assertThat(one.get(key)).as(key).isEqualTo(without.get(key));
        }
        assertThat(without.has("correlation")).isFalse();
        CommandLineRun chain = run(line + " --correlation 0.5 --method chain");
        assertThat(chain.exitCode()).isEqualTo(2);
        assertThat(chain.err()).contains("Method chain knows one input only");
        assertThat(run(line + " --correlation 2").exitCode()).isEqualTo(2);
        assertThat(run(line.replace("--json ", "") + " --correlation 0.5").out())
                .contains("Theta(x,x') of two inputs of correlation 0.5: mean in [", "in infinitely wide networks");
    }

    @Test
    void distributionsOfPairsMayHaveEitherSign() throws IOException {
        Path file = folder.resolve("pair.csv");
        CommandLineRun run = run("variance --activation tanh --sigma-w2 1 --sigma-b2 0 --depth 3 --width 10 --draws 100"
                + " --correlation -0.15 --distribution " + file);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(1)).startsWith("quantile,0.001,-");
        assertThat(lines).hasSize(1 + 15 + 50);
    }
}
