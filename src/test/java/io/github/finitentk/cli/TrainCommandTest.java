package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {

    @TempDir
    Path folder;

    private CommandLineRun train(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "train",
                "--activation",
                "tanh",
                "--checkpoint",
                folder.resolve("checkpoint").toString()));
        args.addAll(Arrays.asList(more));
        if (!args.contains("--learning-rate")) {
            args.addAll(List.of("--learning-rate", "1e-3"));
        }
        return CommandLineRun.of(args.toArray(String[]::new));
    }

    private static final String[] RANDOM = {
        "--width", "20", "--depth", "3", "--sigma-w2", "1.5", "--sigma-b2", "1", "--data", "mnist", "--samples", "8"
    };

    private static String[] and(String[] first, String... second) {
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Test
    void theDocumentHasTheKeysOfTheContract() {
        CommandLineRun run = train(and(RANDOM, "--max-steps", "300", "--json", "--snapshots", "10,100"));
        assertThat(run.exitCode()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("steps").asLong()).isEqualTo(300);
        assertThat(json.get("stop_reason").asText()).isEqualTo("max-steps");
        assertThat(json.get("losses").get(0).get("step").asLong()).isZero();
        double first = json.get("losses").get(0).get("loss").asDouble();
        assertThat(json.get("min_loss").asDouble()).isPositive().isLessThan(first);
        assertThat(json.get("kernel_change").findValuesAsText("step")).containsExactly("10", "100", "300");
        assertThat(json.get("kernel_change").get(2).get("value").asDouble()).isPositive();
        assertThat(json.get("loss").asText()).isEqualTo("half-mse");
        assertThat(json.get("data").asText()).contains("unit-q0", "digit");
    }

    @Test
    void aClassifierIsTrainedByAdamOnMiniBatches() {
        String[] classes = and(RANDOM, "--targets", "one-hot", "--loss", "cross-entropy", "--max-steps", "40");
        CommandLineRun run =
                train(and(classes, "--optimizer", "adam", "--batch", "3", "--json", "--kernel-samples", "4"));
        assertThat(run.exitCode()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("optimizer").asText()).isEqualTo("adam");
        assertThat(json.get("batch").asInt()).isEqualTo(3);
        assertThat(json.get("kernel_samples").asInt()).isEqualTo(4);
        assertThat(json.get("largest_stable_rate").isNull()).isTrue();
        assertThat(json.get("final_loss").asDouble())
                .isLessThan(json.get("losses").get(0).get("loss").asDouble() / 2);
        assertThat(train(and(classes, "--optimizer", "adam", "--batch", "3", "--seed", "5"))
                        .out())
                .contains("optimizer adam 0.9 0.999 1.0E-8, steps see 3 inputs")
                .doesNotContain("largest stable");
        assertThat(train(and(RANDOM, "--max-steps", "20", "--optimizer", "momentum"))
                        .out())
                .contains("eta lambda_max(Theta)/(S (1 + 0.9))", "optimizer momentum 0.9, steps see all inputs");
    }

    // Labels are as good as one-hot rows for a network with an output for each class.
    @Test
    void aGivenClassifierIsTrainedOnLabels() {
        Path trained = folder.resolve("classifier.npz");
        String[] classes = {"--loss", "cross-entropy", "--optimizer", "momentum", "--max-steps", "20"};
        assertThat(train(and(and(RANDOM, classes), "--targets", "one-hot", "--output", trained.toString()))
                        .exitCode())
                .isZero();
        String[] given = and(classes, "--network", trained.toString(), "--data", "mnist", "--samples", "8", "--json");
        JsonNode labels = train(and(given, "--targets", "label")).json();
        JsonNode rows = train(and(given, "--targets", "one-hot")).json();
        assertThat(labels.get("losses")).isEqualTo(rows.get("losses"));
        assertThat(train(and(given, "--targets", "digit")).exitCode()).isEqualTo(2);
    }

    @Test
    void optionsOfOtherOptimizersAreRefused() {
        refused("--momentum has no effect with --optimizer gd.", "--momentum", "0.5");
        refused("--beta2 has no effect with --optimizer momentum.", "--optimizer", "momentum", "--beta2", "0.5");
        refused("Unknown optimizer \"sgd\"; allowed are gd, momentum and adam.", "--optimizer", "sgd");
        refused("The momentum must be above 0 and below 1, not 1.0.", "--optimizer", "momentum", "--momentum", "1");
        refused("--batch must be at least 1, not 0.", "--batch", "0");
        refused("A step cannot see 9 inputs: there are 8.", "--batch", "9");
        refused("--kernel-samples must be at least 1, not 0.", "--kernel-samples", "0");
        refused(
                "The integrator flow is known for the optimizer gd, a squared error and steps that see all inputs only; use the"
                        + " integrator gd.",
                "--optimizer",
                "adam",
                "--integrator",
                "flow");
    }

    private void refused(String sentence, String... options) {
        CommandLineRun run = train(and(and(RANDOM, "--max-steps", "10"), options));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(sentence);
    }

    @Test
    void aTrainedNetworkIsWhereTheNextTrainingStarts() {
        Path trained = folder.resolve("trained.npz");
        CommandLineRun whole = train(and(RANDOM, "--max-steps", "200", "--json", "--min-decrease", "0"));
        assertThat(train(and(RANDOM, "--max-steps", "100", "--min-decrease", "0", "--output", trained.toString()))
                        .exitCode())
                .isZero();
        assertThat(Network.read(trained).architecture().depth()).isEqualTo(3);
        CommandLineRun rest = train(
                "--network",
                trained.toString(),
                "--data",
                "mnist",
                "--samples",
                "8",
                "--max-steps",
                "100",
                "--json",
                "--min-decrease",
                "0");
        assertThat(rest.exitCode()).isZero();
        // Rotating the weights back and forth rounds.
        assertThat(rest.json().get("final_loss").asDouble())
                .isCloseTo(
                        whole.json().get("final_loss").asDouble(),
                        org.assertj.core.data.Percentage.withPercentage(1e-9));
    }

    @Test
    void givenInputsAndTargets() {
        Path x = folder.resolve("x.npy");
        Path y = folder.resolve("y.npy");
        NpyArray.of(new double[] {1, 0, 0, 1, 1, 1}, 3, 2).write(x);
        NpyArray.of(new double[] {1, 2, 3}, 3).write(y);
        CommandLineRun run = train(
                "--width",
                "10",
                "--depth",
                "1",
                "--sigma-w2",
                "1",
                "--sigma-b2",
                "0",
                "--inputs",
                x.toString(),
                "--targets",
                y.toString(),
                "--max-steps",
                "20000",
                "--json",
                "--loss",
                "mse",
                "--learning-rate",
                "0.1");
        // A linear network with a bias fits three points in the plane, and its kernel cannot change.
        assertThat(run.json().get("final_loss").asDouble()).isLessThan(1e-5);
        assertThat(run.json().get("kernel_change").get(0).get("value").asDouble())
                .isZero();
    }

    @Test
    void wrongInputIsOneSentenceAndExitsWith2() throws Exception {
        Path checkpoint = folder.resolve("checkpoint");
        for (String[] wrong : new String[][] {
            and(RANDOM, "--max-steps", "0"),
            and(RANDOM, "--max-steps", "10", "--learning-rate", "-1"),
            and(RANDOM, "--max-steps", "10", "--integrator", "euler"),
            and(RANDOM, "--max-steps", "10", "--snapshots", "0"),
            and(RANDOM, "--max-steps", "10", "--network", "net.npz"),
            {"--max-steps", "10", "--data", "mnist"},
            {"--max-steps", "10", "--width", "3", "--data", "mnist"},
            and(RANDOM, "--max-steps", "10", "--samples", "5000"),
            and(RANDOM, "--max-steps", "10", "--data", folder.resolve("none").toString()),
            and(RANDOM, "--max-steps", "10", "--targets", "smallest"),
            and(RANDOM, "--max-steps", "10", "--resume"),
        }) {
            CommandLineRun run = train(wrong);
            assertThat(run.exitCode())
                    .as(String.join(" ", wrong) + ": " + run.err())
                    .isEqualTo(2);
            assertThat(run.err().lines().filter(line -> line.startsWith("ntk: ")))
                    .hasSize(1);
            assertThat(run.out()).isEmpty();
        }
        Files.writeString(checkpoint, "something else");
        assertThat(train(and(RANDOM, "--max-steps", "10")).err()).contains("--resume");
        CommandLineRun damaged = train(and(RANDOM, "--max-steps", "10", "--resume"));
        assertThat(damaged.exitCode()).isEqualTo(2);
        assertThat(damaged.err()).contains("checkpoint");
    }

    // Narrow networks with kinks whose kernel change macro steps had wrong by 33, 15 and 31 %.
    @ParameterizedTest
    @CsvSource({"relu, 24", "abs, 16", "leaky-relu(0.1), 20"})
    void theIntegratorFlowTakesNarrowNetworksWithKinksStepByStep(String activation, String width) {
        String[] network = {
            "--activation",
            activation,
            "--width",
            width,
            "--depth",
            "6",
            "--sigma-w2",
            "1.9",
            "--sigma-b2",
            "0",
            "--data",
            "mnist",
            "--samples",
            "16",
            "--targets",
            "label",
            "--learning-rate",
            "1e-4",
            "--max-steps",
            "20000",
            "--seed",
            "2"
        };
        JsonNode single = run(and(network, "--json", "--integrator", "gd")).json();
        JsonNode flow = run(and(network, "--json", "--integrator", "flow")).json();
        assertThat(flow.get("kernel_change")).isEqualTo(single.get("kernel_change"));
        assertThat(flow.get("losses")).isEqualTo(single.get("losses"));
        assertThat(flow.get("pace").asText()).isEqualTo("refused-narrow");
        assertThat(flow.get("error_estimate").asDouble()).isZero();
        // The rate times 1.0001 moves the kernel change by one to six per cent at some step.
        assertThat(flow.get("sensitivity").asDouble()).isBetween(0.005, 0.2);
        assertThat(single.get("sensitivity").isNull()).isTrue();
        String text = run(and(network, "--integrator", "flow")).out();
        assertThat(text)
                .contains("one by one: so narrow a network with kinks")
                .contains(String.format(Locale.ROOT, "%.6g", lastChange(single)));
        assertThat(text.contains("chaotic")).isEqualTo(flow.get("chaotic").asBoolean());
        JsonNode coarse =
                run(and(network, "--json", "--integrator", "flow-coarse")).json();
        double end = lastChange(single);
        assertThat(Math.abs(lastChange(coarse) - end) / Math.max(end, lastChange(coarse)))
                .isLessThanOrEqualTo(3 * coarse.get("error_estimate").asDouble());
    }

    private static double lastChange(JsonNode document) {
        JsonNode changes = document.get("kernel_change");
        return changes.get(changes.size() - 1).get("value").asDouble();
    }

    private CommandLineRun run(String... args) {
        return CommandLineRun.of(and(
                and(new String[] {"train"}, args),
                "--checkpoint",
                folder.resolve("checkpoint").toString()));
    }
}
