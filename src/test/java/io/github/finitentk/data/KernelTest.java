package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTest {

    private static final Kernel K = Kernel.of(2, 3, new double[] {1, 2, 3, 4, 5, 6});

    @TempDir
    Path folder;

    @Test
    void entriesRowsAndBlocks() {
        assertThat(K.get(1, 0)).isEqualTo(4);
        assertThat(K.row(1)).containsExactly(4, 5, 6);
        assertThat(K.block(0, 2, 1, 3)).isEqualTo(Kernel.of(2, 2, new double[] {2, 3, 5, 6}));
        assertThat(K.block(0, 2, 1, 3).diagonal()).containsExactly(2, 6);
        assertThat(K).hasToString("2 x 3 kernel [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]");
        assertThat(Kernel.of(5, 5, new double[25])).hasToString("5 x 5 kernel");
    }

    @Test
    void isReadAsItWasWritten() {
        for (String name : new String[] {"k.npy", "k.csv", "k.npz"}) {
            Path file = folder.resolve(name);
            K.write(file);
            assertThat(Kernel.read(file)).isEqualTo(K);
        }
        Path vector = folder.resolve("v.npy");
        NpyArray.of(new double[3], 3).write(vector);
        assertThatThrownBy(() -> Kernel.read(vector))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(vector + " has shape (3,), but a kernel must be a matrix of at least one entry.");
        Path missing = folder.resolve("m.npy");
        Kernel.of(1, 2, new double[] {1, Double.NaN}).write(missing);
        assertThatThrownBy(() -> Kernel.read(missing)).hasMessageStartingWith(missing + " holds NaN at index [0, 1]");
        assertThat(K.toNpy()).isEqualTo(NpyArray.of(K.toArray(), 2, 3));
    }

    @Test
    void isAValue() {
        double[] values = {1, 2, 3, 4, 5, 6};
        Kernel copied = Kernel.of(2, 3, values);
        values[0] = 9;
        copied.toArray()[1] = 9;
        copied.row(0)[2] = 9;
        assertThat(copied).isEqualTo(K).hasSameHashCodeAs(K);
        assertThat(copied).isNotEqualTo(Kernel.of(3, 2, K.toArray()));
        assertThat(Kernel.wrap(2, 3, values)).isNotEqualTo(K);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(() -> K.get(0, 3))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("No element (0, 3) in a matrix of shape (2, 3).");
        assertThatThrownBy(() -> K.get(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> K.row(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> K.block(0, 2, 2, 4))
                .hasMessage(
                        "Rows 0 to 1 and columns 2 to 3 are no part of a kernel of 2 x 3 entries (counted from 0).");
        assertThatThrownBy(K::diagonal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A kernel of 2 x 3 entries is not square: it has no diagonal.");
        assertThatThrownBy(K::statistics).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Kernel.of(2, 2, new double[3]))
                .hasMessage("A kernel of 2 x 2 entries cannot be made from 3 numbers.");
        assertThatThrownBy(() -> Kernel.of(0, 2, new double[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void statisticsAreThoseOfTheEntries() {
        int n = 7;
        double[] values = new Random(3).doubles((long) n * n, -1, 2).toArray();
        Kernel kernel = Kernel.of(n, n, values);
        double trace = 0;
        double upper = 0;
        double square = 0;
        double asymmetry = 0;
        for (int i = 0; i < n * n; i++) {
            int s = i / n;
            int r = i % n;
            trace += s == r ? values[i] : 0;
            upper += s < r ? values[i] : 0;
            square += values[i] * values[i];
            asymmetry = Math.max(asymmetry, Math.abs(values[i] - values[r * n + s]));
        }
        Kernel.Statistics statistics = kernel.statistics();
        assertThat(statistics.trace()).isCloseTo(trace, within(1e-14));
        assertThat(statistics.meanDiagonal()).isCloseTo(trace / n, within(1e-14));
        assertThat(statistics.meanOffDiagonal()).isCloseTo(upper / 21, within(1e-14));
        assertThat(statistics.frobeniusNorm()).isCloseTo(Math.sqrt(square), within(1e-14));
        assertThat(statistics.asymmetry()).isEqualTo(asymmetry);
        double[] diagonal = Arrays.stream(kernel.diagonal()).sorted().toArray();
        assertThat(statistics.smallestDiagonal()).isEqualTo(diagonal[0]);
        assertThat(statistics.largestDiagonal()).isEqualTo(diagonal[n - 1]);
    }

    @Test
    void missingEntriesShowInWhatDependsOnThem() {
        Kernel kernel = Kernel.of(2, 2, new double[] {1, Double.NaN, Double.NaN, 3});
        assertThat(kernel.isFinite()).isFalse();
        assertThat(kernel).isEqualTo(Kernel.of(2, 2, kernel.toArray()));
        assertThat(kernel.statistics().meanDiagonal()).isEqualTo(2);
        assertThat(kernel.statistics().meanOffDiagonal()).isNaN();
        assertThat(kernel.statistics().frobeniusNorm()).isNaN();
        assertThat(kernel.statistics().asymmetry()).isNaN();
        assertThat(Kernel.of(1, 1, new double[] {4}).statistics().meanOffDiagonal())
                .isNaN();
    }

    @Test
    void isWrittenByTheEndingOfTheName() throws IOException {
        Path npy = folder.resolve("k.npy");
        K.write(npy);
        assertThat(NpyFile.read(npy)).isEqualTo(NpyArray.of(K.toArray(), 2, 3));
        Path npz = folder.resolve("k.NPZ");
        K.write(npz);
        assertThat(NpzFile.read(npz)).isEqualTo(Map.of("kernel", NpyArray.of(K.toArray(), 2, 3)));
        Path csv = folder.resolve("k.csv");
        K.write(csv);
        assertThat(Files.readString(csv)).isEqualTo("1.0,2.0,3.0\n4.0,5.0,6.0\n");
        assertThatThrownBy(() -> K.write(folder.resolve("k.txt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is written as .npy, .csv or .npz");
    }

    @Test
    void everyWrittenFileIsReadAgainBitForBit() {
        double[] values = new Random(4).doubles(12, -1e3, 1e-3).toArray();
        values[3] = Double.MIN_VALUE;
        values[5] = -Double.MAX_VALUE;
        Kernel kernel = Kernel.of(3, 4, values);
        for (String ending : new String[] {"npy", "csv", "npz"}) {
            Path file = folder.resolve("bits." + ending);
            kernel.write(file);
            assertThat(Inputs.read(file).toArray()).as(ending).isEqualTo(values);
        }
    }
}
