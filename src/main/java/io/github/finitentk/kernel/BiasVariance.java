package io.github.finitentk.kernel;

/**
 * The bias-variance decomposition of the expected squared error over initialisations, averaged over a test set (section 5):
 * {@code R = E (f(x) - y)^2 = Var f(x) + (E f(x) - y)^2}. (The paper writes Bias for the squared bias.)
 *
 * @param variance the mean over test inputs of {@code Var f(x)}
 * @param squaredBias the mean over test inputs of {@code (E f(x) - y)^2}
 */
public record BiasVariance(double variance, double squaredBias) {

    /**
     * @param mean {@code E f(x)} by test input; not modified
     * @param variance {@code Var f(x)}; not modified
     * @param targets y; not modified
     * @throws IllegalArgumentException if the lengths differ or are 0
     */
    public static BiasVariance of(double[] mean, double[] variance, double[] targets) {
        if (mean.length == 0 || variance.length != mean.length || targets.length != mean.length) {
            throw new IllegalArgumentException(
                    "The decomposition needs as many variances and targets as means, at least 1, not " + variance.length
                            + ", " + targets.length + " and " + mean.length + ".");
        }
        double variances = 0;
        double biases = 0;
        for (int x = 0; x < mean.length; x++) {
            variances += variance[x];
            biases += (mean[x] - targets[x]) * (mean[x] - targets[x]);
        }
        return new BiasVariance(variances / mean.length, biases / mean.length);
    }

    /** {@code R = Var + Bias^2}. */
    public double risk() {
        return variance + squaredBias;
    }
}
