package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.RootFinder;
import java.util.function.DoubleUnaryOperator;

/**
 * Where the variances {@code q^1, q^2, …} of eq. (5) go from a given start.
 *
 * <p>The map {@code V(q) = sigmaW2 E[phi(sqrt(q) z)^2] + sigmaB2} of most activations increases, so the sequence is monotone
 * and ends at the first fixed point on its way, {@code q^l -> q*}, or at infinity. Near {@code V' = 1} it takes millions of
 * layers to get there; it is walked here in steps of a quarter of q, or of {@code V(q) - q} where that is more, since no fixed
 * point lies between q and V(q). A pair of fixed points inside one step shows in the slope, which is 1 between them. Where
 * V decreases the sequence itself is followed, which may end in a cycle.
 *
 * @param qStar the limit; infinite if q diverges; NaN if the sequence cycles
 * @param last a variance on the way for which the sequence has as good as ended: {@code q*} where that is finite
 * @param period 1, or the length of the cycle; 0 if none was found
 */
record VarianceLimit(double qStar, double last, int period) {

    private static final double STEP = 1.25;
    private static final double LARGE = Homogeneity.LARGE;
    private static final double SMALL = 1 / LARGE;
    private static final double LARGEST = 1e300;
    /** Slopes that differ from 1 by less make {@code V(q) - q} a rounding error where it is below NOISE q. */
    private static final double PARALLEL = 1e-6;

    private static final double NOISE = 1e-14;
    /** Relative distance within which a cycle has come back to its start. */
    private static final double RETURNED = 1e-9;

    private static final int LAYERS = 10_000;
    private static final int LONGEST_CYCLE = 64;

    /** @param q1 the variance of the first layer, {@code sigmaW2 q0 + sigmaB2} */
    static VarianceLimit of(MeanField theory, double q1) {
        Homogeneity homogeneity = theory.homogeneity();
        double sigmaB2 = theory.initialization().sigmaB2();
        boolean fixedAtZero = sigmaB2 == 0 && theory.activation().value(0) == 0;
        if (q1 == 0 && fixedAtZero) {
            return finite(0);
        }
        if (homogeneity.everywhere()) {
            return linear(theory.initialization().sigmaW2() * homogeneity.zero().lambda(), sigmaB2, q1);
        }
        return new Walk(theory, fixedAtZero).from(q1);
    }

    private static VarianceLimit finite(double qStar) {
        return new VarianceLimit(qStar, qStar, 1);
    }

    private static VarianceLimit diverging(double last) {
        return new VarianceLimit(Double.POSITIVE_INFINITY, last, 1);
    }

    /** {@code V(q) = slope q + sigmaB2}. */
    private static VarianceLimit linear(double slope, double sigmaB2, double q1) {
        if (slope == 1 && sigmaB2 == 0) {
            return finite(q1);
        }
        return slope < 1 ? finite(sigmaB2 / (1 - slope)) : diverging(LARGE);
    }

    /** The slope of V at the limit; of the whole cycle, per layer, if q cycles. */
    double slope(MeanField theory) {
        return period == 1 ? theory.squareSlope(qStar) : meanOverCycle(theory, theory::squareSlope);
    }

    /** The geometric mean of a function of q over the cycle. */
    double meanOverCycle(MeanField theory, DoubleUnaryOperator f) {
        int layers = period == 0 ? LAYERS : period;
        double q = last;
        double sum = 0;
        for (int k = 0; k < layers; k++) {
            sum += StrictMath.log(Math.abs(f.applyAsDouble(q)));
            q = theory.nextVariance(q);
        }
        return StrictMath.exp(sum / layers);
    }

    private static final class Walk {

        private final MeanField theory;
        private final boolean fixedAtZero;
        private final Homogeneity homogeneity;

        Walk(MeanField theory, boolean fixedAtZero) {
            this.theory = theory;
            this.fixedAtZero = fixedAtZero;
            this.homogeneity = theory.homogeneity();
        }

        VarianceLimit from(double q1) {
            double q = Math.min(q1, LARGEST);
            double excess = excess(q);
            if (excess == 0 && q > SMALL && q < LARGE) {
                return finite(q);
            }
            boolean rising = excess > 0;
            double slope = slope(q);
            while (true) {
                if (rising && q >= LARGE && homogeneity.infinity() != null) {
                    double growth = theory.initialization().sigmaW2()
                            * homogeneity.infinity().lambda();
                    return growth < 1 ? finite(q) : diverging(LARGE);
                }
                if (rising && q > LARGEST) {
                    return diverging(LARGEST);
                }
                if (!rising && fixedAtZero && q <= SMALL) {
                    return finite(0);
                }
                if (slope < 0) {
                    return follow(q);
                }
                double far = rising ? Math.max(q * STEP, next(q)) : Math.min(q / STEP, next(q));
                double farSlope = slope(far);
                // where V runs along the diagonal, a difference of that size is rounding
                double noise = Math.abs(farSlope - 1) < PARALLEL ? NOISE * far : 0;
                double farExcess = excess(far);
                if (rising ? farExcess <= -noise : farExcess >= noise) {
                    return between(q, far);
                }
                if (slope < 1 && farSlope > 1) {
                    double closest = RootFinder.find(x -> slope(x) - 1, q, far);
                    if (rising ? excess(closest) < 0 : excess(closest) > 0) {
                        return between(q, closest);
                    }
                }
                q = far;
                slope = farSlope;
            }
        }

        private VarianceLimit between(double q, double far) {
            if (Math.signum(excess(q)) == Math.signum(excess(far))) {
                return finite(q);
            }
            // between two powers of two if possible: the digits shall not depend on the start
            double low = Math.scalb(1.0, Math.getExponent(RootFinder.find(this::excess, q, far)));
            if (excess(low) >= 0 && excess(2 * low) < 0) {
                double root = RootFinder.find(this::excess, low, 2 * low);
                if (root >= Math.min(q, far) && root <= Math.max(q, far)) {
                    return finite(root);
                }
            }
            return finite(RootFinder.find(this::excess, q, far));
        }

        private double excess(double q) {
            return next(q) - q;
        }

        /** {@code V(q)}, infinite if it exceeds the range of a double. */
        private double next(double q) {
            if (q > LARGEST) {
                return Double.POSITIVE_INFINITY;
            }
            try {
                return theory.nextVariance(ScaledValue.of(q)).doubleValue();
            } catch (ArithmeticException e) {
                return Double.POSITIVE_INFINITY;
            }
        }

        private double slope(double q) {
            if (q > LARGEST) {
                return Double.POSITIVE_INFINITY;
            }
            try {
                return theory.squareSlope(q);
            } catch (ArithmeticException e) {
                return Double.POSITIVE_INFINITY;
            }
        }

        /** The sequence itself, from q. */
        private VarianceLimit follow(double q) {
            double x = q;
            for (int layer = 0; layer < LAYERS; layer++) {
                x = next(x);
            }
            if (x > LARGEST) {
                return diverging(LARGEST);
            }
            double[] orbit = new double[LONGEST_CYCLE + 1];
            for (int k = 0; k < orbit.length; k++) {
                orbit[k] = x;
                x = next(x);
            }
            for (int period = 1; period <= LONGEST_CYCLE; period++) {
                if (Math.abs(orbit[period] - orbit[0]) <= RETURNED * orbit[0]) {
                    return period == 1 ? finite(x) : new VarianceLimit(Double.NaN, orbit[0], period);
                }
            }
            return new VarianceLimit(Double.NaN, orbit[0], 0);
        }
    }
}
