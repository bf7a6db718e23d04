package io.github.finitentk.meanfield;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.numeric.LargestEigenvalue;

/**
 * The largest learning rate at which full-batch gradient descent is stable while the kernel is constant:
 * {@code eta_c = 2 / lambda_max(Theta / S)} for the loss of eq. (2), half of it for the plain mean squared error.
 */
public final class LearningRate {

    private LearningRate() {}

    /**
     * From a kernel matrix, empirical or infinite-width.
     *
     * @param theta the NTK on the training inputs, symmetric
     * @return {@code 2 / (factor * lambda_max(Theta/S))}, to 1e-12 relative ({@link LargestEigenvalue}); infinite if the
     *     kernel has no positive eigenvalue
     * @throws IllegalArgumentException if the kernel is not square or an entry is not finite
     */
    public static double largestStable(Kernel theta, LossConvention loss) {
        int samples = theta.rows();
        return ofEigenvalue(LargestEigenvalue.of(theta.toArray(), samples) / samples, loss);
    }

    /**
     * The mean-field estimate (Karakida et al. 2018; theory section 6):
     * {@code lambda_max(Theta/S) ~ (S-1)/S d' + d/S} for the mean entries d on and d' off the diagonal of the NTK, which is the
     * mean row sum; the other eigenvalue of such a kernel, {@code (d - d')/S}, where d' is negative. At leading order
     * {@code d = alpha M kappa_1} and {@code d' = alpha M kappa_2}; the entries themselves have the bias part, too, and are valid
     * for L = 1.
     *
     * @param meanDiagonal d
     * @param meanOffDiagonal d'
     * @throws IllegalArgumentException if {@code samples < 1}
     */
    public static double meanField(double meanDiagonal, double meanOffDiagonal, int samples, LossConvention loss) {
        return ofEigenvalue(largestEigenvalue(meanDiagonal, meanOffDiagonal, samples), loss);
    }

    private static double largestEigenvalue(double diagonal, double offDiagonal, int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("The number of samples must be at least 1, not " + samples + ".");
        }
        if (samples == 1) {
            return diagonal;
        }
        if (offDiagonal < 0) {
            // S - 1 times, and larger than the eigenvalue of (1, …, 1)
            return diagonal / samples - offDiagonal / samples;
        }
        double sum = (samples - 1.0) * offDiagonal + diagonal;
        return sum < Double.POSITIVE_INFINITY ? sum / samples : (1 - 1.0 / samples) * offDiagonal + diagonal / samples;
    }

    /**
     * Checks that there are so many inputs of which any two have this correlation: their Gram matrix has the eigenvalue
     * {@code 1 + (S - 1) c}.
     *
     * @param c0 the correlation, in [-1, 1]
     * @param samples S
     * @throws IllegalArgumentException if there are not
     */
    public static void requirePossible(double c0, int samples) {
        if (1 + (samples - 1.0) * c0 < -1e-12 * samples) {
            throw new IllegalArgumentException("There are no " + samples + " inputs with a correlation of " + c0
                    + " between any two: with it there are at most " + (int) Math.floor(1 - 1 / c0 + 1e-9)
                    + ", and for " + samples + " it is at least " + -1 / (samples - 1.0) + ".");
        }
    }

    /**
     * {@code 2 / (factor * eigenvalue)}.
     *
     * @param eigenvalue the largest one of {@code Theta/S}
     * @return infinite if it is not positive
     * @throws IllegalArgumentException if the loss is cross-entropy
     */
    public static double ofEigenvalue(double eigenvalue, LossConvention loss) {
        if (!loss.isSquaredError()) {
            throw new IllegalArgumentException(
                    "The largest stable learning rate is known for the squared error only, not for " + loss.label()
                            + ".");
        }
        return eigenvalue > 0 ? 2 / (loss.gradientFactor() * eigenvalue) : Double.POSITIVE_INFINITY;
    }
}
