package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Figures in processes of their own, which are really killed. */
@Timeout(600)
class FigureProcessTest {

    @TempDir
    Path folder;

    @Test
    void figure1ResumedAfterKillsIsTheSameByteForByte() throws Exception {
        Path killed = folder.resolve("killed");
        // Within the first run, then in a later one.
        for (String run : List.of("1-quick.db", "1-quick.db", "1-error-truth-quick.db")) {
            NtkProcess process = figure("1", killed).start();
            waitFor(killed.resolve(run + "-wal"));
            Thread.sleep(700);
            assertThat(process.kill()).as("killed in " + run).isTrue();
            assertThat(killed.resolve("1.csv")).doesNotExist();
        }
        NtkProcess last = figure("1", killed).start();
        assertThat(last.finish()).isEmpty();
        assertThat(last.exitCode()).isZero();
        Path whole = folder.resolve("whole");
        assertThat(CommandLineRun.of("figure", "1", "--out", whole.toString(), "--quiet")
                        .exitCode())
                .isZero();
        for (String name : List.of("1.csv", "1.json", "1.md", "1.png", "1-200-draws.png", "1-error.png", "1.svg")) {
            assertThat(Arrays.equals(Files.readAllBytes(killed.resolve(name)), Files.readAllBytes(whole.resolve(name))))
                    .as(name)
                    .isTrue();
        }
        assertAnotherSeedIsRefused(whole);
        assertAFinishedRunIsDrawnAgain(whole);
    }

    private static void assertAnotherSeedIsRefused(Path whole) {
        CommandLineRun other = CommandLineRun.of("figure", "1", "--out", whole.toString(), "--seed", "5");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err())
                .hasLineCount(1)
                .contains("1-quick.db")
                .contains("\"seed: 0\", now it is \"seed: 5\"")
                .contains("remove it or choose another folder with --out");
    }

    private static void assertAFinishedRunIsDrawnAgain(Path whole) throws IOException {
        byte[] before = Files.readAllBytes(whole.resolve("1.csv"));
        Files.delete(whole.resolve("1.csv"));
        long start = System.nanoTime();
        CommandLineRun again = CommandLineRun.of("figure", "1", "--out", whole.toString(), "--resume");
        assertThat(again.err()).contains(whole.resolve("1-quick.db").toString()).contains("remove");
        assertThat(Arrays.equals(Files.readAllBytes(whole.resolve("1.csv")), before))
                .isTrue();
        // Nothing was computed: only drawn.
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void aSignalSavesTheCellsUnderWayAndSaysHowToGoOn() throws Exception {
        NtkProcess process = figure("7", folder).start();
        waitFor(folder.resolve("7-quick.db-wal"));
        Thread.sleep(1500);
        process.signal("INT");
        String err = process.finish();
        assertThat(process.exitCode()).isEqualTo(130);
        assertThat(err).contains("resume with: ntk figure 7 --resume --quiet --out " + folder);
        assertThat(folder.resolve("7.png")).doesNotExist();
        try (RunReader run = RunReader.open(folder.resolve("7-quick.db"))) {
            assertThat(run.counts().get("ok")).isBetween(1, 659);
        }
    }

    private static NtkProcess figure(String number, Path out) {
        return new NtkProcess("figure", number, "--resume", "--quiet", "--out", out.toString());
    }

    private static void waitFor(Path file) throws InterruptedException {
        for (int i = 0; i < 12_000 && !Files.exists(file); i++) {
            Thread.sleep(10);
        }
        assertThat(file).exists();
    }
}
