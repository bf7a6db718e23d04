package io.github.finitentk.data;

import io.github.finitentk.internal.files.FileProblem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The IDX format of MNIST, for unsigned bytes: images (three dimensions) and labels (one dimension), and for the labels of QMNIST:
 * rows of integers of 32 bits, of which the first is the class. Gzipped files are recognised by their first bytes, whatever they
 * are called.
 */
final class IdxFile {

    private static final int TYPE_UNSIGNED_BYTE = 8;
    private static final int TYPE_INT = 12;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private IdxFile() {}

    /**
     * Grey-scale images of equal size. Holds its array without copying, for the use of this package's callers who must
     * not modify it.
     *
     * @param count the number of images
     * @param rows the height of each
     * @param columns the width of each
     * @param pixels {@code count x rows x columns} unsigned bytes, row-major
     */
    record Images(int count, int rows, int columns, byte[] pixels) {}

    /**
     * The images of a file.
     *
     * @throws DataFormatException if the file is missing, unreadable, truncated, followed by other bytes, empty, or not
     *     an IDX file of images
     */
    static Images images(Path path) {
        try (InputStream in = Io.open(path)) {
            return images(in, path.toString());
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    /**
     * The labels of a file, as unsigned bytes.
     *
     * @throws DataFormatException if the file is missing, unreadable, truncated, followed by other bytes, empty, or not
     *     an IDX file of labels from 0 to 255
     */
    static byte[] labels(Path path) {
        try (InputStream in = Io.open(path)) {
            return labels(in, path.toString());
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    static Images images(InputStream in, String name) {
        int[] shape = new int[3];
        byte[] pixels = read(in, name, "images", TYPE_UNSIGNED_BYTE, shape);
        return new Images(shape[0], shape[1], shape[2], pixels);
    }

    static byte[] labels(InputStream in, String name) {
        try {
            InputStream plain = new BufferedInputStream(unzipped(in));
            plain.mark(4);
            byte[] magic = plain.readNBytes(4);
            plain.reset();
            boolean rows = magic.length == 4 && magic[2] == TYPE_INT && magic[3] == 2;
            return rows ? firstColumn(plain, name) : read(plain, name, "labels", TYPE_UNSIGNED_BYTE, new int[1]);
        } catch (IOException e) {
            throw Io.unreadable(name, e);
        }
    }

    private static byte[] firstColumn(InputStream in, String name) {
        int[] shape = new int[2];
        ByteBuffer rows = ByteBuffer.wrap(read(in, name, "labels", TYPE_INT, shape));
        byte[] labels = new byte[shape[0]];
        for (int i = 0; i < labels.length; i++) {
            int label = rows.getInt(i * shape[1] * Integer.BYTES);
            if (label < 0 || label > 0xff) {
                throw new DataFormatException(name + " holds the label " + label + " at position " + i
                        + " (counted from 0); labels are from 0 to 255.");
            }
            labels[i] = (byte) label;
        }
        return labels;
    }

    /** @param shape its length is the number of dimensions wanted; filled in */
    private static byte[] read(InputStream raw, String name, String what, int type, int[] shape) {
        try {
            InputStream in = unzipped(raw);
            byte[] magic = in.readNBytes(4);
            if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
                throw new DataFormatException(name + " is not an IDX file: it does not start with an IDX signature.");
            }
            if (magic[2] != type) {
                throw new DataFormatException(name + " holds IDX type 0x" + Integer.toHexString(magic[2] & 0xff)
                        + "; only unsigned bytes (0x8) are read.");
            }
            if (magic[3] != shape.length) {
                throw new DataFormatException(name + " holds IDX data of " + (magic[3] & 0xff) + " dimension(s), but "
                        + what + " have " + shape.length + ".");
            }
            long bytes = type == TYPE_INT ? Integer.BYTES : 1;
            for (int d = 0; d < shape.length; d++) {
                byte[] field = in.readNBytes(4);
                if (field.length < 4) {
                    throw new DataFormatException(name + " is truncated: it ends within its IDX header.");
                }
                long length =
                        (field[0] & 0xffL) << 24 | (field[1] & 0xff) << 16 | (field[2] & 0xff) << 8 | field[3] & 0xff;
                if (length == 0) {
                    throw new DataFormatException(name + " holds no " + what + ": its dimension " + d + " is 0.");
                }
                bytes *= length; // both factors are below 2^32, and bytes was at most 2^31
                if (length > MAX_BYTES || bytes > MAX_BYTES) {
                    throw new DataFormatException(
                            name + " declares more than the " + MAX_BYTES + " bytes that can be read at once.");
                }
                shape[d] = (int) length;
            }
            HeapLimit.require(2 * bytes, name);
            byte[] data = in.readNBytes((int) bytes); // allocates as bytes arrive, not as the header promises
            if (data.length < bytes) {
                throw new DataFormatException(name + " is truncated: its header declares " + bytes + " bytes of " + what
                        + ", but only " + data.length + " follow.");
            }
            if (in.read() >= 0) {
                throw new DataFormatException(
                        name + " has bytes after the " + bytes + " bytes of " + what + " its header declares.");
            }
            return data;
        } catch (ZipException e) {
            throw new DataFormatException(
                    "Cannot read " + name + ": its gzip data is damaged (" + FileProblem.reason(e) + ").");
        } catch (IOException e) {
            throw Io.unreadable(name, e);
        }
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        InputStream in = new BufferedInputStream(raw, 1 << 16);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in, 1 << 16) : in;
    }
}
