package io.github.finitentk.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;

/**
 * What a process holds at one moment, between two rounds of work and after garbage was collected. Linux only: its {@code /proc}.
 *
 * @param minutes since the start
 * @param resident memory of the process, in bytes
 * @param heap what lives on it
 * @param classes memory of classes and compiled code
 * @param direct memory of buffers
 * @param core memory that JavaCPP counts as allocated, of {@code coreObjects} objects
 */
record SoakSample(
        double minutes,
        int rounds,
        long resident,
        long heap,
        long classes,
        long direct,
        long core,
        long coreObjects,
        int descriptors,
        int threads) {

    static final String HEADER =
            "minutes,rounds,resident_mb,heap_mb,classes_mb,direct_mb,core_mb,core_objects,descriptors,threads";

    private static final double MB = 1e6;

    /** The part of a run in which caches fill and code is compiled. */
    private static final double WARM_UP = 1.0 / 3;

    /** A process that is shorter says nothing about resident memory, which grows as code is compiled. */
    private static final double LONG = 10;

    /** Takes one; collects garbage first. */
    static SoakSample now(double minutes, int rounds) {
        // Cleaners run after a collection, on a thread of their own; the second one sees what they let go.
        System.gc();
        System.runFinalization();
        System.gc();
        return new SoakSample(
                minutes,
                rounds,
                kilobytes("VmRSS:") * 1024,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed(),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum(),
                Pointer.totalBytes(),
                Pointer.totalCount(),
                descriptorCount(),
                (int) number("Threads:"));
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%.2f,%d,%.1f,%.2f,%.2f,%.3f,%.3f,%d,%d,%d",
                minutes,
                rounds,
                resident / MB,
                heap / MB,
                classes / MB,
                direct / MB,
                core / MB,
                coreObjects,
                descriptors,
                threads);
    }

    /** One sentence for each thing that grew after the warm-up by more than it may; empty if none did. */
    static List<String> growth(List<SoakSample> samples) {
        double end = samples.get(samples.size() - 1).minutes;
        List<SoakSample> warm = samples.stream()
                .filter(sample -> sample.minutes >= WARM_UP * end)
                .toList();
        List<String> sentences = new ArrayList<>();
        if (end >= LONG) {
            judge(sentences, warm, "resident memory in MB", 30, sample -> sample.resident / MB);
        }
        judge(sentences, warm, "the heap in MB", 5, sample -> sample.heap / MB);
        judge(sentences, warm, "direct memory in MB", 1, sample -> sample.direct / MB);
        judge(sentences, warm, "memory of the core in MB", 1, sample -> sample.core / MB);
        judge(sentences, warm, "objects of the core", 20, sample -> sample.coreObjects);
        judge(sentences, warm, "descriptors", 3, sample -> sample.descriptors);
        judge(sentences, warm, "threads", 3, sample -> sample.threads);
        return sentences;
    }

    // By the median of all slopes, which a few samples that lie off do not move.
    private static void judge(
            List<String> sentences,
            List<SoakSample> samples,
            String what,
            double bound,
            ToDoubleFunction<SoakSample> value) {
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            for (int j = i + 1; j < samples.size(); j++) {
                slopes.add((value.applyAsDouble(samples.get(j)) - value.applyAsDouble(samples.get(i)))
                        / (samples.get(j).minutes - samples.get(i).minutes));
            }
        }
        if (slopes.isEmpty()) {
            sentences.add("There are too few samples to say whether " + what + " grew.");
            return;
        }
        double[] sorted =
                slopes.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double grown = sorted[sorted.length / 2] * (samples.get(samples.size() - 1).minutes - samples.get(0).minutes);
        if (grown > bound) {
            sentences.add(String.format(
                    Locale.ROOT, "Growth of %s after the warm-up: %.1f, more than %.0f.", what, grown, bound));
        }
    }

    private static int descriptorCount() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long kilobytes(String name) {
        return number(name);
    }

    private static long number(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
