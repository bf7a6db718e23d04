package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import java.util.Arrays;

/** {@link Rows} in double precision. The twin of {@link FloatRows}: Java's primitive arrays cannot be generic. */
final class DoubleRows implements Rows<double[]> {

    // Of three rows by two steps of k at a time, which JDK 17 vectorises best (it does not vectorise wider ones), over
    // so many rows of B as stay in a cache while all rows of A pass.
    private static final int K_BLOCK = 64;

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
        for (int k = 0; k < inner; k += K_BLOCK) {
            int end = Math.min(inner, k + K_BLOCK);
            int i = i0;
            for (; i + 2 < i1; i += 3) {
                multiplyAddThree(a, i, b, k, end, c, c0 + i - i0, columns);
            }
            for (; i < i1; i++) {
                multiplyAddOne(a[i], b, k, end, c[c0 + i - i0], columns);
            }
        }
    }

    private static void multiplyAddThree(
            double[][] a, int i, double[][] b, int begin, int end, double[][] c, int row, int columns) {
        double[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2];
        double[] c0 = c[row], c1 = c[row + 1], c2 = c[row + 2];
        int k = begin;
        for (; k + 1 < end; k += 2) {
            double p0 = a0[k], p1 = a1[k], p2 = a2[k];
            double q0 = a0[k + 1], q1 = a1[k + 1], q2 = a2[k + 1];
            double[] bp = b[k], bq = b[k + 1];
            for (int j = 0; j < columns; j++) {
                double p = bp[j];
                double q = bq[j];
                c0[j] = Math.fma(q0, q, Math.fma(p0, p, c0[j]));
                c1[j] = Math.fma(q1, q, Math.fma(p1, p, c1[j]));
                c2[j] = Math.fma(q2, q, Math.fma(p2, p, c2[j]));
            }
        }
        if (k < end) {
            addScaled(a0[k], b[k], c0, columns);
            addScaled(a1[k], b[k], c1, columns);
            addScaled(a2[k], b[k], c2, columns);
        }
    }

    private static void multiplyAddOne(double[] a, double[][] b, int begin, int end, double[] c, int columns) {
        int k = begin;
        for (; k + 3 < end; k += 4) {
            double a0 = a[k], a1 = a[k + 1], a2 = a[k + 2], a3 = a[k + 3];
            double[] b0 = b[k], b1 = b[k + 1], b2 = b[k + 2], b3 = b[k + 3];
            for (int j = 0; j < columns; j++) {
                c[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
            }
        }
        for (; k < end; k++) {
            addScaled(a[k], b[k], c, columns);
        }
    }

    private static void addScaled(double factor, double[] b, double[] c, int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] = Math.fma(factor, b[j], c[j]);
        }
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
