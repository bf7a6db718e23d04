package io.github.finitentk.properties;

import static io.github.finitentk.properties.Machines.ENGINE;
import static io.github.finitentk.properties.Machines.ENGINE_ALONE;
import static io.github.finitentk.properties.Machines.JAVA_ENGINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.report.RunTable;
import io.github.finitentk.store.RunMerge;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.store.Sweep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** A sweep's table is the same, byte for byte, however it was computed. */
@AddLifecycleHook(Repeatable.class)
class SweepPropertiesTest {

    /** A grid of one of the quantities that are quick. */
    record Case(
            String quantity,
            List<Activation> activations,
            List<Double> sigmaW2,
            List<Double> sigmaB2,
            List<Integer> depths,
            List<Integer> widths,
            long seed) {

        SweepSpec spec() {
            SweepSpec.Builder builder = SweepSpec.builder(quantity)
                    .activations(activations.toArray(Activation[]::new))
                    .sigmaW2(sigmaW2)
                    .sigmaB2(sigmaB2)
                    .depths(depths)
                    .widths(widths)
                    .seed(seed);
            if (quantity.equals("variance")) {
                builder.set("method", "chain").set("draws", 7);
            }
            if (quantity.equals("kernel_change")) {
                builder.set("samples", 3)
                        .set("max_steps", 12)
                        .set("integrator", "gd")
                        .set("snapshots", List.of(2, 5));
            }
            return builder.build();
        }

        Case shuffled(Random random) {
            return new Case(
                    quantity,
                    shuffled(activations, random),
                    shuffled(sigmaW2, random),
                    shuffled(sigmaB2, random),
                    shuffled(depths, random),
                    shuffled(widths, random),
                    seed);
        }

        private static <T> List<T> shuffled(List<T> values, Random random) {
            List<T> copy = new ArrayList<>(values);
            Collections.shuffle(copy, random);
            return copy;
        }
    }

    private Path folder;

