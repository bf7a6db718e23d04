package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "io", "github", "finitentk", "data");

    /** Widths 2, 3, 1: W1 is 3 x 2, b1 has 3, W2 is 1 x 3, b2 has 1. */
    private static final double[] PARAMETERS = {0, 1, 2, 3, 4, 5, 0.5, -0.5, 0.25, 1, 2, 3, -1};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"network.npz", "network_compressed.npz"})
    void readsNetworksWrittenByNumpy(String file) {
        Network network = Network.read(GOLDEN.resolve(file));

        assertThat(network).isEqualTo(new Network(Architecture.of(2, 3, 1), PARAMETERS));
        assertThat(network.weights(1)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(network.biases(1)).containsExactly(0.5, -0.5, 0.25);
        assertThat(network.weights(2)).containsExactly(1, 2, 3);
        assertThat(network.biases(2)).containsExactly(-1);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        double[] parameters = new double[(int) Architecture.constant(4, 5, 12).parameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = Math.sin(i);
        }
        Network network = new Network(Architecture.constant(4, 5, 12), parameters);
        Path file = folder.resolve("net.npz");
        network.write(file);

        assertThat(Network.read(file)).isEqualTo(network).hasSameHashCodeAs(network);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void isIndependentOfTheArraysItWasMadeFromAndGives() {
        double[] parameters = PARAMETERS.clone();
        Network network = new Network(Architecture.of(2, 3, 1), parameters);
        parameters[0] = 9;
        network.parameters()[1] = 9;
        network.weights(1)[2] = 9;
        network.biases(1)[0] = 9;

        assertThat(network.parameters()).isEqualTo(PARAMETERS);
        assertThatThrownBy(() -> network.weights(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> network.biases(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void parametersAreChecked() {
        Architecture architecture = Architecture.of(2, 3, 1);
        assertThatThrownBy(() -> new Network(architecture, new double[12]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A network of widths [2, 3, 1] has 13 parameters, but 12 were given.");
        double[] bad = PARAMETERS.clone();
        bad[3] = Double.NaN;
        assertThatThrownBy(() -> new Network(architecture, bad))
                .hasMessage("The network holds NaN in W1[1, 1] (counted from 0); all weights and biases must be"
                        + " finite.");
        bad[3] = 0;
        bad[12] = Double.POSITIVE_INFINITY;
        assertThatThrownBy(() -> new Network(architecture, bad))
                .hasMessageStartingWith("The network holds Infinity in b2[0]");
    }

    @Test
    void unsuitableKeysAreNamed() {
        String network =
                "a network consists of W1, b1, ..., WL, bL, or of layers as PyTorch, Keras, Flax or scikit-learn name"
                        + " them.";
        refused(Map.of(), "net.npz holds no arrays; " + network);
        refused(Map.of("b1", zeros(1)), "net.npz has no weights beside b1; " + network);
        refused(
                Map.of("W1", zeros(1, 2), "b1", zeros(1), "W3", zeros(1, 1), "b3", zeros(1)),
                "net.npz has no array W2, although it holds W3; " + network);
        refused(
                Map.of("W999999999", zeros(1)),
                "net.npz has no array W999999998, although it holds W999999999; " + network);
        refused(
                Map.of("coefs_1", zeros(2, 3), "coefs_2", zeros(3, 1)),
                "net.npz has no array coefs_0, although it holds coefs_1; " + network);
    }

    @Test
    void unsuitableShapesAreNamed() {
        refused(
                network(zeros(3, 2), zeros(3), zeros(1, 4), zeros(1)),
                "net.npz: W2 has shape (1, 4), but W1 has shape (3, 2), so W2 must have 3 column(s).");
        refused(
                network(zeros(3, 2), zeros(2), zeros(1, 3), zeros(1)),
                "net.npz: b1 has shape (2,), but W1 has shape (3, 2), so b1 must have shape (3,).");
        refused(
                network(zeros(4, 2), zeros(2, 2), zeros(1, 4), zeros(1)),
                "net.npz: b1 has shape (2, 2), but W1 has shape (4, 2), so b1 must have shape (4,).");
        refused(
                network(zeros(3, 2), zeros(3), zeros(1, 1, 3), zeros(1)),
                "net.npz is not only a chain of fully-connected layers; it holds W2 of shape (1, 1, 3), a convolution. No"
                        + " fully-connected network has its kernel. A part that is one can be read by its layer names (of W1),"
                        + " with what goes into it as inputs.");
        refused(
                network(zeros(3), zeros(1), zeros(1, 3), zeros(1)),
                "net.npz: W1 has shape (3,), but weights must be a matrix; only those of a last layer with one output may be a"
                        + " vector.");
        refused(
                network(zeros(), zeros(3), zeros(1, 3), zeros(1)),
                "net.npz: W1 has shape (), but weights must be a matrix.");
        refused(
                network(zeros(3, 2), zeros(3), zeros(4), zeros(1)),
                "net.npz: W2 has shape (4,), but W1 has shape (3, 2), so W2 must have 3 column(s).");
        refused(
                network(zeros(0, 2), zeros(0), zeros(1, 0), zeros(1)),
                "net.npz: W1 has shape (0, 2), but every layer must have at least 1 row and 1 column.");
    }

    @Test
    void severalOutputsAreRead() {
        double[] numbers = new SplittableRandom(1).doubles(17, -1, 1).toArray();
        Network network = new Network(Architecture.of(2, 3, 2), numbers);
        Path file = folder.resolve("several.npz");
        network.write(file);
        assertThat(Network.read(file)).isEqualTo(network);
    }

    @Test
    void biasesAndTheLastWeightsMayBeColumnsOrRows() {
        double[] numbers = new SplittableRandom(1).doubles(13, -1, 1).toArray();
        Network network = new Network(Architecture.of(2, 3, 1), numbers);
        Path file = folder.resolve("net.npz");
        int[][][] shapes = {
            {{3, 2}, {3, 1}, {1, 3}, {1, 1}},
            {{3, 2}, {1, 3}, {3}, {}},
            {{3, 2}, {3}, {3}, {1}},
            {{3, 2}, {1, 1, 3}, {1, 3}, {}},
        };
        for (int[][] shape : shapes) {
            NpyArray.writeAll(
                    file,
                    network(
                            NpyArray.of(network.weights(1), shape[0]),
                            NpyArray.of(network.biases(1), shape[1]),
                            NpyArray.of(network.weights(2), shape[2]),
                            NpyArray.of(network.biases(2), shape[3])));
            assertThat(Network.read(file)).isEqualTo(network);
        }
    }

    @Test
    void numbersThatAreNotFiniteAreNamed() {
        refused(
                network(zeros(3, 2), NpyArray.of(new double[] {0, 0, Double.NaN}, 3), zeros(1, 3), zeros(1)),
                "net.npz, array \"b1\" holds NaN at index [2] (counted from 0); all its numbers must be finite.");
    }

    @Test
    void missingFilesAreRefused() {
        Path missing = folder.resolve("net.npz");
        assertThatThrownBy(() -> Network.read(missing))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("Cannot read " + missing + ": no such file.");
    }

    private void refused(Map<String, NpyArray> arrays, String message) {
        Path file = folder.resolve("net.npz");
        NpyArray.writeAll(file, arrays);
        assertThatThrownBy(() -> Network.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(folder + file.getFileSystem().getSeparator() + message);
    }

    private static Map<String, NpyArray> network(NpyArray w1, NpyArray b1, NpyArray w2, NpyArray b2) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("W1", w1);
        arrays.put("b1", b1);
        arrays.put("W2", w2);
        arrays.put("b2", b2);
        return arrays;
    }

    private static NpyArray zeros(int... shape) {
        int count = 1;
        for (int length : shape) {
            count *= length;
        }
        return NpyArray.of(new double[count], shape);
    }

    @Test
    void aNetworkHasTheActivationItWasGiven() {
        Network weights = new Network(Architecture.of(2, 3, 1), PARAMETERS);
        Network tanh = weights.with(Activations.TANH);
        assertThat(tanh.activation()).isEqualTo(Activations.TANH);
        assertThat(tanh.parameters()).isEqualTo(PARAMETERS);
        assertThat(tanh).isNotEqualTo(weights).isNotEqualTo(weights.with(Activations.RELU));
        assertThat(tanh).isEqualTo(weights.with(Activations.RELU).with(Activations.TANH));
        assertThat(tanh).hasToString("tanh network of widths [2, 3, 1]");
    }

    @Test
    void withoutAnActivationItSaysHowToGiveOne() {
        Network read = Network.read(GOLDEN.resolve("network.npz"));
        assertThatThrownBy(read::activation)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "This network has weights but no activation, which a file does not hold; say which one it has"
                                + " by network.with(...), for example network.with(Activations.TANH).");
    }

    @Test
    void changeIsTheNormOfTheStepOverThatOfTheStart() {
        Network start = new Network(Architecture.of(2, 1), new double[] {3, 0, 4});
        Network end = new Network(Architecture.of(2, 1), new double[] {3, 6, 12});
        assertThat(end.changeFrom(start)).isEqualTo(2);
        assertThat(start.changeFrom(start)).isZero();
        Network other = new Network(Architecture.of(1, 1), new double[2]);
        assertThatThrownBy(() -> end.changeFrom(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A network of widths [2, 1] has not come from one of widths [1, 1].");
    }
}
