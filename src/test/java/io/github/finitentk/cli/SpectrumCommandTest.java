package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ntk spectrum} in this process. */
class SpectrumCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void write() {
        NpyArray.of(Inputs.onSphere(20, 6, Seed.of(3)).toArray(), 20, 6).write(folder.resolve("x.npy"));
        new RandomNetwork(Architecture.of(6, 30, 1).withOutputs(2), Activations.TANH, new Initialization(1.5, 0.2))
                .sample(Seed.of(1))
                .write(folder.resolve("net.npz"));
    }

    private CommandLineRun spectrum(String... more) {
        List<String> words = new ArrayList<>(List.of(
                "spectrum", "--network", folder + "/net.npz", "--inputs", folder + "/x.npy", "--activation", "tanh"));
        words.addAll(Arrays.asList(more));
        return CommandLineRun.of(words.toArray(String[]::new));
    }

    @Test
    void bothMethodsFindTheSameEigenvalues() {
        JsonNode dense = spectrum("--outputs", "full", "--top", "7", "--json").json();
        JsonNode free = spectrum("--outputs", "full", "--top", "7", "--method", "lanczos", "--json")
                .json();
        assertThat(dense.get("order").intValue()).isEqualTo(40);
        assertThat(dense.get("method").textValue()).isEqualTo("dense");
        assertThat(dense.get("products").intValue()).isZero();
        assertThat(free.get("method").textValue()).isEqualTo("lanczos");
        assertThat(free.get("products").intValue()).isPositive();
        assertThat(free.has("density")).isFalse();
        assertThat(free.get("residuals")).hasSize(7);
        for (int k = 0; k < 7; k++) {
            double value = dense.get("eigenvalues").get(k).doubleValue();
            assertThat(free.get("eigenvalues").get(k).doubleValue()).isCloseTo(value, within(1e-10 * value));
        }
        JsonNode density = dense.get("density");
        assertThat(density.get("trace").get("value").doubleValue()).isPositive();
        assertThat(density.get("trace").get("error").doubleValue()).isZero();
        assertThat(density.get("log_determinant").get("value").isNumber()).isTrue();
        assertThat(density.get("bins").get(0).get("count").get("value").isNumber())
                .isTrue();
        assertThat(density.get("probes").intValue()).isZero();
    }

    @Test
    void textHoldsTheEigenvaluesAndTheDensityThatWasAskedFor() {
        List<String> lines = spectrum("--top", "3", "--no-biases").out().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).isEqualTo("3 of 20 eigenvalues, from the kernel matrix");
        assertThat(lines.get(1)).matches(" +1 +[0-9.]+ +[0-9.]+ % of the trace");
        assertThat(lines.get(4)).startsWith("trace ");
        assertThat(lines.get(5)).startsWith("log-determinant ");
        String estimated = spectrum("--top", "3", "--density", "--probes", "4", "--method", "lanczos")
                .out();
        assertThat(estimated)
                .matches("(?s)3 of 20 eigenvalues, by \\d+ products with a kernel that was not formed\n.*")
                .containsPattern("trace +[0-9.]+ \\+- [0-9.]+")
                .contains("above        up to   eigenvalues");
        assertThat(spectrum("--density", "--probes", "4").err())
                .isEqualTo("ntk: this kernel is small enough to be decomposed; --probes had no effect.\n");
    }

    @Test
    void whatCannotBeDoneIsSaidInOneSentence() {
        assertThat(refusal(spectrum("--probes", "3"))).isEqualTo("--probes has no effect without --density.");
        assertThat(refusal(spectrum("--density", "--probes", "3", "--method", "dense")))
                .isEqualTo("--probes has no effect with --method dense, which needs no random vectors.");
        assertThat(refusal(spectrum("--top", "101"))).isEqualTo("1 to 100 eigenvalues can be asked for, not 101.");
        assertThat(refusal(spectrum("--outputs", "diagonal")))
                .isEqualTo("The diagonal form consists of a kernel for each output; each has a spectrum of its own.");
        assertThat(refusal(spectrum("--method", "qr")))
                .isEqualTo("There is no method \"qr\" of spectra; there are dense and lanczos.");
        assertThat(refusal(spectrum("--outputs", "5"))).contains("There is no output 5");
    }

    private static String refusal(CommandLineRun run) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        String first = run.err().lines().findFirst().orElseThrow();
        assertThat(first).startsWith("ntk: ");
        return first.substring(5);
    }
}
