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
        Dataset data = new Dataset(Inputs.of(2, 2, x), y);
        x[0] = 9;
        y[0] = 9;
        data.inputs().toArray()[1] = 9;
        data.targets().toArray()[1] = 9;

        Dataset same = new Dataset(Inputs.of(2, 2, new double[] {1, 2, 3, 4}), new double[] {5, 6});
        assertThat(data).isEqualTo(same).hasSameHashCodeAs(same);
    }

    @Test
    void sizesAndNumbersAreChecked() {
        Inputs inputs = Inputs.of(2, 3, new double[6]);
        assertThatThrownBy(() -> new Dataset(inputs, new double[4]))
                .hasMessage("There must be one target for each of the 2 inputs, not 4.");
        assertThatThrownBy(() -> new Dataset(inputs, new double[3]))
                .hasMessage("There must be one target for each of the 2 inputs, not 3; inputs transposed?");
        assertThatThrownBy(() -> new Dataset(inputs, new double[] {0, Double.NEGATIVE_INFINITY}))
                .hasMessageStartingWith("The array of targets holds -Infinity at index [1, 0]");
    }

    @Test
    void theFirstSamplesAreADatasetOfTheirOwn() {
        Dataset data = new Dataset(Inputs.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}), new double[] {7, 8, 9});
        assertThat(data.first(2)).isEqualTo(new Dataset(Inputs.of(new double[][] {{1, 2}, {3, 4}}), new double[] {7, 8
        }));
        assertThat(data.first(3)).isEqualTo(data);
        assertThatThrownBy(() -> data.first(4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsInputsAndTargets() {
        Dataset data = Dataset.read(golden("f4.npy"), golden("f8_vector.npy"));

        assertThat(data.samples()).isEqualTo(3);
        assertThat(data.inputDim()).isEqualTo(4);
        assertThat(data.inputs().toArray()).startsWith(-0.5, -0.375).hasSize(12);
        assertThat(data.targets().toArray()).containsExactly(1.5, -0.0, Math.PI);
        assertThat(data.source()).endsWith("f4.npy");

        Path column = write("column.npy", NpyArray.of(new double[] {1, 2, 3}, 3, 1));
        assertThat(Dataset.read(golden("f4.npy"), column).targets().toArray()).containsExactly(1, 2, 3);
    }

    @Test
    void unsuitableFilesAreRefused() {
        Path x = golden("f4.npy");
        Path two = write("two.npy", NpyArray.of(new double[2], 2));
        assertThatThrownBy(() -> Dataset.read(x, two))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(two + " holds 2 targets of 1 output, but " + x
                        + " has shape (3, 4), so the targets must have shape (3,) or (3, K).");
        Path row = write("row.npy", NpyArray.of(new double[3], 1, 3));
        assertThatThrownBy(() -> Dataset.read(x, row)).hasMessageContaining(" holds 1 target of 3 outputs, but");
        assertThatThrownBy(() -> Inputs.read(two))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has shape (2,), but inputs must be a matrix");
        assertThatThrownBy(() -> Inputs.read(golden("f8_empty.npy"))).hasMessageContaining("shape (0, 3)");
        Path nan = write("nan.npy", NpyArray.of(new double[] {1, Double.NaN}, 1, 2));
        assertThatThrownBy(() -> Inputs.read(nan)).hasMessageStartingWith(nan + " holds NaN at index [0, 1]");
    }

    private Path write(String name, NpyArray array) {
        Path file = folder.resolve(name);
        NpyFile.write(file, array);
        return file;
    }
}
