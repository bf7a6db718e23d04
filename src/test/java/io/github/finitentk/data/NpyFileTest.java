package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {

    private static final String GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f8.npy",
                "f8_fortran.npy",
                "f8_big.npy",
                "f4.npy",
                "f4_big_fortran.npy",
                "f8_version2.npy",
                "f8_version3.npy"
            })
    void readsEveryLayoutNumpyWrites(String file) {
        NpyArray array = NpyFile.read(golden(file));

        assertThat(array.shape()).containsExactly(3, 4);
        assertThat(array.rows()).isEqualTo(3);
        assertThat(array.columns()).isEqualTo(4);
        for (int i = 0; i < 12; i++) {
            assertThat(array.get(i)).isEqualTo(i / 8.0 - 0.5);
            assertThat(array.get(i / 4, i % 4)).isEqualTo(i / 8.0 - 0.5);
        }
    }

    @Test
    void readsOtherRanks() {
        NpyArray cube = NpyFile.read(golden("f8_rank3_fortran.npy"));
        assertThat(cube.shape()).containsExactly(2, 3, 4);
        for (int i = 0; i < 24; i++) {
            assertThat(cube.get(i)).isEqualTo(i);
        }
        assertThat(NpyFile.read(golden("f8_vector.npy"))).isEqualTo(NpyArray.of(new double[] {1.5, -0.0, Math.PI}, 3));
        assertThat(NpyFile.read(golden("f8_scalar.npy"))).isEqualTo(NpyArray.of(new double[] {2.5}));
        assertThat(NpyFile.read(golden("f8_empty.npy"))).isEqualTo(NpyArray.of(new double[0], 0, 3));
        assertThat(NpyFile.read(golden("f8_special.npy")).data())
                .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f8.npy", "f8_vector.npy", "f8_scalar.npy", "f8_empty.npy"})
    void writesTheBytesNumpyWrites(String file) throws IOException {
        Path written = folder.resolve("out.npy");
        NpyFile.write(written, NpyFile.read(golden(file)));

        assertThat(written).hasSameBinaryContentAs(golden(file));
    }

    @Test
    void readsWhatItWroteAcrossManyChunks() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        double[] data = random.doubles(3 * 70_001).toArray();
        NpyArray array = NpyArray.of(data, 3, 70_001);
        Path file = folder.resolve("large.npy");
        NpyFile.write(file, array);

        assertThat(NpyFile.read(file)).isEqualTo(array);
        // of unknown length, so that the array has to grow
        assertThat(NpyFile.read(new ByteArrayInputStream(Files.readAllBytes(file)), "stream"))
                .isEqualTo(array);
    }

    @Test
    void replacesAFileAndLeavesNothingElseBehind() throws IOException {
        Path file = folder.resolve("a.npy");
        Files.writeString(file, "old");
        NpyFile.write(file, NpyArray.of(new double[] {1}, 1));

        assertThat(NpyFile.read(file).get(0)).isEqualTo(1);
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void writingToAnImpossiblePlaceIsOneSentence() {
        NpyArray array = NpyArray.of(new double[] {1}, 1);

        assertThatThrownBy(() -> NpyFile.write(folder, array))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot write " + folder + ": it is a folder.");
        Path missing = folder.resolve("no/such/a.npy");
        assertThatThrownBy(() -> NpyFile.write(missing, array))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot write " + missing + ": no such file or folder.");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void missingFilesAndFoldersAreRefused() {
        assertThatThrownBy(() -> NpyFile.read(Path.of("X.npy")))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("Cannot read X.npy: no such file.");
        assertThatThrownBy(() -> NpyFile.read(folder))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("Cannot read " + folder + ": it is a folder.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bad_int64.npy      | holds the integer 9007199254740993, but only those up to 2^53 = 9007199254740992 in magnitude are read:",
                "bad_uint64.npy     | holds the integer 18446744073709551615, but only those up to 2^53",
                "bad_complex128.npy | holds complex128 (dtype '<c16'); only floats and integers of at most 64 bits and truth values are read: save its real part, a.real.astype(\"float64\").",
                "bad_float128.npy   | holds float128 (dtype '<f16'); only floats and integers of at most 64 bits and truth values are read: convert it with a.astype(\"float64\") before saving.",
                "bad_string.npy     | holds strings (dtype '<U3'); only",
                "bad_object.npy     | holds Python objects (dtype '|O'); only",
                "bad_record.npy     | holds records with named fields (a structured dtype); only floats and integers of at most 64 bits and truth values are read: save one field",
            })
    void otherNumberTypesAreNamed(String file, String message) {
        assertThatThrownBy(() -> NpyFile.read(golden(file)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(golden(file) + " " + message);
    }

    @Test
    void everyRealNumberTypeIsReadExactly() {
        Map<String, NpyArray> arrays = NpzFile.read(golden("types.npz"));
        arrays.forEach((type, array) -> {
            if (!type.endsWith("_f8")) {
                assertThat(array).as(type).isEqualTo(arrays.get(type + "_f8"));
            }
        });
        assertThat(arrays).hasSize(2 * (1 + 14 + 3));
    }

    // dtypes.txt has every name with what numpy.load takes it for; "<" is the byte order of the machine that wrote it.
    @Test
    void everyNameOfANumberTypeIsReadAsNumpyReadsIt() throws IOException {
        for (String line : Files.readAllLines(golden("dtypes.txt"))) {
            String descr = line.split(" ")[0];
            String numpy = line.split(" ")[1];
            if (numpy.equals("refused")) {
                assertThatThrownBy(() -> NpyDtype.parse(descr, "X"))
                        .as(descr)
                        .isInstanceOf(DataFormatException.class)
                        .hasMessageStartingWith("X holds ");
            } else {
                assertThat(NpyDtype.parse(descr, "X")).as(descr).isEqualTo(NpyDtype.parse(numpy, "X"));
            }
        }
        for (String descr : new String[] {"=f8", "f8", "float64", "<d", "d"}) {
            byte[] file = file(GOOD.replace("<f8", descr), 16);
            file[file.length - 1] = 0x40;
            assertThat(NpyFile.read(stream(file), "X").get(1)).as(descr).isEqualTo(2);
        }
        for (String descr : new String[] {"", "<", "f", "<f88888", "f8 ", "é"}) {
            byte[] file = file(GOOD.replace("<f8", descr), 16);
            assertThatThrownBy(() -> NpyFile.read(stream(file), "X")).isInstanceOf(DataFormatException.class);
        }
    }

    @Test
    void truncatedAndTrailingBytesAreRefused() throws IOException {
        byte[] good = Files.readAllBytes(golden("f8.npy"));
        for (int length = 0; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), length < 8 ? "is not an .npy file" : "is truncated");
        }
        assertRefused(Arrays.copyOf(good, good.length + 1), "has bytes after its array of shape (3, 4)");
        assertRefused(
                Arrays.copyOf(good, good.length - 1),
                "is truncated: its header declares shape (3, 4) of float64 (96 bytes), but only 95 bytes follow.");
    }

    @Test
    void signatureAndVersionAreChecked() throws IOException {
        assertRefused("PK\3\4 something else".getBytes(StandardCharsets.US_ASCII), "is not an .npy file");
        byte[] version4 = Files.readAllBytes(golden("f8.npy"));
        version4[6] = 4;
        assertRefused(version4, "has .npy format version 4.0; versions 1.0, 2.0 and 3.0 are read.");
        byte[] version11 = Files.readAllBytes(golden("f8.npy"));
        version11[7] = 1;
        assertRefused(version11, "has .npy format version 1.1");
        byte[] longHeader = Files.readAllBytes(golden("f8_version2.npy"));
        longHeader[11] = (byte) 0xff;
        assertRefused(longHeader, "declares an .npy header of 4278190196 bytes; at most 65536 are allowed.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "{\"shape\": (2,), \"fortran_order\": False, \"descr\": \"<f8\"}",
                "{'descr':'<f8','fortran_order':True,'shape':(2L,)}   \n",
                " { 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 2 , 1 ) , }",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2,)}",
            })
    void otherSpellingsOfAHeaderAreRead(String header) {
        assertThat(NpyFile.read(stream(file(header, 16)), "X").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; '{' is missing",
                "[1, 2]; '{' is missing",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), ; a quoted string is missing",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), } x; something follows the closing brace",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }}; something follows the closing brace",
                "{'descr': '<f8' 'fortran_order': False, 'shape': (2,), }; '}' is missing",
                "{'descr' '<f8', 'fortran_order': False, 'shape': (2,), }; ':' is missing",
                "{descr: '<f8', 'fortran_order': False, 'shape': (2,), }; a quoted string is missing",
                "{'descr': '<f8, }; a string is not closed",
                "{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (2,)}; a string has a character",
                "{'fortran_order': False, 'shape': (2,)}; the key 'descr' is missing",
                "{'descr': '<f8', 'shape': (2,)}; the key 'fortran_order' is missing",
                "{'descr': '<f8', 'fortran_order': False}; the key 'shape' is missing",
                "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}; 'descr' appears twice",
                "{'shape': (2,), 'shape': (2,), 'fortran_order': False, 'descr': '<f8'}; 'shape' appears twice",
                "{'fortran_order': 0, 'descr': '<f8', 'shape': (2,)}; neither True nor False",
                "{'fortran_order': false, 'descr': '<f8', 'shape': (2,)}; neither True nor False",
                "{'extra': 1}; the key 'extra' is not one of descr, fortran_order and shape",
                "{'shape': (2), }; a number in parentheses, not a tuple",
                "{'shape': [2], }; '(' is missing",
                "{'shape': (,), }; not a tuple of integers",
                "{'shape': (2 3), }; not a tuple of integers",
                "{'shape': (2, 3; not a tuple of integers",
                "{'shape': (2.0,), }; not a tuple of integers",
                "{'shape': (0x2,), }; not a tuple of integers",
                "{'shape': (02,), }; a length with leading zeros",
                "{'shape': (-1,), }; the shape has a negative length",
                "{'shape': (1, -2), }; the shape has a negative length",
            })
    void malformedHeadersAreRefused(String header, String message) {
        assertRefused(file(header == null ? "" : header, 16), message);
    }

    @Test
    void hostileShapesAreRefusedBeforeAnythingIsAllocated() throws IOException {
        assertRefused(shaped("(2147483647,)"), "declares a length of 2147483647");
        assertRefused(shaped("(99999999999999999999999999999999999999,)"), "999999... in its shape");
        assertRefused(shaped("(65536, 65536)"), "declares shape (65536, 65536), more than the 2147483639 numbers");
        assertRefused(shaped("(2000000000, 2000000000, 2000000000)"), "more than the 2147483639 numbers");
        assertRefused(shaped("(" + "1, ".repeat(65) + ")"), "more than 64 dimensions");
        assertThat(NpyFile.read(stream(file(header("(2000000000, 2000000000, 0)"), 0)), "X")
                        .size())
                .isZero();
        // a stream has no length to check against: what it promises must arrive before it is believed
        assertThatThrownBy(() -> NpyFile.read(stream(shaped("(1000000,)")), "X"))
                .hasMessageContaining("is truncated");
    }

    @Test
    void anArrayLargerThanTheHeapIsRefusedWithBothNumbers() throws IOException {
        assumeThat(Runtime.getRuntime().maxMemory()).isLessThan(16_000_000_000L);
        Path file = folder.resolve("huge.npy");
        Files.write(file, file(header("(2000000000,)"), 0));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(sparse.length() + 16_000_000_000L);
        }
        assertThatThrownBy(() -> NpyFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageMatching(".*huge.npy needs 16000.0 MB of memory, but only [0-9.]+ MB of the Java heap is"
                        + " available; raise it with -Xmx\\.");
    }

    @Test
    void damagedBytesNeverGiveAnotherException() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        byte[] good = Files.readAllBytes(golden("f4_big_fortran.npy"));
        for (int trial = 0; trial < 5_000; trial++) {
            byte[] bad = good.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bad[random.nextInt(bad.length - 48)] = (byte) random.nextInt(256);
            }
            try {
                NpyFile.read(stream(bad), "X", bad.length);
            } catch (DataFormatException e) {
                assertThat(e.getMessage()).startsWith("X ");
            }
        }
    }

    @Test
    void aFailingStreamIsASentence() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the cable is unplugged");
            }
        };
        assertThatThrownBy(() -> NpyFile.read(failing, "X"))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("Cannot read X: the cable is unplugged.");
    }

    private void assertRefused(byte[] bytes, String message) {
        try {
            Path file = folder.resolve("X.npy");
            Files.write(file, bytes);
            assertThatThrownBy(() -> NpyFile.read(file))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith(file.toString())
                    .hasMessageContaining(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // a stream without a length is guarded just as well
        assertThatThrownBy(() -> NpyFile.read(stream(bytes), "X")).isInstanceOf(DataFormatException.class);
    }

    private static byte[] shaped(String shape) {
        return file(header(shape), 64);
    }

    private static String header(String shape) {
        return "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
    }

    /** A version 2 file with this header and so many zero bytes of data. */
    static byte[] file(String header, int dataBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0});
        int length = header.length();
        out.writeBytes(new byte[] {(byte) length, (byte) (length >> 8), (byte) (length >> 16), (byte) (length >> 24)});
        out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[dataBytes]);
        return out.toByteArray();
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    static Path golden(String name) {
        Path path = Path.of("src", "test", "resources", "io", "github", "finitentk", "data", name);
        assertThat(Stream.of(path)).allMatch(Files::isRegularFile);
        return path;
    }
}
