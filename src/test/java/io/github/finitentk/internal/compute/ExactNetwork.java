package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;

/**
 * The oracle of bits: the passes of one network as scalar loops that spell out the order of every sum. A sum over k takes
 * {@code fma(a_k, b_k, sum)} in ascending k, in the element type; if there is one input, products with its vector, and norms, sum in
 * 16 lanes (8 in f64). Numbers are held as doubles, in f32 those that are floats.
 */
final class ExactNetwork {

    private final Architecture architecture;
    private final Activation activation;
    private final boolean single;
    private final int inputs;
    private final double[][] x0;
    private final double[] parameters;
    private final double[][][] x; // x[l][s], l = 0 ... L - 1
    private final double[][][] slopes; // of layers 1 ... L - 1
    private final double[][][] delta; // of layers 1 ... L - 1
    private final double[] outputs;

    ExactNetwork(Architecture architecture, Activation activation, Precision precision, double[][] x, double[] w) {
        this.architecture = architecture;
        this.activation = activation;
        single = precision == Precision.F32;
        inputs = x.length;
        x0 = new double[inputs][];
        for (int s = 0; s < inputs; s++) {
            x0[s] = rounded(x[s]);
        }
        parameters = rounded(w);
        this.x = new double[architecture.depth()][inputs][];
        slopes = new double[architecture.depth()][inputs][];
        delta = new double[architecture.depth()][inputs][];
        outputs = new double[inputs];
    }

    private double[] rounded(double[] values) {
        double[] result = values.clone();
        for (int i = 0; single && i < result.length; i++) {
            result[i] = (float) result[i];
        }
        return result;
    }

    private double fma(double a, double b, double sum) {
        return single ? Math.fma((float) a, (float) b, (float) sum) : Math.fma(a, b, sum);
    }

    private double times(double a, double b) {
        return single ? (float) a * (float) b : a * b;
    }

    private double plus(double a, double b) {
        return single ? (float) a + (float) b : a + b;
    }

    private double inLanes(double[] a, double[] b) {
        double[] lanes = new double[single ? 16 : 8];
        for (int k = 0; k < a.length; k++) {
            lanes[k % lanes.length] = fma(a[k], b[k], lanes[k % lanes.length]);
        }
        return tree(lanes, 0, lanes.length);
    }

    private double tree(double[] lanes, int first, int count) {
        return count == 1
                ? lanes[first]
                : plus(tree(lanes, first, count / 2), tree(lanes, first + count / 2, count / 2));
    }

    private double ascending(double start, double[] a, double[] b) {
        double sum = start;
        for (int k = 0; k < a.length; k++) {
            sum = fma(a[k], b[k], sum);
        }
        return sum;
    }

    private double weight(int l, int i, int j) {
        return parameters[(int) architecture.weightOffset(l) + i * architecture.width(l - 1) + j];
    }

    private double bias(int l, int i) {
        return parameters[(int) architecture.biasOffset(l) + i];
    }

    void forward() {
        for (int s = 0; s < inputs; s++) {
            double[] below = x0[s];
            for (int l = 1; l <= architecture.depth(); l++) {
                x[l - 1][s] = below;
                double[] h = new double[architecture.width(l)];
                for (int i = 0; i < h.length; i++) {
                    double[] row = new double[below.length];
                    for (int j = 0; j < row.length; j++) {
                        row[j] = weight(l, i, j);
                    }
                    h[i] = inputs == 1 ? plus(inLanes(row, below), bias(l, i)) : ascending(bias(l, i), below, row);
                }
                if (l == architecture.depth()) {
                    outputs[s] = h[0];
                } else {
                    slopes[l][s] = activate(h);
                    below = h;
                }
            }
        }
    }

    /** h becomes phi(h); the result is phi'(h). */
    private double[] activate(double[] h) {
        double[] derivatives = new double[h.length];
        if (!single) {
            activation.apply(h, derivatives, 0, h.length);
            return derivatives;
        }
        float[] values = new float[h.length];
        float[] slope = new float[h.length];
        for (int i = 0; i < h.length; i++) {
            values[i] = (float) h[i];
        }
        activation.apply(values, slope, 0, h.length);
        for (int i = 0; i < h.length; i++) {
            h[i] = values[i];
            derivatives[i] = slope[i];
        }
        return derivatives;
    }

    /** Deltas of all hidden layers from those of the output. */
    void backward(double[] top) {
        for (int s = 0; s < inputs; s++) {
            double[] above = {single ? (float) top[s] : top[s]};
            for (int l = architecture.depth(); l > 1; l--) {
                double[] below = new double[architecture.width(l - 1)];
                for (int j = 0; j < below.length; j++) {
                    double sum = 0;
                    for (int i = 0; i < above.length; i++) {
                        sum = fma(above[i], weight(l, i, j), sum);
                    }
                    below[j] = times(sum, slopes[l - 1][s][j]);
                }
                delta[l - 1][s] = below;
                above = below;
            }
        }
    }

    double[] ntk() {
        double[] theta = new double[inputs * inputs];
        for (int s = 0; s < inputs; s++) {
            for (int r = 0; r < inputs; r++) {
                for (int l = 1; l <= architecture.depth(); l++) {
                    double d = l == architecture.depth() ? 1 : product(delta[l][s], delta[l][r]);
                    theta[s * inputs + r] += d * (product(x[l - 1][s], x[l - 1][r]) + 1);
                }
            }
        }
        return theta;
    }

    private double product(double[] a, double[] b) {
        return inputs == 1 ? inLanes(a, b) : ascending(0, a, b);
    }

    /**
     * {@code target += [D_l^T X_{l-1}, D_l^T 1]} for all layers.
     *
     * @param top {@code D_L}
     * @param c what the deltas of each input are multiplied by; null for nothing
     */
    void addGradient(double[] target, double[] top, double[] c) {
        for (int l = 1; l <= architecture.depth(); l++) {
            int n = architecture.width(l);
            int nIn = architecture.width(l - 1);
            for (int s = 0; s < inputs; s++) {
                for (int i = 0; i < n; i++) {
                    double d = l == architecture.depth() ? top[s] : delta[l][s][i];
                    d = c == null ? d : times(single ? (float) c[s] : c[s], d);
                    int bias = (int) architecture.biasOffset(l) + i;
                    target[bias] = plus(target[bias], d);
                    for (int j = 0; j < nIn; j++) {
                        int weight = (int) architecture.weightOffset(l) + i * nIn + j;
                        target[weight] = fma(d, x[l - 1][s][j], target[weight]);
                    }
                }
            }
        }
    }

    /** One step of gradient descent, after {@link #forward}; in f32 the step goes into {@code pending} first. */
    double step(double[] targets, double[] pending, double learningRate, double factor) {
        double rate = -learningRate * factor / inputs;
        double loss = 0;
        double[] c = new double[inputs];
        for (int s = 0; s < inputs; s++) {
            double residual = outputs[s] - targets[s];
            loss += residual * residual;
            c[s] = single ? (float) (rate * residual) : rate * residual;
        }
        backward(c);
        addGradient(single ? pending : parameters, c, null);
        for (int i = 0; single && i < parameters.length; i++) {
            float old = (float) parameters[i];
            float sum = old + (float) pending[i];
            pending[i] = (float) pending[i] - (sum - old);
            parameters[i] = sum;
        }
        return factor / (2.0 * inputs) * loss;
    }

    double[] outputs() {
        return outputs.clone();
    }

    double[] parameters() {
        return parameters.clone();
    }
}
