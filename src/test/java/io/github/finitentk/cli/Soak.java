package io.github.finitentk.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Does in one virtual machine, for as long as it is told to, all that an application can do, and looks whether anything grows:
 * memory, descriptors, threads. A program of its own, since memory that other tests leave behind would blur it:
 *
 * <pre>
 *     Soak MINUTES FIGURES.csv [leak]
 * </pre>
 *
 * {@code MINUTES} may be a fraction. Exit code 0 if nothing grew, 1 if something did. With {@code leak} each round leaves things
 * open on purpose, to see that it is found.
 */
final class Soak {

    private static final Duration BETWEEN_SAMPLES = Duration.ofMinutes(1);

    // A figure's sweep and its pictures take longer than the rest of a round.
    private static final Duration LONG = Duration.ofMinutes(5);

    private Soak() {}

    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        Duration duration = Duration.ofMillis((long) (60_000 * Double.parseDouble(args[0])));
        boolean leak = args.length > 2 && args[2].equals("leak");
        Path folder = Files.createTempDirectory("ntk-soak");
        List<SoakSample> samples = new ArrayList<>();
        try (PrintStream csv = new PrintStream(Files.newOutputStream(Path.of(args[1])), true)) {
            csv.println(SoakSample.HEADER);
            run(duration, folder, leak, sample -> {
                samples.add(sample);
                csv.println(sample.line());
            });
        } finally {
            SoakWork.delete(folder);
        }
        List<String> growth = SoakSample.growth(samples);
        growth.forEach(System.out::println);
        System.out.println(growth.isEmpty() ? "Nothing grew." : "Something grew.");
        System.exit(growth.isEmpty() ? 0 : 1);
    }

    /** Rounds of all work, each in an order and with seeds of its own, and a sample after those that end a minute. */
    private static void run(Duration duration, Path folder, boolean leak, Consumer<SoakSample> take) {
        long begin = System.nanoTime();
        // Short runs have a sample after each round.
        long between = Math.min(BETWEEN_SAMPLES.toNanos(), duration.toNanos() / 100);
        long last = begin;
        int rounds = 0;
        while (System.nanoTime() - begin < duration.toNanos() || rounds < 4) {
            Path here = folder.resolve("round-" + rounds);
            try {
                Files.createDirectory(here);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            new SoakWork(here, rounds, leak).round();
            if (duration.compareTo(LONG) >= 0 && rounds % 3 == 0) {
                SoakWork.figure(rounds % 2 == 0 ? 6 : 5, folder.resolve("figures"));
            }
            SoakWork.delete(here);
            rounds++;
            if (System.nanoTime() - last >= between || rounds == 1) {
                last = System.nanoTime();
                take.accept(SoakSample.now((last - begin) / 60e9, rounds));
            }
        }
    }
}
