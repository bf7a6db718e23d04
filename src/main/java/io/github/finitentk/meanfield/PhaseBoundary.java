package io.github.finitentk.meanfield;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.numeric.RootFinder;

/**
 * The edge of chaos {@code chi_1(q*) = 1} in the plane of the two variances.
 *
 * <p>It is a curve with {@code q*} as parameter: {@code sigmaW2 = 1 / E[phi'(sqrt(q*) z)^2]},
 * {@code sigmaB2 = q* - sigmaW2 E[phi(sqrt(q*) z)^2]}. For a given sigmaB2 the second equation is solved for q*. For a
 * piecewise linear activation with slopes a and b it is the line {@code sigmaW2 = 2 / (a^2 + b^2)} (ReLU: 2), on which q
 * has no finite fixed point unless sigmaB2 = 0.
 */
public final class PhaseBoundary {

    private static final double SMALLEST = 1e-8;
    private static final double LARGEST = 1e8;

    /**
     * One point of the boundary.
     *
     * @param sigmaB2 the bias variance asked for
     * @param sigmaW2 the weight variance on the boundary; NaN if the activation has no edge of chaos at this sigmaB2
     * @param qStar the fixed point there; infinite or NaN where q has none or any
     */
    public record Point(double sigmaB2, double sigmaW2, double qStar) {

        /** Whether there is an edge of chaos at this sigmaB2. */
        public boolean exists() {
            return !Double.isNaN(sigmaW2);
        }
    }

    private final Activation activation;
    private final GaussianExpectation expectation;

    public PhaseBoundary(Activation activation) {
        this.activation = activation;
        this.expectation = GaussianExpectation.forActivation(activation);
    }

    /**
     * The boundary at one bias variance, to about 1e-12 relative.
     *
     * @throws IllegalArgumentException if {@code sigmaB2} is negative or not finite
     */
    public Point at(double sigmaB2) {
        if (!(sigmaB2 >= 0) || Double.isInfinite(sigmaB2)) {
            throw new IllegalArgumentException(
                    "The bias variance sigma_b^2 must be zero or a positive finite number, not " + sigmaB2 + ".");
        }
        if (activation instanceof PiecewiseLinear) {
            double qStar = sigmaB2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
            return new Point(sigmaB2, 1 / expectation.squareSlope(1), qStar);
        }
        if (sigmaB2 == 0 && activation.value(0) == 0 && activation.derivative(0) != 0) {
            // q* -> 0, where phi is linear
            double slope = activation.derivative(0);
            return new Point(0, 1 / (slope * slope), 0);
        }
        double low = SMALLEST;
        double excess = biasVariance(low) - sigmaB2;
        while (low < LARGEST) {
            double high = low * 1.5;
            double next = biasVariance(high) - sigmaB2;
            if (excess <= 0 && next > 0) {
                double qStar = RootFinder.find(q -> biasVariance(q) - sigmaB2, low, high);
                return new Point(sigmaB2, weightVariance(qStar), qStar);
            }
            low = high;
            excess = next;
        }
        return new Point(sigmaB2, Double.NaN, Double.NaN);
    }

    /** {@code sigmaW2(q*) = 1 / E[phi'(sqrt(q*) z)^2]}. */
    public double weightVariance(double qStar) {
        return 1 / expectation.derivativeSquare(qStar);
    }

    /** {@code sigmaB2(q*) = q* - sigmaW2(q*) E[phi(sqrt(q*) z)^2]}; negative where there is no such network. */
    public double biasVariance(double qStar) {
        return qStar - weightVariance(qStar) * expectation.square(qStar);
    }
}
