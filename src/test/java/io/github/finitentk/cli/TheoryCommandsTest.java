package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.NpyFile;
import java.nio.file.Path;
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
    void infiniteWidthKernelsAgreeWithTheTheoryOfAPair() {
        Path x = folder.resolve("x.npy");
        // Two unit-q0 inputs of correlation 0.5 in three dimensions.
        double r = Math.sqrt(3);
        NpyFile.write(x, NpyArray.of(new double[] {r, 0, 0, r / 2, r * Math.sqrt(0.75), 0}, 2, 3));
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
}
