package io.github.finitentk.kernel;

import io.github.finitentk.data.KernelSource;
import io.github.finitentk.internal.compute.BlockProduct;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.LinearOperator;
import io.github.finitentk.internal.compute.PackedCholesky;
import java.util.function.DoubleConsumer;

/** A kernel of training inputs, symmetric, as solvers see it: no more of it than a few blocks is in memory at a time. */
interface TrainingKernel extends LinearOperator {

    /** Before its first use for a solution; {@link #close} is called after its last one. */
    default void open() {}

    /** Gives back what {@link #open} has taken. */
    default void close() {}

    /** The number of rows. */
    int order();

    /** @throws IllegalStateException if only products with it are known */
    default void requireEntries() {}

    /**
     * Hands over the lower triangle.
     *
     * @param progress is told the share that has been handed over
     */
    void fill(PackedCholesky target, DoubleConsumer progress);

    /** The memory that a product with so many columns takes. */
    double bytes(int columns);

    /** One that is read from memory or a file. */
    static TrainingKernel of(KernelSource source, Engine engine) {
        int n = source.rows();
        return new TrainingKernel() {
            @Override
            public int order() {
                return n;
            }

            @Override
            public void fill(PackedCholesky target, DoubleConsumer progress) {
                int columns = 4096;
                int edge = PackedCholesky.EDGE;
                double[][] numbers = new double[engine.threads()][];
                int panels = (n + edge - 1) / edge;
                int atOnce = 2 * engine.threads();
                for (int begin = 0; begin < panels; begin += atOnce) {
                    int first = begin;
                    engine.forEach(Math.min(atOnce, panels - begin), (task, slot) -> {
                        int row = (first + task) * edge;
                        int end = Math.min(n, row + edge);
                        if (numbers[slot] == null) {
                            numbers[slot] = new double[edge * columns];
                        }
                        for (int column = 0; column < end; column += columns) {
                            int stop = Math.min(end, column + columns);
                            source.read(row, end, column, stop, numbers[slot]);
                            target.write(row, end - row, column, stop - column, numbers[slot]);
                        }
                    });
                    double share = Math.min(1, (double) (begin + atOnce) / panels);
                    progress.accept(share * share);
                }
            }

            @Override
            public double[] times(double[] v, int m) {
                try (BlockProduct product = new BlockProduct(n, n, v, m, engine)) {
                    for (int row = 0; row < n; row += BlockProduct.ROWS) {
                        int end = Math.min(n, row + BlockProduct.ROWS);
                        product.addSymmetric(row, end - row, 0, end, source);
                    }
                    return product.result();
                }
            }

            @Override
            public double bytes(int m) {
                return BlockProduct.bytes(n, n, m, engine.threads());
            }
        };
    }
}
