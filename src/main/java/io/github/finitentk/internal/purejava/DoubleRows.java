package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import java.util.Arrays;

/** {@link Rows} in double precision. The twin of {@link FloatRows}: Java's primitive arrays cannot be generic. */
final class DoubleRows implements Rows<double[]> {

    @Override
    public double[][] matrix(int rows, int columns) {
        return new double[rows][columns];
    }

    @Override
    public void read(double[] source, int offset, double[] row, int length) {
        System.arraycopy(source, offset, row, 0, length);
    }

    @Override
    public void write(double[] row, double[] target, int offset, int length) {
        System.arraycopy(row, 0, target, offset, length);
    }

    @Override
    public double get(double[] row, int index) {
        return row[index];
    }

    @Override
    public void set(double[] row, int index, double value) {
        row[index] = value;
    }

    @Override
    public void normals(NormalStream stream, long first, double scale, double[] row, int length) {
        stream.fill(row, 0, length, first, scale);
    }

    @Override
    public void multiplyAdd(double[][] a, int i0, int i1, double[][] b, int inner, double[][] c, int c0, int columns) {
        for (int i = i0; i < i1; i++) {
            multiplyAdd(a[i], b, inner, c[c0 + i - i0], columns);
        }
    }

    // Four steps of the inner index at once, one row at a time: a loop over two rows is not vectorised on JDK 17.
    private static void multiplyAdd(double[] a, double[][] b, int inner, double[] c, int columns) {
        int k = 0;
        for (; k + 3 < inner; k += 4) {
            double a0 = a[k], a1 = a[k + 1], a2 = a[k + 2], a3 = a[k + 3];
            double[] b0 = b[k], b1 = b[k + 1], b2 = b[k + 2], b3 = b[k + 3];
            for (int j = 0; j < columns; j++) {
                c[j] += (a0 * b0[j] + a1 * b1[j]) + (a2 * b2[j] + a3 * b3[j]);
            }
        }
        for (; k < inner; k++) {
            addScaled(a[k], b[k], c, columns);
        }
    }

    private static void addScaled(double factor, double[] b, double[] c, int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] += factor * b[j];
        }
    }

    @Override
    public void transpose(double[][] a, int i0, int i1, int columns, double[][] b) {
        for (int i = i0; i < i1; i++) {
            double[] row = a[i];
            for (int j = 0; j < columns; j++) {
                b[j][i - i0] = row[j];
            }
        }
    }

    @Override
    public double dot(double[] x, double[] y, int length) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 7 < length; i += 8) {
            s0 += x[i] * y[i];
            s1 += x[i + 1] * y[i + 1];
            s2 += x[i + 2] * y[i + 2];
            s3 += x[i + 3] * y[i + 3];
            s4 += x[i + 4] * y[i + 4];
            s5 += x[i + 5] * y[i + 5];
            s6 += x[i + 6] * y[i + 6];
            s7 += x[i + 7] * y[i + 7];
        }
        double sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
        for (; i < length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Override
    public void multiplyVectorAdd(double[][] a, double[] x, double[] y, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            y[i] += dot(a[i], x, columns);
        }
    }

    @Override
    public void activate(Activation activation, double[] values, double[] derivatives, int length) {
        activation.apply(values, derivatives, 0, length);
    }

    @Override
    public void settle(double[] value, double[] pending, int length) {
        for (int i = 0; i < length; i++) {
            double old = value[i];
            double sum = old + pending[i];
            pending[i] -= sum - old;
            value[i] = sum;
        }
    }

    @Override
    public void multiply(double[] factor, double[] target, int length) {
        for (int i = 0; i < length; i++) {
            target[i] *= factor[i];
        }
    }

    @Override
    public void copy(double[] source, double[] target, int length) {
        System.arraycopy(source, 0, target, 0, length);
    }

    @Override
    public void fill(double[] row, double value, int length) {
        Arrays.fill(row, 0, length, value);
    }

    @Override
    public void accumulate(
            double[] deltaProducts, double[] activationProducts, double[] theta, int offset, int length) {
        for (int j = 0; j < length; j++) {
            theta[offset + j] += deltaProducts[j] * (activationProducts[j] + 1);
        }
    }
}
