package io.github.finitentk.internal.purejava;

import java.util.Arrays;

/**
 * The {@link Products} of this virtual machine: in vectors where it was started with {@code --add-modules jdk.incubator.vector}, by plain
 * loops otherwise. The bits are the same.
 *
 * @param doubles of rows in double precision
 * @param floats of rows in single precision
 * @param description which they are and, if plain loops, why, for {@code ntk doctor} and manifests
 */
record ProductsHere(Products<double[]> doubles, Products<float[]> floats, String description) {

    private static final String MODULE = "jdk.incubator.vector";

    static final ProductsHere INSTANCE = find();

    private static ProductsHere find() {
        Module module = ModuleLayer.boot().findModule(MODULE).orElse(null);
        if (module == null) {
            return loops(" (in vectors with the module " + MODULE + ")");
        }
        // The library does not require the module, so that it need not be there; on the class path it reads it anyway.
        ProductsHere.class.getModule().addReads(module);
        try {
            Products<double[]> doubles = instance("DoubleVectors", new DoubleLoops());
            Products<float[]> floats = instance("FloatVectors", new FloatLoops());
            requireWorking(doubles, floats);
            return new ProductsHere(doubles, floats, "products in vectors of " + 64 * doubles.lanes() + " bits");
        } catch (ReflectiveOperationException | LinkageError | IllegalStateException e) {
            return loops(": the module " + MODULE + " of this Java cannot be used (" + e + ")");
        }
    }

    private static ProductsHere loops(String why) {
        return new ProductsHere(new DoubleLoops(), new FloatLoops(), "products by plain loops" + why);
    }

    // By name: these classes are compiled apart, and link only beside the module.
    @SuppressWarnings("unchecked")
    private static <R> Products<R> instance(String name, Products<R> loops) throws ReflectiveOperationException {
        return (Products<R>) Class.forName(ProductsHere.class.getPackageName() + "." + name)
                .getDeclaredConstructor(Products.class)
                .newInstance(loops);
    }

    // Calls what an incubating module may have changed, so that it fails here.
    private static void requireWorking(Products<double[]> doubles, Products<float[]> floats) {
        double[][] a = new double[4][2];
        for (int i = 0; i < 4; i++) {
            a[i] = new double[] {i + 0.1, 0.3 - i};
        }
        int columns = 2 * Math.max(doubles.lanes(), floats.lanes()) + 1;
        double[][] b = new double[2][columns];
        for (int j = 0; j < columns; j++) {
            b[0][j] = 1.7 - j;
            b[1][j] = j / 3.0;
        }
        double[][] c = new double[4][columns];
        double[][] vectors = new double[4][columns];
        new DoubleLoops().multiplyAdd(a, 0, 4, b, 2, c, 0, columns);
        doubles.multiplyAdd(a, 0, 4, b, 2, vectors, 0, columns);
        float[][] c32 = new float[4][columns];
        float[][] vectors32 = new float[4][columns];
        new FloatLoops().multiplyAdd(floats(a), 0, 4, floats(b), 2, c32, 0, columns);
        floats.multiplyAdd(floats(a), 0, 4, floats(b), 2, vectors32, 0, columns);
        if (!Arrays.deepEquals(c, vectors) || !Arrays.deepEquals(c32, vectors32)) {
            throw new IllegalStateException("its products are not those of plain loops");
        }
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
