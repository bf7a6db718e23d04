package io.github.finitentk.internal.purejava;

/** {@link Products} of rows in double precision by plain loops. The twin of {@link FloatLoops}. */
final class DoubleLoops implements Products<double[]> {

    // Of three rows by two steps of k at a time, which JDK 17 vectorises best (it does not vectorise wider ones), over
    // so many rows of B as stay in a cache while all rows of A pass.
    private static final int K_BLOCK = 64;

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

    @Override
    public int lanes() {
        return 1;
    }
}
