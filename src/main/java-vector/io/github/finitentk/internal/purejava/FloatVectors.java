package io.github.finitentk.internal.purejava;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Products} of rows in single precision in the widest vectors of the processor: tiles of four rows by two or four vectors of C stay in
 * registers while k passes. The twin of {@link DoubleVectors}. Compiled apart, with {@code --add-modules jdk.incubator.vector}.
 */
final class FloatVectors implements Products<float[]> {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final int ROWS = 4;

    // So many columns of B at a time: half of the processor's registers hold sums, which are 32 where vectors have 64
    // bytes.
    private static final int WIDTH = (SPECIES.vectorByteSize() == 64 ? 4 : 2) * LANES;

    // So many rows of them as stay in the second-level cache, copied to where they follow each other.
    private static final int K_BLOCK = 512;

    private final Products<float[]> loops;

    /** @param loops for the rows that are left over */
    FloatVectors(Products<float[]> loops) {
        this.loops = loops;
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void multiplyAdd(float[][] a, int i0, int i1, float[][] b, int inner, float[][] c, int c0, int columns) {
        int tiled = i0 + (i1 - i0) / ROWS * ROWS;
        if (tiled > i0) {
            multiplyAddTiles(a, i0, tiled, b, inner, c, c0, columns);
        }
        loops.multiplyAdd(a, tiled, i1, b, inner, c, c0 + tiled - i0, columns);
    }

    private static void multiplyAddTiles(
            float[][] a, int i0, int i1, float[][] b, int inner, float[][] c, int c0, int columns) {
        float[] panel = new float[Math.min(inner, K_BLOCK) * WIDTH];
        float[][] edge = new float[ROWS][WIDTH];
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
    private static void pack(float[][] b, int k0, int k1, int j, int n, float[] panel, int width) {
        for (int k = k0, at = 0; k < k1; k++, at += width) {
            float[] row = b[k];
            int q = 0;
            for (; q + LANES <= n; q += LANES) {
                FloatVector.fromArray(SPECIES, row, j + q).intoArray(panel, at + q);
            }
            for (; q < n; q++) {
                panel[at + q] = row[j + q];
            }
        }
    }

    private static void tile(
            float[][] a, int i, float[] panel, int k0, int k1, float[][] c, int row, int j, int width) {
        if (width == 2 * LANES) {
            tile2(a, i, panel, k0, k1, c, row, j);
        } else {
            tile4(a, i, panel, k0, k1, c, row, j);
        }
    }

    private static void copy(float[][] from, int row, int j, float[][] to, int toRow, int toJ, int n) {
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(from[row + i], j, to[toRow + i], toJ, n);
        }
    }

    private static void tile4(float[][] a, int i, float[] panel, int k0, int k1, float[][] c, int row, int j) {
        float[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2], a3 = a[i + 3];
        float[] c0 = c[row], c1 = c[row + 1], c2 = c[row + 2], c3 = c[row + 3];
        FloatVector s00 = FloatVector.fromArray(SPECIES, c0, j);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c0, j + LANES);
        FloatVector s02 = FloatVector.fromArray(SPECIES, c0, j + 2 * LANES);
        FloatVector s03 = FloatVector.fromArray(SPECIES, c0, j + 3 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c1, j);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c1, j + LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, c1, j + 2 * LANES);
        FloatVector s13 = FloatVector.fromArray(SPECIES, c1, j + 3 * LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c2, j);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c2, j + LANES);
        FloatVector s22 = FloatVector.fromArray(SPECIES, c2, j + 2 * LANES);
        FloatVector s23 = FloatVector.fromArray(SPECIES, c2, j + 3 * LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c3, j);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c3, j + LANES);
        FloatVector s32 = FloatVector.fromArray(SPECIES, c3, j + 2 * LANES);
        FloatVector s33 = FloatVector.fromArray(SPECIES, c3, j + 3 * LANES);
        for (int k = k0, at = 0; k < k1; k++, at += 4 * LANES) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, panel, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, panel, at + LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, panel, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(SPECIES, panel, at + 3 * LANES);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a0[k]);
            s00 = f0.fma(b0, s00);
            s01 = f0.fma(b1, s01);
            s02 = f0.fma(b2, s02);
            s03 = f0.fma(b3, s03);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a1[k]);
            s10 = f1.fma(b0, s10);
            s11 = f1.fma(b1, s11);
            s12 = f1.fma(b2, s12);
            s13 = f1.fma(b3, s13);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a2[k]);
            s20 = f2.fma(b0, s20);
            s21 = f2.fma(b1, s21);
            s22 = f2.fma(b2, s22);
            s23 = f2.fma(b3, s23);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a3[k]);
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

    private static void tile2(float[][] a, int i, float[] panel, int k0, int k1, float[][] c, int row, int j) {
        float[] a0 = a[i], a1 = a[i + 1], a2 = a[i + 2], a3 = a[i + 3];
        float[] c0 = c[row], c1 = c[row + 1], c2 = c[row + 2], c3 = c[row + 3];
        FloatVector s00 = FloatVector.fromArray(SPECIES, c0, j);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c0, j + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c1, j);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c1, j + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c2, j);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c2, j + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c3, j);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c3, j + LANES);
        for (int k = k0, at = 0; k < k1; k++, at += 2 * LANES) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, panel, at);
            FloatVector b1 = FloatVector.fromArray(SPECIES, panel, at + LANES);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a0[k]);
            s00 = f0.fma(b0, s00);
            s01 = f0.fma(b1, s01);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a1[k]);
            s10 = f1.fma(b0, s10);
            s11 = f1.fma(b1, s11);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a2[k]);
            s20 = f2.fma(b0, s20);
            s21 = f2.fma(b1, s21);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a3[k]);
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
