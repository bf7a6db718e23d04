package io.github.finitentk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMergeTest {

    private static final Engine ENGINE = Engine.single(Backend.pureJava());

    @TempDir
    Path folder;

    private static SweepSpec.Builder trial() {
        return SweepSpec.builder("trial")
                .activations(Activations.TANH, Activations.RELU)
                .sigmaW2(1, 2, 3)
                .sigmaB2(0.5)
                .depths(1, 2, 3, 4)
                .widths(10)
                .set("diverging_depth", 3);
    }

    private Path run(String name, SweepSpec spec, Shard shard) {
        Path file = folder.resolve(name);
        new Sweep(spec, ENGINE).shard(shard).to(file).run();
        return file;
    }

    private List<Path> shards(SweepSpec spec, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(k -> run("run.shard-" + k + "-of-" + count + ".db", spec, new Shard(k, count)))
                .toList();
    }

    private static List<SweepRow> rows(Path file) {
        List<SweepRow> rows = new ArrayList<>();
        try (RunReader run = RunReader.open(file)) {
            run.rows().forEach(rows::add);
        }
        return rows;
    }

    private static Map<String, String> manifest(Path file) {
        try (RunReader run = RunReader.open(file)) {
            return run.manifest();
        }
    }

    private Path merged() {
        return folder.resolve("merged.db");
    }

    private void assertNothingWasWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.contains("merged") || name.endsWith(".tmp"));
        }
    }

    @Test
    void shardsMakeTheRunOfOneProcess() {
        SweepSpec spec = trial().build();
        Path whole = run("whole.db", spec, Shard.WHOLE);
        RunMerge.Result result = RunMerge.of(shards(spec, 5), merged());
        assertThat(result).isEqualTo(new RunMerge.Result(merged(), 24, 24, 0, 0));
        assertThat(result.isComplete()).isTrue();
        assertThat(rows(merged())).isEqualTo(rows(whole));
        Map<String, String> expected = new LinkedHashMap<>(manifest(whole));
        expected.put("merged", "5 run files");
        Map<String, String> actual = manifest(merged());
        actual.put("created", expected.get("created"));
        assertThat(actual).isEqualTo(expected);
        try (RunReader run = RunReader.open(merged())) {
            assertThat(run.shard()).isEqualTo(Shard.WHOLE);
            run.verify();
        }
    }

    @Test
    void whatIsMissingIsComputedByGoingOn() {
        SweepSpec spec = trial().build();
        List<Path> shards = shards(spec, 3);
        RunMerge.Result result = RunMerge.of(List.of(shards.get(2), shards.get(0)), merged());
        assertThat(result).isEqualTo(new RunMerge.Result(merged(), 24, 16, 0, 0));
        assertThat(result.isComplete()).isFalse();
        RunResult rest = new Sweep(spec, ENGINE).to(merged()).resume().run();
        assertThat(rest.before()).isEqualTo(16);
        assertThat(rows(merged())).isEqualTo(rows(run("whole.db", spec, Shard.WHOLE)));
    }

    @Test
    void overlapsAreTakenOnceIfTheyAreEqualBitForBit() {
        SweepSpec spec = trial().build();
        List<Path> parts = new ArrayList<>(shards(spec, 3));
        parts.addAll(shards(spec, 2));
        Path whole = run("whole.db", spec, Shard.WHOLE);
        assertThat(RunMerge.of(parts, merged()).repeated()).isEqualTo(24);
        assertThat(rows(merged())).isEqualTo(rows(whole));
    }

    /** One last bit of one column of one cell; times are no results. */
    @Test
    void otherNumbersForTheSameCellAreRefusedByName() throws IOException {
        SweepSpec spec = trial().build();
        Path whole = run("whole.db", spec, Shard.WHOLE);
        Path first = run("a.db", spec, new Shard(1, 2));
        Path second = run("b.db", spec, new Shard(2, 2));
        SweepRow row = rows(second).stream()
                .filter(each -> each.status() == SweepRow.Status.OK)
                .findFirst()
                .orElseThrow();
        Path slower = changed(whole, "slower.db", row.cell(), 0, 17);
        assertThat(RunMerge.of(List.of(first, second, slower), merged()).repeated())
                .isEqualTo(24);
        Files.delete(merged());
        Path other = changed(whole, "other.db", row.cell(), Math.ulp(row.real("value")), 0);
        assertThatThrownBy(() -> RunMerge.of(List.of(first, second, other), merged()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        other + " cannot be merged: it has another value at " + row.cell() + " than " + second + ".");
        assertNothingWasWritten();
    }

    private Path changed(Path from, String name, Cell cell, double plus, double seconds) {
        Path file = folder.resolve(name);
        try (RunReader source = RunReader.open(from);
                RunFile copy = RunFile.create(file, source.spec(), without(source.manifest(), "spec", "seed"))) {
            List<Integer> places = new ArrayList<>();
            List<SweepRow> rows = new ArrayList<>();
            for (SweepRow row : source.rows()) {
                List<Object> values = new ArrayList<>();
                row.columns().forEach(column -> {
                    Object value = row.get(column);
                    boolean here = column.name().equals("value") && row.cell().equals(cell);
                    values.add(here ? (Double) value + plus : value);
                });
                places.add(places.size());
                rows.add(new SweepRow(row.cell(), row.status(), row.reason(), seconds, row.columns(), values));
            }
            copy.commit(places, rows);
        }
        return file;
    }

    private static Map<String, String> without(Map<String, String> manifest, String... keys) {
        List.of(keys).forEach(manifest::remove);
        return manifest;
    }

    @Test
    void aCellThatFailedHasItsNumbersFromAnotherFile() {
        SweepSpec spec = trial().set("failing_depth", 2).build();
        Path failed = run("failed.db", spec, Shard.WHOLE);
        Path good = folder.resolve("good.db");
        List<SweepRow> whole = rows(run("whole.db", trial().build(), Shard.WHOLE));
        try (RunReader source = RunReader.open(failed);
                RunFile copy = RunFile.create(good, spec, without(source.manifest(), "spec", "seed"))) {
            copy.commit(List.of(1), List.of(whole.get(1)));
        }
        RunMerge.Result result = RunMerge.of(List.of(failed, good), merged());
        assertThat(result).isEqualTo(new RunMerge.Result(merged(), 24, 24, 5, 0));
        assertThat(rows(merged()).get(1)).isEqualTo(whole.get(1));
    }

    @Test
    void checkpointsOfUnfinishedCellsAreKept() {
        SweepSpec spec = trial().build();
        Path first = run("a.db", spec, new Shard(1, 2));
        Path second = folder.resolve("b.db");
        List<Integer> theirs = new Shard(2, 2).cells(spec).stream().boxed().toList();
        List<Integer> ours = new Shard(1, 2).cells(spec).stream().boxed().toList();
        try (RunFile run = RunFile.create(second, spec, without(manifest(first), "spec", "seed"))) {
            run.checkpoint(theirs.subList(3, 5), new byte[] {1, 2, 3});
            run.checkpoint(ours.subList(0, 2), new byte[] {4});
        }
        RunMerge.of(List.of(first, second), merged());
        try (RunFile run = RunFile.open(merged())) {
            assertThat(run.checkpoint(theirs.subList(3, 5))).hasValue(new byte[] {1, 2, 3});
            assertThat(run.checkpoint(ours.subList(0, 2))).isEmpty();
        }
    }

    @Test
    void runsThatDoNotBelongTogetherAreRefusedByName() throws IOException {
        Path first = run("a.db", trial().build(), new Shard(1, 2));
        Path seed = run("seed.db", trial().seed(1).build(), new Shard(2, 2));
        Path scale = run("scale.db", trial().set("scale", 2.0).build(), new Shard(2, 2));
        Path version = folder.resolve("version.db");
        Map<String, String> manifest = without(manifest(first), "spec", "seed");
        manifest.put("version", "0.0.1");
        RunFile.create(version, trial().build(), manifest).close();
        assertThatThrownBy(() -> RunMerge.of(List.of(first, seed), merged()))
                .hasMessage(seed + " cannot be merged with " + first + ": it has \"seed: 1\", " + first
                        + " has \"seed: 0\".");
        assertThatThrownBy(() -> RunMerge.of(List.of(first, scale), merged()))
                .hasMessage(scale + " cannot be merged with " + first + ": it has \"scale: 2.0\", " + first
                        + " has \"scale: 1.0\".");
        assertThatThrownBy(() -> RunMerge.of(List.of(first, version), merged()))
                .hasMessage(version + " cannot be merged with " + first + ": it is of version \"0.0.1\", " + first
                        + " of \"" + manifest(first).get("version") + "\".");
        assertThatThrownBy(() -> RunMerge.of(List.of(), merged())).hasMessage("There is no run file to be merged.");
        assertNothingWasWritten();
    }

    /** Other backends and SIMD levels are welcome where bits agree, and named; where LAPACK has a part they are not. */
    @Test
    void backendsMayDifferWhereBitsDoNot() throws IOException {
        Path first = run("a.db", trial().build(), new Shard(1, 2));
        Path second = onOther("b.db", "the same on every processor");
        RunMerge.of(List.of(first, second), merged());
        assertThat(manifest(merged()))
                .containsEntry("backend", "java")
                .containsEntry("continued_by", "version " + manifest(first).get("version") + ", C++, SIMD v4");
        Files.delete(merged());
        Path third = onOther("c.db", "depend on the processor: LAPACK finds eigenvalues");
        for (List<Path> files : List.of(List.of(first, third), List.of(third, first))) {
            assertThatThrownBy(() -> RunMerge.of(files, merged()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(files.get(1) + " cannot be merged with " + files.get(0)
                            + ": the last digits of their results depend on the processor (LAPACK finds eigenvalues),"
                            + " and it is of version ");
        }
        assertNothingWasWritten();
        assertThat(RunMerge.of(List.of(third, third), merged()).repeated()).isEqualTo(12);
    }

    private Path onOther(String name, String lastDigits) {
        Path file = folder.resolve(name);
        SweepSpec spec = trial().build();
        List<SweepRow> rows = new Sweep(spec, ENGINE).run().rows();
        try (RunReader like = RunReader.open(folder.resolve("a.db"))) {
            Map<String, String> manifest = without(like.manifest(), "spec", "seed");
            manifest.put("shard", "2/2");
            manifest.put("backend", "native");
            manifest.put("backend_description", "C++, SIMD v4");
            manifest.put("last_digits", lastDigits);
            try (RunFile run = RunFile.create(file, spec, manifest)) {
                new Shard(2, 2).cells(spec).stream().forEach(k -> run.commit(List.of(k), List.of(rows.get(k))));
            }
        }
        return file;
    }

    @Test
    void aFileThatIsThereStays() throws IOException {
        SweepSpec spec = trial().build();
        Path first = run("a.db", spec, new Shard(1, 2));
        byte[] before = Files.readAllBytes(first);
        assertThatThrownBy(() -> RunMerge.of(List.of(first), first))
                .isInstanceOf(RunFileException.Exists.class)
                .hasMessage("The run file " + first + " exists.");
        assertThat(Files.readAllBytes(first)).isEqualTo(before);
        try (RunFile open = RunFile.open(first)) {
            assertThatThrownBy(() -> RunMerge.of(List.of(first), merged()))
                    .isInstanceOf(RunFileException.class)
                    .hasMessage("The run file " + first + " is in use by another process.");
            assertThat(open.isFinished()).isFalse();
        }
    }
}
