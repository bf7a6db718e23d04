package io.github.finitentk.meanfield;

import io.github.finitentk.data.ScaledDouble;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.RandomNetwork;

/**
 * {@code E[Theta(x,x)]} and {@code E[Theta(x,x)^2]} of a finite network at initialisation whose activation is piecewise linear
 * with its kink at 0, such as ReLU, exactly: no sampling and no infinite-width limit.
 *
 * <p>Flipping the sign of row i of {@code (W^l, b^l)} together with column i of {@code W^{l+1}} shows that Theta(x,x) has the
 * law of a gated linear network, {@code x = s h} with an independent s for each unit, one of the two slopes with probability
 * 1/2 each. Its moments obey linear recursions. With {@code r = E[s^2]}, {@code k = E[s^4]} (1/2 and 1/2 for ReLU), {@code a = r sigmaW2},
 * {@code c_m = sigmaW2 / n_{m-1}} and B = 1 if bias gradients count, for m = 1 … L:
 * <pre>
 * S1 = a S1 + n1 + B P,    S2 = a^2 (1 + (3 k/r^2 - 1)/n_{m-1}) S2 + n2 + 2 B n1 + B^2 P + 2 c_m (U + B T)
 * with M = n_m, c = c_m, R = M (M-1) r^2, old values on the right, S1 = S2 = 0 before:
 * G = c^2 U + c sb2 T,   w = c n2 + (c B + sb2) n1 + B sb2
 * U = (R + M k) (G + w) + 2 M k c^2 V,   V = M k (G + w) + (R + 2 M k) c^2 V,   T = M r (c T + n1 + B P)
 * n1 = M r (c n1 + sb2),   n2 = (R + 3 M k) (c^2 n2 + 2 c sb2 n1 + sb2^2)
 * </pre>
 * where {@code n1, n2 = E|x^l|^2, E|x^l|^4}; at the end {@code S1 = E[Theta]}, {@code S2 = E[Theta^2]}. All terms are
 * nonnegative, so the relative error is a few L roundings; a common power of two is taken out, so nothing overflows at any
 * depth. Cost O(L).
 *
 * <p><b>Dead layers.</b> P is the probability that the layers below are alive. Where no slope is 0, or with sigmaB2 &gt; 0, it is 1: above a
 * layer whose units are all shut the preactivations are the biases, and gates stay fair. At sigmaB2 = 0 they are all 0, ReLU'(0) = 0 shuts
 * every layer above too, and {@code Theta = B}, the output's bias alone (so for every activation with {@code phi'(0) = 0}). A product of norms that contains the dead layer's gates
 * vanishes by itself; only a bare B above it has to be told, so {@code P = prod_{0<j<m} (1 - 2^-n_j)}, which is 0 for the input
 * 0, and {@code (1 - P) B}, {@code (1 - P) B^2} are added to S1 and S2 at m = L. Where P = 1 the mean equals the
 * infinite-width formula at every width.
 *
 * @param mean {@code E[Theta]}
 * @param secondMoment {@code E[Theta^2]}
 */
public record ExactMoments(ScaledDouble mean, ScaledDouble secondMoment) {

    /**
     * Whether {@link #of(RandomNetwork, double, boolean)} has the answer: for all piecewise linear activations but those that are flat above 0 only, without biases. There a layer may die and leave the layers above with
     * {@code h = 0} and {@code phi'(0)} not 0, and the gates are not fair.
     */
    public static boolean known(Activation activation, Initialization initialization) {
        return activation instanceof PiecewiseLinear linear
                && (linear.positiveSlope() != 0 || linear.negativeSlope() == 0 || initialization.sigmaB2() > 0);
    }

    /** For ReLU, with bias gradients, as in all of the paper. */
    public static ExactMoments of(Architecture architecture, Initialization initialization, double inputNorm2) {
        return of(architecture, initialization, inputNorm2, true);
    }

    /** For ReLU. */
    public static ExactMoments of(
            Architecture architecture, Initialization initialization, double inputNorm2, boolean biasGradients) {
        return of(new RandomNetwork(architecture, Activations.RELU, initialization), inputNorm2, biasGradients);
    }

