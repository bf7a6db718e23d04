package io.github.finitentk.internal.numeric;

/**
 * Activations and their derivatives in double precision, built from {@code + - * / sqrt}, comparisons and exponent
 * bits.
 *
 * <p>IEEE 754 fixes the result of each of these operations, and the native core executes the same statements in the
 * same order: both give the same bits on every processor (only the payload of a NaN may differ). {@code StrictMath.tanh} and
 * its like promise no such thing. Largest errors found over millions of random and special points, in units in the last
 * place of the exact result:
 *
 * <table>
 * <caption>Largest error in ulp</caption>
 * <tr><th>function</th><th>value</th><th>derivative</th></tr>
 * <tr><td>tanh</td><td>3</td><td>4.5</td></tr>
 * <tr><td>erf</td><td>1.5</td><td>2.5</td></tr>
 * <tr><td>gelu</td><td>6</td><td>4 * 2^-53</td></tr>
 * <tr><td>sin, |h| at most 1.6e6</td><td>2</td><td>2</td></tr>
 * <tr><td>sigmoid</td><td>3</td><td>5</td></tr>
 * <tr><td>softplus</td><td>2.5</td><td>4</td></tr>
 * <tr><td>silu</td><td>4</td><td>4 * 2^-53</td></tr>
 * </table>
 *
 * <p>The derivatives of gelu and silu have a zero, near which only the absolute error is bounded. A factor
 * {@code exp(-x)} with {@code x > 708} counts as 0, so results below about 1e-305 may be 0. Infinities give limits, a
 * NaN gives NaN.
 */
public final class Elementary {

    private static final int MANTISSA_BITS = 52;
    private static final long SIGN = 0x8000000000000000L;
    private static final long ONE = 0x3ff0000000000000L;
    /** Keeps 26 bits of the significand: the square of such a number is exact. */
    private static final long UPPER_HALF = 0xfffffffff8000000L;
    /** Adding this rounds to an integer, whose low bits are then the low bits of the sum. */
    private static final double ROUND = 0x1.8p52;

    private static final double LOG2_E = 0x1.71547652b82fep0;
    private static final double LN2_HIGH = 0x1.62e42fefa38p-1;
    private static final double LN2_LOW = 0x1.ef35793c7673p-45;
    private static final double EXP_LIMIT = 708.0;
    private static final double ERF_SPLIT = 1.0;
    private static final double ERF_SHIFT = 2.5;
    private static final double ERF_TOP = 6.0;
    private static final double ERF_CLAMP = 27.0;
    private static final double MILLS_SHIFT = 5.0;
    private static final double GAUSS_CLAMP = 40.0;
    private static final double GELU_SPLIT = 0.75;
    private static final double TWO_BY_SQRT_PI = 0x1.20dd750429b6dp0;
    private static final double INVERSE_SQRT_TWO_PI = 0x1.9884533d43651p-2;
    private static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    private static final long EXPONENT_BIAS = 1023;

    private Elementary() {}

