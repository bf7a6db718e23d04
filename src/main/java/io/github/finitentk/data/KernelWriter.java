package io.github.finitentk.data;

import io.github.finitentk.internal.Opened;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;

/**
 * Writes one kernel, or a stack of kernels of one size, block by block in any order into an {@code .npy} file that {@link StoredKernel} opens and
 * NumPy reads. Blocks are written, not mapped: a disk that is full is an exception, never the end of the virtual machine. What no block has
 * covered is 0. For one thread at a time.
 */
public final class KernelWriter implements AutoCloseable {

    /** How the numbers lie in the file: little-endian, in C order. */
    public enum Format {
        /** All entries, in double precision. */
        F64(NpyDtype.F64, false),
        /** All entries, rounded to single precision. */
        F32(NpyDtype.F32, false),
        /** The lower triangle of a symmetric kernel, in double precision. */
        F64_TRIANGLE(NpyDtype.F64, true),
        /** The lower triangle of a symmetric kernel, rounded to single precision. */
        F32_TRIANGLE(NpyDtype.F32, true);

        private final NpyDtype dtype;
        private final boolean triangle;

        Format(NpyDtype dtype, boolean triangle) {
            this.dtype = dtype;
            this.triangle = triangle;
        }

        /** Whether the file has only the lower triangle, row after row. */
        public boolean isTriangle() {
            return triangle;
        }
    }

    // Columns that are turned into rows at once.
    private static final int TURNED = 16;

    private final FileChannel channel;
    private final Format format;
    private final boolean symmetric;
    private final int rows;
    private final int columns;
    private final long start;
    private final long kernels;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private double[] turned = {};
    private final Opened opened = Opened.by(this, "A file that a kernel is written to");

    private KernelWriter(
            FileChannel channel, Format format, int[] stack, boolean symmetric, int rows, int columns, long start) {
        this.channel = channel;
        this.format = format;
        this.symmetric = symmetric;
        this.rows = rows;
        this.columns = columns;
        this.start = start;
        kernels = Arrays.stream(stack).asLongStream().reduce(1, Math::multiplyExact);
    }

    /**
     * Makes a file; its disk space is taken as blocks are written.
     *
     * @param stack the lengths before those of a kernel, none for one kernel
     * @param symmetric whether blocks are those of the lower triangle, which is mirrored
     * @throws IllegalArgumentException if the format is a triangle and the kernel is not symmetric, or a symmetric one is not square
     * @throws IOException if the file exists or cannot be made
     */
    public static KernelWriter create(Path path, Format format, int[] stack, int rows, int columns, boolean symmetric)
            throws IOException {
        byte[] header = header(format, stack, rows, columns, symmetric);
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(header);
            writeAll(channel, bytes, 0);
            long length = bytes(format, stack, rows, columns, symmetric);
            writeAll(channel, ByteBuffer.allocate(1), length - 1);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new KernelWriter(channel, format, stack, symmetric, rows, columns, header.length);
    }

