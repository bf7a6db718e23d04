package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import java.util.Arrays;

/** {@link Rows} in single precision. The twin of {@link DoubleRows}: Java's primitive arrays cannot be generic. */
final class FloatRows implements Rows<float[]> {

    @Override
    public float[][] matrix(int rows, int columns) {
        return new float[rows][columns];
    }

    @Override
    public void read(double[] source, int offset, float[] row, int length) {
        for (int i = 0; i < length; i++) {
            row[i] = (float) source[offset + i];
        }
    }

    @Override
    public void write(float[] row, double[] target, int offset, int length) {
        for (int i = 0; i < length; i++) {
            target[offset + i] = row[i];
        }
    }

    @Override
    public double get(float[] row, int index) {
        return row[index];
    }

    @Override
    public void set(float[] row, int index, double value) {
        row[index] = (float) value;
    }

    @Override
    public void normals(NormalStream stream, long first, double scale, float[] row, int length) {
        stream.fill(row, 0, length, first, scale);
    }

    @Override
    public void multiplyAdd(float[][] a, int i0, int i1, float[][] b, int inner, float[][] c, int c0, int columns) {
        for (int i = i0; i < i1; i++) {
            multiplyAdd(a[i], b, inner, c[c0 + i - i0], columns);
        }
    }

    // Four steps of the inner index at once, one row at a time: a loop over two rows is not vectorised on JDK 17.
    private static void multiplyAdd(float[] a, float[][] b, int inner, float[] c, int columns) {
        int k = 0;
        for (; k + 3 < inner; k += 4) {
            float a0 = a[k], a1 = a[k + 1], a2 = a[k + 2], a3 = a[k + 3];
            float[] b0 = b[k], b1 = b[k + 1], b2 = b[k + 2], b3 = b[k + 3];
            for (int j = 0; j < columns; j++) {
                c[j] += (a0 * b0[j] + a1 * b1[j]) + (a2 * b2[j] + a3 * b3[j]);
            }
        }
        for (; k < inner; k++) {
            addScaled(a[k], b[k], c, columns);
        }
    }

    private static void addScaled(float factor, float[] b, float[] c, int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] += factor * b[j];
        }
    }

    @Override
    public void transpose(float[][] a, int i0, int i1, int columns, float[][] b) {
        for (int i = i0; i < i1; i++) {
            float[] row = a[i];
            for (int j = 0; j < columns; j++) {
                b[j][i - i0] = row[j];
            }
        }
    }

    @Override
    public double dot(float[] x, float[] y, int length) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
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
        float sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
        for (; i < length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Override
    public void multiplyVectorAdd(float[][] a, float[] x, float[] y, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            y[i] += (float) dot(a[i], x, columns);
        }
    }

    @Override
    public void activate(Activation activation, float[] values, float[] derivatives, int length) {
        activation.apply(values, derivatives, 0, length);
    }

    @Override
    public void settle(float[] value, float[] pending, int length) {
        for (int i = 0; i < length; i++) {
            float old = value[i];
            float sum = old + pending[i];
            pending[i] -= sum - old;
            value[i] = sum;
        }
    }

    @Override
    public void multiply(float[] factor, float[] target, int length) {
        for (int i = 0; i < length; i++) {
            target[i] *= factor[i];
        }
    }

    @Override
    public void copy(float[] source, float[] target, int length) {
        System.arraycopy(source, 0, target, 0, length);
    }

    @Override
    public void fill(float[] row, double value, int length) {
        Arrays.fill(row, 0, length, (float) value);
    }

    @Override
    public void accumulate(float[] deltaProducts, float[] activationProducts, double[] theta, int offset, int length) {
        for (int j = 0; j < length; j++) {
            theta[offset + j] += (double) deltaProducts[j] * ((double) activationProducts[j] + 1);
        }
    }
}