    /**
     * @param network whose activation is {@link #known}
     * @param inputNorm2 {@code |x|^2}, not divided by the input dimension; finite and not negative
     * @param biasGradients whether the derivatives by the biases belong to Theta (B = 1) or not (B = 0)
     * @throws IllegalArgumentException if {@code inputNorm2} is negative or not finite, the activation is not known, or there are
     *     several outputs
     * @throws ArithmeticException if the variances are so large (about 1e75) that one layer leaves the range of a double
     */
    public static ExactMoments of(RandomNetwork network, double inputNorm2, boolean biasGradients) {
        Architecture architecture = network.architecture();
        architecture.requireOneOutput("A moment of the kernel");
        Initialization initialization = network.initialization();
        if (!known(network.activation(), initialization)) {
            throw new IllegalArgumentException("Exact moments are known for piecewise linear activations"
                    + " (without biases not for those that are flat above 0 only), not for "
                    + network.activation().label() + ".");
        }
        PiecewiseLinear activation = (PiecewiseLinear) network.activation();
        if (!(inputNorm2 >= 0) || Double.isInfinite(inputNorm2)) {
            throw new IllegalArgumentException(
                    "The squared input norm |x|^2 must be a finite number >= 0, not " + inputNorm2 + ".");
        }
        double sigmaW2 = initialization.sigmaW2();
        double a2 = activation.negativeSlope() * activation.negativeSlope();
        double b2 = activation.positiveSlope() * activation.positiveSlope();
        if (inputNorm2 == 0 && initialization.sigmaB2() == 0) {
            b2 = a2; // all preactivations are 0, and phi'(0) is the slope below
        }
        double r = 0.5 * (a2 + b2);
        double k = 0.5 * (a2 * a2 + b2 * b2);
        double spread = r == 0 ? 0 : 3 * (k / (r * r)) - 1;
        double a = r * sigmaW2;
        // A quantity of degree 1 in |x|^2 is stored divided by 2^exponent, one of degree 2 by 2^(2 exponent +
        // extra), since the ratio of second moment to squared mean can itself overflow; unit = 2^-extra.
        long exponent = 0;
        long extra = 0;
        double unit = 1;
        double bias = biasGradients ? 1 : 0;
        double sb2 = initialization.sigmaB2();
        if (inputNorm2 > 0) {
            exponent = Math.max(Math.getExponent(inputNorm2), Double.MIN_EXPONENT);
            if (exponent < 0 && bias > 0) {
                exponent = 0;
            } else if (exponent < 0 && sb2 > 0) {
                exponent = Math.min(0, Math.max(exponent, Math.getExponent(sb2)));
            }
            bias = Math.scalb(bias, (int) -exponent);
            sb2 = Math.scalb(sb2, (int) -exponent);
        }
        double n1 = Math.scalb(inputNorm2, (int) -exponent);
        double n2 = n1 * n1;
        double u = 0;
        double v = 0;
        double t = 0;
        boolean layersDie = sb2 == 0 && a2 == 0;
        double dead = layersDie && inputNorm2 == 0 ? 1 : 0;
        double alive = 1 - dead;
        double s1 = 0;
        double s2 = 0;
        int depth = architecture.depth();
        for (int m = 1; ; m++) {
            double below = architecture.width(m - 1);
            double c = sigmaW2 / below;
            double aliveBias = bias * alive;
            s1 = a * s1 + n1 + aliveBias;
            s2 = a * a * (1 + spread / below) * s2
                    + n2
                    + unit * bias * (2 * n1 + aliveBias)
                    + 2 * c * (u + unit * bias * t);
            if (m == depth) {
                s1 += dead * bias;
                s2 += unit * dead * bias * bias;
                break;
            }
            double width = architecture.width(m);
            double g = c * c * u + unit * c * sb2 * t;
            double w = c * n2 + unit * ((c * bias + sb2) * n1 + bias * sb2);
            double pairs = width * (width - 1) * (r * r);
            double same = width * k;
            double nextU = (pairs + same) * (g + w) + 2 * same * c * c * v;
            double nextV = same * (g + w) + (pairs + 2 * same) * c * c * v;
            t = width * r * (c * t + n1 + aliveBias);
            n2 = (pairs + 3 * same) * (c * c * n2 + unit * sb2 * (2 * c * n1 + sb2));
            n1 = width * r * (c * n1 + sb2);
            u = nextU;
            v = nextV;
            if (layersDie) {
                double dies = Math.scalb(1.0, (int) -Math.min(width, 2000));
                dead += alive * dies;
                alive *= 1 - dies;
            }
            long shift = Math.getExponent(s1);
            if (bias > 0) {
                // Theta is at least about B in the end: nothing far below it counts.
                shift = Math.max(shift, -exponent);
            }
            if (sb2 > 0) {
                shift = Math.max(shift, Math.getExponent(sb2)); // the next layer has as much
            }
            if (s1 > 0 && Math.abs(shift) > 100) {
                double once = Math.scalb(1.0, (int) -shift);
                bias *= once;
                sb2 *= once;
                n1 *= once;
                t *= once;
                s1 *= once;
                n2 = n2 * once * once;
                u = u * once * once;
                v = v * once * once;
                s2 = s2 * once * once;
                exponent += shift;
            }
            int excess = Math.getExponent(s2);
            if (excess > 300) {
                double once = Math.scalb(1.0, -excess);
                n2 *= once;
                u *= once;
                v *= once;
                s2 *= once;
                unit *= once;
                extra += excess;
            }
        }
        if (!Double.isFinite(s1) || !Double.isFinite(s2)) {
            throw new ArithmeticException("sigma_w^2 = " + sigmaW2 + " and sigma_b^2 = " + initialization.sigmaB2()
                    + " are too large: the moments grow beyond the range of a double within one layer.");
        }
        return new ExactMoments(ScaledDouble.of(s1, exponent), ScaledDouble.of(s2, 2 * exponent + extra));
    }