    /**
     * Opens a file that {@link #create} has made with these arguments, to write more blocks.
     *
     * @throws DataFormatException if it holds another array
     * @throws IOException if it cannot be opened
     */
    public static KernelWriter reopen(Path path, Format format, int[] stack, int rows, int columns, boolean symmetric)
            throws IOException {
        byte[] header = header(format, stack, rows, columns, symmetric);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            InputStream in = Channels.newInputStream(channel);
            long length = bytes(format, stack, rows, columns, symmetric);
            if (!Arrays.equals(in.readNBytes(header.length), header) || channel.size() != length) {
                throw new DataFormatException(
                        path + " is not the begun file of this kernel: its header or its length differs.");
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new KernelWriter(channel, format, stack, symmetric, rows, columns, header.length);
    }

    /**
     * The bytes of the finished file.
     *
     * @throws IllegalArgumentException as {@link #create}
     */
    public static long bytes(Format format, int[] stack, int rows, int columns, boolean symmetric) {
        return header(format, stack, rows, columns, symmetric).length
                + Math.multiplyExact(numbers(format, stack, rows, columns), format.dtype.bytes());
    }

    private static long numbers(Format format, int[] stack, int rows, int columns) {
        long numbers = format.triangle ? triangle(rows, 0) : (long) rows * columns;
        for (int length : stack) {
            numbers = Math.multiplyExact(numbers, length);
        }
        return numbers;
    }

    private static byte[] header(Format format, int[] stack, int rows, int columns, boolean symmetric) {
        if (symmetric && rows != columns) {
            throw new IllegalArgumentException(
                    "A kernel of " + rows + " x " + columns + " entries is not square, so it is not symmetric.");
        }
        if (format.triangle && !symmetric) {
            throw new IllegalArgumentException("Only a symmetric kernel has a lower triangle that says all.");
        }
        int kernel = format.triangle ? 1 : 2;
        long[] shape = new long[stack.length + kernel];
        Arrays.setAll(shape, d -> d < stack.length ? stack[d] : d == stack.length ? rows : columns);
        if (format.triangle) {
            shape[stack.length] = triangle(rows, 0);
        }
        return NpyHeader.format(format.dtype, shape);
    }

    // Where entry (row, column) of a packed triangle lies.
    private static long triangle(long row, long column) {
        return row * (row + 1) / 2 + column;
    }

    /**
     * Writes a block, and mirrors it if the kernel is symmetric and has both triangles.
     *
     * @param kernel of the stack, counted from 0 over all its lengths
     * @param row its first row
     * @param height the number of its rows
     * @param column its first column; of a symmetric kernel at most {@code row}, and where it is {@code row} the block is square
     * @param width the number of its columns
     * @param values {@code height x width} numbers, row after row, at the beginning of the array
     * @throws IndexOutOfBoundsException if the block is not within the kernel, there is no such kernel, or there are fewer values; nothing is written
     *     then
     * @throws ArithmeticException naming the first entry that is not finite, or is not in single precision; nothing is written then
     * @throws IOException if writing fails
     */
    public void write(int kernel, int row, int height, int column, int width, double[] values) throws IOException {
        Objects.checkFromIndexSize(row, height, rows);
        Objects.checkFromIndexSize(column, width, columns);
        Objects.checkFromIndexSize(0, Math.multiplyExact(height, width), values.length);
        Objects.checkIndex(kernel, kernels);
        requireFinite(row, column, width, height * width, values);
        for (int s = 0; s < height; s++) {
            boolean cut = format.triangle && row == column;
            encode(values, s * width, cut ? s + 1 : width);
            put(place(kernel, row + s, column));
        }
        if (symmetric && !format.triangle && row != column) {
            for (int from = 0; from < width; from += TURNED) {
                mirror(kernel, row, height, column, width, from, Math.min(width, from + TURNED), values);
            }
        }
    }

    private void mirror(int kernel, int row, int height, int column, int width, int from, int end, double[] values)
            throws IOException {
        if (turned.length < TURNED * height) {
            turned = new double[TURNED * height];
        }
        for (int s = 0; s < height; s++) {
            for (int r = from; r < end; r++) {
                turned[(r - from) * height + s] = values[s * width + r];
            }
        }
        for (int r = from; r < end; r++) {
            encode(turned, (r - from) * height, height);
            put(place(kernel, column + r, row));
        }
    }

    private void requireFinite(int row, int column, int width, int count, double[] values) {
        double limit = format.dtype == NpyDtype.F32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(values[i]) <= limit)) {
                String entry =
                        "Entry (" + (row + i / width) + ", " + (column + i % width) + ") of the kernel is " + values[i];
                throw new ArithmeticException(
                        Double.isFinite(values[i])
                                ? entry + ", which single precision does not hold; store the kernel in f64."
                                : entry + ": it leaves the range of a double.");
            }
        }
    }

    private long place(int kernel, int row, int column) {
        long number = format.triangle
                ? kernel * triangle(rows, 0) + triangle(row, column)
                : ((long) kernel * rows + row) * columns + column;
        return start + number * format.dtype.bytes();
    }

    private void encode(double[] values, int from, int count) {
        int bytes = count * format.dtype.bytes();
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes).order(format.dtype.order());
        }
        buffer.clear().limit(bytes);
        if (format.dtype == NpyDtype.F64) {
            buffer.asDoubleBuffer().put(values, from, count);
        } else {
            for (int i = 0; i < count; i++) {
                buffer.putFloat(4 * i, (float) values[from + i]);
            }
        }
    }

    private void put(long position) throws IOException {
        writeAll(channel, buffer, position);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long begin = position - bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, begin + bytes.position());
        }
    }

    /** Waits until all that was written is on the disk. */
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        opened.closed();
        channel.close();
    }
}
