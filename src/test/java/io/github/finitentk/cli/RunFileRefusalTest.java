package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no run, no whole run or not this run: named in one sentence and left as they are. */
class RunFileRefusalTest {

    private static final String SPEC = """
            quantity: trial
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 40, step: 1}
            sigma_b2: 1
            depth: [5, 20, 40]
            width: 60
            """;

    @TempDir
    Path folder;

    private Path spec;
    private Path run;

    @BeforeEach
    void compute() throws IOException {
        spec = Files.writeString(folder.resolve("spec.yaml"), SPEC);
        run = folder.resolve("run.db");
        assertThat(sweep(spec, run, "--quiet").exitCode()).isZero();
    }

    @Test
    void foreignFiles() throws IOException {
        assertRefused(Files.writeString(folder.resolve("text.db"), "some notes"), "is not a run file");
        Path foreign = folder.resolve("foreign.db");
        execute(foreign, "CREATE TABLE recipes (name TEXT)");
        assertRefused(foreign, "is an SQLite database, but not a run file");
    }

    @Test
    void filesOfALaterVersion() throws IOException {
        execute(run, "PRAGMA user_version = 99");
        assertRefused(run, "was written by a later version");
    }

    @Test
    void truncatedFiles() throws IOException {
        byte[] bytes = Files.readAllBytes(run);
        for (int part : new int[] {2, 3, 10}) {
            Path truncated = folder.resolve("truncated.db");
            Files.write(truncated, Arrays.copyOf(bytes, bytes.length - bytes.length / part));
            assertRefused(truncated, "is damaged");
        }
        assertRefused(Files.write(folder.resolve("stub.db"), Arrays.copyOf(bytes, 50)), "truncated or foreign");
    }

    @Test
    void anotherSpecification() throws IOException {
        byte[] before = Files.readAllBytes(run);
        Path other = Files.writeString(folder.resolve("other.yaml"), SPEC.replace("width: 60", "width: 61\nsteps: 2"));
        CommandLineRun refused = sweep(other, run, "--resume");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .hasLineCount(1)
                .contains("\"width: [60]\", now it is \"width: [61]\"")
                .contains("\"steps: 1\", now it is \"steps: 2\"");
        assertThat(Arrays.equals(Files.readAllBytes(run), before)).isTrue();
    }

    @Test
    void aRunThatIsThereIsNeverOverwritten() throws IOException {
        byte[] before = Files.readAllBytes(run);
        CommandLineRun again = sweep(spec, run);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).hasLineCount(1).contains("--resume continues it");
        assertThat(Arrays.equals(Files.readAllBytes(run), before)).isTrue();
    }

    @Test
    void placesWhereNoFileCanBe() {
        CommandLineRun nowhere = sweep(spec, spec.resolve("run.db"));
        assertThat(nowhere.exitCode()).isEqualTo(1);
        assertThat(nowhere.err()).startsWith("ntk: ").hasLineCount(1);
        CommandLineRun missing = CommandLineRun.of("export", folder + "/none.db", "--output", folder + "/t.csv");
        assertThat(missing.err()).hasLineCount(1).contains("does not exist");
        assertThat(sweep(spec, folder).err()).startsWith("ntk: ").hasLineCount(1);
    }

    // What a process leaves that is killed at the very start.
    @Test
    void anEmptyFileIsStartedAnew() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.db"));
        assertThat(sweep(spec, empty, "--resume", "--quiet").exitCode()).isZero();
        Path noTables = folder.resolve("no-tables.db");
        execute(noTables, "PRAGMA journal_mode = WAL");
        assertThat(sweep(spec, noTables, "--resume", "--quiet").exitCode()).isZero();
    }

    private void assertRefused(Path file, String sentence) throws IOException {
        byte[] before = Files.readAllBytes(file);
        for (CommandLineRun refused : new CommandLineRun[] {
            sweep(spec, file, "--resume"), CommandLineRun.of("export", file.toString(), "--output", folder + "/t.csv")
        }) {
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err()).startsWith("ntk: ").hasLineCount(1).contains(file.toString());
            assertThat(refused.err())
                    .containsAnyOf(
                            sentence.equals("truncated or foreign")
                                    ? new String[] {"is damaged", "not a run file"}
                                    : new String[] {sentence});
        }
        assertThat(Arrays.equals(Files.readAllBytes(file), before)).isTrue();
    }

    private static CommandLineRun sweep(Path spec, Path run, String... options) {
        String[] arguments = {"sweep", spec.toString(), "--out", run.toString(), "--backend", "java"};
        String[] all = Arrays.copyOf(arguments, arguments.length + options.length);
        System.arraycopy(options, 0, all, arguments.length, options.length);
        return CommandLineRun.of(all);
    }

    private static void execute(Path database, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