    /**
     * The limit of the ratio of the weight part at {@code sigmaB2 = 0} for equal widths M and depth L with {@code lambda = L/M} fixed:
     * {@code e^{5 lambda}/3 [ 1 + (6 lambda - 1 + e^{-6 lambda}) / (9 lambda^2) ] = 1 + (11/3) lambda + …}, the precise form of
     * Hanin and Nica's "exponential in L/M".
     *
     * @throws IllegalArgumentException if lambda is negative or not finite
     */
    public static double limitRatio(double lambda) {
        if (!(lambda >= 0) || Double.isInfinite(lambda)) {
            throw new IllegalArgumentException("L/M must be a finite number >= 0, not " + lambda + ".");
        }
        double x = 6 * lambda;
        double bracket;
        if (x < 0.5) {
            // 4 (x - 1 + e^-x) / x^2 = 4 sum_k (-x)^k / (k+2)!
            double term = 2;
            bracket = 0;
            for (int k = 0; k < 18; k++) {
                bracket += term;
                term *= -x / (k + 3);
            }
        } else {
            bracket = 4 * (x + StrictMath.expm1(-x)) / (x * x);
        }
        return StrictMath.exp(5 * lambda) / 3 * (1 + bracket);
    }

    /**
     * {@code E[Theta^2] / E[Theta]^2 >= 1}; NaN if Theta is 0 (zero input, no bias at all), infinite beyond the range of a
     * double (then see {@link #scaledRatio} or {@link #logRatio}).
     */
    public double ratio() {
        return mean.mantissa() == 0 ? Double.NaN : scaledRatio().doubleValue();
    }

    /**
     * {@link #ratio} at any size.
     *
     * @throws ArithmeticException if Theta is 0
     */
    public ScaledDouble scaledRatio() {
        requireKernel(mean);
        return ScaledDouble.of(
                secondMoment.mantissa() / mean.mantissa() / mean.mantissa(),
                secondMoment.exponent() - 2 * mean.exponent());
    }

    /** @throws ArithmeticException if the mean of Theta is 0 */
    static void requireKernel(ScaledDouble mean) {
        if (mean.mantissa() == 0) {
            throw new ArithmeticException(
                    "Theta(x,x) is 0 for every network (the input is 0 and no bias counts): its moments have no"
                            + " ratio.");
        }
    }

    /** {@code log(E[Theta^2] / E[Theta]^2)}. */
    public double logRatio() {
        double ratio = ratio();
        return Double.isInfinite(ratio) ? logSecondMoment() - 2 * logMean() : StrictMath.log(ratio);
    }

    /** {@code log E[Theta]}. */
    public double logMean() {
        return mean.log();
    }

    /** {@code log E[Theta^2]}. */
    public double logSecondMoment() {
        return secondMoment.log();
    }
}
