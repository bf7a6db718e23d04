package io.github.finitentk.data;

import static io.github.finitentk.data.NpyFileTest.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {

    @TempDir
    Path folder;

    @Test
    void isIndependentOfTheArraysItWasMadeFromAndGives() {
        double[] x = {1, 2, 3, 4};
        double[] y = {5, 6};
        Dataset data = new Dataset(2, 2, x, y, "test", "none", "given");
        x[0] = 9;
        y[0] = 9;
        data.inputs()[1] = 9;
        data.targets()[1] = 9;

        Dataset same = new Dataset(2, 2, new double[] {1, 2, 3, 4}, new double[] {5, 6}, "test", "none", "given");
        assertThat(data).isEqualTo(same).hasSameHashCodeAs(same);
    }

    @Test
    void sizesAndNumbersAreChecked() {
        assertThatThrownBy(() -> dataset(0, 2, new double[0], new double[0])).hasMessageContaining("at least 1 sample");
        assertThatThrownBy(() -> dataset(2, 2, new double[3], new double[2])).hasMessageContaining("2 x 2 numbers");
        assertThatThrownBy(() -> dataset(2, 2, new double[4], new double[3])).hasMessageContaining("one target");
        assertThatThrownBy(() -> dataset(2, 2, new double[] {0, 0, 0, Double.NaN}, new double[2]))
                .hasMessage("The array of inputs holds NaN at index [1, 1] (counted from 0); all its numbers must be"
                        + " finite.");
        assertThatThrownBy(() -> dataset(1, 1, new double[1], new double[] {Double.NEGATIVE_INFINITY}))
                .hasMessageStartingWith("The array of targets holds -Infinity at index [0]");
    }

    private static Dataset dataset(int samples, int inputDim, double[] x, double[] y) {
        return new Dataset(samples, inputDim, x, y, "test", "none", "given");
    }

    @Test
    void readsInputsAndTargets() {
        Dataset data = Dataset.read(golden("f4.npy"), golden("f8_vector.npy"));

        assertThat(data.samples()).isEqualTo(3);
        assertThat(data.inputDim()).isEqualTo(4);
        assertThat(data.inputs()).startsWith(-0.5, -0.375).hasSize(12);
        assertThat(data.targets()).containsExactly(1.5, -0.0, Math.PI);
        assertThat(data.source()).endsWith("f4.npy");

        Path column = write("column.npy", NpyArray.of(new double[] {1, 2, 3}, 3, 1));
        assertThat(Dataset.read(golden("f4.npy"), column).targets()).containsExactly(1, 2, 3);
    }

    @Test
    void unsuitableFilesAreRefused() {
        Path x = golden("f4.npy");
        Path two = write("two.npy", NpyArray.of(new double[2], 2));
        assertThatThrownBy(() -> Dataset.read(x, two))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(two + " has shape (2,), but " + x
                        + " has shape (3, 4), so the targets must have shape (3,) or (3, 1).");
        Path row = write("row.npy", NpyArray.of(new double[3], 1, 3));
        assertThatThrownBy(() -> Dataset.read(x, row)).hasMessageContaining("has shape (1, 3), but");
        assertThatThrownBy(() -> Dataset.readInputs(two))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has shape (2,), but inputs must be a matrix");
        assertThatThrownBy(() -> Dataset.readInputs(golden("f8_empty.npy"))).hasMessageContaining("shape (0, 3)");
        Path nan = write("nan.npy", NpyArray.of(new double[] {1, Double.NaN}, 1, 2));
        assertThatThrownBy(() -> Dataset.readInputs(nan)).hasMessageStartingWith(nan + " holds NaN at index [0, 1]");
    }

    private Path write(String name, NpyArray array) {
        Path file = folder.resolve(name);
        NpyFile.write(file, array);
        return file;
    }
}
