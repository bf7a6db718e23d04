package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import java.util.Arrays;

/** {@link Rows} in single precision. The twin of {@link DoubleRows}: Java's primitive arrays cannot be generic. */
final class FloatRows implements Rows<float[]> {

    private final Products<float[]> products;

    FloatRows() {
        this(ProductsHere.INSTANCE.floats());
    }

    FloatRows(Products<float[]> products) {
        this.products = products;
    }

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
        products.multiplyAdd(a, i0, i1, b, inner, c, c0, columns);
    }

    // Four rows at a time: looking up a row of B costs as much as the copy.
    @Override
    public void transpose(float[][] a, int i0, int i1, int columns, float[][] b) {
        int i = i0;
        for (; i + 3 < i1; i += 4) {
            float[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2], a3 = a[i + 3];
            int at = i - i0;
            for (int j = 0; j < columns; j++) {
                float[] row = b[j];
                row[at] = a0[j];
                row[at + 1] = a1[j];
                row[at + 2] = a2[j];
                row[at + 3] = a3[j];
            }
        }
        for (; i < i1; i++) {
            for (int j = 0; j < columns; j++) {
                b[j][i - i0] = a[i][j];
            }
        }
    }

    @Override
    public double dot(float[] x, float[] y, int length) {
        return sum(x, y, length);
    }

    // The lanes are local variables: as an array, JDK 17 keeps them in memory.
    private static float sum(float[] x, float[] y, int length) {
        float s0 = 0,
                s1 = 0,
                s2 = 0,
                s3 = 0,
                s4 = 0,
                s5 = 0,
                s6 = 0,
                s7 = 0,
                s8 = 0,
                s9 = 0,
                s10 = 0,
                s11 = 0,
                s12 = 0,
                s13 = 0,
                s14 = 0,
                s15 = 0;
        int i = 0;
        for (; i + 15 < length; i += 16) {
            s0 = Math.fma(x[i], y[i], s0);
            s1 = Math.fma(x[i + 1], y[i + 1], s1);
            s2 = Math.fma(x[i + 2], y[i + 2], s2);
            s3 = Math.fma(x[i + 3], y[i + 3], s3);
            s4 = Math.fma(x[i + 4], y[i + 4], s4);
            s5 = Math.fma(x[i + 5], y[i + 5], s5);
            s6 = Math.fma(x[i + 6], y[i + 6], s6);
            s7 = Math.fma(x[i + 7], y[i + 7], s7);
            s8 = Math.fma(x[i + 8], y[i + 8], s8);
            s9 = Math.fma(x[i + 9], y[i + 9], s9);
            s10 = Math.fma(x[i + 10], y[i + 10], s10);
            s11 = Math.fma(x[i + 11], y[i + 11], s11);
            s12 = Math.fma(x[i + 12], y[i + 12], s12);
            s13 = Math.fma(x[i + 13], y[i + 13], s13);
            s14 = Math.fma(x[i + 14], y[i + 14], s14);
            s15 = Math.fma(x[i + 15], y[i + 15], s15);
        }
        float[] lanes = {s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15};
        for (int j = 0; i + j < length; j++) {
            lanes[j] = Math.fma(x[i + j], y[i + j], lanes[j]);
        }
        for (int pair = 1; pair < lanes.length; pair *= 2) {
            for (int j = 0; j < lanes.length; j += 2 * pair) {
                lanes[j] += lanes[j + pair];
            }
        }
        return lanes[0];
    }

    @Override
    public void affine(float[][] weights, float[] biases, float[] x, float[] h, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            h[i] = sum(weights[i], x, columns) + biases[i];
        }
    }

    @Override
    public void add(float[] row, float[] target, int length) {
        for (int i = 0; i < length; i++) {
            target[i] += row[i];
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
    public void momentumStep(
            double momentum, double rate, float[] gradient, float[] velocity, float[] step, int length) {
        float kept = (float) momentum;
        float factor = (float) rate;
        for (int i = 0; i < length; i++) {
            float v = kept * velocity[i] + gradient[i];
            velocity[i] = v;
            step[i] -= factor * v;
        }
    }

    @Override
    public void adamStep(
            LayerOptimizer.AdamNumbers adam, float[] gradient, float[] mean, float[] square, float[] step, int length) {
        float decay = (float) adam.decay();
        float gain = (float) adam.gain();
        float secondDecay = (float) adam.secondDecay();
        float secondGain = (float) adam.secondGain();
        float size = (float) adam.size();
        float scale = (float) adam.scale();
        float epsilon = (float) adam.epsilon();
        for (int i = 0; i < length; i++) {
            float g = gradient[i];
            float m = decay * mean[i] + gain * g;
            float v = secondDecay * square[i] + secondGain * (g * g);
            mean[i] = m;
            square[i] = v;
            step[i] -= size * m / (scale * (float) Math.sqrt(v) + epsilon);
        }
    }

    @Override
    public void multiply(float[] factor, float[] target, int length) {
        for (int i = 0; i < length; i++) {
            target[i] *= factor[i];
        }
    }

    @Override
    public void divide(float[] row, int begin, int end, double divisor) {
        float by = (float) divisor;
        for (int i = begin; i < end; i++) {
            row[i] /= by;
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
    public void accumulate(
            float[] deltaProducts,
            float[] activationProducts,
            double alpha,
            double beta,
            double[] theta,
            int offset,
            int length) {
        for (int j = 0; j < length; j++) {
            theta[offset + j] += deltaProducts[j] * (alpha * activationProducts[j] + beta);
        }
    }
}
