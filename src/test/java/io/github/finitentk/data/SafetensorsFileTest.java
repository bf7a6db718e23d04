package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "io", "github", "finitentk", "data");

    @TempDir
    Path folder;

    @Test
    void readsEveryTypeAsNumpyDoes() {
        Map<String, NpyArray> numpy = NpyArray.readAll(GOLDEN.resolve("types.npz"));
        Map<String, NpyArray> tensors = NpyArray.readAll(GOLDEN.resolve("types.safetensors"));
        NpyArray plain = NpyArray.read(GOLDEN.resolve("f8.npy"));
        int compared = 0;
        for (Map.Entry<String, NpyArray> tensor : tensors.entrySet()) {
            NpyArray expected = switch (tensor.getKey()) {
                case "float32", "float64", "a \"quoted\"\nname \u00e9" -> plain;
                case "scalar" -> NpyArray.of(new double[] {2.5});
                case "empty" -> NpyArray.of(new double[0], 0, 3);
                default -> numpy.get(tensor.getKey() + "_f8");
            };
            assertThat(tensor.getValue()).as(tensor.getKey()).isEqualTo(expected);
            compared++;
        }
        assertThat(compared).isEqualTo(16);
        assertThat(tensors.keySet()).contains("bool", "|i1", "<u8", "<f2", "f2_special");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bfloat16.npz", "bfloat16.safetensors"})
    void readsBfloat16(String file) {
        Map<String, NpyArray> arrays = NpyArray.readAll(GOLDEN.resolve(file));
        assertThat(arrays.get("bf16")).isEqualTo(arrays.get("bf16_f8"));
        assertThat(arrays.get("bf16").size()).isGreaterThan(600);
    }

    @Test
    void otherTypesAreNamed() {
        Path file = GOLDEN.resolve("bad_float8.safetensors");
        assertThatThrownBy(() -> NpyArray.readAll(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file
                        + ", tensor \"f8\" holds numbers of type F8_E4M3; read are F64, F32, F16, BF16, BOOL and"
                        + " integers of 8 to 64 bits: convert it before saving, in PyTorch with .float().");
    }

    @Test
    void theKindIsKnownFromTheContent() throws IOException {
        Path renamed = Files.copy(GOLDEN.resolve("types.safetensors"), folder.resolve("weights.bin"));
        assertThat(NpyArray.readAll(renamed)).isEqualTo(NpyArray.readAll(GOLDEN.resolve("types.safetensors")));
        Path archive = Files.copy(GOLDEN.resolve("network.npz"), folder.resolve("weights"));
        assertThat(NpyArray.readAll(archive)).containsKey("W1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '$',
            value = {
                "[] | '{' is missing (character 0)",
                "{\"a\" | ':' is missing (character 4)",
                "{} x | something follows the closing brace (character 3)",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},} | '\"' is missing (character 54)",
                "{\"a\":{}} | '\"' is missing (character 6)",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | \"a\" lacks one of dtype, shape and data_offsets"
                        + " (character 32)",
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}} | \"dtype\" appears twice (character 28)",
                "{\"a\":{\"kind\":\"F32\"}} | \"kind\" is not one of dtype, shape and data_offsets (character 13)",
                "{\"a\":{\"shape\":[-1]}} | a nonnegative integer is missing (character 15)",
                "{\"a\":{\"shape\":[01]}} | a nonnegative integer is missing (character 17)",
                "{\"a\":{\"shape\":[1.5]}} | ']' is missing (character 16)",
                "{\"a\":{\"shape\":[1000000000000000000]}} | a nonnegative integer is missing (character 34)",
                "{\"a\\x\":{}} | a string has an unknown escape (character 5)",
                "{\"a\\u00g0\":{}} | \\u is not followed by four hexadecimal digits (character 8)",
                "{\"a | a string is not closed, or has a control character (character 4)",
                "{\"__metadata__\":{\"a\":1}} | '\"' is missing (character 21)",
                "{\"__metadata__\":{},\"__metadata__\":{}} | \"__metadata__\" appears twice (character 34)",
            })
    void malformedHeadersAreRefused(String header, String what) throws IOException {
        refused(file(header, new byte[4]), " has a malformed safetensors header: " + what + ".");
    }

    @Test
    void headersThatAreNotUtf8AreRefused() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.write(file, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, (byte) 0xc3, '}'});
        refused(file, " has a malformed safetensors header: it is not UTF-8.");
    }

    @Test
    void sizesMustAgree() throws IOException {
        String four = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        assertThat(NpyArray.readAll(file(four, new byte[4]))).containsOnlyKeys("a");
        refused(file(four, new byte[3]), " is truncated: its header declares 4 bytes of numbers, but only 3 follow.");
        refused(file(four, new byte[5]), " has bytes after the 4 bytes of its tensors.");
        refused(
                file(four.replace("0,4", "4,8"), new byte[8]),
                " is damaged: its tensors overlap or leave gaps at byte 0 of their numbers.");
        refused(
                file(four.replace("0,4", "0,8"), new byte[8]),
                ", tensor \"a\" of shape (1,) and type F32 takes 4 bytes, which its data_offsets are not apart.");
        refused(
                file(four.replace("[1]", "[2147483639,2]"), new byte[4]),
                ", tensor \"a\" declares shape (2147483639, 2), more than the 2147483639 numbers one array can hold.");
        refused(
                file(four.replace("[1]", "[99999999999]"), new byte[4]),
                ", tensor \"a\" declares a length of 99999999999 in its shape; the largest length allowed is"
                        + " 2147483639.");
        refused(
                file(
                        four.replace("}}", "},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"),
                        new byte[4]),
                " is damaged: its tensors overlap or leave gaps at byte 4 of their numbers.");
        Path file = folder.resolve("a.safetensors");
        Files.write(file, new byte[5]);
        refused(file, " is truncated: it ends within the length of its header.");
        Files.write(
                file,
                ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN).putLong(2).array());
        refused(file, " is truncated: it declares a header of 2 bytes, but only 1 follow.");
        Files.write(
                file,
                ByteBuffer.allocate(9)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(-1)
                        .array());
        refused(
                file,
                " is not a safetensors file, or damaged: it declares a header of 18446744073709551615 bytes; at most"
                        + " 100000000 are allowed.");
        refused(folder.resolve("none.safetensors"), null);
    }

    /** Any one damaged byte, and any truncation, ends in numbers or in the documented exception. */
    @Test
    void damageIsRefusedOrHarmless() throws IOException {
        byte[] intact = Files.readAllBytes(GOLDEN.resolve("torch_bfloat16.safetensors"));
        Path file = folder.resolve("damaged.safetensors");
        SplittableRandom random = new SplittableRandom(3);
        // a damaged byte changes a number, a name or a dtype of the same width, never how many numbers there are
        List<Integer> sizes = NpyArray.readAll(GOLDEN.resolve("torch_bfloat16.safetensors")).values().stream()
                .map(NpyArray::size)
                .toList();
        int refused = 0;
        for (int i = 0; i < 600; i++) {
            byte[] damaged = i < intact.length ? Arrays.copyOf(intact, i) : intact.clone();
            if (i >= intact.length) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                assertThat(NpyArray.readAll(file).values().stream().mapToInt(NpyArray::size))
                        .containsExactlyElementsOf(sizes);
            } catch (DataFormatException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(intact.length + 100);
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).put(data);
        Path file = folder.resolve("a.safetensors");
        Files.write(file, bytes.array());
        return file;
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> NpyArray.readAll(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(message == null ? "Cannot read " + file + ": no such file." : file + message);
    }
}
