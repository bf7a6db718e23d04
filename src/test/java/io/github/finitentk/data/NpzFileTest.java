package io.github.finitentk.data;

import static io.github.finitentk.data.NpyFileTest.golden;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"network.npz", "network_compressed.npz", "network_zip64.npz"})
    void readsWhatNumpyWrites(String file) {
        Map<String, NpyArray> arrays = NpzFile.read(golden(file));

        assertThat(arrays.keySet()).containsExactly("W1", "b1", "W2", "b2");
        assertThat(arrays.get("W1")).isEqualTo(NpyArray.of(new double[] {0, 1, 2, 3, 4, 5}, 3, 2));
        assertThat(arrays.get("b1")).isEqualTo(NpyArray.of(new double[] {0.5, -0.5, 0.25}, 3));
        assertThat(arrays.get("W2")).isEqualTo(NpyArray.of(new double[] {1, 2, 3}, 1, 3));
        assertThat(arrays.get("b2")).isEqualTo(NpyArray.of(new double[] {-1}, 1));
    }

    @Test
    void equalArraysGiveEqualBytesInEveryTimeZone() throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("z", NpyArray.of(new double[] {1, 2}, 2));
        arrays.put("a/grünes", NpyArray.of(new double[] {3}));
        Path first = folder.resolve("first.npz");
        Path second = folder.resolve("second.npz");
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
            NpzFile.write(first, arrays);
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            NpzFile.write(second, arrays);
        } finally {
            TimeZone.setDefault(zone);
        }

        assertThat(second).hasSameBinaryContentAs(first);
        Map<String, NpyArray> read = NpzFile.read(first);
        assertThat(read).isEqualTo(arrays);
        assertThat(read.keySet()).containsExactly("z", "a/grünes");
        assertThat(Files.list(folder)).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void anEmptyArchiveHasNoArrays() {
        Path file = folder.resolve("empty.npz");
        NpzFile.write(file, Map.of());
        assertThat(NpzFile.read(file)).isEmpty();
    }

    @Test
    void anArrayNeedsAName() {
        assertThatThrownBy(() -> NpzFile.write(folder.resolve("x.npz"), Map.of("", NpyArray.of(new double[0], 0))))
                .hasMessageContaining("needs a name");
    }

    @Test
    void whatIsNotAnArchiveIsRefused() throws IOException {
        Path missing = folder.resolve("missing.npz");
        assertThatThrownBy(() -> NpzFile.read(missing))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("Cannot read " + missing + ": no such file.");
        assertThatThrownBy(() -> NpzFile.read(folder)).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> NpzFile.read(golden("f8.npy")))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("is not an .npz archive but an .npy file of a single array");
        Path empty = Files.createFile(folder.resolve("empty.npz"));
        assertThatThrownBy(() -> NpzFile.read(empty))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("it is not an intact .npz (zip) archive");
    }

    @Test
    void membersThatJavaCannotUnpackAreNamed() throws IOException {
        assertThatThrownBy(() -> NpzFile.read(golden("network_bzip2.npz")))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        golden("network_bzip2.npz") + ": its member \"W1.npy\" is compressed by bzip2, but only stored"
                                + " and deflated members are read, as numpy.savez and numpy.savez_compressed write them.");
        assertThatThrownBy(() -> NpzFile.read(golden("network_lzma.npz")))
                .hasMessageContaining("is compressed by LZMA");
        byte[] bytes = Files.readAllBytes(golden("network.npz"));
        int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        bytes[directory + 8] |= 1;
        Path encrypted = Files.write(folder.resolve("encrypted.npz"), bytes);
        assertThatThrownBy(() -> NpzFile.read(encrypted)).hasMessageContaining("\"W1.npy\" is encrypted");
        bytes[directory + 10] = 93;
        bytes[directory + 8] = 0;
        Path zstd = Files.write(folder.resolve("zstd.npz"), bytes);
        assertThatThrownBy(() -> NpzFile.read(zstd)).hasMessageContaining("is compressed by Zstandard");
    }

    @Test
    void otherEntriesAreRefused() throws IOException {
        Path file = zip(Map.of("readme.txt", new byte[3]));
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + " holds \"readme.txt\", which is not an .npy array; an .npz archive may hold nothing"
                        + " else.");
    }

    @Test
    void twoArraysOfOneNameAreRefused() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a1.npy", Files.readAllBytes(golden("f8.npy")));
        entries.put("a2.npy", Files.readAllBytes(golden("f4.npy")));
        Path file = zip(entries);
        // ZipOutputStream does not write duplicates, so the second name is changed afterwards
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace("a2.npy", "a1.npy"), StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + " holds two arrays named \"a1\".");
    }

    @Test
    void aMalformedArrayIsNamed() throws IOException {
        Path file = zip(Map.of("W1.npy", Files.readAllBytes(golden("bad_string.npy"))));
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file + ", array \"W1\" holds strings (dtype '<U3')");
    }

    @Test
    void anArrayLargerThanDeclaredOrThanTheHeapIsRefusedUnread() throws IOException {
        byte[] header = NpyFileTest.file("{'descr': '<f8', 'fortran_order': False, 'shape': (100000000,), }", 8);
        Path lying = zip(Map.of("W1.npy", header));
        assertThatThrownBy(() -> NpzFile.read(lying)).hasMessageContaining("but only 8 bytes follow");

        assumeThat(Runtime.getRuntime().maxMemory()).isLessThan(4_000_000_000L);
        // a bomb: the directory declares 4 GB, whatever the few compressed bytes unpack to
        byte[] bytes = Files.readAllBytes(lying);
        int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        bytes[directory + 24] = bytes[directory + 25] = bytes[directory + 26] = (byte) 0xf0;
        bytes[directory + 27] = (byte) 0xfe;
        Files.write(lying, bytes);
        assertThatThrownBy(() -> NpzFile.read(lying))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("needs 4277.2 MB of memory, but only");
    }

    @Test
    void aWrongChecksumIsNoticed() throws IOException {
        Path file = folder.resolve("damaged.npz");
        byte[] bytes = Files.readAllBytes(golden("network.npz"));
        int data = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("}") + 80;
        bytes[data] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ", array \"W1\" is damaged: its checksum is wrong.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"network.npz", "network_compressed.npz", "network_zip64.npz"})
    void damagedBytesNeverGiveAnotherException(String name) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        byte[] good = Files.readAllBytes(golden(name));
        Path file = folder.resolve("fuzz.npz");
        for (int trial = 0; trial < 2_000; trial++) {
            byte[] bad = trial % 4 == 0 ? java.util.Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(1, 4); flips > 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            try {
                NpzFile.read(file);
            } catch (DataFormatException e) {
                assertThat(e.getMessage()).contains("fuzz.npz");
            }
        }
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                ((OutputStream) zip).write(entry.getValue());
                zip.closeEntry();
            }
        }
        Path file = folder.resolve("made.npz");
        Files.write(file, bytes.toByteArray());
        return file;
    }
}
