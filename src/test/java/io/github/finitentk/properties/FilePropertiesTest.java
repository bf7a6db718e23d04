package io.github.finitentk.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Targets;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Network.WeightLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** What is written is what is read, bit for bit: arrays and networks, in every format and under every name. */
@AddLifecycleHook(Repeatable.class)
class FilePropertiesTest {

    /** How libraries name weights and biases of a layer, and which way round weights lie. */
    private enum Names {
        OURS("W%d", "b%d", 1, WeightLayout.OUT_IN),
        TORCH("%d.weight", "%d.bias", 0, WeightLayout.OUT_IN),
        TORCH_NAMED("module.fc%d.weight", "module.fc%d.bias", 1, WeightLayout.OUT_IN),
        KERAS("dense_%d/kernel:0", "dense_%d/bias:0", 9, WeightLayout.IN_OUT),
        FLAX("params.Dense_%d.kernel", "params.Dense_%d.bias", 0, WeightLayout.IN_OUT),
        SCIKIT_LEARN("coefs_%d", "intercepts_%d", 0, WeightLayout.IN_OUT);

        private final String weights;
        private final String biases;
        private final int first;
        private final WeightLayout layout;

        Names(String weights, String biases, int first, WeightLayout layout) {
            this.weights = weights;
            this.biases = biases;
            this.first = first;
            this.layout = layout;
        }
    }

    private Path folder;

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("files");
    }

    @AfterProperty
    void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Provide
    Arbitrary<NpyArray> arrays() {
        return Combinators.combine(Arbitraries.integers().between(0, 5).list().ofMaxSize(4), Arbitraries.longs())
                .as(FilePropertiesTest::array);
    }

    /** Of all kinds of numbers. */
    private static NpyArray array(List<Integer> shape, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] special = {0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Double.MIN_NORMAL, 1, 0.1, 1e22, 1e-5};
        int size = shape.stream().reduce(1, (a, b) -> a * b);
        double[] values = random.doubles(size)
                .map(u -> u < 0.3
                        ? special[(int) (u / 0.3 * special.length)]
                        : finite(Double.longBitsToDouble(random.nextLong())))
                .toArray();
        return NpyArray.of(values, shape.stream().mapToInt(i -> i).toArray());
    }

    private static double finite(double x) {
        return Double.isFinite(x) ? x : 3;
    }

    @Property(tries = 150)
    void npyNpzAndSafetensors(@ForAll("arrays") NpyArray one, @ForAll("arrays") NpyArray other) throws IOException {
        Path npy = folder.resolve("a.npy");
        one.write(npy);
        assertThat(NpyArray.read(npy)).isEqualTo(one);
        Map<String, NpyArray> both = new LinkedHashMap<>();
        both.put("one", one);
        both.put("the/other.array", other);
        Path npz = folder.resolve("a.npz");
        NpyArray.writeAll(npz, both);
        assertThat(NpyArray.readAll(npz)).isEqualTo(both);
        Path safetensors = folder.resolve("a.safetensors");
        Files.write(safetensors, safetensors(both));
        assertThat(NpyArray.readAll(safetensors)).isEqualTo(both);
    }

    /** The format as its page has it: the length of a header, the header, the numbers. */
    private static byte[] safetensors(Map<String, NpyArray> arrays) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        List<String> entries = new ArrayList<>();
        for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
            int from = data.size();
            ByteBuffer numbers =
                    ByteBuffer.allocate(8 * entry.getValue().size()).order(ByteOrder.LITTLE_ENDIAN);
            for (double value : entry.getValue().data()) {
                numbers.putDouble(value);
            }
            data.write(numbers.array());
            entries.add("\"" + entry.getKey() + "\":{\"dtype\":\"F64\",\"shape\":"
                    + Arrays.toString(entry.getValue().shape()) + ",\"data_offsets\":[" + from + "," + data.size()
                    + "]}");
        }
        byte[] header = entries.stream()
                .collect(Collectors.joining(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}"))
                .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        file.write(header);
        data.writeTo(file);
        return file.toByteArray();
    }

    @Property(tries = 100)
    void matricesInEveryFormat(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll long seed)
            throws IOException {
        NpyArray matrix = array(List.of(rows, columns), seed);
        Kernel kernel = Kernel.of(rows, columns, matrix.data());
        for (String ending : List.of("npy", "npz", "csv")) {
            Path file = folder.resolve("matrix." + ending);
            kernel.write(file);
            assertThat(Kernel.read(file)).isEqualTo(kernel);
            assertThat(Inputs.read(file)).isEqualTo(Inputs.of(rows, columns, matrix.data()));
            assertThat(Targets.read(file)).isEqualTo(Targets.of(rows, columns, matrix.data()));
        }
    }

    @Property(tries = 60)
    void networksUnderOurNames(@ForAll(supplier = KernelCase.Any.class) KernelCase of) {
        Network network = of.network();
        Path file = folder.resolve("net.npz");
        network.write(file);
        Network read = Network.read(file).with(of.activation());
        assertThat(read).isEqualTo(network);
        for (int l = 1; l <= of.depth(); l++) {
            assertThat(read.hasBiases(l)).isEqualTo(of.biased().get(l - 1));
        }
    }

    /** As each library names layers, in an order of the file that says nothing, in both kinds of file. */
    @Property(tries = 60)
    void networksUnderOtherNames(
            @ForAll(supplier = KernelCase.Any.class) KernelCase of,
            @ForAll Names names,
            @ForAll boolean npz,
            @ForAll Random random)
            throws IOException {
        Network network = of.network();
        List<Map.Entry<String, NpyArray>> entries = new ArrayList<>();
        for (int l = 1; l <= of.depth(); l++) {
            int n = of.widths().get(l);
            int m = of.widths().get(l - 1);
            double[] w = network.weights(l);
            if (names.layout == WeightLayout.IN_OUT) {
                double[] turned = new double[w.length];
                Arrays.setAll(turned, i -> w[i % n * m + i / n]);
                entries.add(Map.entry(name(names.weights, names, l), NpyArray.of(turned, m, n)));
            } else {
                entries.add(Map.entry(name(names.weights, names, l), NpyArray.of(w, n, m)));
            }
            if (network.hasBiases(l)) {
                entries.add(Map.entry(name(names.biases, names, l), NpyArray.of(network.biases(l), n)));
            }
        }
        Collections.shuffle(entries, random);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        entries.forEach(entry -> arrays.put(entry.getKey(), entry.getValue()));
        Path file = folder.resolve(npz ? "net.npz" : "net.safetensors");
        if (npz) {
            NpyArray.writeAll(file, arrays);
        } else {
            Files.write(file, safetensors(arrays));
        }
        assertThat(Network.read(file).with(of.activation())).isEqualTo(network);
    }

    private static String name(String pattern, Names names, int layer) {
        return String.format(pattern, names.first + layer - 1);
    }
}
