package io.github.finitentk.internal.compute;

import io.github.finitentk.internal.compute.DescentRule.Loss;
import io.github.finitentk.internal.compute.DescentRule.Method;
import io.github.finitentk.internal.random.Philox4x32;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import java.util.Arrays;

/**
 * The oracle of optimizers, losses and mini-batches: Jacobians of all outputs by forward differentiation, one parameter at a time,
 * and the optimizers as their authors write them, in f64.
 */
final class NaiveTraining {

    private final Architecture architecture;
    private final Activation activation;
    private final double[][] x;
    private final double[] y;
    private final DescentRule rule;
    private final long orderKey;
    private final double[] w;
    private final double[] m;
    private final double[] v;
    private long t;

    NaiveTraining(
            Architecture architecture,
            Activation activation,
            double[] parameters,
            double[][] x,
            double[] y,
            DescentRule rule,
            int network) {
        this.architecture = architecture;
        this.activation = activation;
        this.x = x;
        this.y = y;
        this.rule = rule;
        orderKey = rule.order().derive(network).value();
        w = parameters.clone();
        m = new double[w.length];
        v = new double[w.length];
    }

    double[] parameters() {
        return w.clone();
    }

    /** The loss of all inputs. */
    double loss() {
        double sum = 0;
        for (int s = 0; s < x.length; s++) {
            sum += loss(s);
        }
        return sum / x.length;
    }

    private double loss(int s) {
        double[] f = outputs(s);
        double sum = 0;
        double partition = 0;
        for (double value : f) {
            partition += Math.exp(value);
        }
        for (int k = 0; k < f.length; k++) {
            double target = y[s * f.length + k];
            sum += rule.loss() == Loss.CROSS_ENTROPY
                    ? -target * Math.log(Math.exp(f[k]) / partition)
                    : (f[k] - target) * (f[k] - target) / 2;
        }
        return rule.lossFactor() * sum;
    }

    private double[] outputs(int s) {
        return propagate(s, -1)[0];
    }

    /** Outputs and their derivatives by parameter {@code which}. */
    private double[][] propagate(int s, int which) {
        double[] value = x[s];
        double[] tangent = new double[value.length];
        int at = 0;
        for (int l = 1; l <= architecture.depth(); l++) {
            int nIn = architecture.width(l - 1);
            int n = architecture.width(l);
            double[] next = new double[n];
            double[] nextTangent = new double[n];
            for (int i = 0; i < n; i++) {
                int bias = at + n * nIn + i;
                next[i] = w[bias];
                nextTangent[i] = bias == which ? 1 : 0;
                for (int j = 0; j < nIn; j++) {
                    int weight = at + i * nIn + j;
                    next[i] += w[weight] * value[j];
                    nextTangent[i] += w[weight] * tangent[j] + (weight == which ? value[j] : 0);
                }
                if (l < architecture.depth()) {
                    nextTangent[i] *= activation.derivative(next[i]);
                    next[i] = activation.value(next[i]);
                }
            }
            at += n * (nIn + 1);
            value = next;
            tangent = nextTangent;
        }
        return new double[][] {value, tangent};
    }

    /** The inputs of step t, counted from 0. */
    int[] inputs(long step) {
        int size = rule.batch() == 0 ? x.length : rule.batch();
        int[] order = new int[x.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        int steps = (x.length + size - 1) / size;
        if (steps > 1) {
            shuffle(order, step / steps);
        }
        int first = (int) (step % steps) * size;
        return Arrays.copyOfRange(order, first, Math.min(x.length, first + size));
    }

    // As the documentation says: place i, from the last one down, changes with one of 0 to i, by the upper half of word
    // i.
    private void shuffle(int[] order, long epoch) {
        for (int i = order.length - 1; i > 0; i--) {
            int[] words = Philox4x32.words(
                    new int[] {i / 2, 0, (int) epoch, (int) (epoch >>> 32)},
                    new int[] {(int) orderKey, (int) (orderKey >>> 32)});
            long upper = words[2 * (i % 2) + 1] & 0xffffffffL;
            int other = (int) (upper * (i + 1) / (1L << 32));
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }

    /** The mean loss of the inputs of this step before it. */
    double step() {
        int[] batch = inputs(t);
        double[] gradient = new double[w.length];
        double loss = 0;
        for (int s : batch) {
            loss += loss(s) / batch.length;
            double[] residual = residual(s);
            for (int p = 0; p < w.length; p++) {
                double[] derivative = propagate(s, p)[1];
                for (int k = 0; k < residual.length; k++) {
                    gradient[p] += residual[k] * derivative[k] / batch.length;
                }
            }
        }
        t++;
        for (int p = 0; p < w.length; p++) {
            follow(p, gradient[p]);
        }
        return loss;
    }

    private double[] residual(int s) {
        double[] f = outputs(s);
        double partition = 0;
        for (double value : f) {
            partition += Math.exp(value);
        }
        for (int k = 0; k < f.length; k++) {
            double guess = rule.loss() == Loss.CROSS_ENTROPY ? Math.exp(f[k]) / partition : f[k];
            f[k] = rule.lossFactor() * (guess - y[s * f.length + k]);
        }
        return f;
    }

    private void follow(int p, double gradient) {
        double eta = rule.learningRate();
        double beta1 = rule.optimizer().momentum();
        double beta2 = rule.optimizer().secondMomentum();
        if (rule.optimizer().method() == Method.GRADIENT_DESCENT) {
            w[p] -= eta * gradient;
        } else if (rule.optimizer().method() == Method.MOMENTUM) {
            m[p] = beta1 * m[p] + gradient;
            w[p] -= eta * m[p];
        } else {
            m[p] = beta1 * m[p] + (1 - beta1) * gradient;
            v[p] = beta2 * v[p] + (1 - beta2) * gradient * gradient;
            double mean = m[p] / (1 - Math.pow(beta1, t));
            double square = v[p] / (1 - Math.pow(beta2, t));
            w[p] -= eta * mean / (Math.sqrt(square) + rule.optimizer().epsilon());
        }
    }
}
