package io.github.finitentk.data;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.finitentk.fuzzing.Parsing;
import io.github.finitentk.model.Network;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of numbers. */
class DataFilesFuzzTest {

    /** Buffers for reading, and sixteen times the size of the smallest numbers as doubles twice. */
    private static final Parsing PLAIN = new Parsing(1 << 20, 64, Set.of(DataFormatException.class));

    /** What is compressed may grow a thousandfold, and its bytes to doubles. */
    private static final Parsing COMPRESSED = new Parsing(1 << 20, 1032 * 32, Set.of(DataFormatException.class));

    private static final String HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";

    @DictionaryEntries({HEADER, "'fortran_order': True", "<f4", ">i8", "|b1", "V2", "float16", "(4,)"})
    @FuzzTest
    void npy(byte[] file) {
        PLAIN.of(file.length, () -> NpyFile.read(new ByteArrayInputStream(file), "a.npy"));
        PLAIN.of(file, "a.npy", Targets::read);
        PLAIN.of(file, "a.npy", path -> {
            try (StoredKernel kernel = StoredKernel.open(path)) {
                kernel.read(0, 1, 0, 1, new double[1]);
                return null;
            }
        });
    }

    /** The text of the header, in an array whose length fits whatever the text says of up to 64 bytes. */
    @DictionaryEntries({HEADER, "'fortran_order': True", "<f4", ">i8", "|b1", "V2", "float16", "(4,)"})
    @FuzzTest
    void npyHeader(FuzzedDataProvider data) {
        int numbers = data.consumeInt(0, 64);
        byte[] text = data.consumeRemainingAsBytes();
        byte[] file = ByteBuffer.allocate(10 + (text.length & 0xffff) + numbers)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length)
                .put(text, 0, text.length & 0xffff)
                .array();
        npy(file);
    }

    @FuzzTest
    void npz(byte[] file) {
        COMPRESSED.of(file, "a.npz", NpyArray::readAll);
    }

    /** An archive whose sizes and checksums are right but for a few bytes, of members that are arrays or not. */
    @DictionaryEntries({HEADER, "W1.npy", "b1.npy", "layers.0.weight.npy", "dense/kernel.npy"})
    @FuzzTest
    void npzMembers(FuzzedDataProvider data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int members = data.consumeInt(0, 4); members > 0; members--) {
                String name = data.consumeBoolean()
                        ? data.pickValue(new String[] {"W1", "b1", "W2", "b2"}) + ".npy"
                        : data.consumeString(40);
                byte[] content = member(data);
                ZipEntry entry = new ZipEntry(members + name);
                if (data.consumeBoolean()) {
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        }
        byte[] file = bytes.toByteArray();
        for (int edits = data.consumeInt(0, 3); edits > 0 && file.length > 0; edits--) {
            file[data.consumeInt(0, file.length - 1)] = data.consumeByte();
        }
        COMPRESSED.of(file, "a.npz", NpyArray::readAll);
        COMPRESSED.of(file, "a.npz", path -> Network.read(path));
    }

    // Mostly an array of a shape and as many bytes as one of f8 has.
    private static byte[] member(FuzzedDataProvider data) {
        if (data.consumeInt(0, 7) == 0) {
            return data.consumeBytes(64);
        }
        int rows = data.consumeInt(0, 8);
        int columns = data.consumeInt(0, 8);
        String type = data.pickValue(new String[] {"<f8", ">f8", "<f4", "|u1"});
        String shape = data.consumeBoolean() ? "(" + rows + ", " + columns + ")" : "(" + rows * columns + ",)";
        byte[] text = ("{'descr': '" + type + "', 'fortran_order': " + (data.consumeBoolean() ? "True" : "False")
                        + ", 'shape': " + shape + "}")
                .getBytes(StandardCharsets.ISO_8859_1);
        int itemBytes = type.charAt(2) - '0';
        return ByteBuffer.allocate(10 + text.length + itemBytes * rows * columns)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length)
                .put(text)
                .put(data.consumeBytes(itemBytes * rows * columns))
                .array();
    }

    @FuzzTest
    void safetensors(byte[] file) {
        PLAIN.of(file, "a.safetensors", NpyArray::readAll);
    }

    /** The text of the header with its length before it and up to 64 bytes of numbers after it. */
    @DictionaryEntries(
            value = {
                "\\\"__metadata__\\\":{\\\"format\\\":\\\"pt\\\"}",
                "\\\"a\\\":{\\\"dtype\\\":\\\"F32\\\",\\\"shape\\\":[2,2],\\\"data_offsets\\\":[0,16]}",
                "BF16",
                "F64",
                "BOOL",
                "I64"
            })
    @FuzzTest
    void safetensorsHeader(FuzzedDataProvider data) {
        int numbers = data.consumeInt(0, 64);
        byte[] header = data.consumeRemainingAsBytes();
        byte[] file = ByteBuffer.allocate(8 + header.length + numbers)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
        PLAIN.of(file, "a.safetensors", NpyArray::readAll);
        PLAIN.of(file, "a.safetensors", path -> Network.read(path));
    }

    @FuzzTest
    void idx(byte[] file) {
        COMPRESSED.of(file, "images.idx", IdxFile::images);
        COMPRESSED.of(file, "labels.idx", IdxFile::labels);
    }

    @DictionaryEntries({"1.5e-3", "NaN", "-Infinity", "0x1p3", ",", "\\x0A", "#"})
    @FuzzTest
    void csv(byte[] file) {
        PLAIN.of(file, "a.csv", path -> Inputs.read(path));
    }
}
