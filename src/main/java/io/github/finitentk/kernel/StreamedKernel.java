package io.github.finitentk.kernel;

import io.github.finitentk.data.KernelSource;
import io.github.finitentk.internal.compute.BlockProduct;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.PackedCholesky;
import java.util.function.DoubleConsumer;

/** A kernel that is computed anew, block by block, whenever it is needed. */
final class StreamedKernel implements TrainingKernel {

    private final KernelStream stream;
    private final Engine engine;

    StreamedKernel(KernelStream stream, Engine engine) {
        this.stream = stream;
        this.engine = engine;
    }

    @Override
    public int order() {
        return stream.rows();
    }

    @Override
    public void fill(PackedCholesky target, DoubleConsumer progress) {
        double[] done = {0};
        double all = 0.5 * order() * (order() + 1.0);
        stream.forEach(block -> {
            target.write(block.row(), block.rows(), block.column(), block.columns(), block.values());
            boolean diagonal = block.row() == block.column();
            done[0] += diagonal ? 0.5 * block.rows() * (block.rows() + 1) : (double) block.rows() * block.columns();
            progress.accept(Math.min(1, done[0] / all));
        });
    }

    @Override
    public double bytes(int columns) {
        return BlockProduct.bytes(order(), order(), columns, engine.threads());
    }

    @Override
    public double[] times(double[] v, int m) {
        return times(stream, v, m, engine);
    }

    /** {@code K v} of a kernel that need not be square. */
    static double[] times(KernelStream stream, double[] v, int m, Engine engine) {
        try (BlockProduct product = new BlockProduct(stream.rows(), stream.columns(), v, m, engine)) {
            stream.forEach(block -> {
                Entries entries = new Entries(stream, block);
                if (stream.isSymmetric()) {
                    product.addSymmetric(block.row(), block.rows(), block.column(), block.columns(), entries);
                } else {
                    product.add(block.row(), block.rows(), block.column(), block.columns(), entries);
                }
            });
            return product.result();
        }
    }

    /** A block as the part of the kernel that is there. */
    private record Entries(KernelStream stream, KernelStream.Block block) implements KernelSource {

        @Override
        public int rows() {
            return stream.rows();
        }

        @Override
        public int columns() {
            return stream.columns();
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            int width = toColumn - fromColumn;
            for (int s = fromRow; s < toRow; s++) {
                int from = (s - block.row()) * block.columns() + fromColumn - block.column();
                System.arraycopy(block.values(), from, target, (s - fromRow) * width, width);
            }
        }
    }
}
