package io.github.finitentk.kernel;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A kernel that is computed block by block, in bounded memory, and handed on or written to a file: its size is limited by time and disk
 * alone. Entries are the same bits as those of the kernel in one piece, whatever the memory, the blocks and the threads. Nothing is computed
 * before it is asked for. {@link io.github.finitentk.Ntk#cancelledBy} ends it early.
 *
 * <p>Not thread-safe.
 */
public final class KernelStream {

    private final BlockComputation computation;
    private final Engine engine;
    private OptionalLong memory = OptionalLong.empty();
    private Listener listener = (done, all) -> {};

    KernelStream(BlockComputation computation, Engine engine) {
        this.computation = computation;
        this.engine = engine;
    }

    /**
     * NTK (kernel 0) and NNGP (kernel 1) in the limit of infinite width, from one pass.
     *
     * @param inputs of the rows
     * @param others of the columns, if they are others
     * @param engine who computes
     * @throws IllegalArgumentException if inputs have another dimension
     */
    public static KernelStream infiniteWidth(
            RandomNetwork network,
            Inputs inputs,
            Optional<Inputs> others,
            InfiniteWidth.Parametrization parametrization,
            Engine engine) {
        return new KernelStream(new InfiniteWidthBlocks(network, inputs, others, parametrization, engine), engine);
    }

    /** Hears how far it is, block by block, on one thread at a time. */
    @FunctionalInterface
    public interface Listener {

        /**
         * @param done entries that are finished, a symmetric pair counted once
         * @param all of them
         */
        void update(long done, long all);
    }

    /**
     * A block.
     *
     * @param kernel of the stack, counted from 0
     * @param row the kernel's row that its first row is
     * @param rows how many
     * @param column the kernel's column that its first column is
     * @param columns how many
     * @param values {@code rows x columns} numbers, row after row; the array may be longer, and is used again when the call that it is
     *     given to has ended
     */
    public record Block(int kernel, int row, int rows, int column, int columns, double[] values) {}

    /** The number of kernels that come together: 1 unless there is one for each output or layer. */
    public int kernels() {
        return computation.kernels();
    }

    /** The lengths of the array of all entries: {@code [L x] [K x] rows x columns}. */
    public int[] shape() {
        int[] stack = computation.stack();
        int[] shape = Arrays.copyOf(stack, stack.length + 2);
        shape[stack.length] = rows();
        shape[stack.length + 1] = columns();
        return shape;
    }

    /** The number of rows. */
    public int rows() {
        return computation.rows();
    }

    /** The number of columns. */
    public int columns() {
        return computation.columns();
    }

    /** Whether rows and columns belong to the same inputs, so that only blocks on and below the diagonal are computed. */
    public boolean isSymmetric() {
        return computation.symmetric();
    }

    /**
     * How much memory blocks and the states that they are made from may take, on the heap and off it; half of what there is, if not
     * said. Inputs and weights that are held anyway come on top. Less memory takes somewhat longer.
     *
     * @throws IllegalArgumentException unless it is positive
     */
    public KernelStream memory(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("The memory for a kernel must be at least 1 byte, not " + bytes + ".");
        }
        memory = OptionalLong.of(bytes);
        return this;
    }

    /** Who hears how far it is. */
    public KernelStream listener(Listener who) {
        listener = Objects.requireNonNull(who, "listener");
        return this;
    }

    /**
     * Computes all blocks and hands them on: each entry once, of symmetric kernels those on and below the diagonal (and, in blocks that lie on
     * it, above).
     *
     * @param consumer called on one thread at a time, while the next block is computed; what it throws ends the computation and is thrown
     *     here
     * @throws InsufficientMemoryException if the memory does not suffice for the smallest blocks
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    public void forEach(Consumer<Block> consumer) {
        BlockPlan plan = plan();
        BlockLoop.run(
                computation,
                plan,
                plan.order(),
                (at, values) -> {
                    for (int kernel = 0; kernel < values.length; kernel++) {
                        consumer.accept(new Block(
                                kernel,
                                at.row(),
                                at.rowEnd() - at.row(),
                                at.column(),
                                at.columnEnd() - at.column(),
                                values[kernel]));
                    }
                },
                progress(plan, List.of()));
    }

    /**
     * Computes all blocks into an {@code .npy} file, which appears when it is whole: {@code rows x columns}, or the lower triangle (
     * {@link io.github.finitentk.data.StoredKernel}), of several kernels a stack of them. Until then {@code FILE.unfinished} takes its blocks, and
     * {@code FILE.blocks} says which are finished, and of what: whatever ends the process, {@link #resume} goes on from there.
     *
     * @throws IllegalArgumentException if the file exists, was begun already, the disk has no room for it, or the format is a triangle
     *     and the kernel not symmetric
     * @throws InsufficientMemoryException if the memory does not suffice for the smallest blocks
     * @throws ArithmeticException naming the first entry that is not finite, or not in the precision of the format
     * @throws java.util.concurrent.CancellationException if it was cancelled; what is finished is kept
     * @throws java.io.UncheckedIOException with one sentence if writing fails; what is finished is kept
     */
    public void write(Path file, KernelWriter.Format format) {
        write(file, format, false);
    }

    /**
     * Goes on with what {@link #write} has begun, or begins it. The bytes are the same.
     *
     * @throws IllegalArgumentException also if it was begun with other settings, naming the first that differs
     */
    public void resume(Path file, KernelWriter.Format format) {
        write(file, format, true);
    }

    private void write(Path file, KernelWriter.Format format, boolean resume) {
        try (UnfinishedKernel unfinished = UnfinishedKernel.open(file, format, computation, resume)) {
            BlockPlan plan = unfinished
                    .edge()
                    .map(edge -> BlockPlan.of(computation, engine, memory, edge))
                    .orElseGet(this::plan);
            unfinished.begin(plan);
            List<BatchShape.Tile> rest = plan.order().stream()
                    .filter(block -> !unfinished.has(block))
                    .toList();
            List<BatchShape.Tile> finished =
                    plan.order().stream().filter(unfinished::has).toList();
            BlockLoop.run(computation, plan, rest, unfinished::write, progress(plan, finished));
            unfinished.finish();
        }
    }

    BlockPlan plan() {
        return BlockPlan.of(computation, engine, memory);
    }

    private Consumer<BatchShape.Tile> progress(BlockPlan plan, List<BatchShape.Tile> finished) {
        long all = plan.order().stream().mapToLong(this::entries).sum();
        long[] done = {finished.stream().mapToLong(this::entries).sum()};
        listener.update(done[0], all);
        return block -> {
            done[0] += entries(block);
            listener.update(done[0], all);
        };
    }

    private long entries(BatchShape.Tile block) {
        long rows = block.rowEnd() - block.row();
        long columns = block.columnEnd() - block.column();
        boolean diagonal = isSymmetric() && block.isDiagonal();
        return kernels() * (diagonal ? rows * (rows + 1) / 2 : rows * columns);
    }

    /** The size, and of what. */
    @Override
    public String toString() {
        return (kernels() == 1 ? "" : kernels() + " x ") + rows() + " x " + columns() + " kernel, block by block";
    }
}
