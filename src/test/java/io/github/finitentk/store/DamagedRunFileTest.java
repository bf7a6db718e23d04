package io.github.finitentk.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run file of which a bit has flipped, or a part is missing, gives the same table or one sentence, never another table. */
class DamagedRunFileTest {

    private static final int FLIPS =
            System.getProperty("ntk.statistics", "quick").equals("full") ? 20_000 : 3_000;

    @TempDir
    Path folder;

    private Path run;
    private byte[] bytes;
    private List<String> table;

    @BeforeEach
    void write() throws IOException {
        SweepSpec spec = SweepSpec.builder("trial")
                .activations(Activations.RELU, Activations.TANH)
                .sigmaW2(Grid.range(1.0, 20, 1))
                .sigmaB2(1)
                .depths(1, 2, 3)
                .widths(10)
                .build();
        run = folder.resolve("run.db");
        SplittableRandom random = new SplittableRandom(7);
        try (RunFile file = RunFile.create(run, spec, Map.of("version", "made up", "backend", "java"))) {
            for (int k = 0; k < spec.cells().size(); k++) {
                double[] path = random.doubles(k % 3).toArray();
                file.commit(
                        List.of(k),
                        List.of(new SweepRow(
                                spec.cells().get(k),
                                SweepRow.Status.values()[k % 3],
                                k % 5 == 0 ? "for no reason: \u03c7\u2081\0 < 1" : null,
                                random.nextDouble(),
                                spec.quantity().columns(),
                                Arrays.asList(
                                        k % 4 == 0 ? null : -0.5 + random.nextDouble(), (long) k, "N" + k, path))));
            }
            file.checkpoint(List.of(3, 4), "a state".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        bytes = Files.readAllBytes(run);
        table = read(run);
        assertThat(table).hasSize(3 + 120);
    }

    @Test
    void singleBitsThatFlip() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        int noticed = 0;
        for (int flip = 0; flip < FLIPS; flip++) {
            byte[] damaged = bytes.clone();
            // Every bit of the file's header, then places at random.
            int bit = flip < 800 ? flip : random.nextInt(8 * bytes.length);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            noticed += isNoticed(damaged, "bit " + bit) ? 1 : 0;
        }
        assertThat(noticed).isGreaterThan(FLIPS / 10);
    }

    @Test
    void piecesThatAreMissingOrForeign() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        for (int cut = 0; cut < FLIPS / 10; cut++) {
            int length = 1 + random.nextInt(bytes.length - 1);
            assertThat(isNoticed(Arrays.copyOf(bytes, length), "length " + length))
                    .isTrue();
            // A page of zeros, or another page, where a page was.
            byte[] damaged = bytes.clone();
            int pages = bytes.length / 4096;
            int to = 4096 * random.nextInt(pages);
            if (cut % 2 == 0) {
                Arrays.fill(damaged, to, to + 4096, (byte) 0);
            } else {
                System.arraycopy(bytes, 4096 * random.nextInt(pages), damaged, to, 4096);
            }
            isNoticed(damaged, "page " + to / 4096);
        }
    }

    // Whether reading fails, with one sentence; what is read without failing is what was written.
    private boolean isNoticed(byte[] damaged, String where) throws IOException {
        Path file = Files.write(folder.resolve("damaged.db"), damaged);
        boolean noticed = false;
        try {
            assertThat(read(file)).as(where).isEqualTo(table);
        } catch (CellStore.StoreException | IllegalArgumentException e) {
            assertThat(e.getMessage())
                    .as(where)
                    .contains("damaged.db")
                    .hasLineCount(1)
                    .endsWith(".");
            noticed = true;
        }
        // Opened to go on with it, damage is found at once.
        try (RunFile resumed = RunFile.open(file)) {
            assertThat(noticed)
                    .as(where + " is noticed by a reader, not by a writer")
                    .isFalse();
            assertThat(resumed.finished().cardinality()).as(where).isEqualTo(120);
            assertThat(resumed.checkpoint(List.of(3, 4))).as(where).isPresent();
        } catch (CellStore.StoreException | IllegalArgumentException e) {
            assertThat(e.getMessage()).as(where).contains("damaged.db").hasLineCount(1);
        }
        for (String side : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(folder.resolve("damaged.db" + side));
        }
        return noticed;
    }

    private static List<String> read(Path file) {
        try (RunReader reader = RunReader.open(file)) {
            List<String> lines = new ArrayList<>();
            lines.add(reader.manifest().toString());
            lines.add(reader.counts().toString());
            lines.add(reader.columns().toString());
            for (SweepRow row : reader.rows()) {
                lines.add(row + " " + row.reason() + " " + row.seconds());
            }
            return lines;
        }
    }
}
