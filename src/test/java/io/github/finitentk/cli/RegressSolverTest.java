package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ntk regress --solver}: predictions at convergence, without eigenvalues. */
class RegressSolverTest {

    private static final String LIMIT = " --activation relu --sigma-w2 2 --sigma-b2 0.1 --depth 3 --width 64";
    private static final String DATA = " --samples 60 --tests 40 --targets zero-mean-one-hot";

    @TempDir
    Path folder;

    private static CommandLineRun run(String line) {
        return CommandLineRun.of(line.trim().split(" +"));
    }

    private Path predictions() {
        return folder.resolve("predictions.npy");
    }

    private double[] written(String line) {
        CommandLineRun run = run(line + " --output " + predictions());
        assertThat(run.exitCode()).as(run.err()).isZero();
        NpyArray array = NpyArray.read(predictions());
        assertThat(array.shape()).containsExactly(40, 10);
        return array.data();
    }

    /**
     * A backward stable solution is within about {@code cond eps} of the exact one, one with residual r within {@code cond r}; the condition here is some
     * 400 (NTK) and 2,000 (NNGP). The other side takes a T x S smoother from LAPACK.
     */
    @ParameterizedTest
    @CsvSource({
        "ntk, cholesky, 1e-11",
        "ntk, cholesky-f32, 1e-8",
        "ntk, cg, 1e-8",
        "nngp, cholesky, 1e-11",
        "nngp, cholesky-f32, 1e-8",
        "nngp, cg, 1e-8"
    })
    void everySolverPredictsWhatEigenvaluesDo(String kernel, String solver, double tolerance) {
        String line = "regress --json --quiet --kernel " + kernel + DATA + LIMIT;
        JsonNode dense = run(line).json();
        JsonNode means = dense.get(kernel.equals("ntk") ? "mean" : "prediction");
        String refined = solver.equals("cholesky") ? "" : " --tolerance 1e-12";
        double[] values = written(line + " --solver " + solver + refined);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isCloseTo(means.get(i / 10).get(i % 10).doubleValue(), within(tolerance));
        }
        JsonNode document = run(line + " --solver " + solver + refined).json();
        assertThat(document.get("kernel").textValue()).isEqualTo(kernel);
        assertThat(document.get("solver").textValue()).isEqualTo(solver.equals("cg") ? "conjugate-gradients" : solver);
        assertThat(document.get("converged").booleanValue()).isTrue();
        assertThat(document.get("iterations").intValue() > 0).isEqualTo(!solver.equals("cholesky"));
        assertThat(document.get("residual").doubleValue()).isLessThan(1e-12);
        assertThat(document.get("residuals")).hasSize(10);
        assertThat(document.get("input_dim").intValue()).isEqualTo(784);
        JsonNode quality = kernel.equals("ntk") ? dense : dense.get("quality");
        assertThat(document.get("quality").get("accuracy")).isEqualTo(quality.get("accuracy"));
        assertThat(document.get("quality").get("mean_squared_errors")).hasSize(10);
        assertThat(document.get("seconds").get("solution").doubleValue()).isPositive();
        // of one symmetric matrix the 1-norm is within a factor S of the largest eigenvalue
        double exact = dense.get("condition_number").doubleValue();
        assertThat(document.get("condition_number").doubleValue()).isBetween(exact / 60, exact * 60);
    }

    /** All outputs by themselves, or together with the full kernel: a network of three outputs. */
    @ParameterizedTest
    @ValueSource(strings = {"trace", "full"})
    void theKernelOfAGivenNetwork(String form) {
        RandomNetwork random = new RandomNetwork(
                Architecture.constant(5, 30, 3).withOutputs(3), Activations.TANH, new Initialization(1.5, 0.1));
        Path file = folder.resolve("net.npz");
        random.sample(Seed.of(1)).write(file);
        write("x.npy", Inputs.onSphere(12, 5, Seed.of(2)).toArray(), 12, 5);
        write("y.npy", Inputs.onSphere(12, 3, Seed.of(3)).toArray(), 12, 3);
        write("z.npy", Inputs.onSphere(40, 5, Seed.of(4)).toArray(), 40, 5);
        String line = "regress --json --quiet --network " + file + " --activation tanh --inputs "
                + folder.resolve("x.npy")
                + " --targets " + folder.resolve("y.npy") + " --test-inputs " + folder.resolve("z.npy") + " --outputs "
                + form;
        JsonNode dense = run(line).json();
        for (String solver : List.of("cholesky", "cg --tolerance 1e-12")) {
            CommandLineRun run = run(line + " --solver " + solver + " --output " + predictions());
            assertThat(run.exitCode()).as(run.err()).isZero();
            double[] values = NpyArray.read(predictions()).data();
            assertThat(values).hasSize(120);
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i])
                        .isCloseTo(dense.get("prediction").get(i / 3).get(i % 3).doubleValue(), within(1e-8));
            }
            assertThat(run.json().get("kernel").textValue()).isEqualTo(form);
        }
    }

    /** Of files: a kernel of all inputs, or of training inputs and one of test inputs with them; and by eigenvalues likewise. */
    @Test
    void kernelsFromFiles() {
        Inputs inputs = Mnist.embedded().first(100).inputs();
        RandomNetwork random =
                new RandomNetwork(Architecture.constant(784, 64, 3), Activations.RELU, new Initialization(2, 0.1));
        Kernel joint;
        try (Ntk ntk = Ntk.fastest()) {
            joint = ntk.infiniteWidth(random, inputs).ntk();
        }
        joint.write(folder.resolve("joint.npy"));
        joint.block(0, 60, 0, 60).write(folder.resolve("train.npy"));
        joint.block(60, 100, 0, 60).write(folder.resolve("cross.npy"));
        double[] wanted = written("regress --json --quiet --solver cholesky" + DATA + LIMIT);
        String data = " --data mnist" + DATA;
        String two =
                " --kernel " + folder.resolve("train.npy") + " --test-kernel " + folder.resolve("cross.npy") + data;
        for (String given : List.of(" --kernel " + folder.resolve("joint.npy") + data, two)) {
            for (String solver : List.of("eigen", "cholesky", "cg --tolerance 1e-13")) {
                double[] values = written("regress --json --quiet" + given + " --solver " + solver);
                for (int i = 0; i < values.length; i++) {
                    assertThat(values[i]).isCloseTo(wanted[i], within(1e-9));
                }
            }
        }
        CommandLineRun larger = run("regress" + two.replace("--samples 60", "--samples 61") + " --solver cg");
        assertThat(larger.exitCode()).isEqualTo(2);
        assertThat(larger.err())
                .isEqualTo("ntk: " + folder.resolve("train.npy")
                        + " holds a kernel of 60 x 60 entries, not one of 61 training inputs."
                        + System.lineSeparator());
    }

    /** The kernel is kept in a file, from which later solutions are found, in either precision. */
    @ParameterizedTest
    @CsvSource({"f64, 1e-13", "f32, 1e-4"})
    void theTrainingKernelCanBeKept(String storage, double tolerance) throws IOException {
        Path file = folder.resolve("kept.npy");
        String line = "regress --json --quiet" + DATA + LIMIT;
        double[] wanted = written(line + " --solver cholesky");
        String kept = " --kernel-file " + file + " --storage " + storage;
        double[] first = written(line + " --solver cholesky" + kept);
        assertThat(Files.size(file)).isEqualTo(128 + 60 * 61 / 2 * (storage.equals("f64") ? 8 : 4));
        for (int i = 0; i < wanted.length; i++) {
            assertThat(first[i]).isCloseTo(wanted[i], within(tolerance));
        }
        byte[] bytes = Files.readAllBytes(file);
        double[] again = written(line + " --solver cg --tolerance 1e-13" + kept);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(again[i]).isCloseTo(first[i], within(1e-9));
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(folder.resolve("kept.npy.unfinished")).doesNotExist();
        CommandLineRun other = run(line + " --kernel nngp --solver cg" + kept);
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).startsWith("ntk: " + file + " holds another kernel: its entry (");
        CommandLineRun larger = run(line.replace("--samples 60", "--samples 61") + " --solver cg" + kept);
        assertThat(larger.err())
                .isEqualTo("ntk: " + file + " holds another kernel: it has 60 x 60 entries, not 61 x 61."
                        + System.lineSeparator());
    }

    /** A kernel of 2,000 layers takes long; what there is of it goes with an interruption, which is told apart from a failure. */
    @Test
    void anInterruptionEndsWith130() throws Exception {
        Path kept = folder.resolve("kept.npy");
        Path unfinished = folder.resolve("kept.npy.unfinished");
        NtkProcess process = new NtkProcess(
                        ("regress --solver cg --samples 1000 --tests 24 --activation erf --sigma-w2 1.1"
                                        + " --sigma-b2 0.1 --depth 2000 --width 64 --kernel-file " + kept + " --output "
                                        + predictions())
                                .split(" "))
                .start();
        for (int i = 0; i < 6000 && !Files.exists(unfinished); i++) {
            Thread.sleep(10);
        }
        process.signal("INT");
        String err = process.finish();
        assertThat(process.exitCode()).as(err).isEqualTo(130);
        // Before the first block no stage is known yet.
        assertThat(err)
                .containsPattern("ntk: interrupted( while computing the kernel)?; no predictions were written\\.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void autoIsEverythingForFewInputs() {
        // beyond 5,000 inputs, which takes a set that is larger than the embedded one: a kernel of S = 1 for one test
        // input
        String line = "regress --solver auto" + DATA + LIMIT;
        assertThat(run(line).out()).contains("theorem3");
        assertThat(run(line + " --memory 1g").err())
                .isEqualTo("ntk: --memory has no effect with 100 inputs, for which --solver auto is eigen."
                        + System.lineSeparator());
    }

    @Test
    void whatDoesNotConvergeIsSaid() {
        CommandLineRun run = run("regress --json --quiet --solver cg --tolerance 1e-30" + DATA + LIMIT);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.json().get("converged").booleanValue()).isFalse();
        assertThat(run.err()).startsWith("ntk: not converged: after ").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--solver cg --time 3",
                "--solver cholesky --networks 4",
                "--solver cholesky --tolerance 1e-3",
                "--solver cg --tolerance 0",
                "--solver cg --tolerance -1",
                "--solver cg --tolerance 1",
                "--solver lu",
                "--storage f32 --solver cg",
                "--solver eigen --kernel-file k.npy",
                "--solver cg --kernel-file k.csv",
                "--solver cg --kernel-file missing/k.npy",
                "--solver cg --kernel missing.npy --targets digit --kernel-file k.npy",
                "--solver eigen --memory 2g",
                "--solver eigen --tolerance 1e-3",
                "--solver cg --memory 0g",
                "--solver cg --memory much",
                "--solver cholesky --memory 1m",
                "--solver cholesky --ridge -1",
                "--solver cg --output x.zip",
                "--solver cg --output missing/x.npy",
                "--kernel nngp --time 3",
                "--kernel nngp --networks 4",
                "--test-kernel x.npy",
                "--solver cholesky --kernel missing.npy --targets digit",
            })
    void badInputGetsOneSentence(String options) {
        CommandLineRun run = run("regress --samples 60 --tests 40" + LIMIT + " " + options);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception");
    }

    @Test
    void sentencesSayWhatHelps() {
        String line = "regress --samples 60 --tests 40" + LIMIT;
        assertThat(run(line + " --solver cg --time 3").err())
                .contains("--time 3.0 takes eigenvalues: --solver cg finds predictions at convergence alone;");
        assertThat(run(line + " --solver cg --memory 0g").err())
                .contains(
                        "An amount of memory is a number of bytes, or one with k, m, g or t, such as 2g, not \"0g\".");
        assertThat(run(line + " --solver lu").err())
                .contains("Unknown solver \"lu\"; allowed are auto, eigen, cholesky, cholesky-f32, cg.");
    }

    private void write(String name, double[] values, int... shape) {
        NpyArray.of(values, shape).write(folder.resolve(name));
    }
}
