package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {

    private static final Inputs X = Inputs.of(new double[][] {{1, 2, 3}, {4, 5, -6.5}});

    @TempDir
    Path folder;

    @Test
    void keepTheirOwnCopy() {
        double[] values = {1, 2, 3, 4, 5, -6.5};
        Inputs x = Inputs.of(2, 3, values);
        values[0] = 9;
        x.toArray()[1] = 9;
        assertThat(x).isEqualTo(X).hasSameHashCodeAs(X).hasToString("2 inputs of dimension 3");
        assertThat(x).isNotEqualTo(Inputs.of(3, 2, x.toArray()));
        assertThat(x.get(1, 2)).isEqualTo(-6.5);
        assertThatThrownBy(() -> x.get(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void areSlicedAndJoined() {
        assertThat(X.slice(1, 2)).isEqualTo(Inputs.of(new double[] {4, 5, -6.5}));
        assertThat(X.slice(0, 1).followedBy(X.slice(1, 2))).isEqualTo(X);
        assertThatThrownBy(() -> X.slice(1, 3)).hasMessage("Inputs 1 to 2 are no part of 2 inputs.");
        assertThatThrownBy(() -> X.slice(1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> X.followedBy(Inputs.of(new double[2]))).hasMessageContaining("dimension 3 are needed");
    }

    @Test
    void sizesAndNumbersAreChecked() {
        assertThatThrownBy(() -> Inputs.of()).hasMessageContaining("at least 1 input");
        assertThatThrownBy(() -> Inputs.of(0, 2, new double[0])).hasMessageContaining("at least 1 input");
        assertThatThrownBy(() -> Inputs.of(2, 2, new double[3]))
                .hasMessage("2 inputs of dimension 2 are 4 numbers, but 3 were given.");
        assertThatThrownBy(() -> Inputs.of(1 << 16, 1 << 16, new double[0])).hasMessageContaining("one array");
        assertThatThrownBy(() -> Inputs.of(new double[2], new double[3]))
                .hasMessage(
                        "Input 1 (counted from 0) has dimension 3, the first one 2; inputs must have one dimension.");
        assertThatThrownBy(() -> Inputs.of(2, 2, new double[] {0, 0, 0, Double.NaN}))
                .hasMessage("The array of inputs holds NaN at index [1, 1] (counted from 0); all its numbers must be"
                        + " finite.");
    }

    @Test
    void aWrongDimensionIsSaidAndWhetherItLooksTransposed() {
        X.requireDimension(3);
        assertThatThrownBy(() -> X.requireDimension(2))
                .hasMessage("Inputs of dimension 2 are needed, but these are 2 inputs of dimension 3; transposed?"
                        + " Each row is one input.");
        assertThatThrownBy(() -> X.requireDimension(7))
                .hasMessage("Inputs of dimension 7 are needed, but these are 2 inputs of dimension 3.");
    }

    @Test
    void areReadFromNumPyAndTextFiles() throws IOException {
        NpyArray array = NpyArray.of(X.toArray(), 2, 3);
        Path npy = folder.resolve("x.npy");
        NpyFile.write(npy, array);
        Path npz = folder.resolve("x.npz");
        NpzFile.write(npz, Map.of("x", array));
        Path csv = folder.resolve("x.csv");
        Files.writeString(csv, "# as numpy.savetxt writes it\n1, 2.0,3e0\r\n\n4,5,-6.5");
        Path spreadsheet = folder.resolve("spreadsheet.csv");
        Files.writeString(spreadsheet, "\uFEFF1,2,3\r\n4,5,-6.5\r\n");
        for (Path file : new Path[] {npy, npz, csv, spreadsheet}) {
            assertThat(Inputs.read(file)).as(file.toString()).isEqualTo(X);
            assertThat(Inputs.read(file, 3)).isEqualTo(X);
            assertThatThrownBy(() -> Inputs.read(file, 2))
                    .hasMessage("The inputs in " + file
                            + " have shape (2, 3), but this network takes S x 2 with S >= 1; transposed?");
        }
        Path vector = folder.resolve("vector.npy");
        NpyFile.write(vector, NpyArray.of(new double[] {1, 2, 3}, 3));
        assertThat(Inputs.read(vector, 3)).isEqualTo(X.slice(0, 1));
        assertThatThrownBy(() -> Inputs.read(vector)).hasMessageContaining("save x.reshape(1, -1)");
        assertThatThrownBy(() -> Inputs.read(vector, 4))
                .hasMessage("The inputs in " + vector + " have shape (3,), but this network takes S x 4 with S >= 1.");
    }

    @Test
    void longTextIsReadToItsEnd() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int s = 0; s < 5000; s++) {
            text.append(s).append(",").append(-s).append("\n");
        }
        Path csv = folder.resolve("long.csv");
        Files.writeString(csv, text);
        Inputs read = Inputs.read(csv);
        assertThat(read.count()).isEqualTo(5000);
        for (int s = 0; s < 5000; s++) {
            assertThat(read.get(s, 0)).isEqualTo(s);
            assertThat(read.get(s, 1)).isEqualTo(-s);
        }
    }

    @Test
    void aFileOfAnotherFormatThanItsNameSaysIsNamed() throws IOException {
        NpyArray array = NpyArray.of(X.toArray(), 2, 3);
        Path npy = folder.resolve("x.npy");
        NpzFile.write(npy, Map.of("x", array));
        assertThatThrownBy(() -> Inputs.read(npy))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(npy + " is not an .npy file but an .npz (zip) archive; name it .npz.");
        Path npz = folder.resolve("x.npz");
        NpyFile.write(npz, array);
        assertThatThrownBy(() -> Inputs.read(npz))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(npz + " is not an .npz archive but an .npy file of a single array.");
        NpzFile.write(npz, Map.of("x", array, "y", array));
        assertThatThrownBy(() -> Inputs.read(npz)).hasMessageContaining("holds 2 arrays");
    }

    @Test
    void textThatIsNoMatrixIsRefusedWithItsPlace() throws IOException {
        Path csv = folder.resolve("x.csv");
        Files.writeString(csv, "a,b\n1,2\n");
        assertThatThrownBy(() -> Inputs.read(csv))
                .hasMessageStartingWith(csv + " has \"a\" in line 1, column 1, which is not a number");
        Files.writeString(csv, "1,2\n\n3\n");
        assertThatThrownBy(() -> Inputs.read(csv))
                .hasMessage(csv + " has 1 numbers in line 3, but 2 in its first row.");
        Files.writeString(csv, "1,2\n3,NaN\n");
        assertThatThrownBy(() -> Inputs.read(csv)).hasMessageStartingWith(csv + " holds NaN at index [1, 1]");
        Files.writeString(csv, "\n");
        assertThatThrownBy(() -> Inputs.read(csv)).hasMessageContaining("has shape (0, 0)");
        assertThatThrownBy(() -> Inputs.read(folder.resolve("none.csv"))).hasMessageContaining("no such file");
    }
}
