package io.github.finitentk.internal.purejava;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.Samplers;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;

/**
 * The S-input sampler; twin of {@code conditional.cpp}. Rows are inputs. With {@code X_{l-1} = C Q} (Q: orthonormal or
 * zero rows, C lower triangular), the weights enter the forward pass only through {@code Y = Q W^T}, independent
 * {@code N(0, c)} numbers, {@code c = sigma_w^2/n_{l-1}}: {@code H_l = C Y + 1 b^T}. Backward, with
 * {@code Delta_l = F E} of the same kind,
 *
 * <pre>
 * Delta_l W = Z + (Delta_l Y^T - Z Q^T) Q,   Z = sqrt(c) F N(0,1),
 * </pre>
 *
 * which is the law of {@code Delta_l W} given Y. Neither step inverts anything, so nearly parallel inputs and duplicates
 * are as good as any other.
 */
final class ConditionalSampler extends KernelSampler {

    private static final int PRODUCTS = 25;
    private static final int BIAS_VECTORS = 26;
    private static final int BACKWARD_NOISE = 27;

    /** A row whose part outside the span of the rows before it is relatively smaller than this counts as in it. */
    private static final double RANK_CUT = 1e-12;

    private final DoubleRows rows = new DoubleRows();
    private final Architecture architecture;
    private final Activation activation;
    private final double sigmaW2;
    private final double biasScale;
    private final int depth;
    private final int inputs;
    private final double[][][] directions; // Q_l
    private final double[][][] slopes; // phi'(H_l)
    private final double[][][] products; // Y_l
    private final double[][][] factors; // C_l
    private final double[][] deltaFactor; // F

    ConditionalSampler(RandomNetwork network, double[] x0) {
        architecture = network.architecture();
        activation = network.activation();
        sigmaW2 = network.initialization().sigmaW2();
        biasScale = Math.sqrt(network.initialization().sigmaB2());
        depth = architecture.depth();
        inputs = Samplers.requireInputs(network, x0);
        double widest = Math.max(architecture.inputDim(), architecture.maxHiddenWidth());
        Memory.require(
                8.0 * inputs * (3.0 * architecture.hiddenUnits() + 5 * widest + (double) depth * inputs),
                Memory.availableHeap(),
                "One draw of a random network at " + inputs + " input(s) on the Java heap (raise it with -Xmx)");
        directions = new double[depth][][];
        slopes = new double[depth][][];
        products = new double[depth + 1][][];
        factors = new double[depth][inputs][inputs];
        deltaFactor = new double[inputs][inputs];
        for (int l = 1; l <= depth; l++) {
            int n = architecture.width(l);
            products[l] = new double[inputs][n];
            if (l < depth) {
                directions[l] = new double[inputs][n];
                slopes[l] = new double[inputs][n];
            }
        }
        double[][] x = new double[inputs][architecture.inputDim()];
        for (int s = 0; s < inputs; s++) {
            System.arraycopy(x0, s * architecture.inputDim(), x[s], 0, architecture.inputDim());
        }
        orthonormalize(x, factors[0]);
    }

    @Override
    protected void sample(Seed seed, long firstDraw, int draws, KernelDraws target, int offset) {
        long key = seed.value();
        target.requirePlaces(inputs, firstDraw, draws, offset);
        for (int i = 0; i < draws; i++) {
            forward(key, firstDraw + i, target.outputs(), (offset + i) * inputs);
            backward(key, firstDraw + i, target.mantissas(), (offset + i) * inputs * inputs);
            target.exponents()[offset + i] = 0;
        }
    }