    private static double magnitude(double x) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & ~SIGN);
    }

    private static double withSignOf(double nonNegative, double x) {
        return Double.longBitsToDouble(
                Double.doubleToRawLongBits(nonNegative) | (Double.doubleToRawLongBits(x) & SIGN));
    }

    /** Not Math.min, which would order signed zeros: this is the native core's comparison. A NaN stays NaN. */
    private static double atMost(double x, double limit) {
        return x > limit ? limit : x;
    }

    private static double atLeast(double x, double limit) {
        return x < limit ? limit : x;
    }

    /** {@code 2^n} for the integer {@code n} held in the low bits of {@code rounded = n + ROUND}. */
    private static double powerOfTwo(double rounded) {
        return Double.longBitsToDouble((Double.doubleToRawLongBits(rounded) << MANTISSA_BITS) + ONE);
    }

    /** {@code exp(x + low)} for {@code x <= 0} and {@code |low|} much smaller than 1; 0 for {@code x < -EXP_LIMIT}. */
    static double expNonpositive(double x, double low) {
        double rounded = x * LOG2_E + ROUND;
        double n = rounded - ROUND;
        double r = (x - n * LN2_HIGH) + (low - n * LN2_LOW);
        double p = r + r * r * Polynomials.expm1Tail(r);
        double scale = powerOfTwo(rounded);
        double y = scale + scale * p;
        return x < -EXP_LIMIT ? 0 : y;
    }

    /** {@code exp(x) - 1} for {@code 0 <= x <= EXP_LIMIT}. */
    static double expm1Nonnegative(double x) {
        double rounded = x * LOG2_E + ROUND;
        double n = rounded - ROUND;
        double r = (x - n * LN2_HIGH) - n * LN2_LOW;
        double p = r + r * r * Polynomials.expm1Tail(r);
        double scale = powerOfTwo(rounded);
        return scale * p + (scale - 1);
    }

    /**
     * {@code exp(-factor x^2)}, factor 1 or 1/2. Squaring a rounded half exactly keeps the relative error at 1 ulp; a
     * plain {@code x * x} would multiply its rounding error by {@code x^2}.
     */
    static double expMinusSquare(double factor, double x) {
        double high = Double.longBitsToDouble(Double.doubleToRawLongBits(x) & UPPER_HALF);
        double low = x - high;
        return expNonpositive(-(factor * (high * high)), -(factor * (low * (x + high))));
    }

    /** {@code tanh h = E / (E + 2) = 1 - 2 / (E + 2)} with {@code E = expm1(2|h|)}, and the sign of {@code h}. */
    public static double tanh(double h) {
        double e = tanhExponential(h);
        return tanh(h, e, 1 / (e + 2));
    }

    /** {@code tanh' h = 4 (E + 1) / (E + 2)^2}; {@code 1 - tanh^2} would lose every digit for large {@code |h|}. */
    public static double tanhDerivative(double h) {
        double e = tanhExponential(h);
        return tanhDerivative(h, e, 1 / (e + 2));
    }

    /** Overwrites {@code h} with {@code tanh h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void tanh(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double e = tanhExponential(h);
            double u = 1 / (e + 2);
            values[i] = tanh(h, e, u);
            derivatives[i] = tanhDerivative(h, e, u);
        }
    }

    private static double tanhExponential(double h) {
        return expm1Nonnegative(atMost(magnitude(h) + magnitude(h), EXP_LIMIT));
    }

    private static double tanh(double h, double e, double u) {
        // Each form where it is the more accurate one; the second reaches exactly 1.
        return withSignOf(e < 2 ? e * u : 1 - (u + u), h);
    }

    private static double tanhDerivative(double h, double e, double u) {
        double derivative = 4 * (e + 1) * u * u;
        return magnitude(h) + magnitude(h) > EXP_LIMIT ? 0 : derivative;
    }

    /** {@code erf h}: a polynomial near 0, outside {@code 1 - erfc}. */
    public static double erf(double h) {
        double x = atMost(magnitude(h), ERF_CLAMP);
        return erf(h, x, expMinusSquare(1, x));
    }

    /** {@code erf' h = 2 / sqrt(pi) exp(-h^2)}. */
    public static double erfDerivative(double h) {
        return TWO_BY_SQRT_PI * expMinusSquare(1, atMost(magnitude(h), ERF_CLAMP));
    }

    /** Overwrites {@code h} with {@code erf h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void erf(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double x = atMost(magnitude(h), ERF_CLAMP);
            double e = expMinusSquare(1, x);
            values[i] = erf(h, x, e);
            derivatives[i] = TWO_BY_SQRT_PI * e;
        }
    }

    private static double erf(double h, double x, double e) {
        if (x < ERF_SPLIT) {
            return withSignOf(x + x * Polynomials.erfCentre(x * x), h);
        }
        double outside = atMost(x, ERF_TOP);
        double u = 1 / (outside + ERF_SHIFT);
        return withSignOf(1 - e * (u * Polynomials.erfcOuter((outside - ERF_SHIFT) * u)), h);
    }

    /** {@code h Phi(h)}, exactly (no tanh approximation); the lower tail keeps its relative accuracy. */
    public static double gelu(double h) {
        double x = atMost(magnitude(h), GAUSS_CLAMP);
        double e = expMinusSquare(0.5, x);
        return gelu(h, x, lowerNormal(x, e, mills(x)));
    }

    /** {@code Phi(h) + h exp(-h^2/2) / sqrt(2 pi)}. */
    public static double geluDerivative(double h) {
        double x = atMost(magnitude(h), GAUSS_CLAMP);
        double e = expMinusSquare(0.5, x);
        double mills = mills(x);
        return geluDerivative(h, x, e, mills, lowerNormal(x, e, mills));
    }

    /** Overwrites {@code h} with {@code gelu h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void gelu(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double x = atMost(magnitude(h), GAUSS_CLAMP);
            double e = expMinusSquare(0.5, x);
            double mills = mills(x);
            double lower = lowerNormal(x, e, mills);
            values[i] = gelu(h, x, lower);
            derivatives[i] = geluDerivative(h, x, e, mills, lower);
        }
    }

    /** {@code exp(x^2/2) Phi(-x)} for {@code x >= 0}. */
    private static double mills(double x) {
        double u = 1 / (x + MILLS_SHIFT);
        return u * Polynomials.millsTail((x - MILLS_SHIFT) * u);
    }

    private static double lowerNormal(double x, double e, double mills) {
        return x < GELU_SPLIT ? 0.5 - x * Polynomials.normalCentre(x * x) : e * mills;
    }

    private static double gelu(double h, double x, double lower) {
        return h < 0 ? -(x * lower) : h * (1 - lower);
    }

    private static double geluDerivative(double h, double x, double e, double mills, double lower) {
        double slope = x < GELU_SPLIT ? lower - e * (INVERSE_SQRT_TWO_PI * x) : e * (mills - INVERSE_SQRT_TWO_PI * x);
        return h < 0 ? slope : 1 - slope;
    }

    /** {@code sin h}; beyond {@code |h| = 1.6e6} the angle is in effect perturbed by an ulp or two. */
    public static double sin(double h) {
        double rounded = quarterTurns(h);
        double r = quarterRest(h, rounded);
        long quarter = Double.doubleToRawLongBits(rounded);
        return turned((quarter & 1) != 0 ? cosReduced(r) : sinReduced(r), quarter);
    }

    /** {@code cos h}, the derivative of the sine. */
    public static double cos(double h) {
        double rounded = quarterTurns(h);
        double r = quarterRest(h, rounded);
        long quarter = Double.doubleToRawLongBits(rounded);
        return turned((quarter & 1) != 0 ? sinReduced(r) : cosReduced(r), quarter + 1);
    }

    /** Overwrites {@code h} with {@code sin h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void sin(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double rounded = quarterTurns(h);
            double r = quarterRest(h, rounded);
            long quarter = Double.doubleToRawLongBits(rounded);
            double s = sinReduced(r);
            double c = cosReduced(r);
            values[i] = turned((quarter & 1) != 0 ? c : s, quarter);
            derivatives[i] = turned((quarter & 1) != 0 ? s : c, quarter + 1);
        }
    }

    /** {@code sin r} for {@code |r| <= pi/4}. */
    public static double sinReduced(double r) {
        double z = r * r;
        return r + r * z * Polynomials.sinTail(z);
    }

    /** {@code cos r} for {@code |r| <= pi/4}. */
    public static double cosReduced(double r) {
        double z = r * r;
        return 1 + (z * z * Polynomials.cosTail(z) - 0.5 * z);
    }

    /** The sign of a sine in the given quarter turn. */
    private static double turned(double x, long quarter) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) ^ ((quarter & 2) << 62));
    }

    /** {@code 1 / (1 + exp(-h))}. */
    public static double sigmoid(double h) {
        double e = expNonpositive(-magnitude(h), 0);
        double u = 1 / (1 + e);
        return h < 0 ? e * u : u;
    }

    /** {@code exp(-|h|) / (1 + exp(-|h|))^2}. */
    public static double sigmoidDerivative(double h) {
        double e = expNonpositive(-magnitude(h), 0);
        double u = 1 / (1 + e);
        return e * u * u;
    }

    /** Overwrites {@code h} with its sigmoid and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void sigmoid(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double e = expNonpositive(-magnitude(h), 0);
            double u = 1 / (1 + e);
            double v = e * u;
            values[i] = h < 0 ? v : u;
            derivatives[i] = v * u;
        }
    }

    /** {@code log(1 + exp h) = max(h, 0) + log1p(exp(-|h|))}. */
    public static double softplus(double h) {
        double e = expNonpositive(-magnitude(h), 0);
        return softplus(h, e, 1 / ((1 + e) * (2 + e)));
    }

    /** The derivative of softplus: the sigmoid, rounded as in the fused loop. */
    public static double softplusDerivative(double h) {
        double e = expNonpositive(-magnitude(h), 0);
        return softplusDerivative(h, e, 1 / ((1 + e) * (2 + e)));
    }

    /** Overwrites {@code h} with its softplus and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void softplus(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double e = expNonpositive(-magnitude(h), 0);
            double inverse = 1 / ((1 + e) * (2 + e));
            values[i] = softplus(h, e, inverse);
            derivatives[i] = softplusDerivative(h, e, inverse);
        }
    }

    /** {@code log1p(e) = e - s (e - z q(z))}, {@code s = e / (2 + e)}: the error of s enters by half at most. */
    private static double softplus(double h, double e, double inverse) {
        double s = e * ((1 + e) * inverse);
        double z = s * s;
        double log1p = e - s * (e - z * Polynomials.log1pTail(z));
        return (h > 0 ? h : 0) + log1p;
    }

    private static double softplusDerivative(double h, double e, double inverse) {
        double u = (2 + e) * inverse;
        return h < 0 ? e * u : u;
    }

    /** {@code h sigmoid(h)}, also called swish. */
    public static double silu(double h) {
        double e = expNonpositive(-magnitude(h), 0);
        return silu(h, e, 1 / (1 + e));
    }

    /** {@code sigmoid(h) (1 + h sigmoid(-h))}. */
    public static double siluDerivative(double h) {
        double e = expNonpositive(-magnitude(h), 0);
        return siluDerivative(h, e, 1 / (1 + e));
    }

    /** Overwrites {@code h} with {@code silu h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void silu(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double e = expNonpositive(-magnitude(h), 0);
            double u = 1 / (1 + e);
            values[i] = silu(h, e, u);
            derivatives[i] = siluDerivative(h, e, u);
        }
    }

    private static double silu(double h, double e, double u) {
        return atLeast(h, -2 * EXP_LIMIT) * (h < 0 ? e * u : u);
    }

    private static double siluDerivative(double h, double e, double u) {
        double inside = atMost(atLeast(h, -2 * EXP_LIMIT), 2 * EXP_LIMIT);
        double v = e * u;
        return (h < 0 ? v : u) * (1 + inside * (h < 0 ? u : v));
    }

    /** {@code log x} for a normal {@code x > 0}, within 1 ulp; not for 0, subnormal numbers, infinity or NaN. */
    public static double logPositive(double x) {
        long shifted = Double.doubleToRawLongBits(x) - SQRT_HALF_BITS + (EXPONENT_BIAS << 52);
        double n = Double.longBitsToDouble((shifted >>> 52) | 0x4330000000000000L) - (0x1.0p52 + EXPONENT_BIAS);
        double f = Double.longBitsToDouble((shifted & 0x000fffffffffffffL) + SQRT_HALF_BITS) - 1;
        double s = f / (2 + f);
        double z = s * s;
        double tail = z * Polynomials.logTail(z);
        return n * LN2_HIGH - ((s * (f - tail) - n * LN2_LOW) - f);
    }

    /** {@code n + ROUND} for the integer {@code n} nearest to {@code x / (pi/2)}; its low bits are {@code n}'s. */
    static double quarterTurns(double x) {
        return withinPeriodRange(x) * 0x1.45f306dc9c883p-1 + ROUND;
    }

    /**
     * {@code x - n pi/2} by Cody and Waite: {@code pi/2} in parts of 33, 33 and 53 bits, exact products while
     * {@code |x| < 1.6e6}. Beyond that the argument is in effect perturbed by an ulp or two of {@code x}.
     */
    static double quarterRest(double x, double rounded) {
        double inside = withinPeriodRange(x);
        double n = rounded - ROUND;
        double a = inside - n * 0x1.921fb544p0;
        double w = n * 0x1.0b4611a6p-34;
        // a - w cancels when x is near a multiple of pi/2: keep its rounding error (Knuth's two-sum).
        double r = a - w;
        double t = r - a;
        double lost = (a - (r - t)) - (w + t);
        r = r + (lost - n * 0x1.3198a2e037073p-69);
        return atLeast(atMost(r, 0.8), -0.8);
    }

    /** From 2^50 on, where neighbouring numbers are 1/8 radian and more apart, an angle counts as 0. */
    private static double withinPeriodRange(double x) {
        return magnitude(x) <= 0x1.0p50 ? x : x - x;
    }
}
