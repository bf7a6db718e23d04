package io.github.finitentk.internal.compute;

import io.github.finitentk.data.ScaledDouble;
import java.util.Arrays;

/**
 * Kernels {@code Theta} and outputs {@code f} of random networks, one after the other. One input: {@code Theta(x,x)} of
 * draw {@code i} is {@code mantissas[i] 2^exponents[i]}, which no depth can push out of range; several inputs: plain
 * doubles.
 *
 * <p>Filled by a {@link KernelSampler}, by several threads at once as long as their places are disjoint.
 */
public final class KernelDraws {

    private final int draws;
    private final int inputs;
    private final double[] mantissas;
    private final double[] exponents;
    private final double[] outputs;

    /**
     * @param draws the number of networks, at least 1
     * @param inputs {@code S >= 1}
     */
    public KernelDraws(int draws, int inputs) {
        if (draws < 1 || inputs < 1) {
            throw new IllegalArgumentException(
                    "At least 1 draw and 1 input are needed, not " + draws + " draws at " + inputs + " input(s).");
        }
        double bytes = 8.0 * draws * ((double) inputs * inputs + inputs + 1);
        Memory.requireHeap(bytes, 0, "Keeping " + draws + " kernels at " + inputs + " input(s)", "draws");
        this.draws = draws;
        this.inputs = inputs;
        if ((double) draws * inputs * inputs > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    draws + " kernels at " + inputs + " input(s) do not fit one array of at most 2^31 numbers.");
        }
        mantissas = new double[draws * inputs * inputs];
        exponents = new double[draws];
        outputs = new double[draws * inputs];
    }

    /** The number of networks. */
    public int draws() {
        return draws;
    }

    /** The number {@code S} of inputs. */
    public int inputs() {
        return inputs;
    }

    /** Theta without the powers of two: {@code S x S} numbers for each draw. Not copied. */
    public double[] mantissas() {
        return mantissas;
    }

    /** The power of two that each draw's {@link #mantissas} count; 0 for several inputs. Not copied. */
    public double[] exponents() {
        return exponents;
    }

    /** {@code f(x_1), ..., f(x_S)} for each draw. Not copied. */
    public double[] outputs() {
        return outputs;
    }

    /** {@code Theta(x_s, x_r)} of all draws; infinite beyond the range of a double. */
    public double[] theta(int s, int r) {
        double[] theta = new double[draws];
        for (int i = 0; i < draws; i++) {
            double mantissa = mantissas[(i * inputs + s) * inputs + r];
            theta[i] = exponents[i] == 0
                    ? mantissa
                    : Math.scalb(mantissa, (int) Math.max(-4000, Math.min(4000, exponents[i])));
        }
        return theta;
    }

    /** {@code Theta(x,x)} at the first input, of all draws; infinite beyond the range of a double. */
    public double[] theta() {
        return theta(0, 0);
    }

    /** {@code log Theta(x,x)} at the first input, of all draws; finite at every depth. */
    public double[] logTheta() {
        double[] logs = new double[draws];
        for (int i = 0; i < draws; i++) {
            double mantissa = mantissas[i * inputs * inputs];
            logs[i] = Double.isFinite(mantissa)
                    ? ScaledDouble.of(mantissa, (long) exponents[i]).log()
                    : mantissa;
        }
        return logs;
    }

    /** {@code f(x_s)} of all draws. */
    public double[] output(int s) {
        double[] f = new double[draws];
        Arrays.setAll(f, i -> outputs[i * inputs + s]);
        return f;
    }

    /** {@code Theta} of one draw, {@code S x S} row-major, a copy; infinite entries beyond the range of a double. */
    public double[] kernel(int draw) {
        double[] kernel = Arrays.copyOfRange(mantissas, draw * inputs * inputs, (draw + 1) * inputs * inputs);
        if (inputs == 1) {
            kernel[0] = Math.scalb(kernel[0], (int) Math.max(-4000, Math.min(4000, exponents[draw])));
        }
        return kernel;
    }

    /**
     * Checks the arguments of {@link KernelSampler#draw} for a sampler at {@code samplerInputs} inputs.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    public void requirePlaces(int samplerInputs, long firstDraw, int count, int offset) {
        if (samplerInputs != inputs) {
            throw new IllegalArgumentException(
                    "These draws are for " + inputs + " input(s); the sampler has " + samplerInputs + ".");
        }
        if (firstDraw < 0) {
            throw new IllegalArgumentException("The first draw must not be negative, not " + firstDraw + ".");
        }
        if (firstDraw > Long.MAX_VALUE - Math.max(0, count)) {
            throw new IllegalArgumentException(
                    "Draws are numbered up to 2^63 - 1; there are no " + count + " from draw " + firstDraw + " on.");
        }
        if (count < 0 || offset < 0 || offset > draws - count) {
            throw new IllegalArgumentException(
                    "There are " + draws + " places for draws; " + count + " from place " + offset + " on do not fit.");
        }
    }
}
