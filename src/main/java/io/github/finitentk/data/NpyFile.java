package io.github.finitentk.data;

import io.github.finitentk.internal.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * NumPy's {@code .npy} format. Read: versions 1, 2 and 3, floats, integers and truth values of up to 64 bits in either
 * byte order, C and Fortran order; the result is always f64 in C order, and exact. Written: version 1.0, little-endian float64, C order, the same bytes as
 * {@code numpy.save}.
 */
final class NpyFile {

    private static final int CHUNK_BYTES = 1 << 16;

    /** Far above any header of a float array; NumPy itself stops at 10,000. */
    private static final int MAX_HEADER_BYTES = 1 << 16;

    private static final long UNKNOWN = -1;

    private NpyFile() {}

    /**
     * @throws DataFormatException if the file is missing, unreadable, truncated, malformed, followed by other bytes, too
     *     large for the heap, or holds anything but real numbers that a double holds exactly
     */
    static NpyArray read(Path path) {
        try (InputStream in = Io.open(path)) {
            return read(in, path.toString(), Io.length(path));
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    /**
     * Reads one array, which must be all the stream holds; the stream is not closed.
     *
     * @param name what to call the array in messages
     * @throws DataFormatException as {@link #read(Path)}
     */
    static NpyArray read(InputStream in, String name) {
        return read(in, name, UNKNOWN);
    }

    /** Whether a file begins as an array does. */
    static boolean isNpy(Path path) {
        try (InputStream in = Io.open(path)) {
            return Arrays.equals(in.readNBytes(6), NpyHeader.MAGIC);
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    /** @param length the bytes the stream should hold, or -1; it guards against headers that promise more */
    static NpyArray read(InputStream in, String name, long length) {
        try {
            NpyHeader header = header(in, name);
            int[] shape = header.arrayShape(name);
            if (length != UNKNOWN) {
                requireLength(header, length, name);
            }
            return elements(in, name, header, shape, length != UNKNOWN);
        } catch (IOException e) {
            throw Io.unreadable(name, e);
        }
    }

    /**
     * Reads what precedes the elements.
     *
     * @param name what to call the array in messages
     * @throws DataFormatException if it is not what an array begins with
     * @throws IOException if the stream fails
     */
    static NpyHeader header(InputStream in, String name) throws IOException {
        byte[] preamble = in.readNBytes(8);
        if (preamble.length >= 4 && preamble[0] == 'P' && preamble[1] == 'K' && preamble[2] == 3 && preamble[3] == 4) {
            throw new DataFormatException(name + " is not an .npy file but an .npz (zip) archive; name it .npz.");
        }
        if (preamble.length < 8 || !Arrays.equals(preamble, 0, 6, NpyHeader.MAGIC, 0, 6)) {
            throw new DataFormatException(name + " is not an .npy file: it does not start with NumPy's signature.");
        }
        int version = preamble[6];
        if (version < 1 || version > 3 || preamble[7] != 0) {
            throw new DataFormatException(name + " has .npy format version " + (preamble[6] & 0xff) + "."
                    + (preamble[7] & 0xff) + "; versions 1.0, 2.0 and 3.0 are read.");
        }
        byte[] lengthField = in.readNBytes(version == 1 ? 2 : 4);
        if (lengthField.length < (version == 1 ? 2 : 4)) {
            throw truncatedHeader(name);
        }
        long headerBytes = 0;
        for (int i = lengthField.length - 1; i >= 0; i--) {
            headerBytes = headerBytes << 8 | lengthField[i] & 0xff;
        }
        if (headerBytes > MAX_HEADER_BYTES) {
            throw new DataFormatException(name + " declares an .npy header of " + headerBytes + " bytes; at most "
                    + MAX_HEADER_BYTES + " are allowed.");
        }
        byte[] headerText = in.readNBytes((int) headerBytes);
        if (headerText.length < headerBytes) {
            throw truncatedHeader(name);
        }
        Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        long start = preamble.length + lengthField.length + headerBytes;
        return NpyHeaderParser.parse(new String(headerText, charset), start, name);
    }

    /**
     * That a file holds its array, and nothing else.
     *
     * @param length of the file in bytes
     * @throws DataFormatException if it does not
     */
    static void requireLength(NpyHeader header, long length, String name) {
        long found = length - header.start();
        if (found < header.dataBytes()) {
            throw truncated(name, header, found);
        }
        if (found > header.dataBytes()) {
            throw trailing(name, header);
        }
    }

    private static NpyArray elements(InputStream in, String name, NpyHeader header, int[] shape, boolean lengthKnown)
            throws IOException {
        int count = (int) NpyArray.elementCount(shape);
        boolean transpose = header.fortranOrder() && shape.length > 1;
        HeapLimit.require((transpose ? 16L : 8L) * count, name);
        int itemBytes = header.dtype().bytes();
        byte[] bytes = new byte[CHUNK_BYTES];
        ByteBuffer chunk = ByteBuffer.wrap(bytes).order(header.dtype().order());
        // an unverified count must be earned byte by byte
        double[] data = new double[lengthKnown ? count : Math.min(count, CHUNK_BYTES)];
        int done = 0;
        while (done < count) {
            int wanted = Math.min(count - done, CHUNK_BYTES / itemBytes);
            int got = in.readNBytes(bytes, 0, wanted * itemBytes);
            if (got < wanted * itemBytes) {
                throw truncated(name, header, (long) done * itemBytes + got);
            }
            if (data.length < done + wanted) {
                data = Arrays.copyOf(data, (int) Math.min(count, 2L * data.length));
            }
            chunk.clear();
            header.dtype().decode(chunk, wanted, data, done, name);
            done += wanted;
        }
        if (in.read() >= 0) {
            throw trailing(name, header);
        }
        return NpyArray.wrap(transpose ? toCOrder(data, shape) : data, shape);
    }

    /** From first-index-fastest to last-index-fastest. */
    private static double[] toCOrder(double[] fortran, int[] shape) {
        int rank = shape.length;
        int[] stride = new int[rank];
        for (int d = 0, product = 1; d < rank; d++) {
            stride[d] = product;
            product *= shape[d]; // wraps only if another length is 0, and then nothing is copied
        }
        double[] result = new double[fortran.length];
        int[] index = new int[rank];
        int from = 0;
        for (int to = 0; to < result.length; to++) {
            result[to] = fortran[from];
            for (int d = rank - 1; d >= 0; d--) {
                from += stride[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                from -= index[d] * stride[d];
                index[d] = 0;
            }
        }
        return result;
    }

    /**
     * Writes to a temporary file in the same folder, then moves it over {@code path}; an existing file is replaced.
     *
     * @param array not modified
     * @throws java.io.UncheckedIOException with one sentence if that fails
     */
    static void write(Path path, NpyArray array) {
        AtomicFile.write(path, out -> write(out, array));
    }

    /**
     * Writes to a stream, which is neither flushed nor closed.
     *
     * @param array not modified
     * @throws IOException if the stream fails
     */
    static void write(OutputStream out, NpyArray array) throws IOException {
        out.write(header(array));
        double[] data = array.sharedData();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < data.length; ) {
            int count = Math.min(data.length - done, CHUNK_BYTES / 8);
            chunk.asDoubleBuffer().put(data, done, count);
            out.write(chunk.array(), 0, count * 8);
            done += count;
        }
    }

    /** The bytes {@link #write} produces. */
    static long writtenBytes(NpyArray array) {
        return header(array).length + 8L * array.size();
    }

    private static byte[] header(NpyArray array) {
        return NpyHeader.format(
                NpyDtype.F64, Arrays.stream(array.shape()).asLongStream().toArray());
    }

    private static DataFormatException truncatedHeader(String name) {
        return new DataFormatException(name + " is truncated: it ends within its .npy header.");
    }

    private static DataFormatException truncated(String name, NpyHeader header, long found) {
        return new DataFormatException(name + " is truncated: its header declares shape "
                + header.shapeText() + " of " + header.dtype().label() + " ("
                + header.dataBytes() + " bytes), but only " + found + " bytes follow.");
    }

    private static DataFormatException trailing(String name, NpyHeader header) {
        return new DataFormatException(name + " has bytes after its array of shape " + header.shapeText()
                + "; an .npy file must hold exactly one array.");
    }
}
