package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NpyArrayTest {

    @Test
    void isIndependentOfTheArraysItWasMadeFromAndGives() {
        double[] data = {1, 2, 3, 4, 5, 6};
        int[] shape = {2, 3};
        NpyArray array = NpyArray.of(data, shape);
        data[0] = 9;
        shape[0] = 9;
        array.data()[1] = 9;
        array.shape()[1] = 9;

        assertThat(array).isEqualTo(NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
        assertThat(array).hasSameHashCodeAs(NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
        assertThat(array).isNotEqualTo(NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2));
        assertThat(array.toString()).isEqualTo("float64 array of shape (2, 3)");
    }

    @Test
    void copiesToAnOffset() {
        double[] target = new double[4];
        NpyArray.of(new double[] {7, 8}, 2).copyTo(target, 1);
        assertThat(target).containsExactly(0, 7, 8, 0);
    }

    @Test
    void theShapeMustFitTheData() {
        assertThatThrownBy(() -> NpyArray.of(new double[5], 2, 3))
                .hasMessageContaining("shape (2, 3)")
                .hasMessageContaining("not from 5");
        assertThatThrownBy(() -> NpyArray.of(new double[5], -5)).hasMessageContaining("negative length");
        assertThatThrownBy(() -> NpyArray.of(new double[5], 1 << 20, 1 << 20))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void matrixHelpersNeedAMatrix() {
        NpyArray vector = NpyArray.of(new double[3], 3);
        assertThatThrownBy(vector::rows).hasMessageContaining("(3,) is not a matrix");
        assertThatThrownBy(vector::columns).isInstanceOf(IllegalStateException.class);
        NpyArray matrix = NpyArray.of(new double[6], 2, 3);
        assertThatThrownBy(() -> matrix.get(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> matrix.get(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theFirstNumberThatIsNotFiniteIsNamed() {
        double[] data = new double[6];
        data[4] = Double.NaN;
        data[5] = Double.POSITIVE_INFINITY;
        assertThatThrownBy(() -> NpyArray.of(data, 2, 3).requireFinite("X.npy"))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("X.npy holds NaN at index [1, 1] (counted from 0); all its numbers must be finite.");
    }
}
