package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.finitentk.data.NpyArray;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process does with standard output that is full, closed early, or a file. */
class StandardOutputProcessTest {

    private static final String LAW = " --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10";

    @TempDir
    Path folder;

    private Path inputs(int samples) {
        double[] x = new double[2 * samples];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.sin(i);
        }
        Path file = folder.resolve("x" + samples + ".npy");
        NpyArray.of(x, samples, 2).write(file);
        return file;
    }

    private static NtkProcess ntk(String line) {
        return new NtkProcess(line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "kernel --help",
                "completion",
                "doctor",
                "sweep --schema",
                "theory" + LAW,
                "theory --json" + LAW,
                "variance --quiet" + LAW,
                "phase --activation tanh --sigma-b2 1",
                "moments --widths 4,4,1 --sigma-w2 2 --sigma-b2 1 --input-norm2 4 --json",
            })
    void aFullDiskIsOneSentenceAndExitCode1(String line) throws Exception {
        File full = new File("/dev/full");
        assumeThat(full).exists();
        NtkProcess process = ntk(line).to(Redirect.to(full)).start();
        assertThat(process.finish().lines().filter(message -> !message.contains("pure-Java backend")))
                .containsExactly("ntk: Standard output is incomplete: No space left on device.");
        assertThat(process.exitCode()).isEqualTo(1);
    }

    @Test
    void aReaderThatLeavesEarlyEndsTheCommandWithOneSentence() throws Exception {
        NtkProcess process = ntk("kernel --infinite --json --inputs " + inputs(300) + LAW)
                .to(Redirect.PIPE)
                .start();
        assertThat(process.firstLineOnly()).isEqualTo("{");
        assertThat(process.finish()).isEqualTo("ntk: Standard output is incomplete: Broken pipe.\n");
        assertThat(process.exitCode()).isEqualTo(1);
    }

    /** Three megabytes, of which 4,096 bytes once arrived with exit code 0. */
    @Test
    void aFullDiskInTheMiddleOfALongOutputIsNoticed() throws Exception {
        assumeThat(new File("/bin/sh")).exists();
        Path out = folder.resolve("out.json");
        NtkProcess process = ntk("kernel --infinite --json --inputs " + inputs(300) + LAW)
                .within("/bin/sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh")
                .to(Redirect.to(out.toFile()))
                .start();
        assertThat(process.finish())
                .startsWith("ntk: Standard output is incomplete: ")
                .endsWith(".\n");
        assertThat(process.exitCode()).isEqualTo(1);
    }

    @Test
    void theExplanationReachesStandardOutput() throws Exception {
        Path out = folder.resolve("out.txt");
        NtkProcess process = ntk("trust --explain --samples 8" + LAW)
                .to(Redirect.to(out.toFile()))
                .start();
        process.finish();
        assertThat(process.exitCode()).isZero();
        assertThat(Files.readString(out))
                .contains("Where the numbers come from")
                .endsWith("anything in between.\n");
    }

    /** Also under the names that the system has for it; what was in the file before stays. */
    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
    void anArrayGoesToStandardOutputAloneAndIsAppended(String output) throws Exception {
        assumeThat(output.equals("-") || Files.exists(Path.of("/proc/self/fd/1")))
                .isTrue();
        Path log = folder.resolve("log");
        Files.writeString(log, "before");
        NtkProcess process = ntk("kernel --infinite --inputs " + inputs(3) + " --output " + output + LAW)
                .to(Redirect.appendTo(log.toFile()))
                .start();
        assertThat(process.finish()).isEmpty();
        assertThat(process.exitCode()).isZero();
        byte[] bytes = Files.readAllBytes(log);
        assertThat(new String(bytes, 0, 8, java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo("beforePK");
    }

    @Test
    void devicesAreWrittenToAndStay() throws Exception {
        assumeThat(new File("/dev/null")).exists();
        NtkProcess process = ntk("kernel --infinite --inputs " + inputs(3) + " --output /dev/null" + LAW)
                .to(Redirect.to(folder.resolve("out").toFile()))
                .start();
        process.finish();
        assertThat(process.exitCode()).isZero();
        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
        assertThat(Path.of("/dev/null-nngp")).doesNotExist();
        assertThat(Files.readString(folder.resolve("out"))).contains("NNGP is 3 x 3");
    }

    @Test
    void standardErrorAsAFileIsAppendedTo() throws IOException, InterruptedException {
        assumeThat(new File("/proc/self/fd/2")).exists();
        Path log = folder.resolve("log.txt");
        Files.writeString(log, "before\n");
        NtkProcess process = ntk("kernel --quiet --infinite --inputs " + inputs(2) + " --output /dev/stderr" + LAW)
                .within("/bin/sh", "-c", "exec \"$@\" 2>>" + log, "sh")
                .start();
        process.finish();
        assertThat(Files.readAllBytes(log)).startsWith("before\n".getBytes()).hasSizeGreaterThan(100);
    }
}
