package io.github.finitentk.internal.numeric;

import java.util.Arrays;

/**
 * {@code X^T = Q R} by Householder reflections: an orthonormal basis of a space that contains the rows of {@code X}, and
 * the rows' coordinates in it. Rows may be dependent or repeat; then some basis vectors lie outside their span, which does
 * no harm. Each row's inner products with the others hold to rounding, relative to both norms, at whatever scale it is.
 */
public final class QrFactorization {

    /**
     * What is left of a row outside the span of those before it, relative to its norm, that counts as rounding and not as
     * a direction: one unit in the last place. Copies of a row would otherwise define directions by the rounding of
     * rounding, smaller by this factor each time, until they underflow.
     */
    private static final double ROUNDING = 0x1p-52;

    /** Rows whose largest entry is within 2 to plus or minus this are taken as they are; others are scaled, exactly. */
    private static final int ORDINARY_EXPONENT = 300;

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
        int[] exponent = new int[rows];
        double[] norm = new double[rows];
        for (int s = 0; s < rows; s++) {
            System.arraycopy(x, s * columns, a[s], 0, columns);
            exponent[s] = scale(a[s]);
            norm[s] = norm(a[s], 0);
        }
        double[] diagonal = new double[rows];
        for (int k = 0; k < rows; k++) {
            diagonal[k] = reflector(a[k], k, ROUNDING * norm[k]);
            for (int s = k + 1; s < rows; s++) {
                reflect(a[k], k, a[s]);
            }
        }
        coordinates = new double[rows * rows];
        for (int s = 0; s < rows; s++) {
            for (int j = 0; j < s; j++) {
                coordinates[s * rows + j] = Math.scalb(a[s][j], exponent[s]);
            }
            coordinates[s * rows + s] = Math.scalb(diagonal[s], exponent[s]);
        }
        basis = new double[rows][columns];
        for (int k = 0; k < rows; k++) {
            basis[k][k] = 1;
            for (int j = k; j >= 0; j--) {
                reflect(a[j], j, basis[k]);
            }
        }
    }

    // Brings a vector of very large or small numbers, whose squares would overflow or underflow, to order 1;
    // returns the power of 2 that takes it back.
    private static int scale(double[] vector) {
        double largest = 0;
        for (double entry : vector) {
            largest = Math.max(largest, Math.abs(entry));
        }
        int exponent = Math.getExponent(largest);
        if (largest == 0 || Math.abs(exponent) <= ORDINARY_EXPONENT) {
            return 0;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Math.scalb(vector[i], -exponent);
        }
        return exponent;
    }

    private static double norm(double[] vector, int from) {
        double norm = 0;
        for (int i = from; i < vector.length; i++) {
            norm = StrictMath.hypot(norm, vector[i]);
        }
        return norm;
    }

    // Turns entries k, k + 1, ... of the vector into the unit vector v of the reflection I - 2 v v^T that maps them to
    // (d, 0, ..., 0); returns d. A vector that is negligible becomes zero, and reflects nothing.
    private static double reflector(double[] vector, int k, double negligible) {
        double norm = norm(vector, k);
        if (norm <= negligible) {
            Arrays.fill(vector, k, vector.length, 0);
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
