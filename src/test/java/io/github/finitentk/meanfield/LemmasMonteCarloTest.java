package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lemmas 1 and 2 against networks drawn weight by weight, M = 200 with unequal widths. The seed is fixed; the number of draws
 * keeps the standard error above the O(1/M) that infinite width leaves out.
 */
@Tag("statistical")
class LemmasMonteCarloTest {

    private static final int DRAWS = 500;
    private static final double[] X = {0.9, -1.4, 0.3, 1.1, -0.2, 1.0, 0.4, -0.8};
    private static final double[] Y = {1.2, -0.1, 0.9, 0.7, -1.3, 0.2, 0.1, -0.5};

    @ParameterizedTest
    @CsvSource({"relu, 1.8, 0.2", "relu, 2.5, 0.5", "tanh, 1.5, 0.3", "tanh, 3.0, 0.1", "erf, 1.2, 0.2", "erf, 2.5, 0.0"
    })
    void expectationsOfOutputAndKernel(String name, double sigmaW2, double sigmaB2) {
        Activation activation = Activations.parse(name);
        Architecture architecture = Architecture.of(8, 200, 150, 220, 1);
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        MeanField theory = new MeanField(activation, initialization);
        PairPropagation pair = theory.propagate(X, Y, 4);
        Random random = new Random(17);
        double[] sum = new double[4];
        double[] square = new double[4];
        for (int draw = 0; draw < DRAWS; draw++) {
            double[] values = draw(architecture, activation, initialization, random);
            for (int i = 0; i < 4; i++) {
                sum[i] += values[i];
                square[i] += values[i] * values[i];
            }
        }
        double[] expected = {pair.first().nngp(), pair.nngp(), pair.first().ntk(architecture), pair.ntk(architecture)};
        for (int i = 0; i < 4; i++) {
            double mean = sum[i] / DRAWS;
            double error = Math.sqrt((square[i] / DRAWS - mean * mean) / DRAWS);
            assertThat(mean).as("quantity %d", i).isCloseTo(expected[i], within(4 * error));
            // and the test can fail: the error is small
            assertThat(error).isLessThan(0.1 * Math.sqrt(expected[i - i % 2] * expected[i - i % 2]));
        }
    }

    /** f(x)^2, f(x) f(y), Theta(x, x), Theta(x, y) of one network. */
    private static double[] draw(
            Architecture architecture, Activation activation, Initialization initialization, Random random) {
        int depth = architecture.depth();
        double[][][] x = new double[depth][2][];
        double[][][] slope = new double[depth][2][];
        double[][] weights = new double[depth + 1][];
        x[0][0] = X;
        x[0][1] = Y;
        double[] f = new double[2];
        for (int l = 1; l <= depth; l++) {
            int rows = architecture.width(l);
            int columns = architecture.width(l - 1);
            double deviation = Math.sqrt(initialization.sigmaW2() / columns);
            weights[l] = new double[rows * columns];
            for (int i = 0; i < weights[l].length; i++) {
                weights[l][i] = deviation * random.nextGaussian();
            }
            if (l < depth) {
                x[l] = new double[2][rows];
                slope[l] = new double[2][rows];
            }
            for (int i = 0; i < rows; i++) {
                double bias = Math.sqrt(initialization.sigmaB2()) * random.nextGaussian();
                for (int s = 0; s < 2; s++) {
                    double h = bias;
                    for (int j = 0; j < columns; j++) {
                        h += weights[l][i * columns + j] * x[l - 1][s][j];
                    }
                    if (l < depth) {
                        x[l][s][i] = activation.value(h);
                        slope[l][s][i] = activation.derivative(h);
                    } else {
                        f[s] = h;
                    }
                }
            }
        }
        double[][] delta = {{1}, {1}};
        double self = 0;
        double cross = 0;
        for (int l = depth; l >= 1; l--) {
            self += dot(delta[0], delta[0]) * (dot(x[l - 1][0], x[l - 1][0]) + 1);
            cross += dot(delta[0], delta[1]) * (dot(x[l - 1][0], x[l - 1][1]) + 1);
            if (l > 1) {
                int columns = architecture.width(l - 1);
                double[][] next = new double[2][columns];
                for (int s = 0; s < 2; s++) {
                    for (int i = 0; i < architecture.width(l); i++) {
                        for (int j = 0; j < columns; j++) {
                            next[s][j] += weights[l][i * columns + j] * delta[s][i];
                        }
                    }
                    for (int j = 0; j < columns; j++) {
                        next[s][j] *= slope[l - 1][s][j];
                    }
                }
                delta = next;
            }
        }
        return new double[] {f[0] * f[0], f[0] * f[1], self, cross};
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
