package io.github.finitentk.benchmarks;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;

import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The matrix products of steps of gradient descent, called directly in OpenBLAS with nothing in between: forward, backward
 * and gradient of each layer. As in the real thing, networks have weights of their own, threads have activations.
 */
final class LayerProducts {

    private final Architecture architecture;
    private final int samples;
    private final boolean single;
    private final Matrix[][] weights; // of each network and layer
    private final Matrix[][] states; // of each thread and layer, inputs included

    LayerProducts(Architecture architecture, int samples, Precision precision, int networks, int threads) {
        blas_set_num_threads(1);
        this.architecture = architecture;
        this.samples = samples;
        single = precision == Precision.F32;
        int depth = architecture.depth();
        weights = new Matrix[networks][depth];
        states = new Matrix[threads][depth];
        for (int l = 0; l < depth; l++) {
            for (Matrix[] thread : states) {
                thread[l] = matrix((long) samples * architecture.width(l));
            }
            for (Matrix[] network : weights) {
                network[l] = l == 0 ? null : matrix((long) architecture.width(l) * architecture.width(l - 1));
            }
        }
    }

    private record Matrix(FloatPointer floats, DoublePointer doubles) {}

    // A product of 256 x 256 entries 1/256 reproduces its other factor: numbers neither grow nor fade.
    private Matrix matrix(long size) {
        if (single) {
            float[] numbers = new float[(int) size];
            Arrays.fill(numbers, 1f / 256);
            return new Matrix(new FloatPointer(numbers), null);
        }
        double[] numbers = new double[(int) size];
        Arrays.fill(numbers, 1.0 / 256);
        return new Matrix(null, new DoublePointer(numbers));
    }

    /** The products of one step of one network on one thread. */
    void step(int network, int thread) {
        Matrix[] w = weights[network];
        Matrix[] x = states[thread];
        for (int l = 1; l < architecture.depth(); l++) {
            int in = architecture.width(l - 1);
            int out = architecture.width(l);
            multiply(CblasNoTrans, CblasTrans, samples, out, in, 1, x[l - 1], in, w[l], in, 0, x[l], out);
        }
        for (int l = architecture.depth() - 1; l >= 1; l--) {
            int in = architecture.width(l - 1);
            int out = architecture.width(l);
            if (l > 1) {
                multiply(CblasNoTrans, CblasNoTrans, samples, in, out, 1, x[l], out, w[l], in, 0, x[l - 1], in);
            }
            multiply(CblasTrans, CblasNoTrans, out, in, samples, 1e-20, x[l], out, x[l - 1], in, 1, w[l], in);
        }
    }

    private void multiply(
            int transA, int transB, int m, int n, int k, double alpha, Matrix a, int lda, Matrix b, int ldb,
            double beta, Matrix c, int ldc) {
        if (single) {
            cblas_sgemm(
                    CblasRowMajor, transA, transB, m, n, k, (float) alpha, a.floats, lda, b.floats, ldb,
                    (float) beta, c.floats, ldc);
        } else {
            cblas_dgemm(
                    CblasRowMajor, transA, transB, m, n, k, alpha, a.doubles, lda, b.doubles, ldb, beta, c.doubles,
                    ldc);
        }
    }
}
