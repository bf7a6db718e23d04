package io.github.finitentk.internal.purejava;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Products} of rows in double precision in the widest vectors of the processor: tiles of four rows by two or four vectors of C stay in
 * registers while k passes. The twin of {@link FloatVectors}. Compiled apart, with {@code --add-modules jdk.incubator.vector}.
 */
final class DoubleVectors implements Products<double[]> {

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final int ROWS = 4;

    // So many columns of B at a time: half of the processor's registers hold sums, which are 32 where vectors have 64
    // bytes.
    private static final int WIDTH = (SPECIES.vectorByteSize() == 64 ? 4 : 2) * LANES;

    // So many rows of them as stay in the second-level cache, copied to where they follow each other.
    private static final int K_BLOCK = 512;

    private final Products<double[]> loops;

    /** @param loops for the rows that are left over */
    DoubleVectors(Products<double[]> loops) {
        this.loops = loops;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void multiplyAdd(double[][] a, int i0, int i1, double[][] b, int inner, double[][] c, int c0, int columns) {
        int tiled = i0 + (i1 - i0) / ROWS * ROWS;
        if (tiled > i0) {
            multiplyAddTiles(a, i0, tiled, b, inner, c, c0, columns);
        }
        loops.multiplyAdd(a, tiled, i1, b, inner, c, c0 + tiled - i0, columns);
    }

    private static void multiplyAddTiles(
            double[][] a, int i0, int i1, double[][] b, int inner, double[][] c, int c0, int columns) {
        double[] panel = new double[Math.min(inner, K_BLOCK) * WIDTH];
        double[][] edge = new double[ROWS][WIDTH];
        for (int k = 0; k < inner; k += K_BLOCK) {
            int end = Math.min(inner, k + K_BLOCK);
            for (int j = 0; j < columns; j += WIDTH) {
                int n = Math.min(WIDTH, columns - j);
                int width = n > 2 * LANES ? 4 * LANES : 2 * LANES;
                pack(b, k, end, j, n, panel, width);
                for (int i = i0; i < i1; i += ROWS) {
                    int row = c0 + i - i0;
                    if (n == width) {
                        tile(a, i, panel, k, end, c, row, j, width);
                    } else {
                        copy(c, row, j, edge, 0, 0, n);
                        tile(a, i, panel, k, end, edge, 0, 0, width);
                        copy(edge, 0, 0, c, row, j, n);
                    }
                }
            }
        }
    }

    // Columns j, j + 1, ... of B to where they follow each other.
    private static void pack(double[][] b, int k0, int k1, int j, int n, double[] panel, int width) {
        for (int k = k0, at = 0; k < k1; k++, at += width) {
            double[] row = b[k];
            int q = 0;
            for (; q + LANES <= n; q += LANES) {
                DoubleVector.fromArray(SPECIES, row, j + q).intoArray(panel, at + q);
            }
            for (; q < n; q++) {
                panel[at + q] = row[j + q];
            }
        }
    }

    private static void tile(
            double[][] a, int i, double[] panel, int k0, int k1, double[][] c, int row, int j, int width) {
        if (width == 2 * LANES) {
            tile2(a, i, panel, k0, k1, c, row, j);
        } else {
            tile4(a, i, panel, k0, k1, c, row, j);
        }
    }

    private static void copy(double[][] from, int row, int j, double[][] to, int toRow, int toJ, int n) {
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(from[row + i], j, to[toRow + i], toJ, n);
        }
    }

