package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressCommandTest {

    private static final String LINEAR = "--activation relu --sigma-w2 3 --sigma-b2 0.5 --depth 1 --width 1";
    private static final String RELU = "--activation relu --sigma-w2 1.5 --sigma-b2 1 --depth 3 --width 64";

    @TempDir
    Path folder;

    private static CommandLineRun run(String line) {
        return CommandLineRun.of(line.split(" "));
    }

    private String file(String name, double[] values, int... shape) {
        Path path = folder.resolve(name);
        NpyArray.of(values, shape).write(path);
        return path.toString();
    }

    /**
     * L = 1, X = (1, 0), x = (1, 1): Theta(X) = Theta(x, X) = 2, so f(x) = f0(x) - f0(X) + y, whose variance is that of one
     * weight, sigma_w^2 / 2. Means over both inputs: q = (2 + 3.5) / 2, q_sr = 2, k1 = (2 + 3) / 2, k2 = 2.
     */
    @Test
    void linearNetworkByHand() {
        String data = " --inputs " + file("x.npy", new double[] {1, 0}, 1, 2) + " --targets "
                + file("y.npy", new double[] {3}, 1) + " --test-inputs " + file("tx.npy", new double[] {1, 1}, 1, 2);
        JsonNode json = run("regress --json " + LINEAR + data).json();
        assertThat(json.get("mean").get(0).doubleValue()).isCloseTo(3, within(1e-14));
        assertThat(json.get("variance").get(0).doubleValue()).isCloseTo(1.5, within(1e-14));
        assertThat(json.get("condition_number").doubleValue()).isEqualTo(1);
        assertThat(json.get("eta_max").doubleValue()).isCloseTo(1, within(1e-14));
        assertThat(json.get("theorem3").get("a").doubleValue()).isCloseTo(0.8, within(1e-14));
        assertThat(json.get("theorem3").get("variance").doubleValue()).isCloseTo(1.64 * 0.75 + 0.08, within(1e-13));
        assertThat(json.has("risk")).isFalse();
        // t = 0.5: half-way by 1 - exp(-2 t)
        JsonNode early = run("regress --json --time 0.5 --test-targets " + file("ty.npy", new double[] {2}, 1) + " "
                        + LINEAR + data)
                .json();
        double b = 1 - Math.exp(-1);
        double variance = 3.5 - 2 * b * 2 + b * b * 2;
        assertThat(early.get("mean").get(0).doubleValue()).isCloseTo(3 * b, within(1e-14));
        assertThat(early.get("mean_variance").doubleValue()).isCloseTo(variance, within(1e-14));
        assertThat(early.get("squared_bias").doubleValue()).isCloseTo((3 * b - 2) * (3 * b - 2), within(1e-14));
        assertThat(early.get("risk").doubleValue()).isCloseTo(variance + (3 * b - 2) * (3 * b - 2), within(1e-14));
    }

    @Test
    void mnistIsTheDefault() {
        CommandLineRun run = run("regress --samples 20 --tests 30 " + RELU);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("mnist", "theorem3.variance", "condition_number");
        JsonNode json = run("regress --json --samples 20 --tests 30 " + RELU).json();
        assertThat(json.get("mean")).hasSize(30);
        assertThat(json.get("normalization").textValue()).isEqualTo("unit-q0");
        assertThat(json.get("method").textValue()).isEqualTo("cholesky");
    }

    /** L = 1: every network follows eq. (10), and regression with own kernels is that of the only kernel there is. */
    @Test
    void trainedLinearNetworksAgreeWithTheory() {
        JsonNode json = run("regress --json --samples 6 --tests 5 --networks 40 " + LINEAR)
                .json();
        JsonNode ensemble = json.get("ensemble");
        assertThat(ensemble.get("networks").intValue()).isEqualTo(40);
        assertThat(ensemble.get("gap").doubleValue()).isLessThan(1e-3);
        double trained = ensemble.get("trained_variance").doubleValue();
        double exact = ensemble.get("infinite_width_variance").doubleValue();
        // the interval is two standard errors to either side
        double error = Math.log(ensemble.get("trained_ci").get(1).doubleValue() / trained) / 2;
        assertThat(Math.log(trained / exact)).isCloseTo(0, within(4 * error));
        assertThat(ensemble.get("trained_mean")).hasSize(5);
        // the same time asked for by number gives the same networks
        double time = ensemble.get("time").doubleValue();
        JsonNode again = run("regress --json --samples 6 --tests 5 --networks 40 --time " + time + " " + LINEAR)
                .json();
        assertThat(again.get("ensemble").get("trained_variance").doubleValue()).isEqualTo(trained);
        assertThat(again.get("mean_variance").doubleValue()).isEqualTo(exact);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "regress --time -1 " + RELU,
                "regress --time x " + RELU,
                "regress --ridge -1 " + RELU,
                "regress --networks 1 " + RELU,
                "regress --networks 4 --ridge 1 " + RELU,
                "regress --networks 4 --time 0 " + RELU,
                "regress --samples 0 " + RELU,
                "regress --tests 0 " + RELU,
                "regress --samples 1000 --tests 25 " + RELU,
                "regress --data mnist --test-inputs x.npy " + RELU,
                "regress --inputs missing.npy " + RELU,
                "regress --inputs missing.npy --targets missing.npy --test-inputs missing.npy " + RELU,
                "regress --inputs missing.npy --targets missing.npy --tests 3 " + RELU,
                "regress --activation relu --sigma-w2 -1 --sigma-b2 1 --depth 3 --width 64",
            })
    void badInputGetsOneSentence(String line) {
        CommandLineRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception");
    }

    /** What exceeds a double, or vanishes below it, is no bad input but a failure. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "regress --activation relu --sigma-w2 3 --sigma-b2 1 --depth 5000 --width 64 --samples 4 --tests 4",
                "regress --activation relu --sigma-w2 0.3 --sigma-b2 0 --depth 500 --width 64 --samples 4 --tests 4",
            })
    void kernelsOutOfRangeGetOneSentence(String line) {
        CommandLineRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err())
                .startsWith("ntk: ")
                .contains("the range of a double")
                .doesNotContain("--debug");
    }
}
