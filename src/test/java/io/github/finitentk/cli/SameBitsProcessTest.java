package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.finitentk.internal.nativecore.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Results are the same bits on every processor: those of {@link SameBits} are recorded, and every backend at every SIMD level of
 * every machine that runs this has to meet the record.
 */
@Timeout(300)
class SameBitsProcessTest {

    private static final String RECORD = "same-bits.sha256";

    @TempDir
    private static Path folder;

    // The record is what pure Java computes here when it is to be written anew.
    @BeforeAll
    static void writeTheRecordIfAsked() throws IOException {
        if (Boolean.getBoolean("ntk.schema.write")) {
            Files.write(Path.of("src/test/resources/io/github/finitentk/cli", RECORD), SameBits.lines("java", folder));
        }
    }

    @Test
    void pureJavaMeetsTheRecord() throws IOException {
        assertThat(SameBits.lines("java", folder))
                .as("if numbers were to change, write the record anew with: mvn test -Dtest=SameBitsProcessTest"
                        + " -Dntk.schema.write=true")
                .isEqualTo(record());
    }

    @Test
    void theNativeCoreMeetsTheRecord() throws IOException {
        assumeTrue(NativeLibrary.backend().isPresent(), "there is no native core");
        assertThat(SameBits.lines("native", folder)).isEqualTo(record());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v3", "v1"})
    void itsLowerLevelsMeetTheRecord(String level) throws Exception {
        assumeTrue(NativeLibrary.backend().isPresent(), "there is no native core");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "levels can be chosen on x86-64 only");
        Path out = folder.resolve(level);
        NtkProcess process = new NtkProcess("native")
                .running(SameBits.class)
                .within("env", "NTK_SIMD=" + level)
                .to(ProcessBuilder.Redirect.to(out.toFile()))
                .start();
        String err = process.finish();
        assumeFalse(err.contains("does not support"), "this processor has no level " + level);
        assertThat(process.exitCode()).as(err).isZero();
        assertThat(Files.readAllLines(out)).isEqualTo(record());
    }

    private static List<String> record() throws IOException {
        if (Boolean.getBoolean("ntk.schema.write")) {
            return Files.readAllLines(Path.of("src/test/resources/io/github/finitentk/cli", RECORD));
        }
        try (InputStream in = SameBitsProcessTest.class.getResourceAsStream(RECORD)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
