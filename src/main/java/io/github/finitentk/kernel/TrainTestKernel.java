package io.github.finitentk.kernel;

import java.util.Arrays;

/**
 * The blocks of a kernel, NTK or NNGP, that regression needs: between training inputs X, between test and training inputs,
 * and the diagonal at test inputs.
 *
 * @param samples S, training inputs, at least 1
 * @param tests T, test inputs, at least 1
 * @param train {@code K(X)}, {@code S x S} row-major, symmetric; not copied, not modified
 * @param cross {@code K(x, X)}, {@code T x S} row-major; not copied, not modified
 * @param diagonal {@code K(x, x)}, T numbers; not copied, not modified
 */
public record TrainTestKernel(int samples, int tests, double[] train, double[] cross, double[] diagonal) {

    /** @throws IllegalArgumentException if a count is below 1 or a length does not fit */
    public TrainTestKernel {
        if (samples < 1 || tests < 1) {
            throw new IllegalArgumentException(
                    "Regression needs at least 1 training and 1 test input, not " + samples + " and " + tests + ".");
        }
        if (train.length != (long) samples * samples
                || cross.length != (long) tests * samples
                || diagonal.length != tests) {
            throw new IllegalArgumentException("The blocks of a kernel of " + samples + " training and " + tests
                    + " test inputs have " + (long) samples * samples + ", " + (long) tests * samples + " and " + tests
                    + " entries, not " + train.length + ", " + cross.length + " and " + diagonal.length + ".");
        }
    }

    /**
     * The blocks of a kernel of training inputs followed by test inputs.
     *
     * @param joint {@code (S + T) x (S + T)} row-major; not modified
     * @param samples S, which leaves {@code T >= 1}
     * @throws IllegalArgumentException if the kernel is not square or holds no test input
     */
    public static TrainTestKernel split(double[] joint, int samples) {
        int n = (int) Math.round(Math.sqrt(joint.length));
        if ((long) n * n != joint.length || samples < 1 || samples >= n) {
            throw new IllegalArgumentException("A kernel with " + joint.length + " entries cannot be split into "
                    + samples + " training inputs and at least 1 test input.");
        }
        int tests = n - samples;
        double[] train = new double[samples * samples];
        double[] cross = new double[tests * samples];
        double[] diagonal = new double[tests];
        for (int s = 0; s < samples; s++) {
            System.arraycopy(joint, s * n, train, s * samples, samples);
        }
        for (int x = 0; x < tests; x++) {
            System.arraycopy(joint, (samples + x) * n, cross, x * samples, samples);
            diagonal[x] = joint[(samples + x) * n + samples + x];
        }
        return new TrainTestKernel(samples, tests, train, cross, diagonal);
    }

    /** The same arrays. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TrainTestKernel that
                && Arrays.equals(train, that.train)
                && Arrays.equals(cross, that.cross)
                && Arrays.equals(diagonal, that.diagonal);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(train) + Arrays.hashCode(cross);
    }

    @Override
    public String toString() {
        return "kernel of " + samples + " training and " + tests + " test inputs";
    }
}
