package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.Objects;

/**
 * What a {@link NetworkBatch} holds: {@code B} networks of one architecture and activation, evaluated on the same
 * {@code S} inputs.
 *
 * @param architecture the widths
 * @param activation the activation of all hidden layers
 * @param precision the number type of parameters and states
 * @param networks {@code B >= 1}
 * @param inputs {@code S >= 1}
 * @param blocks which kernels there is room for
 */
public record BatchShape(
        Architecture architecture,
        Activation activation,
        Precision precision,
        int networks,
        int inputs,
        KernelBlocks blocks) {

    /** Inputs per block and edge of a kernel tile; both backends use the same, so that they share their schedule. */
    public static final int BLOCK = 64;

    private static final int MOST_KERNEL_INPUTS = 46340;

    /** @throws IllegalArgumentException if there is not at least one network, one input, and one row beside the columns */
    public BatchShape {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(precision, "precision");
        if (networks < 1) {
            throw new IllegalArgumentException("A batch needs at least 1 network, not " + networks + ".");
        }
        if (inputs < 1) {
            throw new IllegalArgumentException("A batch needs at least 1 input, not " + inputs + ".");
        }
        if (blocks.columns() >= inputs) {
            throw new IllegalArgumentException(
                    "Of " + inputs + " inputs " + blocks.columns() + " cannot be columns: none is left for the rows.");
        }
    }

    /** With one kernel of all inputs. */
    public BatchShape(Architecture architecture, Activation activation, Precision precision, int networks, int inputs) {
        this(architecture, activation, precision, networks, inputs, KernelBlocks.ONE);
    }

    /**
     * That a kernel can be copied to an array.
     *
     * @throws IllegalArgumentException if it cannot
     */
    void requireKernel() {
        Memory.requireArray((double) rows() * columns(), "A kernel of " + inputs + " inputs");
    }

    /**
     * That parameters and the states of a layer can each be copied to an array.
     *
     * @throws IllegalArgumentException naming what cannot
     */
    void requireArrays() {
        Memory.requireArray(
                architecture.parameterCount(), "A network of " + architecture.parameterCount() + " parameters");
        double widest = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
        Memory.requireArray(inputs * widest, "A layer of width " + (int) widest + " at " + inputs + " inputs");
    }

    /** K. */
    public int outputs() {
        return architecture.outputs();
    }

    /** How many inputs are rows of the kernels: the first ones. */
    public int rows() {
        return inputs - blocks.columns();
    }

    /** How many inputs are columns of the kernels: the last ones. */
    public int columns() {
        return blocks.rectangular() ? blocks.columns() : inputs;
    }

    /**
     * Whether {@code phi'} is kept beside the deltas, so that they can be pulled back in other directions, too. Of a network with one
     * output there is but one direction, and the deltas take its place.
     */
    public boolean keepsDerivatives() {
        return outputs() > 1;
    }

    /** {@code ceil(S / BLOCK)}: the blocks of inputs that passes work on. */
    public int inputBlocks() {
        return blocksOf(inputs);
    }

    private static int blocksOf(int count) {
        return (count + BLOCK - 1) / BLOCK;
    }

    /**
     * The number of tiles of at most {@code BLOCK x BLOCK} entries: in the lower triangle of an {@code S x S} kernel, or in a rectangular
     * one.
     */
    public int tiles() {
        return blocks.rectangular()
                ? Math.multiplyExact(blocksOf(rows()), blocksOf(columns()))
                : Math.multiplyExact(inputBlocks(), inputBlocks() + 1) / 2;
    }

    /**
     * A tile's rows and columns, as numbers of inputs.
     *
     * @param row its first row
     * @param rowEnd the first row after it
     * @param column its first column
     * @param columnEnd the first column after it
     */
    public record Tile(int row, int rowEnd, int column, int columnEnd) {

        /** Whether it lies on the diagonal of a square kernel. */
        public boolean isDiagonal() {
            return row == column;
        }
    }

    /** Tile t, counted (0,0), (1,0), (1,1), (2,0), ... in the lower triangle, or row by row in a rectangle. */
    public Tile tile(int t) {
        int row;
        int column;
        if (blocks.rectangular()) {
            row = t / blocksOf(columns()) * BLOCK;
            column = t % blocksOf(columns()) * BLOCK + rows();
        } else {
            int i = 0;
            while ((i + 1) * (i + 2) / 2 <= t) {
                i++;
            }
            row = i * BLOCK;
            column = (t - i * (i + 1) / 2) * BLOCK;
        }
        return new Tile(row, Math.min(row + BLOCK, rows()), column, Math.min(column + BLOCK, inputs));
    }

    /** Numbers in the hidden states of one network: {@code S (n_1 + ... + n_{L-1})}. */
    public long statesPerNetwork() {
        return Math.multiplyExact(architecture.hiddenUnits(), inputs);
    }

    /**
     * The entries of one block, {@code S^2} or rows times columns.
     *
     * @throws IllegalArgumentException if they do not fit one array
     */
    public int kernelEntries() {
        if (!blocks.rectangular() && inputs > MOST_KERNEL_INPUTS) {
            throw new IllegalArgumentException("A kernel has at most " + MOST_KERNEL_INPUTS + " x " + MOST_KERNEL_INPUTS
                    + " entries, which is as many as fit one array; there are " + inputs + " inputs.");
        }
        return Math.multiplyExact(rows(), columns());
    }

    /**
     * The memory of a batch in bytes: parameters, activations, derivatives, deltas, scratch space, outputs and kernels.
     * Estimated before anything is allocated.
     */
    public double bytes() {
        double perNetwork = (double) architecture.parameterCount()
                + (double) (1 + blocks.directions() + (keepsDerivatives() ? 1 : 0))
                        * architecture.hiddenUnits()
                        * inputs
                + (double) inputs * Math.max(architecture.maxHiddenWidth(), outputs())
                + (double) inputs * outputs();
        double entries = (double) rows() * columns();
        double shared = (double) inputs * architecture.inputDim() + entries;
        double kernels = 8.0 * networks * blocks.count() * entries;
        return precision.bytes() * (networks * perNetwork + shared) + kernels;
    }
}
