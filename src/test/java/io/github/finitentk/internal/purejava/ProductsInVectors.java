package io.github.finitentk.internal.purejava;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Products in vectors against plain loops, bit for bit: a program of its own, to be started with {@code --add-modules
 * jdk.incubator.vector}. It goes on for long enough that the compiled tiles are asked, too, and prints which products this are.
 */
public final class ProductsInVectors {

    private static final int ROUNDS = 4000;

    private ProductsInVectors() {}

    public static void main(String[] args) {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < ROUNDS; round++) {
            boolean large = round % 400 == 0;
            int rows = random.nextInt(1, large ? 150 : 14);
            int inner = random.nextInt(1, large ? 1100 : 80);
            int columns = random.nextInt(1, large ? 300 : 140);
            double[][] a = numbers(random, rows + 2, inner);
            double[][] b = numbers(random, inner, columns + random.nextInt(3));
            double[][] c = numbers(random, rows + 1, columns + random.nextInt(3));
            double[][] expected = copy(c);
            new DoubleLoops().multiplyAdd(a, 2, rows + 2, b, inner, expected, 1, columns);
            float[][] a32 = floats(a);
            float[][] b32 = floats(b);
            float[][] c32 = floats(c);
            float[][] expected32 = floats(c);
            new FloatLoops().multiplyAdd(a32, 2, rows + 2, b32, inner, expected32, 1, columns);

            ProductsHere.INSTANCE.doubles().multiplyAdd(a, 2, rows + 2, b, inner, c, 1, columns);
            ProductsHere.INSTANCE.floats().multiplyAdd(a32, 2, rows + 2, b32, inner, c32, 1, columns);
            if (!Arrays.deepEquals(c, expected) || !Arrays.deepEquals(c32, expected32)) {
                throw new AssertionError("Other bits for " + rows + " x " + inner + " x " + columns);
            }
        }
        System.out.println(ProductsHere.INSTANCE.description());
    }

    // Some of them zero, not finite or beyond what a float holds.
    private static double[][] numbers(SplittableRandom random, int rows, int columns) {
        double[][] numbers = new double[rows][columns];
        for (double[] row : numbers) {
            Arrays.setAll(row, j -> random.nextDouble(-1, 1));
            if (random.nextInt(8) == 0) {
                row[random.nextInt(columns)] =
                        new double[] {-0.0, Double.NaN, Double.NEGATIVE_INFINITY, 1e300, 1e-40}[random.nextInt(5)];
            }
        }
        return numbers;
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    private static float[][] floats(double[][] rows) {
        float[][] rounded = new float[rows.length][rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rounded[i][j] = (float) rows[i][j];
            }
        }
        return rounded;
    }
}
