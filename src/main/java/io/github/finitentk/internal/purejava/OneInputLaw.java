package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.PiecewiseLinear;
import java.util.Set;

/**
 * One network at one input, layer by layer, without its weights: given {@code x^{l-1}}, {@code h^l} has independent
 * {@code N(0, v_l)} entries with {@code v_l = (sigma_w^2 / n_{l-1}) |x^{l-1}|^2 + sigma_b^2}. Twin of
 * {@code one_input.cpp}.
 */
final class OneInputLaw {

    /**
     * The tensor numbers of the samplers' streams. A layer's own numbers lie at the positions that its units have when
     * all hidden layers are laid one behind the other, all on layer 0 of the stream.
     */
    static final int FORWARD_NORMALS = 16;

    static final int BACKWARD_NORMALS = 17;
    static final int SCALAR_NORMALS = 18;

    // Beyond 2^300, and below 2^-300, an activation that is linear there is so to the last bit, for every normal
    // number that a double can be.
    private static final int LINEAR_EXPONENT = 600;

    private static final Set<Activation> LINEAR_AT_ZERO =
            Set.of(Activations.TANH, Activations.ERF, Activations.GELU, Activations.SIN, Activations.SILU);
    private static final Set<Activation> LINEAR_AT_INFINITY =
            Set.of(Activations.GELU, Activations.SOFTPLUS, Activations.SILU);

    private final Architecture architecture;
    private final Activation activation;
    private final boolean homogeneous;
    private final long lowest;
    private final long highest;
    private final double sigmaW2;
    private final double sigmaB2;
    private final double inputNorm2;

    OneInputLaw(NetworkAtInput ensemble) {
        architecture = ensemble.architecture();
        activation = ensemble.activation();
        homogeneous = activation instanceof PiecewiseLinear;
        lowest = LINEAR_AT_ZERO.contains(activation) ? -LINEAR_EXPONENT : Long.MIN_VALUE;
        highest = LINEAR_AT_INFINITY.contains(activation) ? LINEAR_EXPONENT : Long.MAX_VALUE;
        sigmaW2 = ensemble.initialization().sigmaW2();
        sigmaB2 = ensemble.initialization().sigmaB2();
        inputNorm2 = ensemble.inputNorm2();
    }

    int depth() {
        return architecture.depth();
    }

    int width(int l) {
        return architecture.width(l);
    }

    /** Where layer {@code l}'s units start among all hidden units. */
    long position(int l) {
        long position = 0;
        for (int k = 1; k < l; k++) {
            position += architecture.width(k);
        }
        return position;
    }

    /** {@code sigma_w^2 / n_{l-1}}. */
    double weightVariance(int l) {
        return sigmaW2 / architecture.width(l - 1);
    }

    /** {@code |x^0|^2}. */
    Scaled inputNorm2() {
        Scaled norm2 = new Scaled(inputNorm2, 0);
        norm2.normalize();
        return norm2;
    }

    /** {@code v_l} given {@code |x^{l-1}|^2}. */
    Scaled variance(int l, Scaled norm2Below) {
        Scaled v = new Scaled(weightVariance(l) * norm2Below.mantissa, norm2Below.exponent);
        v.add(sigmaB2, 0);
        return v;
    }

    /** The share of {@code v_l} that comes from the weights. */
    double weightShare(int l, Scaled norm2Below, Scaled v) {
        return v.mantissa == 0
                ? 0
                : weightVariance(l)
                        * norm2Below.mantissa
                        * Scaled.powerOfTwo(norm2Below.exponent - v.exponent)
                        / v.mantissa;
    }

    /** The share of {@code v_l} that comes from the biases. */
    double biasShare(Scaled v) {
        return v.mantissa == 0 ? 0 : sigmaB2 * Scaled.powerOfTwo(-v.exponent) / v.mantissa;
    }

    /**
     * Turns a layer's standard normals (from {@code normalsOffset}) into values {@code x = phi(sqrt(v) z)} and slopes
     * {@code phi'(sqrt(v) z)} (from {@code offset}). Piecewise linear activations give {@code x / sqrt(v)} instead,
     * which no {@code v} can push out of the doubles; at {@code v = 0} the preactivations are 0 all the same. Others give
     * {@code x 2^(-excess/2)} where they are linear, so that no square leaves the doubles.
     */
    void activate(Scaled v, int n, double[] normals, int normalsOffset, double[] values, double[] slopes, int offset) {
        double scale =
                homogeneous && v.mantissa > 0 ? 1.0 : Math.sqrt(v.mantissa * Scaled.powerOfTwo(v.exponent - excess(v)));
        for (int i = 0; i < n; i++) {
            values[offset + i] = scale * normals[normalsOffset + i];
        }
        activation.apply(values, slopes, offset, n);
    }

    /** {@code |x|^2}, from the sum of squares of the values that {@link #activate} wrote. */
    Scaled norm2(Scaled v, double sumOfSquares) {
        Scaled result = homogeneous
                ? new Scaled(v.mantissa * sumOfSquares, v.exponent)
                : new Scaled(sumOfSquares, sumOfSquares == 0 ? 0 : excess(v));
        result.normalize();
        return result;
    }

    // The even power of two by which v lies outside the range in which phi has to be evaluated.
    private long excess(Scaled v) {
        if (v.mantissa == 0) {
            return 0;
        }
        long exponent = v.exponent + (Math.getExponent(v.mantissa) & ~1L);
        return exponent > highest ? exponent - highest : exponent < lowest ? exponent - lowest : 0;
    }

    /** {@code |x|^2 + 1}: what a layer's weights and bias contribute to Theta for each unit of {@code |delta|^2}. */
    static Scaled gradientFactor(Scaled norm2) {
        Scaled factor = new Scaled(norm2.mantissa, norm2.exponent);
        factor.add(1, 0);
        return factor;
    }

    /** {@code f = sqrt(v) xi}. */
    static double output(Scaled v, double xi) {
        return Math.sqrt(v.mantissa) * Scaled.powerOfTwo(v.exponent / 2) * xi;
    }

    /** Numbers {@code first, ..., first + n - 1} of one of the streams that hold many layers. */
    static void normals(long key, long stream, int tensor, long first, int n, double[] out, int offset) {
        new NormalStream(key, stream, 0, tensor).fill(out, offset, n, first, 1.0);
    }
}
