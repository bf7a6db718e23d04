package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The linear map from training residuals to test outputs that training with a constant kernel amounts to:
 * {@code f_t(x) = f_0(x) - B_t (f_0(X) - Y)}, from {@link KernelRegression}.
 *
 * @param weights {@code B_t}, {@code T x S}
 * @param time t, infinite at convergence
 * @param method how it was found
 * @param dropped directions of the S that were dropped because their eigenvalue is a rounding error
 */
public record Smoother(Kernel weights, double time, Method method, int dropped) {

    /** How a smoother was found. */
    public enum Method {
        /** Cholesky decomposition of {@code Theta(X)}. */
        CHOLESKY,
        /** Spectral decomposition of {@code Theta(X)}. */
        SPECTRAL;

        /** {@code cholesky} or {@code spectral}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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
                        "The decomposition needs as many variances and targets as means, at least 1, not "
                                + variance.length + ", " + targets.length + " and " + mean.length + ".");
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

    /**
     * The prediction for one network.
     *
     * @param initialTest {@code f_0(x)}, T numbers; not modified
     * @param initialTrain {@code f_0(X)}, S numbers; not modified
     * @param targets Y, S numbers; not modified
     * @return {@code f_t(x)}, T numbers
     * @throws IllegalArgumentException if a length does not fit
     */
    public double[] predict(double[] initialTest, double[] initialTrain, double[] targets) {
        KernelRegression.requireLength(initialTest, tests(), "initial test outputs");
        KernelRegression.requireLength(initialTrain, samples(), "initial training outputs");
        KernelRegression.requireLength(targets, samples(), "targets");
        double[] residual = new double[samples()];
        for (int s = 0; s < residual.length; s++) {
            residual[s] = targets[s] - initialTrain[s];
        }
        double[] outputs = times(residual);
        for (int x = 0; x < outputs.length; x++) {
            outputs[x] += initialTest[x];
        }
        return outputs;
    }

    /**
     * The prediction for one network of K outputs. {@code B_t} is that of all outputs together, {@code T K x S K} in the order of
     * {@link KernelForm#FULL}, or serves each of them by itself, {@code T x S}.
     *
     * @param initialTest {@code f_0(x)}, {@code T x K}; not modified
     * @param initialTrain {@code f_0(X)}, {@code S x K}; not modified
     * @param targets Y, {@code S x K}
     * @return {@code f_t(x)}, {@code T x K}
     * @throws IllegalArgumentException if a size does not fit
     */
    public double[][] predict(double[][] initialTest, double[][] initialTrain, Targets targets) {
        int outputs = targets.outputs();
        double[][] predicted = new double[initialTest.length][outputs];
        if (samples() == targets.count()) {
            for (int k = 0; k < outputs; k++) {
                double[] column = predict(column(initialTest, k), column(initialTrain, k), targets.column(k));
                for (int x = 0; x < column.length; x++) {
                    predicted[x][k] = column[x];
                }
            }
        } else {
            double[] joint = predict(flat(initialTest), flat(initialTrain), targets.toArray());
            Arrays.setAll(predicted, x -> Arrays.copyOfRange(joint, x * outputs, (x + 1) * outputs));
        }
        return predicted;
    }

    private static double[] column(double[][] rows, int k) {
        return Arrays.stream(rows).mapToDouble(row -> row[k]).toArray();
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /**
     * {@code E f_t(x) = B_t Y} of K outputs: {@link #predict(double[][], double[][], Targets)} from initial outputs 0.
     *
     * @return {@code T x K}
     * @throws IllegalArgumentException if a size does not fit
     */
    public double[][] mean(Targets targets) {
        int outputs = targets.outputs();
        int rowsOfInput = samples() == targets.count() ? 1 : outputs;
        return predict(new double[tests() / rowsOfInput][outputs], new double[targets.count()][outputs], targets);
    }

    /**
     * {@code E f_t(x) = B_t Y}: the mean over initialisations, whose initial outputs have mean 0.
     *
     * @param targets Y, S numbers; not modified
     * @throws IllegalArgumentException if the length does not fit
     */
    public double[] mean(double[] targets) {
        KernelRegression.requireLength(targets, samples(), "targets");
        return times(targets);
    }

    /**
     * The variance over initialisations if the kernel is the same for all of them (Appendix B before its approximation):
     * <pre>
     * Var f_t(x) = K(x,x) - 2 B_t K(X,x) + B_t K(X) B_t^T
     * </pre>
     * Its rounding error is about {@code S 1e-16 K(x,x)}; below that nothing is known, and 0 is returned for what would be
     * negative.
     *
     * @param nngp the law of the initial outputs, {@code K = q_sr^L} (Lemma 1)
     * @return T numbers
     * @throws IllegalArgumentException if the kernel is for other numbers of inputs
     */
    public double[] variance(TrainTestKernel nngp) {
        int samples = samples();
        int tests = tests();
        if (nngp.samples() != samples || nngp.tests() != tests) {
            throw new IllegalArgumentException("The NNGP kernel is for " + nngp.samples() + " training and "
                    + nngp.tests() + " test inputs, the NTK for " + samples + " and " + tests + ".");
        }
        double[] train = nngp.train().toArray();
        double[] diagonal = nngp.diagonal();
        double[] variance = new double[tests];
        for (int x = 0; x < tests; x++) {
            double[] b = weights.row(x);
            double[] cross = nngp.cross().row(x);
            double once = 0;
            double twice = 0;
            for (int s = 0; s < samples; s++) {
                double row = 0;
                for (int r = 0; r < samples; r++) {
                    row += train[s * samples + r] * b[r];
                }
                once += b[s] * cross[s];
                twice += b[s] * row;
            }
            variance[x] = Math.max(0, diagonal[x] - 2 * once + twice);
        }
        return variance;
    }

    private double[] times(double[] v) {
        double[] product = new double[tests()];
        for (int x = 0; x < product.length; x++) {
            double[] b = weights.row(x);
            for (int s = 0; s < v.length; s++) {
                product[x] += b[s] * v[s];
            }
        }
        return product;
    }

    /** S. */
    public int samples() {
        return weights.columns();
    }

    /** T. */
    public int tests() {
        return weights.rows();
    }

    @Override
    public String toString() {
        return tests() + " x " + samples() + " smoother at t = " + time + " (" + method.label() + ", " + dropped
                + " directions dropped)";
    }
}
