package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import java.util.Arrays;

/** {@link Rows} in double precision. The twin of {@link FloatRows}: Java's primitive arrays cannot be generic. */
final class DoubleRows implements Rows<double[]> {

    private final Products<double[]> products;

    DoubleRows() {
        this(ProductsHere.INSTANCE.doubles());
    }

    DoubleRows(Products<double[]> products) {
        this.products = products;
    }

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
        products.multiplyAdd(a, i0, i1, b, inner, c, c0, columns);
    }

    // Four rows at a time: looking up a row of B costs as much as the copy.
    @Override
    public void transpose(double[][] a, int i0, int i1, int columns, double[][] b) {
        int i = i0;
        for (; i + 3 < i1; i += 4) {
            double[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2], a3 = a[i + 3];
            int at = i - i0;
            for (int j = 0; j < columns; j++) {
                double[] row = b[j];
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
    public double dot(double[] x, double[] y, int length) {
        return sum(x, y, length);
    }

    // The lanes are local variables: as an array, JDK 17 keeps them in memory.
    private static double sum(double[] x, double[] y, int length) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 7 < length; i += 8) {
            s0 = Math.fma(x[i], y[i], s0);
            s1 = Math.fma(x[i + 1], y[i + 1], s1);
            s2 = Math.fma(x[i + 2], y[i + 2], s2);
            s3 = Math.fma(x[i + 3], y[i + 3], s3);
            s4 = Math.fma(x[i + 4], y[i + 4], s4);
            s5 = Math.fma(x[i + 5], y[i + 5], s5);
            s6 = Math.fma(x[i + 6], y[i + 6], s6);
            s7 = Math.fma(x[i + 7], y[i + 7], s7);
        }
        double[] lanes = {s0, s1, s2, s3, s4, s5, s6, s7};
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
    public void affine(double[][] weights, double[] biases, double[] x, double[] h, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            h[i] = sum(weights[i], x, columns) + biases[i];
        }
    }

    @Override
    public void add(double[] row, double[] target, int length) {
        for (int i = 0; i < length; i++) {
            target[i] += row[i];
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
    public void momentumStep(
            double momentum, double rate, double[] gradient, double[] velocity, double[] step, int length) {
        double kept = momentum;
        double factor = rate;
        for (int i = 0; i < length; i++) {
            double v = kept * velocity[i] + gradient[i];
            velocity[i] = v;
            step[i] -= factor * v;
        }
    }

    @Override
    public void adamStep(
            LayerOptimizer.AdamNumbers adam,
            double[] gradient,
            double[] mean,
            double[] square,
            double[] step,
            int length) {
        double decay = adam.decay();
        double gain = adam.gain();
        double secondDecay = adam.secondDecay();
        double secondGain = adam.secondGain();
        double size = adam.size();
        double scale = adam.scale();
        double epsilon = adam.epsilon();
        for (int i = 0; i < length; i++) {
            double g = gradient[i];
            double m = decay * mean[i] + gain * g;
            double v = secondDecay * square[i] + secondGain * (g * g);
            mean[i] = m;
            square[i] = v;
            step[i] -= size * m / (scale * Math.sqrt(v) + epsilon);
        }
    }

    @Override
    public void multiply(double[] factor, double[] target, int length) {
        for (int i = 0; i < length; i++) {
            target[i] *= factor[i];
        }
    }

    @Override
    public void divide(double[] row, int begin, int end, double divisor) {
        double by = divisor;
        for (int i = begin; i < end; i++) {
            row[i] /= by;
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
            double[] deltaProducts,
            double[] activationProducts,
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
