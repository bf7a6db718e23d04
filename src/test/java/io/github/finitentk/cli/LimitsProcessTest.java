package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and machines at their limits: refused or computed, in one sentence, and the same digits in every locale. */
class LimitsProcessTest {

    private static final String LAW = " --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10";

    @TempDir
    Path folder;

    @BeforeEach
    void files() {
        new Network(Architecture.of(2, 1, 1), new double[] {2, -1, 0.5, 3, 0.25}).write(folder.resolve("net.npz"));
        new Network(Architecture.of(2, 1, 1), new double[] {1e200, 1e200, 1e200, 1e200, 0})
                .write(folder.resolve("huge.npz"));
        write("x.npy", 5000, 2);
        write("y.npy", 5000, 1);
        write("few.npy", 3, 2);
        write("few-y.npy", 3, 1);
    }

    private void write(String name, int rows, int columns) {
        double[] data = new double[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = Math.sin(i + 1.0);
        }
        (columns == 1 ? NpyArray.of(data, rows) : NpyArray.of(data, rows, columns)).write(folder.resolve(name));
    }

    private String[] words(String line) {
        return line.replace("%", folder + "/").strip().split(" +");
    }

    /** Once they computed for a minute and ended in a stack trace of OutOfMemoryError. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kernel --network %net.npz --inputs %x.npy --activation relu",
                "kernel --network %net.npz --inputs %x.npy --activation relu --backend java",
                "kernel --infinite --inputs %x.npy" + LAW,
                "train --inputs %x.npy --targets %y.npy --learning-rate 1e-3 --max-steps 10 --checkpoint %c" + LAW,
                "train --inputs %x.npy --targets %y.npy --learning-rate 1e-3 --max-steps 10 --integrator flow"
                        + " --checkpoint %c --backend java" + LAW,
                "regress --solver eigen --inputs %x.npy --targets %y.npy --test-inputs %few.npy" + LAW,
                "trust --inputs %x.npy --targets %y.npy" + LAW,
            })
    void whatDoesNotFitIntoTheHeapIsRefusedBeforeItIsBegun(String line) throws Exception {
        NtkProcess process = new NtkProcess(words(line)).with("-Xmx150m").start();
        List<String> messages = process.finish()
                .lines()
                .filter(message -> !message.contains("pure-Java backend"))
                .toList();
        assertThat(messages).hasSize(1);
        assertThat(messages.get(0))
                .startsWith("ntk: ")
                .contains("B of Java heap", "-Xmx", "NTK_JAVA_OPTS", "fewer inputs");
        assertThat(process.exitCode()).isEqualTo(Main.USAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "theory --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10",
                "variance --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10",
                "variance --activation relu --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10",
                "trust --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10",
                "regress --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10",
                "train --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10 --data mnist"
                        + " --learning-rate 1 --max-steps 1 --checkpoint %c",
                "kernel --infinite --inputs %few.npy --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 2000000000 --width 10",
                "variance --draws 2000000000 --method weights" + LAW,
                "variance --draws 2000000000 --method chain" + LAW,
                "variance --draws 2000000000 --method rao-blackwell" + LAW,
                "variance --draws 2000000000 --method conditional" + LAW,
                "variance --draws 2000000000 --distribution %d.csv" + LAW,
                "regress --samples 2000000000 --tests 2000000000" + LAW,
                "regress --samples 16 --tests 2000000000" + LAW,
                "regress --samples 16 --tests 16 --networks 2000000000" + LAW,
                "trust --samples 2000000000" + LAW,
                "train --data mnist --samples 2000000000 --learning-rate 1 --max-steps 1 --checkpoint %c" + LAW,
                "train --data mnist --learning-rate 1 --max-steps 1 --checkpoint %c --activation tanh --sigma-w2 2"
                        + " --sigma-b2 1 --depth 3 --width 2000000000",
                "trust --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 3 --width 2000000000",
                "theory --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 30 --width 2000000000",
                "moments --widths 2000000000,2000000000,2000000000,2000000000,1 --sigma-w2 2 --sigma-b2 1 --input-norm2 1",
            })
    void sizesWithoutMeasureAreRefusedInOneSentence(String line) {
        CommandLineRun run = CommandLineRun.of(words(line));
        assertThat(run.err().lines().filter(message -> !message.contains("pure-Java backend")))
                .as(line + ": " + run.out())
                .hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception", "--debug shows where");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Main.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --json", " --quiet", " --precision f32", " --output %t.npy", " --backend java"})
    void aKernelThatIsNotFiniteIsAFailure(String more) {
        CommandLineRun run =
                CommandLineRun.of(words("kernel --network %huge.npz --inputs %few.npy --activation relu" + more));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("leaves the range of a double");
        assertThat(folder.resolve("t.npy")).doesNotExist();
    }

    @Test
    void aTrainingThatDivergedSaysSoInItsLastLineAndInJson() {
        String train = "train --inputs %few.npy --targets %few-y.npy --learning-rate 1e6 --max-steps 50 --checkpoint %c"
                + " --activation relu --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10";
        CommandLineRun run = CommandLineRun.of(words(train));
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(lines.size() - 1)).startsWith("DIVERGED after ");
        assertThat(CommandLineRun.of(words(train + " --json"))
                        .json()
                        .get("diverged")
                        .booleanValue())
                .isTrue();
        CommandLineRun lost = CommandLineRun.of(words(train + " --output %o.npz"));
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.out()).contains("DIVERGED after ");
        assertThat(lost.err()).contains("The training diverged; ", "o.npz is not written");
        assertThat(folder.resolve("o.npz")).doesNotExist();
        assertThat(folder.resolve("c")).doesNotExist();
    }

    @Test
    void optionsWithoutEffectAreRefusedWithBothNames() {
        String train =
                "train --inputs %few.npy --targets %few-y.npy --learning-rate 1e-3 --max-steps 5 --checkpoint %c" + LAW;
        String kernel = "kernel --network %net.npz --inputs %few.npy --activation relu ";
        String infinite = "kernel --infinite --inputs %few.npy" + LAW;
        List<List<String>> lines = new ArrayList<>();
        for (String option :
                List.of("--parametrization ntk", "--sigma-w2 7", "--sigma-b2 7", "--depth 9", "--width 9")) {
            lines.add(List.of(kernel + option, option.split(" ")[0], "--network"));
        }
        lines.add(List.of(kernel + "--infinite", "--network", "--infinite"));
        lines.add(List.of(infinite + " --precision f64", "--precision", "--infinite"));
        lines.add(List.of(train + " --snapshots 3,6", "--snapshots 6", "--max-steps 5"));
        lines.add(List.of(train + " --min-decrease 1e-3", "--min-decrease", "--patience 100"));
        lines.add(List.of(train + " --network %net.npz", "--network", "--width"));
        lines.add(List.of(train + " --data mnist", "--inputs", "--data"));
        lines.add(List.of(train + " --samples 3", "--samples", "--inputs"));
        lines.add(List.of("trust --json --explain" + LAW, "--explain", "--json"));
        lines.add(List.of("trust --widths 4,4,1" + LAW, "--widths", "--depth"));
        lines.add(List.of("trust --samples 3 --inputs %few.npy --targets %few-y.npy" + LAW, "--samples", "--inputs"));
        lines.add(List.of("regress --networks 2 --ridge 1" + LAW, "--networks", "--ridge"));
        lines.add(List.of("regress --test-inputs %few.npy" + LAW, "--test-inputs", "--inputs"));
        lines.add(List.of(
                "variance --method exact --draws 50 --activation relu --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10",
                "--draws",
                "--method exact"));
        lines.add(List.of("sweep --schema --out %r.db", "--out", "--schema"));
        lines.add(List.of("sweep --schema %s.yaml", "--schema", "SPEC.yaml"));
        for (List<String> line : lines) {
            CommandLineRun run = CommandLineRun.of(words(line.get(0)));
            assertThat(run.exitCode()).as(line + ": " + run.out()).isEqualTo(Main.USAGE);
            assertThat(run.err().lines()).as(line.toString()).hasSize(1);
            assertThat(run.err()).contains(line.get(1), line.get(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-arab", "hi-IN-deva", "fa-IR-arabext", "th-TH-thai", "de-DE-latn"})
    void digitsAreTheSameInEveryLocale(String locale) throws IOException, InterruptedException {
        String[] parts = locale.split("-");
        for (String line : List.of(
                "variance --seed 3 --distribution %d.csv --json" + LAW,
                "theory" + LAW,
                "kernel --infinite --inputs %few.npy --output %t.csv" + LAW,
                "figure 6 --out %f")) {
            Path out = folder.resolve("out");
            NtkProcess process = new NtkProcess(words(line))
                    .with("-Duser.language=" + parts[0])
                    .with("-Duser.country=" + parts[1])
                    .with("-Duser.extensions=u-nu-" + parts[2])
                    .to(Redirect.to(out.toFile()))
                    .start();
            String err = process.finish();
            assertThat(process.exitCode()).as(err).isZero();
            assertThat(Files.readString(out) + err).as(line).matches("\\p{ASCII}*");
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(csv|json|svg|md)"))
                    .toList()) {
                // Digits of any script but ours.
                assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
            }
        }
    }
}
