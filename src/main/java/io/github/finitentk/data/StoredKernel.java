package io.github.finitentk.data;

import io.github.finitentk.internal.Opened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A kernel in an {@code .npy} file, of any size, of which only the blocks that are asked for are in memory. The file holds real numbers in C
 * order, in one of these shapes:
 * <ul>
 *   <li>{@code rows x columns}: the matrix;
 *   <li>{@code S (S + 1) / 2}: the lower triangle of a symmetric {@code S x S} matrix, row after row: (0, 0), (1, 0), (1, 1), (2, 0), ...
 *       (NumPy: {@code full[numpy.tril_indices(S)] = packed}), half the size;
 *   <li>a stack of kernels of either shape, one after the other, of which one is opened.
 * </ul>
 * Wide blocks are read fastest; of a triangle those below the diagonal. Blocks are copied, not mapped: a file that is cut short meanwhile is an
 * exception, never the end of the virtual machine. Safe for use by several threads, of which none may be interrupted while it reads: that
 * would close the file.
 */
public final class StoredKernel implements KernelSource, AutoCloseable {

    private static final int NO_STACK = -1;

    private static final int CHUNK_BYTES = 1 << 20;

    private static final ThreadLocal<ByteBuffer> CHUNK =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_BYTES));

    private final Path path;
    private final FileChannel channel;
    private final Opened opened;
    private final NpyDtype dtype;
    private final boolean packed;
    private final int rows;
    private final int columns;
    private final long start;

    private StoredKernel(Path path, FileChannel channel, NpyHeader header, int kernel) {
        long[] shape = header.shape();
        boolean stack = kernel != NO_STACK;
        int rank = shape.length - (stack ? 1 : 0);
        if (rank < 1 || rank > 2 || header.dataBytes() == 0) {
            throw new DataFormatException(path + " has shape " + header.shapeText() + ", but a "
                    + (stack
                            ? "stack of kernels has 3 lengths, or 2 of lower triangles."
                            : "kernel must be a matrix, or the lower triangle of one."));
        }
        if (stack && kernel >= shape[0]) {
            throw new DataFormatException(
                    path + " has no kernel " + kernel + "; there are " + shape[0] + ", counted from 0.");
        }
        if (header.fortranOrder() && shape.length > 1) {
            throw new DataFormatException(path + " is in Fortran order, of which no rows can be read;"
                    + " save numpy.ascontiguousarray of it.");
        }
        this.path = path;
        this.channel = channel;
        dtype = header.dtype();
        packed = rank == 1;
        rows = length(packed ? order(shape[shape.length - 1]) : shape[shape.length - 2]);
        columns = packed ? rows : length(shape[shape.length - 1]);
        opened = Opened.by(this, "A kernel in a file");
        start = header.start() + (stack ? kernel * (header.dataBytes() / shape[0]) : 0);
    }

    // S of S (S + 1) / 2 numbers.
    private long order(long numbers) {
        long s = (long) Math.floor((Math.sqrt(8.0 * numbers + 1) - 1) / 2);
        for (long near = Math.max(1, s - 1); near <= s + 1; near++) {
            if (near * (near + 1) / 2 == numbers) {
                return near;
            }
        }
        throw new DataFormatException(path + " holds a list of " + numbers
                + " numbers, which is no lower triangle: these have S (S + 1) / 2.");
    }

    private int length(long length) {
        if (length > NpyArray.MAX_ELEMENTS) {
            throw NpyHeader.tooLong(Long.toString(length), path.toString());
        }
        return (int) length;
    }

    /**
     * Opens a file that holds one kernel.
     *
     * @throws DataFormatException if it cannot be read or holds anything else
     */
    public static StoredKernel open(Path path) {
        return opened(path, NO_STACK);
    }

    /**
     * Opens one kernel of a file that holds a stack of them.
     *
     * @param kernel which, counted from 0
     * @throws IllegalArgumentException if it is negative
     * @throws DataFormatException if the file cannot be read, holds anything else, or fewer kernels
     */
    public static StoredKernel open(Path path, int kernel) {
        if (kernel < 0) {
            throw new IllegalArgumentException(
                    "Kernels of a stack are counted from 0; there is no kernel " + kernel + ".");
        }
        return opened(path, kernel);
    }

    private static StoredKernel opened(Path path, int kernel) {
        Io.requireFile(path);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            NpyHeader header = NpyFile.header(Channels.newInputStream(channel), path.toString());
            NpyFile.requireLength(header, channel.size(), path.toString());
            return new StoredKernel(path, channel, header, kernel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw Io.unreadable(path.toString(), e);
        } catch (DataFormatException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException unimportant) {
            // What went wrong before is said.
        }
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** Whether the file holds the lower triangle alone; the kernel is symmetric then. */
    public boolean isPacked() {
        return packed;
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        KernelSource.requireBlock(this, fromRow, toRow, fromColumn, toColumn);
        int width = toColumn - fromColumn;
        if ((long) (toRow - fromRow) * width > target.length) {
            throw new IndexOutOfBoundsException("A block of " + (toRow - fromRow) + " x " + width
                    + " entries does not fit an array of " + target.length + ".");
        }
        if (!packed) {
            if (width == columns) {
                numbers((long) fromRow * columns, (toRow - fromRow) * width, target, 0);
            } else {
                for (int s = fromRow; s < toRow; s++) {
                    numbers((long) s * columns + fromColumn, width, target, (s - fromRow) * width);
                }
            }
        } else {
            triangle(fromRow, toRow, fromColumn, toColumn, target);
        }
        requireFinite(fromRow, toRow, fromColumn, toColumn, target);
    }

    private void triangle(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        int width = toColumn - fromColumn;
        for (int s = fromRow; s < toRow; s++) {
            int end = Math.min(s + 1, toColumn);
            if (end > fromColumn) {
                numbers(place(s, fromColumn), end - fromColumn, target, (s - fromRow) * width);
            }
        }
        // Above the diagonal: columns of the block are rows of the file.
        double[] column = new double[toRow - fromRow];
        for (int r = Math.max(fromColumn, fromRow + 1); r < toColumn; r++) {
            int end = Math.min(toRow, r);
            numbers(place(r, fromRow), end - fromRow, column, 0);
            for (int s = fromRow; s < end; s++) {
                target[(s - fromRow) * width + r - fromColumn] = column[s - fromRow];
            }
        }
    }

    private static long place(long row, long column) {
        return row * (row + 1) / 2 + column;
    }

    private void numbers(long first, int count, double[] target, int at) {
        ByteBuffer chunk = CHUNK.get();
        int most = CHUNK_BYTES / dtype.bytes();
        try {
            for (int done = 0; done < count; ) {
                int now = Math.min(most, count - done);
                chunk.clear().limit(now * dtype.bytes());
                long position = start + (first + done) * dtype.bytes();
                while (chunk.hasRemaining()) {
                    int got = channel.read(chunk, position + chunk.position());
                    if (got < 0) {
                        throw new DataFormatException(path + " has become shorter while it was read.");
                    }
                }
                dtype.decode(chunk.clear().order(dtype.order()), now, target, at + done, path.toString());
                done += now;
            }
        } catch (ClosedByInterruptException e) {
            throw Io.unreadable(path.toString(), e);
        } catch (ClosedChannelException e) {
            throw new IllegalStateException("The kernel in " + path + " has been closed.", e);
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    private void requireFinite(int fromRow, int toRow, int fromColumn, int toColumn, double[] block) {
        int width = toColumn - fromColumn;
        for (int i = 0; i < (toRow - fromRow) * width; i++) {
            if (!Double.isFinite(block[i])) {
                throw new DataFormatException("Entry (" + (fromRow + i / width) + ", " + (fromColumn + i % width)
                        + ") of the kernel in " + path + " is not finite: " + block[i] + ".");
            }
        }
    }

    /** Closes the file; nothing can be read after. */
    @Override
    public void close() {
        opened.closed();
        try {
            channel.close();
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    @Override
    public String toString() {
        return rows + " x " + columns + " kernel of " + dtype.label() + (packed ? ", lower triangle," : "") + " in "
                + path;
    }
}
