package io.github.finitentk.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.fuzzing.Parsing;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.html.RunPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Run files: read, made a page of, gone on with and merged. */
class RunFileFuzzTest {

    /** The page holds a chart library, and SQLite's pages are copied. */
    private static final Parsing PARSING =
            new Parsing(64 << 20, 200, Set.of(RunFileException.class, IllegalArgumentException.class));

    private static final SweepSpec SPEC = SweepSpec.builder("trial")
            .activations(Activations.TANH, Activations.RELU)
            .sigmaW2(1, 2)
            .sigmaB2(0.5)
            .depths(1, 2)
            .widths(10)
            .build();

    private static final Path RUN = Parsing.file("run.db");
    private static final Path MERGED = Parsing.file("merged.db");
    private static final Path WHOLE = Parsing.file("whole.db");
    private static final List<String> SIDES = List.of("", "-wal", "-shm", "-journal");

    private static final List<List<Object>> ROWS = rows();
    private static final byte[] BYTES = whole();

    private static List<List<Object>> rows() {
        List<List<Object>> rows = new ArrayList<>();
        for (int k = 0; k < SPEC.cells().size() - 1; k++) {
            Cell cell = SPEC.cells().get(k);
            List<Object> values = Arrays.asList(0.5 * k, (long) k, "N" + k, new double[k % 3]);
            SweepRow row = new SweepRow(
                    cell,
                    SweepRow.Status.values()[k % 3],
                    k % 3 == 0 ? null : "for no reason",
                    0.25,
                    SPEC.quantity().columns(),
                    values);
            rows.add(RunRows.values(k, row));
        }
        return rows;
    }

    private static Map<String, String> manifest() {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put("spec", SPEC.canonical());
        manifest.put("seed", "0");
        manifest.putAll(Manifest.of(SPEC, io.github.finitentk.experiment.Shard.WHOLE, Backend.pureJava()));
        return manifest;
    }

    private static byte[] whole() {
        try {
            write(WHOLE, manifest(), SPEC.quantity().columns(), ROWS, "7", new byte[] {1, 2});
            return Files.readAllBytes(WHOLE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // With checksums that fit whatever the rows are.
    private static void write(
            Path file,
            Map<String, String> manifest,
            List<Column<?>> columns,
            List<List<Object>> rows,
            String unit,
            byte[] state)
            throws SQLException {
        remove(file);
        try (Connection connection = RunDatabase.toWrite(file);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            RunTables tables = RunTables.create(file, connection, manifest, columns);
            Totals totals = tables.totals();
            Checksum checksum = new Checksum();
            try (PreparedStatement insert = connection.prepareStatement(tables.insertion())) {
                for (List<Object> row : rows) {
                    for (int k = 0; k < row.size(); k++) {
                        insert.setObject(1 + k, row.get(k));
                    }
                    long sum = checksum.of(row);
                    insert.setLong(1 + row.size(), sum);
                    insert.executeUpdate();
                    Object status = row.get(RunSchema.FIXED.indexOf(SweepRow.STATUS.name()));
                    for (SweepRow.Status each : SweepRow.Status.values()) {
                        totals = each.label().equals(status) ? totals.plus(each, sum) : totals;
                    }
                }
            }
            List<Object> checkpoint = List.of(unit, state);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO checkpoints VALUES (?, ?, ?)")) {
                insert.setString(1, unit);
                insert.setBytes(2, state);
                insert.setLong(3, checksum.of(checkpoint));
                insert.executeUpdate();
            }
            tables.restore(totals);
            try (PreparedStatement update = connection.prepareStatement(RunTables.totalsUpdate())) {
                tables.saveTotals(update);
            }
            statement.execute("COMMIT");
        }
    }

    private static void remove(Path file) {
        for (String side : SIDES) {
            try {
                Files.deleteIfExists(Path.of(file + side));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The bytes of a run file of which some are others, pages are in other places, or the end is missing. */
    @FuzzTest
    void pages(FuzzedDataProvider data) throws IOException {
        byte[] file = BYTES.clone();
        for (int edits = data.consumeInt(0, 6); edits > 0; edits--) {
            if (data.consumeInt(0, 4) == 0) {
                int pages = file.length / 4096;
                int from = 4096 * data.consumeInt(0, pages - 1);
                System.arraycopy(BYTES, from, file, 4096 * data.consumeInt(0, pages - 1), 4096);
            } else {
                file[data.consumeInt(0, file.length - 1)] = data.consumeByte();
            }
        }
        int length = data.consumeBoolean() ? data.consumeInt(1, file.length) : file.length;
        Files.write(RUN, Arrays.copyOf(file, length));
        examine(length);
    }

    /** A run file whose checksums are right and whose rows, entries and columns are not what a sweep writes. */
    @DictionaryEntries({"relu", "ok", "failed", "quantity: trial", "2/3", "depend on the processor: x", "value"})
    @FuzzTest
    void contents(FuzzedDataProvider data) throws IOException {
        Map<String, String> manifest = manifest();
        List<Column<?>> columns = new ArrayList<>(SPEC.quantity().columns());
        List<List<Object>> rows = new ArrayList<>();
        ROWS.forEach(row -> rows.add(new ArrayList<>(row)));
        String unit = "7";
        byte[] state = {1, 2};
        try {
            for (int edits = data.consumeInt(1, 3); edits > 0; edits--) {
                switch (data.consumeInt(0, 5)) {
                    case 0 ->
                        manifest.put(
                                data.pickValue(
                                        List.of("spec", "seed", "shard", "along", "version", "last_digits", "x")),
                                data.consumeString(200));
                    case 1 ->
                        columns.add(Column.of(
                                data.consumeString(20), data.pickValue(Column.Type.values()), data.consumeString(20)));
                    case 2 -> unit = data.consumeString(20);
                    default -> {
                        List<Object> row = rows.get(data.consumeInt(0, rows.size() - 1));
                        row.set(data.consumeInt(0, row.size() - 1), value(data));
                    }
                }
            }
            int extra = columns.size() - SPEC.quantity().columns().size();
            rows.forEach(row -> row.addAll(java.util.Collections.nCopies(extra, null)));
            write(RUN, manifest, columns, rows, unit, state);
        } catch (SQLException | IllegalArgumentException e) {
            return; // no such file can be made
        }
        examine(Files.size(RUN));
    }

    private static Object value(FuzzedDataProvider data) {
        return switch (data.consumeInt(0, 5)) {
            case 0 -> null;
            case 1 -> data.consumeLong();
            case 2 -> data.consumeDouble();
            case 3 -> data.consumeBytes(20);
            case 4 -> (long) data.consumeInt(-2, 12);
            default -> data.consumeString(20);
        };
    }

    private static void examine(long bytes) {
        PARSING.of(bytes, () -> {
            try (RunReader run = RunReader.open(RUN)) {
                run.manifest();
                run.shard();
                run.along();
                run.counts();
                return RunPage.of(run, "run").html();
            }
        });
        PARSING.of(bytes, () -> {
            remove(MERGED);
            RunMerge.of(List.of(RUN, WHOLE), MERGED);
            RunMerge.finished(SPEC, List.of(RUN));
            return null;
        });
        PARSING.of(bytes, () -> {
            try (RunFile run = RunFile.open(RUN)) {
                assertThat(run.finished().length())
                        .isLessThanOrEqualTo(run.spec().size());
                run.checkpoint(List.of(7));
                run.isFinished();
                run.note("continued_by", "someone");
                return run.forgetFailed();
            }
        });
        remove(RUN);
        remove(MERGED);
    }
}
