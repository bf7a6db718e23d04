package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.store.RunFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run file and its table as the first version of the engine wrote them. */
class RunFileMigrationTest {

    @TempDir
    Path folder;

    private Path old;
    private String table;

    @BeforeEach
    void copy() throws IOException {
        old = Files.write(folder.resolve("old.db"), resource("run-version-1.db"));
        table = new String(resource("run-version-1.csv"), StandardCharsets.UTF_8);
    }

    @Test
    void itsTableIsTheSame() throws IOException {
        assertThat(export(old)).isEqualTo(table);
        // Migrated by now.
        assertThat(export(old)).isEqualTo(table);
    }

    @Test
    void itCanBeResumedWithTheSameSpecificationOnly() throws IOException {
        Path spec = folder.resolve("spec.yaml");
        try (RunFile run = RunFile.open(old)) {
            Files.writeString(spec, run.spec().canonical());
        }
        assertThat(sweep(spec).exitCode()).isZero();
        assertThat(export(old)).isEqualTo(table);
        Files.writeString(spec, Files.readString(spec).replace("seed: 0", "seed: 1"));
        assertThat(sweep(spec).err()).contains("seed: 0").contains("seed: 1");
    }

    // The random streams are those of the first version.
    @Test
    void computedAnewItsNumbersAreTheSameToRounding() throws IOException {
        Path spec = folder.resolve("spec.yaml");
        try (RunFile run = RunFile.open(old)) {
            Files.writeString(spec, run.spec().canonical());
        }
        Path now = folder.resolve("now.db");
        CommandLineRun.of("sweep", spec.toString(), "--out", now.toString(), "--quiet");
        String[] before = table.split("[,\n]");
        String[] after = export(now).split("[,\n]");
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

    private CommandLineRun sweep(Path spec) {
        return CommandLineRun.of("sweep", spec.toString(), "--out", old.toString(), "--resume", "--quiet");
    }

    private static String export(Path run) throws IOException {
        Path table = Path.of(run + ".csv");
        assertThat(CommandLineRun.of("export", run.toString(), "--output", table.toString(), "--quiet")
                        .exitCode())
                .isZero();
        return Files.readString(table);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = RunFileMigrationTest.class.getResourceAsStream("/store/" + name)) {
            return in.readAllBytes();
        }
    }
}