    @BeforeTry
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sweeps");
    }

    @AfterTry
    void removeFolder() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        List<Activation> activations = new ArrayList<>(KernelCase.PIECEWISE_LINEAR);
        activations.addAll(KernelCase.SMOOTH);
        return Combinators.combine(
                        Arbitraries.of("variance", "variance", "theory", "kernel_change"),
                        Arbitraries.of(activations)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(2)
                                .uniqueElements(),
                        Arbitraries.of(0.5, 1.0, 1.7, 2.0, 3.25)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .uniqueElements(),
                        Arbitraries.of(0.0, 0.1, 1.0)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(2)
                                .uniqueElements(),
                        Arbitraries.integers()
                                .between(1, 5)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .uniqueElements(),
                        Arbitraries.integers()
                                .between(1, 20)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(2)
                                .uniqueElements(),
                        Arbitraries.longs())
                .as(Case::new);
    }

    private static byte[] table(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RunReader run = RunReader.open(file)) {
            run.verify();
            new RunTable(run).writeCsv(out);
        }
        return out.toByteArray();
    }

    private byte[] whole(SweepSpec spec) throws IOException {
        Path file = folder.resolve("whole.db");
        assertThat(new Sweep(spec, ENGINE).to(file).run().isComplete()).isTrue();
        return table(file);
    }

    /** The process ends after any number of commits, again and again. */
    @Property(tries = 15)
    void afterAnyPrefixOfCommits(@ForAll("cases") Case of, @ForAll @IntRange(min = 0, max = 9) int commits)
            throws IOException {
        SweepSpec spec = of.spec();
        byte[] expected = whole(spec);
        Path file = folder.resolve("resumed.db");
        List<Engine> engines = List.of(ENGINE, ENGINE_ALONE, JAVA_ENGINE);
        Sweep first = new Sweep(spec, ENGINE).computedBy(endingAfter(commits, spec, ENGINE));
        boolean ended = ends(first.to(file));
        for (int attempt = 0; ended; attempt++) {
            assertThat(attempt).isLessThan(spec.size());
            Engine engine = attempt == 0 ? ENGINE_ALONE : engines.get(attempt % 2);
            ended = ends(new Sweep(spec, engine)
                    .computedBy(endingAfter(commits + 1, spec, engine))
                    .to(file)
                    .resume());
        }
        assertThat(table(file))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(new String(expected, StandardCharsets.UTF_8));
    }

    private static boolean ends(Sweep sweep) {
        try {
            return !sweep.run().isComplete();
        } catch (CellStore.StoreException ended) {
            assertThat(ended).hasMessage("as if the process had ended");
            return true;
        }
    }

    /** Commits so many units, and refuses the next. */
    private static Sweep.Computation endingAfter(int commits, SweepSpec spec, Engine engine) {
        return (cells, store, progress, stop) -> spec.compute(
                cells,
                new CellStore() {
                    private int left = commits;

                    @Override
                    public BitSet finished() {
                        return store.finished();
                    }

                    @Override
                    public synchronized void commit(List<Integer> unit, List<SweepRow> rows) {
                        if (left-- <= 0) {
                            throw new StoreException("as if the process had ended");
                        }
                        store.commit(unit, rows);
                    }

                    @Override
                    public Iterable<SweepRow> rows() {
                        return store.rows();
                    }

                    @Override
                    public Optional<byte[]> checkpoint(List<Integer> unit) {
                        return store.checkpoint(unit);
                    }

                    @Override
                    public void checkpoint(List<Integer> unit, byte[] state) {
                        store.checkpoint(unit, state);
                    }
                },
                engine,
                progress,
                stop);
    }

    @Property(tries = 12)
    void inAnyNumberOfShardsInAnyOrder(
            @ForAll("cases") Case of, @ForAll @IntRange(min = 1, max = 5) int count, @ForAll Random random)
            throws IOException {
        SweepSpec spec = of.spec();
        byte[] expected = whole(spec);
        List<Path> files = new ArrayList<>();
        for (int k = 1; k <= count; k++) {
            Shard shard = new Shard(k, count);
            Path file = shard.file(folder.resolve("part.db"));
            new Sweep(spec, k % 2 == 0 ? ENGINE_ALONE : JAVA_ENGINE)
                    .shard(shard)
                    .to(file)
                    .run();
            files.add(file);
        }
        Collections.shuffle(files, random);
        Path merged = folder.resolve("merged.db");
        assertThat(RunMerge.of(files, merged).isComplete()).isTrue();
        assertThat(table(merged))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(new String(expected, StandardCharsets.UTF_8));
    }

    /** Cells in another order, on another backend and other threads, in memory. */
    @Property(tries = 12)
    void inAnyOrderOfCells(@ForAll("cases") Case of, @ForAll Random random) {
        Map<Cell, List<Object>> expected = rows(of.spec(), ENGINE);
        assertThat(expected).hasSize(of.spec().size());
        assertThat(rows(of.shuffled(random).spec(), ENGINE_ALONE)).isEqualTo(expected);
        assertThat(rows(of.shuffled(random).spec(), JAVA_ENGINE)).isEqualTo(expected);
    }

    private static Map<Cell, List<Object>> rows(SweepSpec spec, Engine engine) {
        Map<Cell, List<Object>> rows = new HashMap<>();
        for (SweepRow row : new Sweep(spec, engine).run().rows()) {
            List<Object> values = new ArrayList<>(List.of(row.status()));
            spec.quantity().columns().forEach(column -> {
                Object value = row.get(column);
                values.add(value instanceof double[] list ? java.util.Arrays.toString(list) : value);
            });
            rows.put(row.cell(), values);
        }
        return rows;
    }

    @Property(tries = 100)
    void specificationsSurviveYamlAndJson(@ForAll("cases") Case of, @ForAll Random random) throws IOException {
        SweepSpec spec = of.spec();
        Path yaml = folder.resolve("canonical.yaml");
        Files.writeString(yaml, spec.canonical());
        assertThat(SweepSpec.read(yaml).differenceFrom(spec)).isEmpty();
        assertThat(SweepSpec.read(yaml).cells()).isEqualTo(spec.cells());
        assertThat(SweepSpec.read(yaml).quantity().settings())
                .isEqualTo(spec.quantity().settings());
        assertThat(SweepSpec.read(yaml).seed()).isEqualTo(of.seed());
        assertThat(SweepSpec.read(yaml).canonical()).isEqualTo(spec.canonical());
        List<String> lines = spec.canonical().lines().toList();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, lines.size()).boxed().toList());
        Collections.shuffle(order, random);
        // keys in any order, as JSON, which has every text in quotes
        StringBuilder json = new StringBuilder("{");
        for (int i : order) {
            String key = lines.get(i).substring(0, lines.get(i).indexOf(": "));
            String value = lines.get(i).substring(key.length() + 2);
            boolean bare = value.matches("[a-z][a-z0-9_-]*") && !value.matches("true|false");
            json.append(json.length() > 1 ? ",\n" : "")
                    .append('"')
                    .append(key)
                    .append("\": ")
                    .append(bare ? '"' + value + '"' : value);
        }
        Path file = folder.resolve("spec.json");
        Files.writeString(file, json.append('}').toString());
        assertThat(SweepSpec.read(file).canonical()).isEqualTo(spec.canonical());
        assertThat(SweepSpec.read(file).differenceFrom(spec)).isEmpty();
        assertThatThrownBy(() -> SweepSpec.parse(spec.canonical() + "sed: 1\n", yaml))
                .hasMessageContaining("sed");
    }
}
