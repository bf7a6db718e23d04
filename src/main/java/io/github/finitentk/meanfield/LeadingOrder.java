package io.github.finitentk.meanfield;

import io.github.finitentk.data.ScaledDouble;
import io.github.finitentk.model.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Mean and variance of {@code Theta(x,x)} at initialisation to first order in 1/width, for every activation and without
 * sampling: {@code Var[Theta]/E[Theta]^2 = C/M + O(1/M^2)}.
 *
 * <p>To that order the fluctuations of Theta are linear in independent noises, two in each hidden layer m: that of
 * {@code qhat = |x^m|^2/n_m} given the layers below, and that of {@code |delta^m|^2} given {@code |delta^{m+1}|^2}. With the
 * recursion of eqs (5), (6) and (8) ({@code q, qhat, p, chi_1}), relative to the size of each quantity, and with the Gaussian
 * averages over one layer of {@code u = phi^2/E[phi^2] - 1}, {@code w = phi'^2/E[phi'^2] - 1}:
 * <pre>
 * E[Theta] = sum_l T_l,   T_l = p^l (n_{l-1} qhat^{l-1} + B),       t_l = T_l/E[Theta],   t'_l = t_l without the B
 * b_m = t_1 + … + t_m                                               (the share that the noise of |delta^m|^2 multiplies)
 * a_m = t'_{m+1} + r_{m+1} (f_{m+1} a_{m+1} + g_{m+1} b_{m+1}),     a_L = b_L = 0 in the bracket
 *       r_l = sigmaW2 qhat^{l-1}/q^l,   f = d log E[phi^2]/d log q,   g = d log E[phi'^2]/d log q
 * Var[Theta]/E[Theta]^2 = sum_{m=1}^{L-1} ( a_m^2 E[u^2] + 2 a_m b_m E[u w] + b_m^2 (2 + 3 E[w^2]) ) / n_m
 * </pre>
 * (B = 1 if bias gradients count, else 0.) That the part of {@code W^T delta} along x is fixed by the forward pass matters for
 * the variance only at the second order. For ReLU without biases the three averages are 5, 1 and 5 with weights 1, 2 and 1: the
 * first-order terms of {@link ExactMoments}.
 *
 * <p>For the mean it matters at the first: {@link Moments#meanCorrection}. With {@code X = Var[q^l]/(q^l)^2},
 * {@code m = E[q^l]/q^l - 1} and the covariance c of {@code q^l} and the terms 1 … l of Theta, from X = m = c = s = 0 at l = 1:
 * <pre>
 * s    += b_l (g m + g2 X/2 + (1 + E[u w]) (k_{l+1} - 1)/n_l) + g c + t'_{l+1} (f m + f2 X/2)
 * c     = r_{l+1} ( f c + b_l (f g X + E[u w]/n_l) + t'_{l+1} (f^2 X + E[u^2]/n_l) )
 * m, X  = r_{l+1} (f m + f2 X/2),   r_{l+1}^2 (f^2 X + E[u^2]/n_l)
 * </pre>
 * where {@code f2 = q^2 (E[phi^2])''/E[phi^2]}, g2 likewise, and k is the second moment of {@code (W^l x^{l-1}) . delta^l} in units
 * of {@code sigmaW2 qhat^{l-1} p^l}: {@code k_l = r_l h_l + 1 - r_l}, {@code h_L = 1},
 * {@code h_{l-1} = 1 + 2 g - (1 - k_l) f^2 E[phi^2]/(q E[phi'^2])}.
 *
 * <p>Nothing overflows at any depth: terms carry a power of two of their own, all else has no dimension. The Gaussian averages
 * depend on the widths not at all and on the depth only through how many there are, so one instance serves all widths and all
 * depths of a column of a map.
 *
 * <p>{@code 1 + C/M} is the first term only: to C/M = 0.1 the true excess over 1 is C/M within 12 %, at C/M = 1 it is about twice as
 * large (figure 15). {@link Moments#lognormalRatio exp(C/M)} goes further. Immutable.
 */
public final class LeadingOrder {

    private final SignalPropagation signal;
    private final double sigmaW2;
    private final LayerFluctuations[] layers;

    private LeadingOrder(SignalPropagation signal, double sigmaW2, LayerFluctuations[] layers) {
        this.signal = signal;
        this.sigmaW2 = sigmaW2;
        this.layers = layers;
    }

    /**
     * What one network says.
     *
     * @param mean {@code E[Theta]} at leading order: the infinite-width formula with the network's own widths
     * @param meanCorrection the first correction of the mean, {@code E[Theta] = mean (1 + meanCorrection + O(1/width^2))}; 0 for
     *     piecewise linear activations
     * @param relativeVariance {@code Var[Theta]/E[Theta]^2}, the first term; NaN if Theta is 0 (input 0, no bias gradients)
     * @param layers the contribution of each hidden layer 1 … L-1 to {@code relativeVariance}, which is their sum
     * @param width the widest hidden layer, M; 1 without hidden layers
     */
    public record Moments(
            ScaledDouble mean, double meanCorrection, double relativeVariance, List<Double> layers, int width) {

        public Moments {
            layers = List.copyOf(layers);
        }

        /** {@code E[Theta^2]/E[Theta]^2 = 1 + C/M}; NaN if Theta is 0. */
        public double ratio() {
            return 1 + relativeVariance;
        }

        /**
         * {@link #ratio} as {@link ExactMoments#scaledRatio} gives it.
         *
         * @throws ArithmeticException if Theta is 0
         */
        public ScaledDouble scaledRatio() {
            ExactMoments.requireKernel(mean);
            return ScaledDouble.of(ratio(), 0);
        }

        /**
         * {@code exp(C/M)}, which is the ratio if the logarithm of Theta is normal with the variance C/M. It agrees with
         * {@link #ratio} to first order and goes further: over the map of figure 15 (tanh, erf, gelu, ReLU, C/M to 9) the logarithm
         * of the true ratio is within a tenth of C/M in 85 % of the cells where C/M is above 0.1, and 1.7 C/M at most, in deep and narrow
         * networks just below the border of the phases.
         */
        public double lognormalRatio() {
            return StrictMath.exp(relativeVariance);
        }

        /** {@code C = M Var[Theta]/E[Theta]^2}: constant where all widths grow together, but for the bias gradients' share. */
        public double constant() {
            return width * relativeVariance;
        }

        /** {@code E[Theta^2]} with this ratio. */
        public ScaledDouble secondMoment() {
            return mean.mantissa() == 0
                    ? mean
                    : ScaledDouble.of(mean.mantissa() * mean.mantissa() * ratio(), 2 * mean.exponent());
        }
    }

    /**
     * The layers of all networks of this activation and initialisation up to a depth.
     *
     * @param q0 {@code |x|^2/n_0}, finite and not negative
     * @param depth L, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     * @throws ArithmeticException if a variance exceeds the range of a double and the activation is not linear there
     */
    public static LeadingOrder of(MeanField theory, double q0, int depth) {
        SignalPropagation signal = theory.propagate(q0, depth);
        LayerFluctuations[] layers = new LayerFluctuations[depth];
        for (int l = 1; l < depth; l++) {
            // a column at its fixed point repeats itself
            boolean repeats = l > 1 && signal.scaledQ(l).equals(signal.scaledQ(l - 1));
            layers[l] = repeats ? layers[l - 1] : LayerFluctuations.of(theory, signal, l);
        }
        return new LeadingOrder(signal, theory.initialization().sigmaW2(), layers);
    }

    /** With bias gradients, as in all of the paper. */
    public Moments moments(Architecture architecture) {
        return moments(architecture, true);
    }

    /**
     * The moments for a network, whose input has {@code |x|^2 = q0 n_0}. Cost O(L).
     *
     * @param biasGradients whether the derivatives by the biases belong to Theta
     * @throws IllegalArgumentException if the network is deeper than this instance or has several outputs
     */
    public Moments moments(Architecture architecture, boolean biasGradients) {
        architecture.requireOneOutput("A moment of the kernel");
        int depth = architecture.depth();
        if (depth > signal.depth()) {
            throw new IllegalArgumentException("The averages are known for " + signal.depth()
                    + " weight layers, but the network has " + depth + ".");
        }
        ScaledValue[] p = new ScaledValue[depth];
        ScaledValue[] qhat = new ScaledValue[depth];
        p[depth - 1] = ScaledValue.ONE;
        for (int l = depth - 1; l >= 0; l--) {
            qhat[l] = signal.scaledQhat(l);
            if (l > 0) {
                p[l - 1] = p[l].times(signal.chi1(l));
            }
        }
        ScaledValue total = MeanField.kernel(architecture, p, qhat, biasGradients ? 1 : 0);
        ScaledDouble mean = ScaledDouble.of(total.value(), total.exponent());
        if (total.value() == 0) {
            Double[] none = new Double[depth - 1];
            Arrays.fill(none, Double.NaN);
            return new Moments(mean, Double.NaN, Double.NaN, List.of(none), architecture.maxHiddenWidth());
        }
        double[] weights = new double[depth + 1];
        double[] below = new double[depth + 1];
        for (int l = 1; l <= depth; l++) {
            weights[l] = ratio(p[l - 1].times(qhat[l - 1]), total) * architecture.width(l - 1);
            below[l] = below[l - 1] + weights[l] + (biasGradients ? ratio(p[l - 1], total) : 0);
        }
        List<Double> contributions = contributions(architecture, weights, below);
        double variance =
                contributions.stream().mapToDouble(Double::doubleValue).sum();
        return new Moments(
                mean,
                meanCorrection(architecture, weights, below),
                variance,
                contributions,
                architecture.maxHiddenWidth());
    }

    private List<Double> contributions(Architecture architecture, double[] weights, double[] below) {
        int depth = architecture.depth();
        Double[] contributions = new Double[depth - 1];
        double forward = 0;
        for (int m = depth - 1; m >= 1; m--) {
            forward = m == depth - 1
                    ? weights[depth]
                    : weights[m + 1]
                            + fromWeights(m + 1)
                                    * (layers[m + 1].squareSlope() * forward
                                            + layers[m + 1].derivativeSlope() * below[m + 1]);
            LayerFluctuations layer = layers[m];
            contributions[m - 1] = (forward * forward * layer.square()
                            + 2 * forward * below[m] * layer.mixed()
                            + below[m] * below[m] * (2 + 3 * layer.derivative()))
                    / architecture.width(m);
        }
        return List.of(contributions);
    }

    private double meanCorrection(Architecture architecture, double[] weights, double[] below) {
        int depth = architecture.depth();
        // k[l]: the second moment of (W^l x^{l-1}) . delta^l in units of sigma_w^2 qhat^{l-1} p^l
        double[] k = new double[depth + 1];
        double h = 1;
        for (int l = depth; l >= 2; l--) {
            double share = fromWeights(l);
            k[l] = share * h + 1 - share;
            LayerFluctuations layer = layers[l - 1];
            h = 1
                    + 2 * layer.derivativeSlope()
                    - (1 - k[l]) * layer.squareSlope() * layer.squareSlope() * layer.linearity();
        }
        double variance = 0;
        double shift = 0;
        double covariance = 0;
        double correction = 0;
        for (int l = 1; l < depth; l++) {
            LayerFluctuations layer = layers[l];
            double n = architecture.width(l);
            double f = layer.squareSlope();
            double g = layer.derivativeSlope();
            double squareShift = f * shift + 0.5 * layer.squareCurvature() * variance;
            double squareVariance = f * f * variance + layer.square() / n;
            correction += below[l]
                            * (g * shift
                                    + 0.5 * layer.derivativeCurvature() * variance
                                    + (1 + layer.mixed()) * (k[l + 1] - 1) / n)
                    + g * covariance
                    + weights[l + 1] * squareShift;
            double share = fromWeights(l + 1);
            covariance = share
                    * (f * covariance
                            + below[l] * (f * g * variance + layer.mixed() / n)
                            + weights[l + 1] * squareVariance);
            shift = share * squareShift;
            variance = share * share * squareVariance;
        }
        return correction;
    }

    /** {@code sigmaW2 qhat^{l-1} / q^l}: the share of the preactivations' variance that is not the biases'. */
    private double fromWeights(int l) {
        ScaledValue q = signal.scaledQ(l);
        return q.value() == 0 ? 0 : ratio(signal.scaledQhat(l - 1).times(sigmaW2), q);
    }

    private static double ratio(ScaledValue part, ScaledValue whole) {
        return ScaledValue.scalb(part.value() / whole.value(), part.exponent() - whole.exponent());
    }

    /**
     * The smallest width at which {@link Moments#lognormalRatio exp(C/M)} stays under a tolerance.
     *
     * @param networks the network whose hidden layers have a width; the ratio falls with it
     * @param tolerance the largest ratio allowed, above 1
     * @param largest the last width to be tried
     * @return empty if {@code largest} is not enough
     * @throws IllegalArgumentException if the tolerance is not above 1
     */
    public OptionalInt smallestWidth(IntFunction<Architecture> networks, double tolerance, int largest) {
        if (!(tolerance > 1)) {
            throw new IllegalArgumentException(
                    "The ratio E[Theta^2]/E[Theta]^2 can only stay under a number above 1, not " + tolerance + ".");
        }
        if (!(moments(networks.apply(largest)).lognormalRatio() <= tolerance)) {
            return OptionalInt.empty();
        }
        int low = 0;
        int high = largest;
        while (high - low > 1) {
            int middle = low + (high - low) / 2;
            if (moments(networks.apply(middle)).lognormalRatio() <= tolerance) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return OptionalInt.of(high);
    }
}
