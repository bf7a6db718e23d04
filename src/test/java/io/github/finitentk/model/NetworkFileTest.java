package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Network.FileLayout;
import io.github.finitentk.model.Network.WeightLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people's files call layers, in which order and which way round they hold them. */
class NetworkFileTest {

    /** For each layer its name, the word for weights and the word for biases. */
    private static final String TORCH = "%s.weight %s.bias";

    private static final Path GOLDEN = Path.of("src", "test", "resources", "io", "github", "finitentk", "data");

    @TempDir
    Path folder;

    private static Network random(int... widths) {
        Architecture architecture = Architecture.of(widths);
        return new Network(
                architecture,
                new SplittableRandom(1)
                        .doubles(architecture.parameterCount(), -1, 1)
                        .toArray());
    }

    private static NpyArray weights(Network network, int l, WeightLayout layout) {
        int rows = network.architecture().width(l);
        int columns = network.architecture().width(l - 1);
        NpyArray ours = NpyArray.of(network.weights(l), rows, columns);
        return layout == WeightLayout.OUT_IN ? ours : transposed(ours);
    }

    private static NpyArray transposed(NpyArray matrix) {
        double[] turned = new double[matrix.size()];
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                turned[j * matrix.rows() + i] = matrix.get(i, j);
            }
        }
        return NpyArray.of(turned, matrix.columns(), matrix.rows());
    }

    private static Map<String, NpyArray> arrays(
            Network network, WeightLayout layout, String pattern, List<String> layers) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        String[] patterns = pattern.split(" ");
        for (int l = 1; l <= layers.size(); l++) {
            String name = layers.get(l - 1);
            arrays.put(patterns[0].replace("%s", name), weights(network, l, layout));
            if (patterns.length > 1) {
                arrays.put(
                        patterns[1].replace("%s", name),
                        NpyArray.of(network.biases(l), network.architecture().width(l)));
            }
        }
        return arrays;
    }

    /** In an order of the file that says nothing. */
    private Path file(Map<String, NpyArray> arrays) {
        List<String> names = new ArrayList<>(arrays.keySet());
        Collections.shuffle(names, new Random(7));
        Map<String, NpyArray> shuffled = new LinkedHashMap<>();
        names.forEach(name -> shuffled.put(name, arrays.get(name)));
        Path file = folder.resolve("net.npz");
        NpyArray.writeAll(file, shuffled);
        return file;
    }

    private Network read(Map<String, NpyArray> arrays) {
        return Network.read(file(arrays));
    }

    private void refused(Map<String, NpyArray> arrays, String message) {
        Path file = file(arrays);
        assertThatThrownBy(() -> Network.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file + message);
    }

    private static NpyArray zeros(int... shape) {
        int count = 1;
        for (int length : shape) {
            count *= length;
        }
        return NpyArray.of(new double[count], shape);
    }

    /** Three layers of three different sizes and three square ones: in the first, shapes say all, in the second names do. */
    @ParameterizedTest
    @CsvSource({
        "out-in, %s.weight %s.bias, 0 2 4",
        "out-in, %s.weight %s.bias, layers.0 layers.1 layers.10",
        "out-in, %s.weight %s.bias, module.fc1 module.fc2 module.fc10",
        "out-in, %s.weight %s.bias, net.layers[0] net.layers[1] net.layers[2]",
        "out-in, %s_weight %s_bias, fc1 fc2 fc3",
        "out-in, W%s b%s, 1 2 3",
        "in-out, %s/kernel %s/bias, dense dense_1 dense_2",
        "in-out, %s/kernel:0 %s/bias:0, dense dense_9 dense_10",
        "in-out, params/%s/kernel params/%s/bias, Dense_0 Dense_1 Dense_2",
        "in-out, params.%s.kernel params.%s.bias, layers_0 layers_2 layers_11",
        "in-out, coefs_%s intercepts_%s, 0 1 2",
    })
    void namesOrderTheLayersAndSayWhichWayRoundTheyLie(String layout, String pattern, String layers) {
        for (int[] widths : new int[][] {{4, 5, 6, 3}, {3, 3, 3, 3}, {4, 4, 4, 1}}) {
            Network network = random(widths);
            Map<String, NpyArray> arrays =
                    arrays(network, WeightLayout.parse(layout), pattern, List.of(layers.split(" ")));
            assertThat(read(arrays)).isEqualTo(network);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "%s.weight %s.bias, fc1 fc2 head",
        "%s.weight %s.bias, input hidden output",
        "%s/kernel %s/bias, in mid out",
        "%s/kernel %s/bias, z y x",
        "%s_w, z1 z2 z3",
        "w_%s b_%s, 0 1 2",
        "weights.%s biases.%s, 0 1 2",
        "mlp/~/linear_%s/w mlp/~/linear_%s/b, 0 1 2",
        "blocks.%s.W blocks.%s.b, 0.a 0.b 1.a",
        "kernel%s bias%s, 8 9 10",
    })
    void shapesSayTheRest(String pattern, String layers) {
        for (int[] widths : new int[][] {{4, 5, 6, 3}, {2, 7, 3, 1}}) {
            Network network = random(widths);
            for (WeightLayout layout : WeightLayout.values()) {
                Network read = read(arrays(network, layout, pattern, List.of(layers.split(" "))));
                assertThat(read.architecture()).isEqualTo(network.architecture());
                for (int l = 1; l <= 3; l++) {
                    assertThat(read.weights(l)).isEqualTo(network.weights(l));
                }
                assertThat(read.hasBiases(1)).isEqualTo(pattern.contains("b"));
            }
        }
    }

    @Test
    void arraysWithoutNamesAreWhatKerasGives() {
        Network network = random(4, 5, 6, 3);
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (int l = 1; l <= 3; l++) {
            arrays.put("arr_" + (2 * l - 2), weights(network, l, WeightLayout.IN_OUT));
            arrays.put(
                    "arr_" + (2 * l - 1),
                    NpyArray.of(network.biases(l), network.architecture().width(l)));
        }
        assertThat(read(arrays)).isEqualTo(network);

        refused(
                Map.of("arr_0", zeros(2)),
                " is not only a chain of fully-connected layers; it holds arr_0 of shape (2,), of no layer. Save"
                        + " weights and biases under names that say what they are: numpy.savez('net.npz', W1=..., b1=...,"
                        + " W2=..., and so on)");
    }

    @Test
    void layersMayHaveNoBiases() {
        Network network = random(4, 5, 6, 3);
        Map<String, NpyArray> arrays = arrays(network, WeightLayout.OUT_IN, TORCH, List.of("0", "2", "4"));
        arrays.remove("2.bias");
        Network read = read(arrays);
        assertThat(read.hasBiases(1)).isTrue();
        assertThat(read.hasBiases(2)).isFalse();
        assertThat(read.biases(2)).containsOnly(0);
        assertThat(read.biases(3)).isEqualTo(network.biases(3));
        assertThat(read).isNotEqualTo(network);
        Path again = folder.resolve("again.npz");
        read.write(again);
        assertThat(Network.read(again)).isEqualTo(read);
        assertThat(read.with(Activations.TANH).hasBiases(2)).isFalse();
    }

    @Test
    void theLastWeightsOfOneOutputMayBeAVector() {
        Network network = random(4, 5, 1);
        Map<String, NpyArray> arrays =
                arrays(network, WeightLayout.IN_OUT, "coefs_%s intercepts_%s", List.of("0", "1"));
        arrays.put("coefs_1", NpyArray.of(network.weights(2), 5));
        arrays.put("intercepts_1", NpyArray.of(network.biases(2)));
        assertThat(read(arrays)).isEqualTo(network);
        arrays.put("intercepts_0", NpyArray.of(network.biases(1), 5, 1));
        assertThat(read(arrays)).isEqualTo(network);
    }

    @Test
    void whatIsAmbiguousIsAskedFor() {
        Network square = random(3, 3, 3);
        Map<String, NpyArray> unknown = arrays(square, WeightLayout.IN_OUT, "w%s b%s", List.of("0", "1"));
        refused(
                unknown,
                ": its weights fit as out x in (PyTorch) and as in x out (Keras, Flax, scikit-learn), and the names"
                        + " w0, w1 do not say which they are; give their weight layout, out-in or in-out.");
        FileLayout inOut = new FileLayout(List.of(), Optional.of(WeightLayout.IN_OUT));
        assertThat(Network.read(file(unknown), inOut)).isEqualTo(square);

        Network narrow = random(4, 3, 4);
        Map<String, NpyArray> words = arrays(narrow, WeightLayout.OUT_IN, TORCH, List.of("encoder", "decoder"));
        refused(
                words,
                ": its layers decoder.weight, encoder.weight can be put in several orders; give their layer names in"
                        + " the order in which inputs go through them.");
        FileLayout order = new FileLayout(List.of("encoder", "decoder"), Optional.empty());
        assertThat(Network.read(file(words), order)).isEqualTo(narrow);
    }

    @Test
    void namedLayersAreReadAlone() {
        Network network = random(4, 5, 3);
        Map<String, NpyArray> arrays =
                arrays(network, WeightLayout.OUT_IN, TORCH, List.of("module.fc1", "module.head"));
        arrays.put("module.conv1.weight", zeros(2, 2, 3, 3));
        arrays.put("step", zeros());
        arrays.put("module.aux.weight", zeros(7, 7));
        Path file = file(arrays);
        for (List<String> names : List.of(
                List.of("fc1", "head"), List.of("module.fc1", "module.head"), List.of("module.fc1.weight", "head"))) {
            assertThat(Network.read(file, new FileLayout(names, Optional.empty())))
                    .isEqualTo(network);
        }
        assertThatThrownBy(() -> Network.read(file, new FileLayout(List.of("fc1", "fc2"), Optional.empty())))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file + ": there is no layer \"fc2\"; there are ")
                .hasMessageContaining("module.head.weight");
        assertThatThrownBy(() -> Network.read(file, new FileLayout(List.of("fc1", "fc1"), Optional.empty())))
                .hasMessage(file + ": the layer \"fc1\" is named twice.");
        assertThatThrownBy(() -> Network.read(file, new FileLayout(List.of("head", "fc1"), Optional.empty())))
                .hasMessage(file + ": module.fc1.weight has shape (5, 4), but module.head.weight has shape (3, 5), so"
                        + " module.fc1.weight must have 3 column(s).");
    }

    @Test
    void aLayerThatIsTurnedAloneIsNotGuessed() {
        Network network = random(4, 5, 6, 3);
        Map<String, NpyArray> arrays = arrays(network, WeightLayout.OUT_IN, TORCH, List.of("0", "2", "4"));
        arrays.put("2.weight", transposed(arrays.get("2.weight")));
        refused(
                arrays,
                ": 2.weight has shape (5, 6), but 0.weight has shape (5, 4), so 2.weight must have 5 column(s)."
                        + " 2.weight.T has. If only some of the layers make the network, give their layer names.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conv1.weight 16,1,3,3|a convolution|fc1.weight, fc2.weight",
                "1.weight 5; 1.bias 5|a normalisation|fc1.weight, fc2.weight",
                "bn.running_mean 5|a normalisation|fc1.weight, fc2.weight",
                "attn.in_proj_weight 12,4|attention|fc1.weight, fc2.weight",
                "lstm.weight_ih_l0 5,4|a recurrence|fc1.weight, fc2.weight",
                "embedding.weight 100,4|an embedding|fc1.weight, fc2.weight",
                "Conv_0/kernel 3,3,1,16|a convolution|fc1.weight, fc2.weight",
                "BatchNorm_0/scale 5|a normalisation|fc1.weight, fc2.weight",
                "layer_normalization/gamma 5|a normalisation|fc1.weight, fc2.weight",
            })
    void whatIsNoFullyConnectedLayerIsListed(String line) {
        String[] parts = line.split("\\|");
        Map<String, NpyArray> arrays = arrays(random(4, 5, 3), WeightLayout.OUT_IN, TORCH, List.of("fc1", "fc2"));
        StringBuilder first = new StringBuilder();
        for (String array : parts[0].split("; ")) {
            String name = array.split(" ")[0];
            int[] shape = Arrays.stream(array.split(" ")[1].split(","))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            arrays.put(name, zeros(shape));
            first.append(first.isEmpty() ? name + " of shape " + zeros(shape).shapeText() : "");
        }
        Path file = file(arrays);
        assertThatThrownBy(() -> Network.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file + " is not only a chain of fully-connected layers; it holds ")
                .hasMessageContaining(first + ", " + parts[1])
                .hasMessageContaining(
                        "No fully-connected network has its kernel. A part that is one can be read by its layer names"
                                + " (of ")
                .hasMessageContaining("fc2.weight");
    }

    @Test
    void batchNormsAreMergedByALineOfPython() {
        Map<String, NpyArray> arrays = arrays(random(4, 5, 3), WeightLayout.OUT_IN, TORCH, List.of("0", "3"));
        arrays.put("1.running_var", zeros(5));
        assertThatThrownBy(() -> read(arrays))
                .hasMessageEndingWith("this line of Python merges the two: linear ="
                        + " torch.nn.utils.fusion.fuse_linear_bn_eval(linear.eval(), norm.eval())");
    }

    @Test
    void otherArraysAreLeftOutByALineOfPython() {
        Map<String, NpyArray> arrays = arrays(random(4, 5, 3), WeightLayout.OUT_IN, "W%s b%s", List.of("1", "2"));
        arrays.put("epoch", zeros());
        Path file = file(arrays);
        assertThatThrownBy(() -> Network.read(file))
                .hasMessage(file
                        + " is not only a chain of fully-connected layers; it holds epoch of shape (), of no layer."
                        + " Give the layer names to read the others alone (W1,W2), or save them alone: import numpy; a"
                        + " = numpy.load('"
                        + file
                        + "'); numpy.savez('layers.npz', **{k: a[k] for k in a.files if k not in ['epoch']})");
    }

    @Test
    void oneLayerHasOneArrayOfWeights() {
        Map<String, NpyArray> arrays = arrays(random(4, 5, 3), WeightLayout.OUT_IN, TORCH, List.of("fc1", "fc2"));
        arrays.put("fc1/kernel", zeros(4, 5));
        Path file = file(arrays);
        assertThatThrownBy(() -> Network.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("are both weights of one layer.");
    }

    @Test
    void theOriginSaysWhatWasRead() {
        Network read = read(arrays(random(4, 5, 3), WeightLayout.IN_OUT, "coefs_%s intercepts_%s", List.of("0", "1")));
        assertThat(read.origin()).contains("coefs_0 (4 to 5), coefs_1 (5 to 3), weights in-out");
        assertThat(read.with(Activations.RELU).origin()).isEqualTo(read.origin());
        assertThat(random(2, 3, 1).origin()).isEmpty();
    }

    @Test
    void manyLayersInManyWordsTakeNoTime() {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (int l = 0; l < 3000; l++) {
            arrays.put("layer" + l + ".weight", zeros(2, 2));
        }
        assertThat(read(arrays).architecture().depth()).isEqualTo(3000);
        Map<String, NpyArray> words = new LinkedHashMap<>();
        for (int l = 0; l < 40; l++) {
            words.put("x".repeat(l + 1) + ".weight", zeros(2, 2));
        }
        assertThatThrownBy(() -> read(words)).hasMessageContaining("can be put in several orders");
        words.put(".".repeat(60_000) + "1.weight", zeros(3, 3));
        assertThatThrownBy(() -> read(words)).isInstanceOf(DataFormatException.class);
    }

    @Test
    void aStateDictInBfloat16IsReadFromSafetensors() {
        Network network = Network.read(GOLDEN.resolve("torch_bfloat16.safetensors"));
        assertThat(network.architecture()).isEqualTo(Architecture.of(2, 3, 2));
        assertThat(network).isEqualTo(Network.read(GOLDEN.resolve("torch_bfloat16.npz")));
    }

    /** Each line was run with the library that it is about. */
    @Test
    void whatOnlyPythonReadsComesWithTheLineThatConvertsIt() throws IOException {
        for (String torch : List.of("torch.pt", "torch_old.pt")) {
            Path file = GOLDEN.resolve(torch);
            assertThatThrownBy(() -> Network.read(file))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith(file + " is a PyTorch file, whose numbers lie in a pickle (")
                    .hasMessageEndingWith(
                            "), which is not read; this line of Python makes an .npz of it: import numpy, torch; s ="
                                    + " torch.load('" + file
                                    + "', map_location='cpu'); s = s.get('state_dict', s.get('model_state_dict', s));"
                                    + " numpy.savez('" + file.toString().replace(".pt", ".npz")
                                    + "', **{k: v.double().numpy() for k, v in s.items()})");
        }
        // A header of 0x280 bytes begins like protocol 2, and is none.
        String header = "{\"w.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}";
        ByteBuffer safetensors = ByteBuffer.allocate(8 + 0x280 + 4).order(ByteOrder.LITTLE_ENDIAN);
        safetensors.putLong(0x280).put((header + " ".repeat(0x280 - header.length())).getBytes());
        safetensors.putFloat(2);
        assertThat(Network.read(written("net.safetensors", safetensors.array())).weights(1))
                .containsExactly(2);
        Map<String, byte[]> others = new LinkedHashMap<>();
        others.put("is a Keras file (HDF5)", new byte[] {(byte) 0x89, 'H', 'D', 'F', 13, 10});
        others.put("is a Python pickle (protocol 4)", new byte[] {(byte) 0x80, 4, (byte) 0x95, 1});
        others.forEach((message, bytes) -> assertThatThrownBy(() -> Network.read(written("net.x", bytes)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("numpy.savez('" + folder.resolve("net.npz") + "', "));
        assertThatThrownBy(() -> Network.read(written("net.pth", new byte[] {(byte) 0x80, 2, 3, 4})))
                .hasMessageContaining("is a PyTorch file");
        assertThatThrownBy(() -> Network.read(written("o'net.onnx", new byte[] {8, 7})))
                .hasMessageContaining("is an ONNX file")
                .hasMessageContaining("o\\'net.onnx'");
        Path keras = folder.resolve("net.keras");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(keras))) {
            zip.putNextEntry(new ZipEntry("config.json"));
            zip.putNextEntry(new ZipEntry("model.weights.h5"));
        }
        assertThatThrownBy(() -> Network.read(keras))
                .hasMessageStartingWith(keras + " is a Keras file (config.json, model.weights.h5), which is not read;");
    }

    /** Whatever names and shapes a file holds, with or without wishes: a network, or the documented exception. */
    @Test
    void anyNamesAndShapesAreReadOrRefused() {
        List<String> stems = List.of(
                "", "fc1.", "fc2.", "a.b.", "a.c.", "0.", "2/", "dense_1/", "dense/", "params/x_", "..", "1.1.");
        List<String> words = List.of(
                "weight",
                "bias",
                "kernel",
                "W1",
                "b1",
                "W2",
                "coefs_0",
                "intercepts_0",
                "w",
                "b",
                "arr_0",
                "arr_1",
                "scale",
                "");
        List<FileLayout> wishes = List.of(
                FileLayout.BY_NAMES,
                new FileLayout(List.of("fc1", "fc2"), Optional.empty()),
                new FileLayout(List.of(), Optional.of(WeightLayout.IN_OUT)),
                new FileLayout(List.of("1", "a.b"), Optional.of(WeightLayout.OUT_IN)));
        SplittableRandom random = new SplittableRandom(11);
        int networks = 0;
        for (int file = 0; file < 1500; file++) {
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            for (int k = random.nextInt(1, 6); k > 0; k--) {
                int[] shape = new int[random.nextInt(4) == 0 ? random.nextInt(4) : random.nextInt(1, 3)];
                Arrays.setAll(shape, d -> random.nextInt(20) == 0 ? 0 : random.nextInt(1, 3));
                arrays.put(
                        stems.get(random.nextInt(stems.size())) + words.get(random.nextInt(words.size())),
                        zeros(shape));
            }
            arrays.remove("");
            try {
                Network read = Network.read(file(arrays), wishes.get(file % wishes.size()));
                networks++;
                assertThat(read.origin()).isPresent();
            } catch (DataFormatException e) {
                assertThat(e).hasMessageStartingWith(folder.toString());
            }
        }
        assertThat(networks).isBetween(30, 1400);
    }

    private Path written(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
