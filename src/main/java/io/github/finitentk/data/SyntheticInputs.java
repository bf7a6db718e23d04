package io.github.finitentk.data;

import io.github.finitentk.internal.random.NormalStream;

/** Inputs made from a formula. The same arguments give the same bits on every machine. */
public final class SyntheticInputs {

    /** Networks draw their layers from streams 1 to L, so inputs and networks of one seed stay independent. */
    private static final int LAYER = 0;

    private SyntheticInputs() {}

    /**
     * Independent inputs, uniform on the sphere {@code |x|^2 = n_0}, that is {@code q^0 = 1}.
     *
     * @throws IllegalArgumentException if a size is below 1 or their product too large for one array
     */
    public static Inputs onSphere(int samples, int inputDim, Seed seed) {
        return onSphere(samples, inputDim, inputDim, seed);
    }

    /**
     * Independent inputs, uniform on the sphere {@code |x|^2 = norm2}: input {@code s} is a normal vector, drawn from the
     * {@link NormalStream} of cell 0, network {@code s}, layer 0, scaled to its norm. The first inputs do not depend on
     * how many are asked for.
     *
     * @param norm2 the squared norm, positive and finite
     * @throws IllegalArgumentException if a size is below 1, their product too large for one array, or the norm out of
     *     its range
     */
    public static Inputs onSphere(int samples, int inputDim, double norm2, Seed seed) {
        double[] inputs = allocate(samples, inputDim, norm2);
        long key = seed.derive(0).value();
        for (int s = 0; s < samples; s++) {
            int start = s * inputDim;
            // no normal number of the stream is so small that its square underflows, so the sum is positive
            new NormalStream(key, s, LAYER, 0).fill(inputs, start, inputDim, 0, 1);
            double sum = 0;
            for (int i = start; i < start + inputDim; i++) {
                sum += inputs[i] * inputs[i];
            }
            double scale = Math.sqrt(norm2 / sum);
            for (int i = start; i < start + inputDim; i++) {
                inputs[i] *= scale;
            }
        }
        return Inputs.adopt(samples, inputDim, inputs);
    }

    /**
     * Inputs of equal norm with the same correlation {@code c = x_s.x_r / norm2} between every two. Nothing is random:
     * the rows are the Cholesky factor of the matrix with 1 on and {@code c} off the diagonal, in closed form, times
     * {@code sqrt(norm2)} and padded with zero columns. (The law of a network's kernel at Gaussian initialisation
     * depends on the inputs through their inner products only, so no generality is lost.)
     *
     * @param norm2 the squared norm, positive and finite
     * @param correlation from {@code -1/(samples - 1)}, below which no such inputs exist, to 1
     * @throws IllegalArgumentException if a size is below 1 or their product too large for one array, the norm or the
     *     correlation is out of its range, or the dimension is too small to hold such inputs
     */
    public static Inputs withCorrelation(int samples, int inputDim, double norm2, double correlation) {
        double[] inputs = allocate(samples, inputDim, norm2);
        double lowest = samples == 1 ? -1 : -1.0 / (samples - 1);
        if (!(correlation >= lowest && correlation <= 1)) {
            throw new IllegalArgumentException("The correlation between " + samples + " inputs must be from " + lowest
                    + " to 1, not " + correlation + ".");
        }
        int rank = samples;
        if (correlation == 1) {
            rank = 1;
        } else if (correlation == lowest && samples > 1) {
            rank = samples - 1;
        }
        if (inputDim < rank) {
            throw new IllegalArgumentException(samples + " inputs with correlation " + correlation
                    + " need an input dimension of at least " + rank + ", not " + inputDim + ".");
        }
        double norm = Math.sqrt(norm2);
        double c = correlation;
        for (int j = 0; j < rank; j++) {
            // column j: one value on the diagonal, another one everywhere below it
            // (the last diagonal element vanishes at the lowest correlation; rounding must not make it imaginary)
            double before = 1 + (j - 1) * c;
            double diagonal = j == 0 ? 1 : Math.sqrt((1 - c) * Math.max(0, 1 + j * c) / before);
            double below = j == 0 ? c : c * (1 - c) / (before * diagonal);
            inputs[j * inputDim + j] = norm * diagonal;
            for (int i = j + 1; i < samples; i++) {
                inputs[i * inputDim + j] = norm * below;
            }
        }
        return Inputs.adopt(samples, inputDim, inputs);
    }

    private static double[] allocate(int samples, int inputDim, double norm2) {
        Inputs.requireSize(samples, inputDim);
        if (!(norm2 > 0) || Double.isInfinite(norm2)) {
            throw new IllegalArgumentException(
                    "The squared norm of the inputs must be a positive finite number, not " + norm2 + ".");
        }
        return new double[samples * inputDim];
    }
}
