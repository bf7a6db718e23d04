package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.internal.purejava.ProductsInVectors;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java backend where the virtual machine is started with the module {@code jdk.incubator.vector}. */
@Timeout(300)
class VectorModuleProcessTest {

    private static final String MODULE = "jdk.incubator.vector";
    private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector\n";

    @TempDir
    private Path folder;

    @Test
    void thisJavaHasTheModule() {
        assertThat(ModuleFinder.ofSystem().find(MODULE))
                .as("the tests of this class need %s", MODULE)
                .isPresent();
    }

    // The second option is a narrower vector where there is one; others than x86-64 do not know it.
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2"})
    void productsHaveTheBitsOfPlainLoops(String option) throws Exception {
        NtkProcess process =
                started(new NtkProcess().running(ProductsInVectors.class).with(option));
        assertThat(process.finish()).isEqualTo(WARNING);
        assertThat(process.exitCode()).isZero();
        assertThat(Files.readString(output())).matches("products in vectors of \\d+ bits\n");
    }

    @Test
    void resultsMeetTheRecord() throws Exception {
        NtkProcess process = started(new NtkProcess("java").running(SameBits.class));
        assertThat(process.finish()).isEqualTo(WARNING);
        List<String> expected;
        try (var in = SameBits.class.getResourceAsStream("same-bits.sha256")) {
            expected = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(Files.readAllLines(output())).isEqualTo(expected);
    }

    @Test
    void doctorSaysWhichProductsTheJavaBackendUses() throws Exception {
        NtkProcess process = started(new NtkProcess("doctor"));
        assertThat(process.finish()).isEqualTo(WARNING);
        assertThat(Files.readString(output())).containsPattern("java backend +.*, products in vectors of \\d+ bits\n");
        assertThat(CommandLineRun.of("doctor").out())
                .containsPattern(
                        "java backend +.*, products by plain loops \\(in vectors with the module jdk.incubator.vector\\)\n");
    }

    // Not as other tests' processes: vectors are vectors only once the second compiler has been over them.
    private NtkProcess started(NtkProcess process) throws Exception {
        return process.with("-XX:+IgnoreUnrecognizedVMOptions")
                .with("-XX:TieredStopAtLevel=4")
                .with("--add-modules=" + MODULE)
                .to(ProcessBuilder.Redirect.to(output().toFile()))
                .start();
    }

    private Path output() {
        return folder.resolve("output");
    }
}
