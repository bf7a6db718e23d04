package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that are written block by block, by processes that are really killed. */
@Timeout(300)
class LargeKernelProcessTest {

    private static final int SAMPLES = 1200;

    @TempDir
    Path folder;

    private Path network;
    private Path inputs;

    @BeforeEach
    void writeData() throws IOException {
        network = folder.resolve("net.npz");
        new RandomNetwork(Architecture.of(20, 40, 40, 3), Activations.TANH, new Initialization(1.5, 0.1))
                .sample(Seed.of(1))
                .write(network);
        inputs = folder.resolve("x.npy");
        Inputs x = Inputs.onSphere(SAMPLES, 20, Seed.of(2));
        try (var out = Files.newOutputStream(inputs)) {
            NpyArray.of(x.toArray(), SAMPLES, 20).write(out);
        }
    }

    private String[] kernel(Path output, String... more) {
        return Stream.concat(
                        Stream.of(
                                "kernel",
                                "--network",
                                network.toString(),
                                "--inputs",
                                inputs.toString(),
                                "--activation",
                                "tanh",
                                "--output",
                                output.toString()),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static CommandLineRun run(String... arguments) {
        return CommandLineRun.of(arguments);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void killsChangeNoByte(String backend) throws Exception {
        Path whole = folder.resolve("whole.npy");
        assertThat(run(kernel(whole)).exitCode()).isZero();
        Path file = folder.resolve("killed.npy");
        Path record = folder.resolve("killed.npy.blocks");
        SplittableRandom random = new SplittableRandom(1);
        List<Long> finished = new ArrayList<>(List.of(0L));
        for (int kill = 0; kill < 6; kill++) {
            NtkProcess process = new NtkProcess(kernel(file, "--memory", "232m", "--resume", "--backend", backend))
                    .with("-Xms40m")
                    .with("-Xmx40m")
                    .start();
            long before = finished.get(finished.size() - 1);
            while (process.isAlive() && blocks(record) <= before) {
                Thread.sleep(2);
            }
            Thread.sleep(random.nextInt(30));
            process.kill();
            if (Files.exists(file)) {
                break;
            }
            finished.add(blocks(record));
        }
        assertThat(finished).as("more with every process").isSorted().hasSizeGreaterThan(2);
        assertThat(finished.get(1)).isPositive();
        if (!Files.exists(file)) {
            CommandLineRun last = run(kernel(file, "--memory", "2g", "--resume"));
            assertThat(last.exitCode()).as(last.err()).isZero();
            assertThat(last.err()).contains("Wrote " + file + ": the NTK, 1200 x 1200, float64.");
        }
        assertThat(file).hasSameBinaryContentAs(whole);
        assertThat(files()).containsExactly("killed.npy", "net.npz", "whole.npy", "x.npy");
    }

    private static long blocks(Path record) throws IOException {
        if (!Files.exists(record)) {
            return 0;
        }
        return Files.readString(record)
                .lines()
                .filter(line -> line.startsWith("block"))
                .count();
    }

    @Test
    void aFileThatMayNotGrowEndsInOneSentence() throws Exception {
        Path file = folder.resolve("theta.npy");
        NtkProcess process = new NtkProcess(kernel(file, "--memory", "2g"))
                .within("bash", "-c", "ulimit -f 1000; exec \"$@\"", "ntk")
                .start();
        assertThat(process.finish()).isEqualTo("ntk: Cannot write " + file + ": File too large.\n");
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void whatCannotBeIsSaidBeforeItBegins() throws IOException {
        Path file = folder.resolve("theta.npy");
        refused(kernel(file, "--memory", "1m"), "--memory must be more than the ");
        refused(kernel(file, "--memory", "a lot"), "An amount of memory is a number of bytes");
        refused(kernel(file, "--resume"), "--resume has no effect without --memory.");
        refused(kernel(file, "--storage", "f32"), "--storage has no effect without --memory.");
        refused(
                kernel(folder.resolve("theta.csv"), "--memory", "2g"),
                "A kernel that is written block by block is an .npy");
        refused(
                kernel(file, "--memory", "2g", "--triangle", "--versus", inputs.toString()),
                "A kernel with other inputs in its columns has no lower triangle");
        Files.writeString(file, "mine");
        refused(kernel(file, "--memory", "2g"), "The output file " + file + " exists");
        refused(kernel(file, "--memory", "2g", "--resume"), "The output file " + file + " exists");
        assertThat(file).hasContent("mine");
        assertThat(files()).containsExactly("net.npz", "theta.npy", "x.npy");
    }

    private static void refused(String[] arguments, String sentence) {
        CommandLineRun run = run(arguments);
        assertThat(run.err()).startsWith("ntk: " + sentence).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void storageAndTriangleAreAsAskedFor() throws IOException {
        Path file = folder.resolve("theta.npy");
        CommandLineRun run = run(kernel(
                file,
                "--memory",
                "2g",
                "--precision",
                "f64",
                "--storage",
                "f32",
                "--triangle",
                "--outputs",
                "full",
                "--json"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("shape").toString()).isEqualTo("[3600,3600]");
        assertThat(run.json().get("storage").asText()).isEqualTo("f32");
        assertThat(run.json().get("triangle").asBoolean()).isTrue();
        assertThat(Files.size(file)).isEqualTo(128 + 4 * 3600L * 3601 / 2);
        Path whole = folder.resolve("whole.npy");
        assertThat(run(kernel(whole, "--outputs", "full")).exitCode()).isZero();
        NpyArray expected = NpyArray.read(whole);
        try (StoredKernel stored = StoredKernel.open(file)) {
            SplittableRandom random = new SplittableRandom(2);
            for (int i = 0; i < 500; i++) {
                int s = random.nextInt(3600);
                int r = random.nextInt(3600);
                assertThat(stored.block(s, s + 1, r, r + 1).get(0, 0)).isEqualTo((float) expected.get(s, r));
            }
        }
    }
}
