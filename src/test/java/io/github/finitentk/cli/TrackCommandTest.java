package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.experiment.Checkpoints;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.TrackQuantity;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.RunResult.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ntk track} in this process. */
class TrackCommandTest {

    private static final Architecture WIDTHS = Architecture.of(5, 12, 1);
    private static final Inputs X = Inputs.onSphere(6, 5, Seed.of(3));

    @TempDir
    Path folder;

    private String inputs;
    private String targets;

    @BeforeEach
    void write() {
        inputs = folder.resolve("x.npy").toString();
        targets = folder.resolve("y.npy").toString();
        NpyArray.of(X.toArray(), 6, 5).write(Path.of(inputs));
        NpyArray.of(new double[] {1, -1, 1, 1, -1, -1}, 6).write(Path.of(targets));
        checkpoint("step_0.npz", 0);
        checkpoint("step_10.npz", 0.05);
        checkpoint("step_100.npz", 2);
        checkpoint("step_1000.npz", 2.01);
    }

    private void checkpoint(String name, double amount) {
        double[] parameters = sample(1);
        double[] other = sample(2);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += amount * other[i];
        }
        new Network(WIDTHS, parameters).write(folder.resolve(name));
    }

    private static double[] sample(long seed) {
        return new RandomNetwork(WIDTHS, Activations.TANH, new Initialization(1.5, 0.2))
                .sample(Seed.of(seed))
                .parameters();
    }

    private CommandLineRun track(String checkpoints, String... more) {
        List<String> words = new ArrayList<>(
                List.of("track", folder + "/" + checkpoints, "--inputs", inputs, "--activation", "tanh"));
        words.addAll(Arrays.asList(more));
        return CommandLineRun.of(words.toArray(String[]::new));
    }

    @Test
    void theAnswerStandsOnTopOfOneRowForEachCheckpoint() {
        CommandLineRun run = track("step_*.npz", "--targets", targets, "--learning-rate", "0.1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0))
                .matches("Not lazy: the kernel changes by \\d+ % of its norm \\(at step 1000?\\); it exceeds 50 %"
                        + " from step 100 on\\.");
        assertThat(lines.get(1))
                .isEqualTo("From step 100 on it stays within 10 % of where it ends: from there the training is lazy.");
        assertThat(lines.get(lines.size() - 5).split(" +"))
                .contains("step", "change", "distance", "velocity", "alignment", "sharpness", "loss")
                .doesNotContain("accuracy");
        assertThat(lines.subList(lines.size() - 4, lines.size()))
                .extracting(line -> line.strip().split(" +")[0])
                .containsExactly("0", "10", "100", "1000");
    }

    @Test
    void aDocumentHoldsTheAnswerAndTheRows() {
        JsonNode document = track("step_*.npz", "--json").json();
        assertThat(document.get("answer").textValue()).isEqualTo("not lazy");
        assertThat(document.get("fails").longValue()).isEqualTo(100);
        assertThat(document.get("lazy_from").longValue()).isEqualTo(100);
        assertThat(document.get("sentences")).hasSize(2);
        JsonNode rows = document.get("checkpoints");
        assertThat(rows).hasSize(4);
        assertThat(rows.get(3).get("step").longValue()).isEqualTo(1000);
        assertThat(rows.get(3).get("checkpoint").textValue()).endsWith("step_1000.npz");
        assertThat(rows.get(3).get("kernel_change").doubleValue()).isGreaterThan(0.5);
        assertThat(rows.get(3).get("alignment").isNull()).isTrue();
        assertThat(rows.get(3).get("eigenvalues")).hasSize(6);
        assertThat(track("step_{0,10}.npz", "--json").json().get("answer").textValue())
                .isIn("lazy", "nearly lazy");
        assertThat(track("step_0.npz", "--json").json().get("answer").textValue())
                .isEqualTo("unknown");
    }

    @Test
    void aRunFileHoldsTheRowsForExportReportAndPicture() throws IOException {
        Path run = folder.resolve("track.db");
        Path picture = folder.resolve("track.svg");
        CommandLineRun first =
                track("step_*.npz", "--targets", targets, "--out", run.toString(), "--picture", picture.toString());
        assertThat(first.exitCode()).isZero();
        assertThat(Files.readString(picture)).contains("<svg");
        assertThat(first.err()).contains("Wrote " + picture + ": the kernel along the training.");
        CommandLineRun again = track("step_*.npz", "--targets", targets, "--out", run.toString());
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).isEqualTo("ntk: The run file " + run + " exists; --resume continues it.\n");
        List<String> table =
                CommandLineRun.of("export", run.toString()).out().lines().toList();
        assertThat(table).hasSize(5);
        assertThat(table.get(0)).contains(",step,checkpoint,kernel_change,change_to_last,kernel_distance,");
        assertThat(CommandLineRun.of("report", run.toString()).exitCode()).isZero();
        assertThat(Files.readString(folder.resolve("track.html")))
                .contains("Not lazy: the kernel changes by")
                .contains("\"name\" : \"step\"");
        Path twin = folder.resolve("twin.db");
        track("step_*.npz", "--targets", targets, "--out", twin.toString());
        assertThat(CommandLineRun.of("runs", "compare", run.toString(), twin.toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void anInterruptedTrackIsResumedToTheSameRows() {
        Path run = folder.resolve("half.db");
        SweepSpec spec = TrackQuantity.of(
                        Checkpoints.find(List.of(folder + "/step_*.npz")), Activations.TANH, Path.of(inputs))
                .spec();
        AtomicInteger asked = new AtomicInteger();
        try (Ntk ntk = Ntk.builder().threads(1).build()) {
            RunResult half = ntk.sweep(spec)
                    .to(run)
                    .cancel(() -> asked.incrementAndGet() > 2)
                    .run();
            assertThat(half.end()).isEqualTo(End.CANCELLED);
            assertThat(half.finished()).isBetween(1, 3);
        }
        assertThat(track("step_*.npz", "--out", run.toString(), "--resume").exitCode())
                .isZero();
        Path whole = folder.resolve("whole.db");
        track("step_*.npz", "--out", whole.toString());
        assertThat(CommandLineRun.of("export", run.toString()).out())
                .isEqualTo(CommandLineRun.of("export", whole.toString()).out());
        checkpoint("step_100.npz", 1);
        CommandLineRun changed = track("step_*.npz", "--out", run.toString(), "--resume");
        assertThat(changed.exitCode()).isEqualTo(2);
        assertThat(changed.err()).contains("contents: ");
    }

    @Test
    void namesWithoutStepsAreCountedAndSaidSo() {
        checkpoint("begin.npz", 0);
        checkpoint("end.npz", 0.2);
        CommandLineRun run = track("{begin,end}.npz", "--json");
        assertThat(run.err())
                .isEqualTo("ntk: not all names hold a step; checkpoints count 0, 1, 2, ... from " + folder
                        + "/begin.npz to " + folder + "/end.npz (--steps says otherwise).\n");
        assertThat(run.json().get("checkpoints").get(1).get("step").longValue()).isEqualTo(1);
        CommandLineRun said = track("{begin,end}.npz", "--json", "--steps", "0,500");
        assertThat(said.err()).isEmpty();
        assertThat(said.json().get("checkpoints").get(1).get("step").longValue())
                .isEqualTo(500);
    }

    /** Weights that lie the other way round, of layers whose names say no order, next to one that does not belong. */
    @Test
    void filesOfOtherLibrariesAreReadAsTheyAreSaidToBe() {
        for (int k = 0; k < 2; k++) {
            Network network = Network.read(folder.resolve("step_" + (k == 0 ? 0 : 100) + ".npz"));
            Map<String, NpyArray> arrays = new HashMap<>();
            arrays.put("body/kernel", transposed(network.weights(1), 12, 5));
            arrays.put("body/bias", NpyArray.of(network.biases(1), 12));
            arrays.put("head/kernel", transposed(network.weights(2), 1, 12));
            arrays.put("head/bias", NpyArray.of(network.biases(2), 1));
            arrays.put("other/kernel", NpyArray.of(new double[6], 2, 3));
            NpyArray.writeAll(folder.resolve("keras-" + k + ".npz"), arrays);
        }
        CommandLineRun run = track("keras-?.npz", "--json", "--layer-names", "body,head", "--weight-layout", "in-out");
        assertThat(run.err()).startsWith(folder + "/keras-0.npz: ");
        assertThat(run.json().get("checkpoints").get(1).get("kernel_change").doubleValue())
                .isEqualTo(track("step_{0,100}.npz", "--json")
                        .json()
                        .get("checkpoints")
                        .get(1)
                        .get("kernel_change")
                        .doubleValue());
    }

    private static NpyArray transposed(double[] matrix, int rows, int columns) {
        double[] other = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            other[i % columns * rows + i / columns] = matrix[i];
        }
        return NpyArray.of(other, columns, rows);
    }

    @Test
    void whatCannotBeTrackedIsSaidInOneSentence() {
        assertThat(refusal(track("none-3.npz"))).isEqualTo("The checkpoint " + folder + "/none-3.npz does not exist.");
        checkpoint("again-10.npz", 1);
        assertThat(refusal(track("{again-,step_}10.npz"))).contains("are both of step 10;");
        new RandomNetwork(Architecture.of(5, 11, 1), Activations.TANH, new Initialization(1, 1))
                .sample(Seed.of(1))
                .write(folder.resolve("other_20.npz"));
        assertThat(refusal(track("{step_,other_}*0.npz"))).contains("holds a network of widths [5, 11, 1], but");
        NpyArray.writeAll(
                folder.resolve("nan_20.npz"),
                Map.of(
                        "W1", NpyArray.of(new double[] {1, 2, Double.NaN, 4, 5}, 1, 5),
                        "b1", NpyArray.of(new double[1], 1)));
        assertThat(refusal(track("nan_20.npz"))).contains("nan_20.npz, array \"W1\" holds NaN at index [0, 2]");
        assertThat(refusal(track("step_0.npz", "--resume"))).isEqualTo("--resume has no effect without --out.");
        assertThat(refusal(track("step_0.npz", "--momentum", "0.9")))
                .isEqualTo("--momentum has no effect without --learning-rate.");
        assertThat(refusal(track("step_0.npz", "--loss", "mse")))
                .isEqualTo("--loss has no effect without --learning-rate or --targets.");
        assertThat(refusal(track("step_0.npz", "--learning-rate", "1", "--momentum", "1")))
                .isEqualTo("The momentum must be from 0 to below 1, not 1.0.");
        assertThat(refusal(track("step_0.npz", "--picture", folder + "/p.gif")))
                .isEqualTo(
                        "A picture is written as .pdf, .svg or .png, but " + folder + "/p.gif ends in none of them.");
        assertThat(refusal(track("step_0.npz", "--out", folder + "/step_0.npz")))
                .contains("is used by this command");
        assertThat(refusal(track("step_0.npz", "--targets", inputs)))
                .contains("takes targets of shape (S, 1), not 6 targets of 5 outputs.");
    }

    private static String refusal(CommandLineRun run) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        String first = run.err().lines().findFirst().orElseThrow();
        assertThat(first).startsWith("ntk: ");
        return first.substring(5);
    }
}
