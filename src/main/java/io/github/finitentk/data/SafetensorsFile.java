package io.github.finitentk.data;

import io.github.finitentk.data.SafetensorsHeader.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code .safetensors} format: eight bytes with the length of the header, the header ({@link SafetensorsHeader}), the numbers of
 * all tensors one after the other, without gaps, in C order and little-endian.
 */
final class SafetensorsFile {

    private static final int LENGTH_BYTES = 8;

    /** The format's own limit. */
    private static final int MAX_HEADER_BYTES = 100_000_000;

    private static final int CHUNK_BYTES = 1 << 16;

    private SafetensorsFile() {}

    /** Whether a file is one: by its ending, or if it begins as one. */
    static boolean isSafetensors(Path path) {
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            return true;
        }
        try (InputStream in = Io.open(path)) {
            byte[] start = in.readNBytes(LENGTH_BYTES + 1);
            return start.length > LENGTH_BYTES && start[LENGTH_BYTES] == '{' && headerBytes(start) <= MAX_HEADER_BYTES;
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    /** The unsigned length of the header; what is beyond the range of a long is its largest value. */
    private static long headerBytes(byte[] start) {
        long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length < 0 ? Long.MAX_VALUE : length;
    }

    /**
     * All tensors of a file.
     *
     * @return name to array, in the order of the header; not modifiable
     * @throws DataFormatException if the file is missing, unreadable, truncated, malformed, followed by other bytes, too large for
     *     the heap, or holds anything but real numbers that a double holds exactly
     */
    static Map<String, NpyArray> read(Path path) {
        Io.requireFile(path);
        try (FileChannel file = FileChannel.open(path)) {
            long size = file.size();
            byte[] start = bytes(file, 0, (int) Math.min(LENGTH_BYTES, size));
            if (start.length < LENGTH_BYTES) {
                throw new DataFormatException(path + " is truncated: it ends within the length of its header.");
            }
            long headerBytes = headerBytes(start);
            if (headerBytes > MAX_HEADER_BYTES) {
                throw new DataFormatException(path + " is not a safetensors file, or damaged: it declares a header of "
                        + Long.toUnsignedString(ByteBuffer.wrap(start)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong())
                        + " bytes; at most " + MAX_HEADER_BYTES + " are allowed.");
            }
            if (size - LENGTH_BYTES < headerBytes) {
                throw new DataFormatException(path + " is truncated: it declares a header of " + headerBytes
                        + " bytes, but only " + (size - LENGTH_BYTES) + " follow.");
            }
            HeapLimit.require(5 * headerBytes, "The header of " + path);
            String header = text(bytes(file, LENGTH_BYTES, (int) headerBytes), path);
            Map<String, Tensor> tensors = SafetensorsHeader.parse(header, path.toString());
            long data = LENGTH_BYTES + headerBytes;
            requireSeamless(tensors, size - data, path);
            HeapLimit.require(
                    tensors.values().stream().mapToLong(t -> 8L * t.count()).sum(), path.toString());
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                String name = path + ", tensor \"" + tensor.getKey() + "\"";
                arrays.put(tensor.getKey(), array(file, data, tensor.getValue(), name));
            }
            return Collections.unmodifiableMap(arrays);
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    private static String text(byte[] header, Path path) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DataFormatException(path + " has a malformed safetensors header: it is not UTF-8.");
        }
    }

    /** The format allows no gap, no overlap and nothing after the last tensor, so damage shows. */
    private static void requireSeamless(Map<String, Tensor> tensors, long dataBytes, Path path) {
        List<Tensor> inOrder = tensors.values().stream()
                .sorted(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end))
                .toList();
        long end = 0;
        for (Tensor tensor : inOrder) {
            if (tensor.begin() != end) {
                throw new DataFormatException(
                        path + " is damaged: its tensors overlap or leave gaps at byte " + end + " of their numbers.");
            }
            end = tensor.end();
        }
        if (end > dataBytes) {
            throw new DataFormatException(path + " is truncated: its header declares " + end
                    + " bytes of numbers, but only " + dataBytes + " follow.");
        }
        if (end < dataBytes) {
            throw new DataFormatException(path + " has bytes after the " + end + " bytes of its tensors.");
        }
    }

    private static NpyArray array(FileChannel file, long data, Tensor tensor, String name) throws IOException {
        double[] values = new double[tensor.count()];
        int itemBytes = tensor.dtype().bytes();
        for (int done = 0; done < values.length; ) {
            int count = Math.min(values.length - done, CHUNK_BYTES / itemBytes);
            byte[] chunk = bytes(file, data + tensor.begin() + (long) done * itemBytes, count * itemBytes);
            if (chunk.length < count * itemBytes) {
                throw new DataFormatException(name + " is truncated: the file has become shorter.");
            }
            tensor.dtype().decode(ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN), count, values, done, name);
            done += count;
        }
        return NpyArray.wrap(values, tensor.shape());
    }

    private static byte[] bytes(FileChannel file, long start, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && file.read(buffer, start + buffer.position()) > 0) {}
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}
