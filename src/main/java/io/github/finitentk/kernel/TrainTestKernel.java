package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import java.util.Arrays;

/**
 * The blocks of a kernel, NTK or NNGP, that regression needs: between training inputs X, between test and training inputs,
 * and the diagonal at test inputs.
 *
 * @param train {@code K(X)}, {@code S x S}, symmetric
 * @param cross {@code K(x, X)}, {@code T x S}
 * @param diagonal {@code K(x, x)}, T numbers, which only variances need; NaN where unknown; copied in and out
 */
public record TrainTestKernel(Kernel train, Kernel cross, double[] diagonal) {

    // Of the largest entry: what single precision leaves of a kernel that another program has computed.
    private static final double ASYMMETRY = 1e-5;

    /** @throws IllegalArgumentException if the shapes do not fit together, or the block of training inputs is not symmetric */
    public TrainTestKernel {
        if (train.rows() != train.columns() || cross.columns() != train.rows() || diagonal.length != cross.rows()) {
            throw new IllegalArgumentException(
                    "The blocks of a kernel of S training and T test inputs are S x S, T x S and"
                            + " T entries, not " + train.rows() + " x " + train.columns() + ", " + cross.rows() + " x "
                            + cross.columns() + " and " + diagonal.length
                            + (cross.rows() == train.rows() && cross.columns() == diagonal.length
                                    ? "; is the block between test and training inputs transposed?"
                                    : "."));
        }
        requireSymmetry(train);
        diagonal = diagonal.clone();
    }

    private static void requireSymmetry(Kernel train) {
        double largest = Arrays.stream(train.toArray()).map(Math::abs).max().orElseThrow();
        for (int s = 0; s < train.rows(); s++) {
            for (int r = 0; r < s; r++) {
                if (Math.abs(train.get(s, r) - train.get(r, s)) > ASYMMETRY * largest) {
                    throw new IllegalArgumentException("A kernel of training inputs must be symmetric, but entry (" + s
                            + ", "
                            + r + ") is " + train.get(s, r) + " and entry (" + r + ", " + s + ") is " + train.get(r, s)
                            + " (counted from 0).");
                }
            }
        }
    }

    /** Without a diagonal: enough for predictions. */
    public TrainTestKernel(Kernel train, Kernel cross) {
        this(train, cross, unknown(cross.rows()));
    }

    private static double[] unknown(int tests) {
        double[] diagonal = new double[tests];
        Arrays.fill(diagonal, Double.NaN);
        return diagonal;
    }

    /**
     * The blocks of a kernel of training inputs followed by test inputs.
     *
     * @param joint {@code (S + T) x (S + T)}
     * @param samples S, which leaves {@code T >= 1}
     * @throws IllegalArgumentException if the kernel is not square or holds no test input
     */
    public static TrainTestKernel split(Kernel joint, int samples) {
        int all = joint.rows();
        if (joint.columns() != all || samples < 1 || samples >= all) {
            throw new IllegalArgumentException("A kernel of " + all + " x " + joint.columns()
                    + " entries cannot be split into " + samples + " training inputs and at least 1 test input.");
        }
        return new TrainTestKernel(
                joint.block(0, samples, 0, samples),
                joint.block(samples, all, 0, samples),
                Arrays.copyOfRange(joint.diagonal(), samples, all));
    }

    /** S, training inputs, at least 1. */
    public int samples() {
        return train.rows();
    }

    /** T, test inputs, at least 1. */
    public int tests() {
        return cross.rows();
    }

    @Override
    public double[] diagonal() {
        return diagonal.clone();
    }

    /** The same entries. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TrainTestKernel that
                && train.equals(that.train)
                && cross.equals(that.cross)
                && Arrays.equals(diagonal, that.diagonal);
    }

    @Override
    public int hashCode() {
        return 31 * train.hashCode() + cross.hashCode();
    }

    @Override
    public String toString() {
        return "kernel of " + samples() + " training and " + tests() + " test inputs";
    }
}
