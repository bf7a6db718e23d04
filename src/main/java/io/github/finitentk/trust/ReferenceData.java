package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.SymmetricEigen;

/**
 * Data for networks of any input dimension that resemble the paper's: the first images of MNIST, {@code |x|^2 = n_0}, with
 * digit/10 as targets.
 *
 * <p>A random network sees its inputs only through {@code x_s.x_r / n_0}. In another dimension than 784 the images are
 * replaced by vectors with the same inner products in these units: the rows of {@code sqrt(n_0) V Lambda^{1/2}} for their
 * Gram matrix {@code V Lambda V^T}. With fewer dimensions than images only the n_0 largest components fit, and each vector
 * is scaled back to {@code |x|^2 = n_0} (classical scaling).
 */
final class ReferenceData {

    private ReferenceData() {}

    /** @throws IllegalArgumentException if there are not that many images */
    static Dataset of(int samples, int inputDim, LinearAlgebra algebra) {
        Dataset mnist = Mnist.embedded().first(samples).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.DIGIT);
        if (inputDim == mnist.inputDim()) {
            return mnist;
        }
        if ((double) samples * inputDim > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(samples + " inputs of dimension " + inputDim
                    + " are more numbers than one array holds; another input dimension is needed.");
        }
        Memory.requireHeap(
                24.0 * samples * inputDim, 0, "A set of " + samples + " images carried to dimension " + inputDim);
        return new Dataset(
                Inputs.of(samples, inputDim, carried(mnist, inputDim, algebra)),
                mnist.targets(),
                "mnist, carried to dimension " + inputDim,
                mnist.normalization(),
                mnist.targetChoice());
    }

    private static double[] carried(Dataset mnist, int inputDim, LinearAlgebra algebra) {
        int samples = mnist.samples();
        SymmetricEigen eigen = algebra.symmetricEigen(samples, gram(mnist));
        int kept = Math.min(samples, inputDim);
        double[] inputs = new double[samples * inputDim];
        for (int s = 0; s < samples; s++) {
            double norm2 = 0;
            for (int j = 0; j < kept; j++) {
                int k = samples - 1 - j;
                double x = Math.sqrt(Math.max(0, eigen.values()[k])) * eigen.vectors()[k * samples + s];
                inputs[s * inputDim + j] = x;
                norm2 += x * x;
            }
            double scale = Math.sqrt(inputDim / norm2);
            for (int j = 0; j < kept; j++) {
                inputs[s * inputDim + j] *= scale;
            }
        }
        return inputs;
    }

    private static double[] gram(Dataset data) {
        int samples = data.samples();
        int dimension = data.inputDim();
        double[] x = data.inputs().toArray();
        double[] gram = new double[samples * samples];
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r <= s; r++) {
                double sum = 0;
                for (int i = 0; i < dimension; i++) {
                    sum += x[s * dimension + i] * x[r * dimension + i];
                }
                gram[s * samples + r] = sum / dimension;
                gram[r * samples + s] = sum / dimension;
            }
        }
        return gram;
    }
}
