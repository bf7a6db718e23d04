package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.RandomNetwork;
import java.util.List;
import java.util.Optional;

/**
 * NTK (kernel 0) and NNGP (kernel 1) of infinite width block by block, the bits of those in one piece.
 *
 * @param inputs of the rows
 * @param others of the columns, if they are others
 */
record InfiniteWidthBlocks(
        RandomNetwork network,
        Inputs inputs,
        Optional<Inputs> others,
        InfiniteWidth.Parametrization parametrization,
        Engine engine)
        implements BlockComputation {

    // Whole tiles of both edges.
    private static final int EDGE = 2048;

    InfiniteWidthBlocks {
        inputs.requireDimension(network.architecture().inputDim());
        others.ifPresent(each -> each.requireDimension(network.architecture().inputDim()));
    }

    @Override
    public int[] stack() {
        return new int[] {2};
    }

    @Override
    public int rows() {
        return inputs.count();
    }

    @Override
    public int columns() {
        return others.orElse(inputs).count();
    }

    @Override
    public boolean symmetric() {
        return others.isEmpty();
    }

    @Override
    public int step() {
        return 1;
    }

    @Override
    public int edge() {
        return EDGE;
    }

    // That needs no panels.
    @Override
    public double bytes(int edge, int panels) {
        int all = rows() + (symmetric() ? 0 : columns());
        return InfiniteWidth.Rectangles.bytes(network, all, (long) edge * edge, engine);
    }

    @Override
    public List<String> settings() {
        return List.of(
                "networks: " + network.activation().label() + " " + network.architecture() + ", "
                        + network.initialization(),
                "parametrization: " + parametrization,
                "inputs: " + KernelSettings.checksum(inputs),
                "columns: " + others.map(KernelSettings::checksum).orElse("those of the rows"));
    }

    @Override
    public Session open(List<BatchShape.Tile> order, int panels) {
        InfiniteWidth.Rectangles kernels =
                new InfiniteWidth.Rectangles(network, inputs, others, parametrization, engine);
        return new Session() {
            @Override
            public void compute(BatchShape.Tile block, double[][] targets) {
                kernels.compute(
                        block.row(),
                        block.rowEnd() - block.row(),
                        block.column(),
                        block.columnEnd() - block.column(),
                        targets[0],
                        targets[1]);
            }

            @Override
            public void close() {
                // all that it holds lies on the heap
            }
        };
    }
}
