package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The random streams are those of the engine's first version; intervals and reasons follow today's rules. */
class FirstVersionTest {

    private static final String SPEC = """
            quantity: variance
            activation: [relu, tanh]
            sigma_w2: [1.0, 2.5]
            sigma_b2: 1.0
            depth: [5, 20]
            width: 10
            draws: 100
            """;

    @TempDir
    Path folder;

    @Test
    void computedAnewTheNumbersAreTheSameToRounding() throws IOException {
        Path spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
        Path run = folder.resolve("run.db");
        Path table = folder.resolve("table.csv");
        CommandLineRun.of("sweep", spec.toString(), "--out", run.toString(), "--quiet");
        CommandLineRun.of("export", run.toString(), "--output", table.toString(), "--quiet");
        String[] before = firstTable().split("[,\n]");
        String[] after = Files.readString(table).split("[,\n]");
        assertThat(after).hasSameSizeAs(before);
        for (int k = 0; k < before.length; k++) {
            if (before[k].matches("[0-9.]+(E-?[0-9]+)?")) {
                double value = Double.parseDouble(before[k]);
                assertThat(Math.abs(Double.parseDouble(after[k]) - value)).isLessThanOrEqualTo(1e-9 * Math.abs(value));
            } else {
                assertThat(after[k]).isEqualTo(before[k]);
            }
        }
    }

    private static String firstTable() throws IOException {
        try (InputStream in = FirstVersionTest.class.getResourceAsStream("/store/first-version.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
