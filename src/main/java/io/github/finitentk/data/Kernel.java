package io.github.finitentk.data;

import io.github.finitentk.internal.files.AtomicFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A kernel matrix: {@code K(x_s, y_r)} for inputs {@code x_s} (rows) and {@code y_r} (columns), in f64. An entry is NaN where
 * a kernel says that it is missing. Immutable.
 */
public final class Kernel implements KernelSource {

    private final NpyArray matrix;

    private Kernel(NpyArray matrix) {
        this.matrix = matrix;
    }

    /**
     * @param values {@code rows x columns}, row-major; copied
     * @throws IllegalArgumentException if a size is below 1, or there are more or fewer values
     */
    public static Kernel of(int rows, int columns, double[] values) {
        return wrap(rows, columns, values.clone());
    }

    /** As {@link #of}, without copying: the caller hands the array over and does not modify it from here on. */
    public static Kernel wrap(int rows, int columns, double[] values) {
        if (rows < 1 || columns < 1 || values.length != (long) rows * columns) {
            throw new IllegalArgumentException("A kernel of " + rows + " x " + columns + " entries cannot be made from "
                    + values.length + " numbers.");
        }
        return new Kernel(NpyArray.wrap(values, rows, columns));
    }

    /**
     * A matrix from a file of the kinds that {@link Inputs#read(Path)} takes.
     *
     * @throws DataFormatException if the file cannot be read, does not hold a matrix of at least one entry, or a number is not finite
     */
    public static Kernel read(Path path) {
        NpyArray matrix = Inputs.readArray(path);
        if (matrix.rank() != 2 || matrix.size() == 0) {
            throw new DataFormatException(path + " has shape " + matrix.shapeText()
                    + ", but a kernel must be a matrix of at least one entry.");
        }
        matrix.requireFinite(path.toString());
        return new Kernel(matrix);
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int columns() {
        return matrix.columns();
    }

    /**
     * The entry in row s and column r, both counted from 0.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public double get(int s, int r) {
        return matrix.get(s, r);
    }

    /** All entries, row-major, a new array. */
    public double[] toArray() {
        return matrix.data();
    }

    /** The matrix as an array of NumPy's, which shares its immutable entries. */
    public NpyArray toNpy() {
        return matrix;
    }

    /**
     * Row s, a new array.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public double[] row(int s) {
        return block(s, s + 1, 0, columns()).matrix.sharedData();
    }

    /**
     * The diagonal, a new array.
     *
     * @throws IllegalStateException if the kernel is not square
     */
    public double[] diagonal() {
        requireSquare();
        double[] diagonal = new double[rows()];
        for (int s = 0; s < diagonal.length; s++) {
            diagonal[s] = get(s, s);
        }
        return diagonal;
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        KernelSource.requireBlock(this, fromRow, toRow, fromColumn, toColumn);
        int width = toColumn - fromColumn;
        for (int s = fromRow; s < toRow; s++) {
            System.arraycopy(matrix.sharedData(), s * columns() + fromColumn, target, (s - fromRow) * width, width);
        }
    }

    /** Whether all entries are finite: none is missing, none has left the range of a double. */
    public boolean isFinite() {
        return matrix.firstNotFinite() < 0;
    }

    /**
     * Writes the matrix, in one step, to an {@code .npy} file, to a {@code .csv} file without a header, or as array
     * {@code kernel} to an {@code .npz} archive, by the ending of the name; an existing file is replaced.
     *
     * @throws IllegalArgumentException for another ending
     * @throws java.io.UncheckedIOException with one sentence if writing fails
     */
    public void write(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        AtomicFile.Content content;
        if (name.endsWith(".npy")) {
            content = matrix::write;
        } else if (name.endsWith(".csv")) {
            content = matrix::writeCsv;
        } else if (name.endsWith(".npz")) {
            content = out -> NpyArray.writeAll(out, Map.of("kernel", matrix));
        } else {
            throw new IllegalArgumentException(
                    "A kernel is written as .npy, .csv or .npz, but " + path + " ends in none of them.");
        }
        AtomicFile.write(path, content);
    }

    /**
     * What one asks first of a kernel of n inputs with themselves.
     *
     * @param meanDiagonal {@code 1/n sum_s K_ss}
     * @param meanOffDiagonal the mean of {@code K_sr} over pairs s &lt; r; NaN for one input
     * @param smallestDiagonal {@code min_s K_ss}
     * @param largestDiagonal {@code max_s K_ss}
     * @param trace {@code sum_s K_ss}
     * @param frobeniusNorm {@code sqrt(sum_sr K_sr^2)}; it may overflow
     * @param asymmetry {@code max_sr |K_sr - K_rs|}; 0 for all kernels of this library
     */
    public record Statistics(
            double meanDiagonal,
            double meanOffDiagonal,
            double smallestDiagonal,
            double largestDiagonal,
            double trace,
            double frobeniusNorm,
            double asymmetry) {}

    /**
     * Means, extremes and norm; NaN as soon as an entry that they depend on is missing.
     *
     * @throws IllegalStateException if the kernel is not square
     */
    public Statistics statistics() {
        requireSquare();
        int n = rows();
        double trace = 0;
        double rest = 0;
        double square = 0;
        double asymmetry = 0;
        double smallest = Double.POSITIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < n; s++) {
            double diagonal = get(s, s);
            trace += diagonal;
            smallest = Math.min(smallest, diagonal);
            largest = Math.max(largest, diagonal);
            square += diagonal * diagonal;
            double row = 0;
            for (int r = s + 1; r < n; r++) {
                double upper = get(s, r);
                double lower = get(r, s);
                row += upper;
                square += upper * upper + lower * lower;
                asymmetry = Math.max(asymmetry, Math.abs(upper - lower));
            }
            rest += row;
        }
        return new Statistics(
                trace / n, rest / (0.5 * n * (n - 1.0)), smallest, largest, trace, Math.sqrt(square), asymmetry);
    }

    private void requireSquare() {
        if (rows() != columns()) {
            throw new IllegalStateException(
                    "A kernel of " + rows() + " x " + columns() + " entries is not square: it has no diagonal.");
        }
    }

    /** The same entries in the same shape, compared as {@link Double#equals} does. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Kernel that && matrix.equals(that.matrix);
    }

    @Override
    public int hashCode() {
        return matrix.hashCode();
    }

    /** The shape, and the entries of a small kernel. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(rows() + " x " + columns() + " kernel");
        if (matrix.size() <= 16) {
            for (int s = 0; s < rows(); s++) {
                text.append(s == 0 ? " [[" : ", [");
                for (int r = 0; r < columns(); r++) {
                    text.append(r == 0 ? "" : ", ").append(get(s, r));
                }
                text.append(']');
            }
            text.append(']');
        }
        return text.toString();
    }
}
