package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsImagesAndLabels(boolean zipped) throws IOException {
        byte[] images = images(2, 1, 3, (byte) 0, (byte) 1, (byte) 127, (byte) 128, (byte) 254, (byte) 255);
        byte[] labels = labels(2, (byte) 9, (byte) 200);

        IdxFile.Images read = IdxFile.images(write("images", zipped ? gzip(images) : images));
        assertThat(List.of(read.count(), read.rows(), read.columns())).containsExactly(2, 1, 3);
        assertThat(read.pixels()).containsExactly(0, 1, 127, 128, 254, 255);
        assertThat(IdxFile.labels(write("labels", zipped ? gzip(labels) : labels)))
                .containsExactly(9, 200);
    }

    @Test
    void missingFilesAreRefused() {
        Path missing = folder.resolve("images");
        assertThatThrownBy(() -> IdxFile.images(missing))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("Cannot read " + missing + ": no such file.");
    }

    @Test
    void whatIsNotImagesIsRefused() {
        assertRefused(new byte[0], "is not an IDX file");
        assertRefused("GIF89a".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "is not an IDX file");
        byte[] floats = images(1, 1, 1, (byte) 7);
        floats[2] = 0x0d;
        assertRefused(floats, "holds IDX type 0xd; only unsigned bytes (0x8) are read.");
        assertRefused(labels(1, (byte) 7), "holds IDX data of 1 dimension(s), but images have 3.");
    }

    @Test
    void truncatedAndTrailingBytesAreRefused() {
        byte[] good = images(2, 1, 3, new byte[6]);
        for (int length = 4; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), "is truncated");
        }
        assertRefused(
                Arrays.copyOf(good, good.length - 1),
                "is truncated: its header declares 6 bytes of images, but only 5 follow.");
        assertRefused(Arrays.copyOf(good, good.length + 1), "has bytes after the 6 bytes of images");
    }

    @Test
    void hostileHeadersAreRefusedBeforeAnythingIsAllocated() {
        assertRefused(images(-1, -1, -1), "declares more than the 2147483639 bytes");
        assertRefused(images(65536, 65536, 65536), "declares more than the 2147483639 bytes");
        assertRefused(images(1 << 11, 1 << 10, 1 << 10), "declares more than the 2147483639 bytes");
        assertRefused(images(1 << 8, 1 << 10, 1 << 10, new byte[5]), "but only 5 follow");
        assertRefused(images(0, 28, 28), "holds no images: its dimension 0 is 0.");
        assertRefused(images(1, 28, 0), "holds no images: its dimension 2 is 0.");
    }

    @Test
    void damagedGzipDataIsRefused() throws IOException {
        byte[] zipped = gzip(images(2, 1, 3, new byte[6]));
        for (int length = 2; length < zipped.length; length++) {
            assertRefused(Arrays.copyOf(zipped, length), "ata");
        }
        byte[] checksum = zipped.clone();
        checksum[zipped.length - 8] ^= 1;
        assertRefused(checksum, "its gzip data is damaged");
        SplittableRandom random = new SplittableRandom(5);
        for (int trial = 0; trial < 500; trial++) {
            byte[] bad = zipped.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            try {
                IdxFile.images(write("images", bad));
            } catch (DataFormatException e) {
                assertThat(e.getMessage()).contains("images");
            }
        }
    }

    private void assertRefused(byte[] bytes, String message) {
        Path file = write("images", bytes);
        assertThatThrownBy(() -> IdxFile.images(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    private Path write(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static byte[] images(int count, int rows, int columns, byte... pixels) {
        return ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(rows)
                .putInt(columns)
                .put(pixels)
                .array();
    }

    static byte[] labels(int count, byte... labels) {
        return ByteBuffer.allocate(8 + labels.length)
                .putInt(0x801)
                .putInt(count)
                .put(labels)
                .array();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }
}
