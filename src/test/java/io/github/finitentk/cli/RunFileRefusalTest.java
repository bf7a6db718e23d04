package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        assertRefused(Files.writeString(folder.resolve("text.db"), "some notes"), 2, "is not a run file");
        assertRefused(Files.createFile(folder.resolve("empty.db")), 2, "is not a run file");
        Path foreign = folder.resolve("foreign.db");
        execute(foreign, "CREATE TABLE recipes (name TEXT)");
        assertRefused(foreign, 2, "is an SQLite database, but not a run file");
    }

    @Test
    void filesOfOtherVersions() throws IOException {
        execute(run, "PRAGMA user_version = 99");
        assertRefused(run, 2, "was written by a later version");
        execute(run, "PRAGMA user_version = 2");
        assertRefused(run, 2, "was written by an earlier version");
    }

    @Test
    void truncatedFiles() throws IOException {
        byte[] bytes = Files.readAllBytes(run);
        for (int part : new int[] {2, 3, 10}) {
            Path truncated = folder.resolve("truncated.db");
            Files.write(truncated, Arrays.copyOf(bytes, bytes.length - bytes.length / part));
            assertRefused(truncated, 1, "is damaged");
        }
        assertRefused(Files.write(folder.resolve("stub.db"), Arrays.copyOf(bytes, 50)), 2, "not a run file");
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

    // Some programs make the file that they ask another one to fill.
    @Test
    void anEmptyFileIsFilled() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.db"));
        assertThat(sweep(spec, empty, "--quiet").exitCode()).isZero();
        assertThat(CommandLineRun.of("runs", "verify", empty.toString()).exitCode())
                .isZero();
    }

    // It might be the copy of a run without its log.
    @Test
    void aDatabaseWithoutTablesIsNotStartedAnew() throws IOException {
        Path noTables = folder.resolve("no-tables.db");
        execute(noTables, "PRAGMA journal_mode = WAL");
        assertRefused(noTables, 2, "is an SQLite database, but not a run file");
    }

    @Test
    void whatOtherProgramsHavePutIn() throws IOException {
        for (String sql : new String[] {
            "CREATE TRIGGER t AFTER INSERT ON cells BEGIN DELETE FROM cells; END",
            "CREATE VIEW v AS SELECT * FROM cells",
            "CREATE TABLE notes (text TEXT)",
            "CREATE INDEX i ON cells (depth)",
            "DROP TABLE checkpoints",
            "ALTER TABLE cells ADD COLUMN remark TEXT",
            "UPDATE cells SET value = 'seven' WHERE cell = 3",
            "UPDATE cells SET value = 7 WHERE cell = 3",
            "UPDATE cells SET status = 'perfect' WHERE cell = 3",
            "DELETE FROM cells WHERE cell = 3",
            "UPDATE cells SET cell = 10000 WHERE cell = 3",
            "UPDATE manifest SET value = '1' WHERE key = 'seed'",
            "DELETE FROM manifest WHERE key = 'version'",
            "DELETE FROM columns WHERE position = 3",
            "UPDATE totals SET ok = 1",
            "DELETE FROM totals"
        }) {
            Path changed = Files.copy(run, folder.resolve("changed.db"), StandardCopyOption.REPLACE_EXISTING);
            execute(changed, sql);
            assertRefused(changed, 1, "is damaged, or another program has changed it");
            assertThat(CommandLineRun.of("runs", "verify", changed.toString()).exitCode())
                    .isEqualTo(1);
        }
        // A foreign view in the place of a table.
        Path view = Files.copy(run, folder.resolve("view.db"));
        execute(view, "ALTER TABLE cells RENAME TO hidden");
        execute(view, "CREATE VIEW cells AS SELECT * FROM hidden");
        assertRefused(view, 1, "is damaged, or another program has changed it");
    }

    @Test
    void aBadFileDoesNotHideTheOthers() throws IOException {
        Files.writeString(folder.resolve("a.db"), "some notes");
        Files.createDirectory(folder.resolve("b.db"));
        execute(Files.copy(run, folder.resolve("c.db")), "DELETE FROM totals");
        execute(Files.copy(run, folder.resolve("d.db")), "UPDATE manifest SET value = 'nonsense' WHERE key = 'spec'");
        CommandLineRun listed = CommandLineRun.of("runs", "list", folder.toString());
        assertThat(listed.exitCode()).isZero();
        assertThat(listed.out())
                .hasLineCount(5)
                .containsPattern("a.db .* is not a run file")
                .containsPattern("b.db .* is a folder")
                .containsPattern("c.db .* is damaged")
                .containsPattern("d.db .* is damaged")
                .containsPattern("run.db .* 240 of 240 cells");
        CommandLineRun verified = CommandLineRun.of(
                "runs", "verify", run.toString(), folder + "/a.db", folder + "/c.db", folder + "/none.db");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out())
                .hasLineCount(4)
                .containsPattern("run.db .*240 cells")
                .containsPattern("a.db .*is not a run file")
                .containsPattern("none.db .*does not exist");
        assertThat(CommandLineRun.of("runs", "verify", folder + "/a.db").exitCode())
                .isEqualTo(2);
    }

    private void assertRefused(Path file, int exitCode, String sentence) throws IOException {
        byte[] before = Files.readAllBytes(file);
        List<CommandLineRun> refusals = new ArrayList<>();
        refusals.add(CommandLineRun.of("export", file.toString(), "--output", folder + "/t.csv"));
        refusals.add(CommandLineRun.of("report", file.toString(), "--output", folder + "/t.html"));
        refusals.add(sweep(spec, folder.resolve("new.db"), "--reuse", file.toString()));
        if (before.length > 0) {
            refusals.add(sweep(spec, file, "--resume"));
        }
        for (CommandLineRun refused : refusals) {
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(exitCode);
            assertThat(refused.err())
                    .startsWith("ntk: ")
                    .hasLineCount(1)
                    .contains(file.toString())
                    .contains(sentence);
        }
        assertThat(Arrays.equals(Files.readAllBytes(file), before)).isTrue();
        for (String made : new String[] {"t.csv", "t.html", "new.db"}) {
            assertThat(folder.resolve(made)).doesNotExist();
        }
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
