package io.github.finitentk.internal.compute;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;

/** The oracle: gradient descent with the gradient summed sample by sample, parameter by parameter, in f64. */
public final class NaiveDescent {

    private final double[][] x;
    private final double[] y;
    private final double[] parameters;
    private final NaiveNetwork network;

    public NaiveDescent(
            Architecture architecture, Activation activation, double[] parameters, double[][] x, double[] y) {
        this.x = x;
        this.y = y;
        this.parameters = parameters.clone();
        network = new NaiveNetwork(architecture, activation, this.parameters);
    }

    /** {@code factor/(2S) sum (f - y)^2}. */
    public double loss(double factor) {
        double sum = 0;
        for (int s = 0; s < x.length; s++) {
            double residual = network.output(x[s]) - y[s];
            sum += residual * residual;
        }
        return factor * sum / (2 * x.length);
    }

    /** {@code w -= eta grad loss}. */
    public void step(double learningRate, double factor) {
        double[] gradient = new double[parameters.length];
        for (int s = 0; s < x.length; s++) {
            double residual = network.output(x[s]) - y[s];
            double[] ofOutput = network.gradient(x[s]);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += factor / x.length * residual * ofOutput[i];
            }
        }
        for (int i = 0; i < gradient.length; i++) {
            parameters[i] -= learningRate * gradient[i];
        }
    }

    public double[] parameters() {
        return parameters.clone();
    }

    public double[] ntk() {
        return network.ntk(x);
    }
}
