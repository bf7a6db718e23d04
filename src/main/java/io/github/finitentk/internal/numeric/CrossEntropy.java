package io.github.finitentk.internal.numeric;

/** Softmax and its loss, the same statements as the native core's. */
public final class CrossEntropy {

    private CrossEntropy() {}

    /**
     * {@code -y . log softmax(f)} for {@code y} that sums to 1.
     *
     * @param f the outputs for one input; replaced by {@code factor (softmax(f) - y)}
     * @param y the targets of all inputs
     * @param offset where those of this input begin
     */
    public static double residuals(double factor, double[] y, int offset, double[] f) {
        double top = f[0];
        for (int k = 1; k < f.length; k++) {
            top = f[k] > top ? f[k] : top;
        }
        double sum = 0;
        for (double value : f) {
            sum += Elementary.expNonpositive(value - top, 0);
        }
        double logSum = Elementary.logPositive(sum);
        double loss = 0;
        for (int k = 0; k < f.length; k++) {
            double below = f[k] - top;
            loss += y[offset + k] * (logSum - below);
            f[k] = factor * (Elementary.expNonpositive(below, 0) / sum - y[offset + k]);
        }
        return loss;
    }
}
