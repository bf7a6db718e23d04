package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.LinearAlgebra;
import org.junit.jupiter.api.Test;

class ReferenceDataTest {

    private static final LinearAlgebra ALGEBRA = Backend.fastest().linearAlgebra();

    private static double product(Dataset data, int s, int r) {
        double[] x = data.inputs().toArray();
        int n = data.inputDim();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[s * n + i] * x[r * n + i];
        }
        return sum / n;
    }

    @Test
    void innerProductsStayWhereThereIsRoomForThem() {
        Dataset mnist = ReferenceData.of(30, 784, ALGEBRA);
        Dataset carried = ReferenceData.of(30, 40, ALGEBRA);
        assertThat(carried.targets()).isEqualTo(mnist.targets());
        for (int s = 0; s < 30; s++) {
            for (int r = 0; r < 30; r++) {
                assertThat(product(carried, s, r)).isCloseTo(product(mnist, s, r), within(1e-12));
            }
        }
    }

    @Test
    void fewDimensionsKeepNormsAndNearlyTheAngles() {
        Dataset mnist = ReferenceData.of(30, 784, ALGEBRA);
        Dataset carried = ReferenceData.of(30, 15, ALGEBRA);
        double square = 0;
        for (int s = 0; s < 30; s++) {
            assertThat(product(carried, s, s)).isCloseTo(1, within(1e-12));
            for (int r = 0; r < s; r++) {
                double d = product(carried, s, r) - product(mnist, s, r);
                square += d * d / (30 * 29 / 2.0);
            }
        }
        assertThat(Math.sqrt(square)).isLessThan(0.1);
    }
}