    private static void tile4(double[][] a, int i, double[] panel, int k0, int k1, double[][] c, int row, int j) {
        double[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2], a3 = a[i + 3];
        double[] c0 = c[row], c1 = c[row + 1], c2 = c[row + 2], c3 = c[row + 3];
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, c0, j);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, c0, j + LANES);
        DoubleVector s02 = DoubleVector.fromArray(SPECIES, c0, j + 2 * LANES);
        DoubleVector s03 = DoubleVector.fromArray(SPECIES, c0, j + 3 * LANES);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, c1, j);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, c1, j + LANES);
        DoubleVector s12 = DoubleVector.fromArray(SPECIES, c1, j + 2 * LANES);
        DoubleVector s13 = DoubleVector.fromArray(SPECIES, c1, j + 3 * LANES);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, c2, j);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, c2, j + LANES);
        DoubleVector s22 = DoubleVector.fromArray(SPECIES, c2, j + 2 * LANES);
        DoubleVector s23 = DoubleVector.fromArray(SPECIES, c2, j + 3 * LANES);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, c3, j);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, c3, j + LANES);
        DoubleVector s32 = DoubleVector.fromArray(SPECIES, c3, j + 2 * LANES);
        DoubleVector s33 = DoubleVector.fromArray(SPECIES, c3, j + 3 * LANES);
        for (int k = k0, at = 0; k < k1; k++, at += 4 * LANES) {
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, panel, at + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, panel, at + 2 * LANES);
            DoubleVector b3 = DoubleVector.fromArray(SPECIES, panel, at + 3 * LANES);
            DoubleVector f0 = DoubleVector.broadcast(SPECIES, a0[k]);
            s00 = f0.fma(b0, s00);
            s01 = f0.fma(b1, s01);
            s02 = f0.fma(b2, s02);
            s03 = f0.fma(b3, s03);
            DoubleVector f1 = DoubleVector.broadcast(SPECIES, a1[k]);
            s10 = f1.fma(b0, s10);
            s11 = f1.fma(b1, s11);
            s12 = f1.fma(b2, s12);
            s13 = f1.fma(b3, s13);
            DoubleVector f2 = DoubleVector.broadcast(SPECIES, a2[k]);
            s20 = f2.fma(b0, s20);
            s21 = f2.fma(b1, s21);
            s22 = f2.fma(b2, s22);
            s23 = f2.fma(b3, s23);
            DoubleVector f3 = DoubleVector.broadcast(SPECIES, a3[k]);
            s30 = f3.fma(b0, s30);
            s31 = f3.fma(b1, s31);
            s32 = f3.fma(b2, s32);
            s33 = f3.fma(b3, s33);
        }
        s00.intoArray(c0, j);
        s01.intoArray(c0, j + LANES);
        s02.intoArray(c0, j + 2 * LANES);
        s03.intoArray(c0, j + 3 * LANES);
        s10.intoArray(c1, j);
        s11.intoArray(c1, j + LANES);
        s12.intoArray(c1, j + 2 * LANES);
        s13.intoArray(c1, j + 3 * LANES);
        s20.intoArray(c2, j);
        s21.intoArray(c2, j + LANES);
        s22.intoArray(c2, j + 2 * LANES);
        s23.intoArray(c2, j + 3 * LANES);
        s30.intoArray(c3, j);
        s31.intoArray(c3, j + LANES);
        s32.intoArray(c3, j + 2 * LANES);
        s33.intoArray(c3, j + 3 * LANES);
    }

    private static void tile2(double[][] a, int i, double[] panel, int k0, int k1, double[][] c, int row, int j) {
        double[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2], a3 = a[i + 3];
        double[] c0 = c[row], c1 = c[row + 1], c2 = c[row + 2], c3 = c[row + 3];
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, c0, j);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, c0, j + LANES);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, c1, j);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, c1, j + LANES);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, c2, j);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, c2, j + LANES);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, c3, j);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, c3, j + LANES);
        for (int k = k0, at = 0; k < k1; k++, at += 2 * LANES) {
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, panel, at + LANES);
            DoubleVector f0 = DoubleVector.broadcast(SPECIES, a0[k]);
            s00 = f0.fma(b0, s00);
            s01 = f0.fma(b1, s01);
            DoubleVector f1 = DoubleVector.broadcast(SPECIES, a1[k]);
            s10 = f1.fma(b0, s10);
            s11 = f1.fma(b1, s11);
            DoubleVector f2 = DoubleVector.broadcast(SPECIES, a2[k]);
            s20 = f2.fma(b0, s20);
            s21 = f2.fma(b1, s21);
            DoubleVector f3 = DoubleVector.broadcast(SPECIES, a3[k]);
            s30 = f3.fma(b0, s30);
            s31 = f3.fma(b1, s31);
        }
        s00.intoArray(c0, j);
        s01.intoArray(c0, j + LANES);
        s10.intoArray(c1, j);
        s11.intoArray(c1, j + LANES);
        s20.intoArray(c2, j);
        s21.intoArray(c2, j + LANES);
        s30.intoArray(c3, j);
        s31.intoArray(c3, j + LANES);
    }
}
