package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetsTest {

    @TempDir
    Path folder;

    @Test
    void areWhatTheyWereMadeOfAndIndependentOfIt() {
        double[][] rows = {{1, 2, 3}, {4, 5, 6}};
        Targets targets = Targets.of(rows);
        rows[1][2] = 9;
        targets.toArray()[0] = 9;
        targets.column(1)[0] = 9;
        double[] values = {1, 2, 3, 4, 5, 6};
        Targets same = Targets.of(2, 3, values);
        values[0] = 9;

        assertThat(targets).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(targets).isNotEqualTo(Targets.of(3, 2, new double[] {1, 2, 3, 4, 5, 6}));
        assertThat(targets.count()).isEqualTo(2);
        assertThat(targets.outputs()).isEqualTo(3);
        assertThat(targets.get(1, 2)).isEqualTo(6);
        assertThat(targets.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(targets.column(1)).containsExactly(2, 5);
        assertThat(targets.slice(1, 2)).isEqualTo(Targets.of(new double[][] {{4, 5, 6}}));
        assertThat(Targets.of(new double[] {7, 8})).isEqualTo(Targets.of(new double[][] {{7}, {8}}));
        assertThat(targets).hasToString("2 targets of 3 outputs");
    }

    @Test
    void oneOutputHasScalars() {
        assertThat(Targets.of(new double[] {7, 8}).scalars("Training")).containsExactly(7, 8);
        assertThatThrownBy(() -> Targets.of(new double[][] {{7, 8}}).scalars("Training"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Training takes one target for each input, not K = 2 of them.");
    }

    @Test
    void classesAreRecognised() {
        Targets oneHot = Targets.oneHot(new int[] {2, 0, 1}, 3);
        assertThat(oneHot.toArray()).containsExactly(0, 0, 1, 1, 0, 0, 0, 1, 0);
        assertThat(oneHot.labels().orElseThrow()).containsExactly(2, 0, 1);
        assertThat(Targets.of(new double[] {3, 0, 7}).labels().orElseThrow()).containsExactly(3, 0, 7);
        assertThat(Targets.of(new double[] {0.5, 1}).labels()).isEmpty();
        assertThat(Targets.of(new double[] {-1, 1}).labels()).isEmpty();
        assertThat(Targets.of(new double[] {1e10, 1}).labels()).isEmpty();
        assertThat(Targets.of(new double[][] {{0, 1}, {0, 0}}).labels()).isEmpty();
        assertThat(Targets.of(new double[][] {{0, 1}, {1, 1}}).labels()).isEmpty();
        assertThat(Targets.of(new double[][] {{0, 1}, {0.5, 1}}).labels()).isEmpty();
        Targets centred = oneHot.zeroMean();
        assertThat(centred.get(0, 2)).isEqualTo(1 - 1 / 3.0);
        assertThat(centred.get(0, 1)).isEqualTo(-1 / 3.0);
        assertThat(centred.labels().orElseThrow()).containsExactly(2, 0, 1);
        assertThat(Targets.of(new double[][] {{0.9f - 1, 0.9f, -0.1f}}).labels())
                .isEmpty(); // of ten classes
        assertThat(Targets.of(new double[][] {{-0.5f, 0.5f}, {0.5f, -0.5f}})
                        .labels()
                        .orElseThrow())
                .containsExactly(1, 0);
        assertThat(Targets.of(new double[][] {{-0.5, 0.5}, {0.5, 0.5}}).labels())
                .isEmpty();
        assertThat(Targets.of(new double[][] {{-0.5, 0.5}, {-0.5, -0.5}}).labels())
                .isEmpty();
        assertThat(Targets.of(new double[][] {{-0.5, 0.5}, {0, 1}}).labels()).isEmpty();
        float third = 1 / 3f;
        assertThat(Targets.of(new double[][] {{-third, 1 - third, -third}})
                        .labels()
                        .orElseThrow())
                .containsExactly(1);
        assertThatThrownBy(() -> Targets.oneHot(new int[] {0, 3}, 3))
                .hasMessage("Label 1 (counted from 0) is 3; 3 classes are numbered from 0 to 2.");
    }

    @Test
    void judgeOutputs() {
        Targets targets = Targets.oneHot(new int[] {0, 1, 1, 0}, 2);
        double[][] outputs = {{1, 0}, {0.5, 1}, {3, 1}, {0.5, 0.5}};
        assertThat(targets.meanSquaredErrors(outputs)).containsExactly((0.25 + 9 + 0.25) / 4, 0.25 / 4);
        assertThat(targets.accuracy(outputs)).isEqualTo(0.75); // a tie counts
        assertThat(targets.halfSquaredError(outputs)).isEqualTo((0.25 + 9 + 0.25 + 0.25) / 8);
        assertThat(Targets.of(new double[] {1, 2}).accuracy(new double[][] {{1}, {2}}))
                .isNaN();
    }

    @Test
    void sizesAndNumbersAreChecked() {
        assertThatThrownBy(() -> Targets.of(new double[0]))
                .hasMessage("There must be at least 1 target for at least 1 output, not 0 for 1.");
        assertThatThrownBy(() -> Targets.of(new double[][] {{1, 2}, {3}}))
                .hasMessage(
                        "Target 1 (counted from 0) has 1 numbers, the first one 2; all must have one number for each"
                                + " output.");
        assertThatThrownBy(() -> Targets.of(2, 2, new double[3])).hasMessageContaining("are 4 numbers, but 3");
        assertThatThrownBy(() -> Targets.of(new double[] {1, Double.NaN})).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Targets.of(new double[] {1}).slice(0, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsVectorsMatricesAndIntegers() {
        Path vector = write("vector.npy", NpyArray.of(new double[] {1, 2}, 2));
        assertThat(Targets.read(vector)).isEqualTo(Targets.of(new double[] {1, 2}));
        Path matrix = write("matrix.npy", NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2));
        assertThat(Targets.read(matrix)).isEqualTo(Targets.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}));
        assertThat(Targets.read(integers()).labels().orElseThrow()).containsExactly(3, 1);
        Path cube = write("cube.npy", NpyArray.of(new double[8], 2, 2, 2));
        assertThatThrownBy(() -> Targets.read(cube))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(cube + " has shape (2, 2, 2), but targets must have shape (S,) or (S, K): K numbers for"
                        + " each of S inputs.");
        Path infinite = write("infinite.npy", NpyArray.of(new double[] {1, Double.POSITIVE_INFINITY}, 2));
        assertThatThrownBy(() -> Targets.read(infinite)).hasMessageStartingWith(infinite + " holds Infinity");
    }

    private Path write(String name, NpyArray array) {
        Path file = folder.resolve(name);
        NpyFile.write(file, array);
        return file;
    }

    /** What numpy.save writes of int64 labels. */
    private Path integers() {
        String header = "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }";
        byte[] padded = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + padded.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) padded.length);
        bytes.put(padded).putLong(3).putLong(1);
        try {
            return Files.write(folder.resolve("labels.npy"), bytes.array());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void classesAreOneHotRowsForNetworksOfSeveralOutputs() {
        Targets classes = Targets.of(new double[] {2, 0});
        assertThat(classes.forOutputs(3)).isEqualTo(Targets.oneHot(new int[] {2, 0}, 3));
        assertThat(classes.forOutputs(1)).isSameAs(classes);
        Targets rows = Targets.of(new double[][] {{1, 2}, {3, 4}});
        assertThat(rows.forOutputs(2)).isSameAs(rows);
        assertThatThrownBy(() -> rows.forOutputs(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "A network of 3 output(s) takes targets of shape (S, 3), or the class of each input, 0 to 2, not 2 targets"
                                + " of 2 outputs.");
        assertThatThrownBy(() -> rows.forOutputs(1))
                .hasMessage("A network of 1 output(s) takes targets of shape (S, 1), not 2 targets of 2 outputs.");
        assertThatThrownBy(() -> Targets.of(new double[] {0.5, 0}).forOutputs(3))
                .hasMessageStartingWith("A network of 3 output(s) takes targets of shape (S, 3), or the class");
        assertThatThrownBy(() -> classes.forOutputs(2)).hasMessageContaining("Label 0 (counted from 0) is 2;");
        Dataset data = new Dataset(Inputs.of(new double[] {1}, new double[] {2}), classes);
        assertThat(data.forOutputs(3).targets()).isEqualTo(classes.forOutputs(3));
    }
}