    // Rows of x become Q, and x = C Q. Classical Gram-Schmidt, each row orthogonalised twice.
    private void orthonormalize(double[][] x, double[][] c) {
        int n = x[0].length;
        double[][] opposite = new double[1][inputs];
        for (int s = 0; s < inputs; s++) {
            Arrays.fill(c[s], 0);
            double size = Math.sqrt(rows.dot(x[s], x[s], n));
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < s; k++) {
                    double coefficient = rows.dot(x[k], x[s], n);
                    c[s][k] += coefficient;
                    opposite[0][k] = -coefficient;
                }
                rows.multiplyAdd(opposite, 0, 1, x, s, x, s, n);
            }
            double rest = Math.sqrt(rows.dot(x[s], x[s], n));
            if (rest > RANK_CUT * size) {
                c[s][s] = rest;
                for (int i = 0; i < n; i++) {
                    x[s][i] /= rest;
                }
            } else {
                Arrays.fill(x[s], 0);
            }
        }
    }

    private double weightScale(int l) {
        return Math.sqrt(sigmaW2 / architecture.width(l - 1));
    }

    private void normals(long key, long draw, int l, int tensor, double scale, double[][] out, int n) {
        NormalStream stream = new NormalStream(key, draw, l, tensor);
        for (int s = 0; s < out.length; s++) {
            stream.fill(out[s], 0, n, (long) s * n, scale);
        }
    }

    private void forward(long key, long draw, double[] outputs, int offset) {
        double[][] bias = new double[1][];
        for (int l = 1; l <= depth; l++) {
            int n = architecture.width(l);
            normals(key, draw, l, PRODUCTS, weightScale(l), products[l], n);
            bias[0] = new double[n];
            normals(key, draw, l, BIAS_VECTORS, biasScale, bias, n);
            double[][] h = l == depth ? new double[inputs][1] : directions[l];
            for (int s = 0; s < inputs; s++) {
                rows.copy(bias[0], h[s], n);
            }
            rows.multiplyAdd(factors[l - 1], 0, inputs, products[l], inputs, h, 0, n);
            if (l == depth) {
                for (int s = 0; s < inputs; s++) {
                    outputs[offset + s] = h[s][0];
                }
            } else {
                for (int s = 0; s < inputs; s++) {
                    activation.apply(h[s], slopes[l][s], 0, n);
                }
                orthonormalize(h, factors[l]);
            }
        }
    }

    private void backward(long key, long draw, double[] theta, int offset) {
        Arrays.fill(theta, offset, offset + inputs * inputs, 0);
        double[][] delta = new double[inputs][];
        Arrays.setAll(delta, s -> new double[] {1});
        for (int l = depth; l >= 1; l--) {
            double[][] projections = l > 1 ? crossProducts(delta, products[l]) : null;
            orthonormalize(delta, deltaFactor);
            addTerm(l, theta, offset);
            if (l > 1) {
                delta = pullBack(l, key, draw, projections);
            }
        }
    }

    // X Y^T
    private double[][] crossProducts(double[][] x, double[][] y) {
        int n = x[0].length;
        double[][] transposed = new double[n][inputs];
        rows.transpose(y, 0, inputs, n, transposed);
        double[][] result = new double[inputs][inputs];
        rows.multiplyAdd(x, 0, inputs, transposed, n, result, 0, inputs);
        return result;
    }

    // theta += (Delta Delta^T) o (X X^T + 1) with Delta Delta^T = F F^T, X X^T = C C^T.
    private void addTerm(int l, double[] theta, int offset) {
        double[][] c = factors[l - 1];
        for (int s = 0; s < inputs; s++) {
            for (int r = 0; r <= s; r++) {
                double x = 0;
                double d = 0;
                for (int k = 0; k <= r; k++) {
                    x += c[s][k] * c[r][k];
                    d += deltaFactor[s][k] * deltaFactor[r][k];
                }
                theta[offset + s * inputs + r] += d * (x + 1);
                theta[offset + r * inputs + s] = theta[offset + s * inputs + r];
            }
        }
    }

    // Delta_{l-1} = phi'(H_{l-1}) o (Delta_l W)
    private double[][] pullBack(int l, long key, long draw, double[][] projections) {
        int n = architecture.width(l - 1);
        double[][] q = directions[l - 1];
        double[][] noise = new double[inputs][n];
        normals(key, draw, l, BACKWARD_NOISE, weightScale(l), noise, n);
        double[][] pulled = new double[inputs][n];
        rows.multiplyAdd(deltaFactor, 0, inputs, noise, inputs, pulled, 0, n);
        double[][] overlaps = crossProducts(pulled, q);
        for (int s = 0; s < inputs; s++) {
            for (int k = 0; k < inputs; k++) {
                projections[s][k] -= overlaps[s][k];
            }
        }
        rows.multiplyAdd(projections, 0, inputs, q, inputs, pulled, 0, n);
        for (int s = 0; s < inputs; s++) {
            rows.multiply(slopes[l - 1][s], pulled[s], n);
        }
        return pulled;
    }
}
