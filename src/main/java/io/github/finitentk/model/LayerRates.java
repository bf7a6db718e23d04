package io.github.finitentk.model;

import java.util.Arrays;

/**
 * How much the gradients of each layer count in a kernel: {@code alpha_l} by the weights, {@code beta_l} by the biases of layers
 * {@code l = 1, ..., L},
 * <pre>
 * Theta_{(s,k),(r,j)} = sum_l (delta^l_{s,k} . delta^l_{r,j}) (alpha_l x^{l-1}_s . x^{l-1}_r + beta_l).
 * </pre>
 * It is the kernel that gradient descent sees whose learning rate is {@code eta alpha_l} for {@code W^l} and {@code eta beta_l} for
 * {@code b^l}. All 1 is the NTK of eq. (2); 0 freezes parameters, or is for a network that does not have them; and
 * {@code alpha_l = sigma_w^2 / n_{l-1}}, {@code beta_l = sigma_b^2} is the NTK of the same function in NTK parametrisation.
 * Immutable.
 */
public final class LayerRates {

    private final double[] weights;
    private final double[] biases;

    private LayerRates(double[] weights, double[] biases) {
        this.weights = weights;
        this.biases = biases;
    }

    /**
     * @param weights {@code alpha_1, ..., alpha_L}; copied
     * @param biases {@code beta_1, ..., beta_L}; copied
     * @throws IllegalArgumentException if they are not of one length, at least 1, or a rate is negative or not finite
     */
    public static LayerRates of(double[] weights, double[] biases) {
        if (weights.length < 1 || weights.length != biases.length) {
            throw new IllegalArgumentException(
                    "There must be one rate for the weights and one for the biases of each layer," + " not "
                            + weights.length + " and " + biases.length + ".");
        }
        for (int l = 1; l <= weights.length; l++) {
            requireRate(weights[l - 1], "W" + l);
            requireRate(biases[l - 1], "b" + l);
        }
        return new LayerRates(weights.clone(), biases.clone());
    }

    private static void requireRate(double rate, String what) {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "The rate of " + what + " must be a finite number >= 0, not " + rate + ".");
        }
    }

    /** All 1: the standard parametrisation, all parameters trained alike. */
    public static LayerRates standard(Architecture architecture) {
        double[] ones = new double[architecture.depth()];
        Arrays.fill(ones, 1);
        return new LayerRates(ones, ones);
    }

    /**
     * {@code alpha_l = sigma_w^2 / n_{l-1}}, {@code beta_l = sigma_b^2}: the parameters are {@code W^l = sigma_w / sqrt(n_{l-1})} and
     * {@code b^l = sigma_b} times those that are trained.
     */
    public static LayerRates ntkParametrization(Architecture architecture, Initialization initialization) {
        double[] weights = new double[architecture.depth()];
        double[] biases = new double[weights.length];
        for (int l = 1; l <= weights.length; l++) {
            weights[l - 1] = initialization.sigmaW2() / architecture.width(l - 1);
            biases[l - 1] = initialization.sigmaB2();
        }
        return new LayerRates(weights, biases);
    }

    /** The same with {@code beta_l = 0} in the layers that {@linkplain Network#hasBiases have no biases}. */
    public LayerRates of(Network network) {
        double[] present = biases.clone();
        for (int l = 1; l <= present.length; l++) {
            present[l - 1] = network.hasBiases(l) ? present[l - 1] : 0;
        }
        return new LayerRates(weights, present);
    }

    /** The same with {@code beta_l = 0}: biases are frozen, or there are none. */
    public LayerRates withoutBiases() {
        return new LayerRates(weights, new double[biases.length]);
    }

    /**
     * The same with all layers but these frozen.
     *
     * @param layers each from 1 to L, in any order
     * @throws IllegalArgumentException if there is no such layer
     */
    public LayerRates only(int... layers) {
        double[] chosenWeights = new double[weights.length];
        double[] chosenBiases = new double[weights.length];
        for (int l : layers) {
            if (l < 1 || l > depth()) {
                throw new IllegalArgumentException("There is no layer " + l + "; the layers are 1 to " + depth() + ".");
            }
            chosenWeights[l - 1] = weights[l - 1];
            chosenBiases[l - 1] = biases[l - 1];
        }
        return new LayerRates(chosenWeights, chosenBiases);
    }

    /** L. */
    public int depth() {
        return weights.length;
    }

    /** {@code alpha_1, ..., alpha_L}, a new array. */
    public double[] weights() {
        return weights.clone();
    }

    /** {@code beta_1, ..., beta_L}, a new array. */
    public double[] biases() {
        return biases.clone();
    }

    /** {@code alpha_l}, {@code l = 1, ..., L}. */
    public double weight(int l) {
        return weights[l - 1];
    }

    /** {@code beta_l}, {@code l = 1, ..., L}. */
    public double bias(int l) {
        return biases[l - 1];
    }

    /** Whether {@code alpha_l = beta_l = 0}. */
    public boolean isFrozen(int l) {
        return weight(l) == 0 && bias(l) == 0;
    }

    /** The same rates. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LayerRates that
                && Arrays.equals(weights, that.weights)
                && Arrays.equals(biases, that.biases);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(weights) + Arrays.hashCode(biases);
    }

    @Override
    public String toString() {
        return "alpha " + Arrays.toString(weights) + ", beta " + Arrays.toString(biases);
    }
}
