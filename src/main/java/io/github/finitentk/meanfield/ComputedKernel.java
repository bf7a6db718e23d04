package io.github.finitentk.meanfield;

import io.github.finitentk.data.KernelSource;
import io.github.finitentk.internal.compute.Engine;

/** One of the kernels of infinite width, whose entries are computed each time that they are read: nothing is of size S^2. */
final class ComputedKernel implements KernelSource {

    private final KernelProblem problem;
    private final PairRecursion recursion;
    private final InfiniteWidth.Limit limit;
    private final Engine engine;

    ComputedKernel(KernelProblem problem, InfiniteWidth.Limit limit, Engine engine) {
        this.problem = problem;
        this.limit = limit;
        this.engine = engine;
        recursion = PairRecursion.of(problem);
    }

    @Override
    public int rows() {
        return problem.samples;
    }

    @Override
    public int columns() {
        return problem.samples;
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        KernelSource.requireBlock(this, fromRow, toRow, fromColumn, toColumn);
        int rows = toRow - fromRow;
        int columns = toColumn - fromColumn;
        int entries = Math.multiplyExact(rows, columns);
        if (entries > target.length) {
            throw new IndexOutOfBoundsException(
                    "A block of " + rows + " x " + columns + " entries does not fit " + target.length + " numbers.");
        }
        KernelBlock block = new KernelBlock(
                problem, fromRow, rows, fromColumn, columns, new double[entries], new double[entries], null);
        recursion.fill(block, engine);
        System.arraycopy(limit == InfiniteWidth.Limit.NTK ? block.ntk : block.nngp, 0, target, 0, entries);
    }

    @Override
    public String toString() {
        return "infinite-width " + limit + " of " + problem.samples + " input(s), computed when it is read";
    }
}
