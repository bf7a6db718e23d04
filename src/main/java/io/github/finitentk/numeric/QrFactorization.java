package io.github.finitentk.numeric;

/**
 * {@code X^T = Q R} by Householder reflections: an orthonormal basis of a space that contains the rows of {@code X}, and
 * the rows' coordinates in it. Rows may be dependent; then some basis vectors lie outside their span, which does no harm.
 */
public final class QrFactorization {

    private final int rows;
    private final double[][] basis;
    private final double[] coordinates;

    /**
     * @param x {@code S x n}, row-major, finite, {@code S <= n}; not modified
     * @param rows {@code S >= 1}
     * @param columns {@code n}
     * @throws IllegalArgumentException if the sizes do not fit
     */
    public QrFactorization(double[] x, int rows, int columns) {
        if (rows < 1 || rows > columns || x.length != (long) rows * columns) {
            throw new IllegalArgumentException("A factorisation X^T = Q R needs S x n numbers with 1 <= S <= n, not "
                    + x.length + " numbers for S = " + rows + " and n = " + columns + ".");
        }
        this.rows = rows;
        double[][] a = new double[rows][columns]; // columns of X^T, turned into reflectors below the diagonal
        for (int s = 0; s < rows; s++) {
            System.arraycopy(x, s * columns, a[s], 0, columns);
        }
        double[] diagonal = new double[rows];
        for (int k = 0; k < rows; k++) {
            diagonal[k] = reflector(a[k], k);
            for (int s = k + 1; s < rows; s++) {
                reflect(a[k], k, a[s]);
            }
        }
        coordinates = new double[rows * rows];
        for (int s = 0; s < rows; s++) {
            System.arraycopy(a[s], 0, coordinates, s * rows, s);
            coordinates[s * rows + s] = diagonal[s];
        }
        basis = new double[rows][columns];
        for (int k = 0; k < rows; k++) {
            basis[k][k] = 1;
            for (int j = k; j >= 0; j--) {
                reflect(a[j], j, basis[k]);
            }
        }
    }

    // Turns entries k, k + 1, ... of the vector into the unit vector v of the reflection I - 2 v v^T that maps them to
    // (d, 0, ..., 0); returns d. A zero vector stays, and reflects nothing.
    private static double reflector(double[] vector, int k) {
        double norm = 0;
        for (int i = k; i < vector.length; i++) {
            norm = Math.hypot(norm, vector[i]);
        }
        if (norm == 0) {
            return 0;
        }
        double d = vector[k] > 0 ? -norm : norm;
        // |x - d e|^2 = 2 norm (norm + |x_k|)
        double scale = 1 / (Math.sqrt(2 * norm) * Math.sqrt(norm + Math.abs(vector[k])));
        vector[k] -= d;
        for (int i = k; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return d;
    }

    private static void reflect(double[] v, int k, double[] target) {
        double product = 0;
        for (int i = k; i < v.length; i++) {
            product += v[i] * target[i];
        }
        double factor = 2 * product;
        for (int i = k; i < v.length; i++) {
            target[i] -= factor * v[i];
        }
    }

    /** Column {@code k} of {@code Q}, {@code 0 <= k < S}: {@code n} numbers; owned by this object, not to be modified. */
    public double[] basisVector(int k) {
        return basis[k];
    }

    /** {@code X Q = R^T}, {@code S x S} row-major, lower triangular: the coordinates of each row of {@code X}; a copy. */
    public double[] coordinates() {
        return coordinates.clone();
    }

    /** {@code S}. */
    public int size() {
        return rows;
    }
}
