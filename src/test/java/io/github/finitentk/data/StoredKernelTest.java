package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredKernelTest {

    private static final int S = 37;

    @TempDir
    Path folder;

    private final Random random = new Random(1);

    // Entries that single precision holds, so that all files have the same ones.
    private double[] numbers(int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> (float) random.nextGaussian())
                .toArray();
    }

    private Path file(NpyDtype dtype, double[] numbers, long... shape) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (double number : numbers) {
            if (dtype.bytes() == 8) {
                bytes.putDouble(number);
            } else {
                bytes.putFloat((float) number);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(NpyHeader.format(dtype, shape));
        out.write(bytes.array());
        return Files.write(folder.resolve("k" + random.nextInt() + ".npy"), out.toByteArray());
    }

    private static double[] lowerTriangle(double[] square) {
        double[] packed = new double[S * (S + 1) / 2];
        int at = 0;
        for (int s = 0; s < S; s++) {
            for (int r = 0; r <= s; r++) {
                packed[at++] = square[s * S + r];
            }
        }
        return packed;
    }

    private double[] symmetric() {
        double[] square = numbers(S * S);
        for (int s = 0; s < S; s++) {
            for (int r = 0; r < s; r++) {
                square[r * S + s] = square[s * S + r];
            }
        }
        return square;
    }

    private void requireBlocks(KernelSource stored, Kernel whole) {
        assertThat(stored.rows()).isEqualTo(whole.rows());
        assertThat(stored.columns()).isEqualTo(whole.columns());
        assertThat(stored.block(0, whole.rows(), 0, whole.columns())).isEqualTo(whole);
        for (int i = 0; i < 200; i++) {
            int fromRow = random.nextInt(whole.rows());
            int toRow = fromRow + 1 + random.nextInt(whole.rows() - fromRow);
            int fromColumn = random.nextInt(whole.columns());
            int toColumn = fromColumn + 1 + random.nextInt(whole.columns() - fromColumn);
            assertThat(stored.block(fromRow, toRow, fromColumn, toColumn))
                    .isEqualTo(whole.block(fromRow, toRow, fromColumn, toColumn));
        }
    }

    @Test
    void blocksOfAMatrixAreThoseOfTheWholeFile() throws IOException {
        double[] numbers = numbers(S * 20);
        for (NpyDtype dtype : new NpyDtype[] {NpyDtype.F32, NpyDtype.F64}) {
            Path path = file(dtype, numbers, S, 20);
            try (StoredKernel stored = StoredKernel.open(path)) {
                assertThat(stored.isPacked()).isFalse();
                requireBlocks(stored, Kernel.read(path));
            }
        }
    }

    @Test
    void aLowerTriangleIsMirrored() throws IOException {
        double[] square = symmetric();
        for (NpyDtype dtype : new NpyDtype[] {NpyDtype.F32, NpyDtype.F64}) {
            try (StoredKernel stored = StoredKernel.open(file(dtype, lowerTriangle(square), S * (S + 1) / 2))) {
                assertThat(stored.isPacked()).isTrue();
                requireBlocks(stored, Kernel.of(S, S, square));
            }
        }
    }

    @Test
    void oneKernelOfAStackIsOpened() throws IOException {
        double[] first = symmetric();
        double[] second = symmetric();
        double[] both = Arrays.copyOf(first, 2 * S * S);
        System.arraycopy(second, 0, both, S * S, S * S);
        try (StoredKernel stored = StoredKernel.open(file(NpyDtype.F64, both, 2, S, S), 1)) {
            requireBlocks(stored, Kernel.of(S, S, second));
        }
        int packed = S * (S + 1) / 2;
        double[] triangles = Arrays.copyOf(lowerTriangle(first), 2 * packed);
        System.arraycopy(lowerTriangle(second), 0, triangles, packed, packed);
        Path path = file(NpyDtype.F32, triangles, 2, packed);
        try (StoredKernel stored = StoredKernel.open(path, 1)) {
            requireBlocks(stored, Kernel.of(S, S, second));
        }
        assertThatThrownBy(() -> StoredKernel.open(path, 2))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(path + " has no kernel 2; there are 2, counted from 0.");
    }

    @Test
    void lengthsMayBeLongerThanArrays() throws IOException {
        // A sparse file: 100,000 inputs, whose lower triangle has 5,000,050,000 numbers.
        Path path = folder.resolve("large.npy");
        byte[] header = NpyHeader.format(NpyDtype.F32, 5_000_050_000L);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(header.length + 4 * 5_000_050_000L);
            file.write(header);
            file.seek(header.length + 4 * (99_999L * 100_000 / 2 + 77));
            file.write(new byte[] {0, 0, 0x40, 0x40}); // 3
        }
        try (StoredKernel stored = StoredKernel.open(path)) {
            assertThat(stored.rows()).isEqualTo(100_000);
            assertThat(stored.block(99_999, 100_000, 76, 78).toArray()).containsExactly(0, 3);
            assertThat(stored.block(77, 78, 99_998, 100_000).toArray()).containsExactly(0, 3);
        }
    }

    @Test
    void whatIsNoKernelIsRefused() throws IOException {
        Path list = file(NpyDtype.F64, numbers(5), 5);
        assertThatThrownBy(() -> StoredKernel.open(list))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(list + " holds a list of 5 numbers, which is no lower triangle: these have S (S + 1) / 2.");
        Path stack = file(NpyDtype.F64, numbers(8), 2, 2, 2);
        assertThatThrownBy(() -> StoredKernel.open(stack))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(
                        "has shape (2, 2, 2), but a kernel must be a matrix, or the lower triangle of one.");
        Path matrix = file(NpyDtype.F64, new double[] {1, 2, 3, Double.NaN}, 2, 2);
        try (StoredKernel stored = StoredKernel.open(matrix)) {
            assertThat(stored.block(0, 2, 0, 1).toArray()).containsExactly(1, 3);
            assertThatThrownBy(() -> stored.block(1, 2, 0, 2))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessage("Entry (1, 1) of the kernel in " + matrix + " is not finite: NaN.");
            assertThatThrownBy(() -> stored.block(1, 3, 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        byte[] bytes = Files.readAllBytes(matrix);
        Files.write(matrix, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> StoredKernel.open(matrix))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("is truncated");
    }
}
