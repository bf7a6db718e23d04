package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;

/** The oracle: a network evaluated and differentiated by the definitions, one parameter at a time, in f64. */
public final class NaiveNetwork {

    private final Architecture architecture;
    private final Activation activation;
    private final double[] parameters;

    public NaiveNetwork(Architecture architecture, Activation activation, double[] parameters) {
        this.architecture = architecture;
        this.activation = activation;
        this.parameters = parameters;
    }

    double output(double[] x) {
        return preactivations(x)[architecture.depth()][0];
    }

    /** h^l for l = 1 ... L; entry 0 is unused. */
    private double[][] preactivations(double[] input) {
        int depth = architecture.depth();
        double[][] h = new double[depth + 1][];
        double[] x = input;
        for (int l = 1; l <= depth; l++) {
            int nIn = architecture.width(l - 1);
            h[l] = new double[architecture.width(l)];
            for (int i = 0; i < h[l].length; i++) {
                double sum = parameters[(int) architecture.biasOffset(l) + i];
                for (int j = 0; j < nIn; j++) {
                    sum += parameters[(int) architecture.weightOffset(l) + i * nIn + j] * x[j];
                }
                h[l][i] = sum;
            }
            x = activated(h[l]);
        }
        return h;
    }

    private double[] activated(double[] h) {
        double[] x = new double[h.length];
        for (int i = 0; i < h.length; i++) {
            x[i] = activation.value(h[i]);
        }
        return x;
    }

    /** f_k(x) for k = 0 ... K - 1. */
    public double[] outputs(double[] x) {
        return preactivations(x)[architecture.depth()];
    }

    /** df/dw for every parameter. */
    double[] gradient(double[] input) {
        return gradient(input, 0);
    }

    /** df_k/dw for every parameter. */
    public double[] gradient(double[] input, int output) {
        int depth = architecture.depth();
        double[][] h = preactivations(input);
        double[] gradient = new double[parameters.length];
        double[] delta = new double[architecture.outputs()];
        delta[output] = 1;
        for (int l = depth; l >= 1; l--) {
            double[] x = l == 1 ? input : activated(h[l - 1]);
            int weights = (int) architecture.weightOffset(l);
            for (int i = 0; i < delta.length; i++) {
                gradient[(int) architecture.biasOffset(l) + i] = delta[i];
                for (int j = 0; j < x.length; j++) {
                    gradient[weights + i * x.length + j] = delta[i] * x[j];
                }
            }
            if (l > 1) {
                double[] below = new double[x.length];
                for (int j = 0; j < x.length; j++) {
                    for (int i = 0; i < delta.length; i++) {
                        below[j] += parameters[weights + i * x.length + j] * delta[i];
                    }
                    below[j] *= activation.derivative(h[l - 1][j]);
                }
                delta = below;
            }
        }
        return gradient;
    }

    /** df/dw by central differences. */
    double[] numericalGradient(double[] x, double step) {
        double[] gradient = new double[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            double kept = parameters[i];
            parameters[i] = kept + step;
            double above = output(x);
            parameters[i] = kept - step;
            double below = output(x);
            parameters[i] = kept;
            gradient[i] = (above - below) / (2 * step);
        }
        return gradient;
    }

    /** Theta(x_s, x_r) as the product of explicit gradients, eq. (2). */
    double[] ntk(double[][] inputs) {
        double[][] gradients = new double[inputs.length][];
        for (int s = 0; s < inputs.length; s++) {
            gradients[s] = gradient(inputs[s]);
        }
        double[] theta = new double[inputs.length * inputs.length];
        for (int s = 0; s < inputs.length; s++) {
            for (int r = 0; r < inputs.length; r++) {
                for (int i = 0; i < parameters.length; i++) {
                    theta[s * inputs.length + r] += gradients[s][i] * gradients[r][i];
                }
            }
        }
        return theta;
    }
}
