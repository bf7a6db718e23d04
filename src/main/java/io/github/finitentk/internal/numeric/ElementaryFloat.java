package io.github.finitentk.internal.numeric;

/**
 * {@link Elementary} in {@code float} arithmetic, with shorter polynomials: the same statements in the same order, and
 * the same bits as the native core in single precision.
 *
 * <p>Largest errors found over millions of random and special points, in units in the last place of the exact result:
 *
 * <table>
 * <caption>Largest error in ulp</caption>
 * <tr><th>function</th><th>value</th><th>derivative</th></tr>
 * <tr><td>tanh</td><td>3</td><td>4.5</td></tr>
 * <tr><td>erf</td><td>2.5</td><td>3</td></tr>
 * <tr><td>gelu</td><td>6</td><td>4 * 2^-24</td></tr>
 * <tr><td>sin, |h| at most 1.6e6</td><td>2</td><td>2</td></tr>
 * <tr><td>sigmoid</td><td>3</td><td>5</td></tr>
 * <tr><td>softplus</td><td>2.5</td><td>4</td></tr>
 * <tr><td>silu</td><td>4</td><td>4 * 2^-24</td></tr>
 * </table>
 *
 * <p>A factor {@code exp(-x)} with {@code x > 87} counts as 0, so results below about 1e-35 may be 0.
 */
public final class ElementaryFloat {

    private static final int MANTISSA_BITS = 23;
    private static final int SIGN = 0x80000000;
    private static final int ONE = 0x3f800000;
    private static final int UPPER_HALF = 0xfffff000;
    private static final float ROUND = 0x1.8p23f;
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN2_HIGH = 0x1.62e4p-1f;
    private static final float LN2_LOW = 0x1.7f7d1cp-20f;
    private static final float EXP_LIMIT = 87.0f;
    private static final float ERF_SPLIT = 0.75f;
    private static final float ERF_SHIFT = 2.5f;
    private static final float ERF_TOP = 4.0f;
    private static final float ERF_CLAMP = 10.0f;
    private static final float MILLS_SHIFT = 4.0f;
    private static final float GAUSS_CLAMP = 14.0f;
    private static final float GELU_SPLIT = 0.75f;
    private static final float TWO_BY_SQRT_PI = 0x1.20dd76p0f;
    private static final float INVERSE_SQRT_TWO_PI = 0x1.988454p-2f;

    private ElementaryFloat() {}

    private static float magnitude(float x) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(x) & ~SIGN);
    }

    private static float withSignOf(float nonNegative, float x) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(nonNegative) | (Float.floatToRawIntBits(x) & SIGN));
    }

    /** Not Math.min, which would order signed zeros: this is the native core's comparison. A NaN stays NaN. */
    private static float atMost(float x, float limit) {
        return x > limit ? limit : x;
    }

    private static float atLeast(float x, float limit) {
        return x < limit ? limit : x;
    }

    /** {@code 2^n} for the integer {@code n} held in the low bits of {@code rounded = n + ROUND}. */
    private static float powerOfTwo(float rounded) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(rounded) << MANTISSA_BITS) + ONE);
    }

    /** {@code exp(x + low)} for {@code x <= 0} and {@code |low|} much smaller than 1; 0 for {@code x < -EXP_LIMIT}. */
    static float expNonpositive(float x, float low) {
        float rounded = x * LOG2_E + ROUND;
        float n = rounded - ROUND;
        float r = (x - n * LN2_HIGH) + (low - n * LN2_LOW);
        float p = r + r * r * Polynomials.expm1Tail(r);
        float scale = powerOfTwo(rounded);
        float y = scale + scale * p;
        return x < -EXP_LIMIT ? 0 : y;
    }

    /** {@code exp(x) - 1} for {@code 0 <= x <= EXP_LIMIT}. */
    static float expm1Nonnegative(float x) {
        float rounded = x * LOG2_E + ROUND;
        float n = rounded - ROUND;
        float r = (x - n * LN2_HIGH) - n * LN2_LOW;
        float p = r + r * r * Polynomials.expm1Tail(r);
        float scale = powerOfTwo(rounded);
        return scale * p + (scale - 1);
    }

    /**
     * {@code exp(-factor x^2)}, factor 1 or 1/2. Squaring a rounded half exactly keeps the relative error at 1 ulp; a
     * plain {@code x * x} would multiply its rounding error by {@code x^2}.
     */
    static float expMinusSquare(float factor, float x) {
        float high = Float.intBitsToFloat(Float.floatToRawIntBits(x) & UPPER_HALF);
        float low = x - high;
        return expNonpositive(-(factor * (high * high)), -(factor * (low * (x + high))));
    }

    /** Overwrites {@code h} with {@code tanh h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void tanh(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float e = tanhExponential(h);
            float u = 1 / (e + 2);
            values[i] = tanh(h, e, u);
            derivatives[i] = tanhDerivative(h, e, u);
        }
    }

    private static float tanhExponential(float h) {
        return expm1Nonnegative(atMost(magnitude(h) + magnitude(h), EXP_LIMIT));
    }

    /** {@code tanh h = E / (E + 2) = 1 - 2 / (E + 2)} with {@code E = expm1(2|h|)}, and the sign of {@code h}. */
    private static float tanh(float h, float e, float u) {
        // Each form where it is the more accurate one; the second reaches exactly 1.
        return withSignOf(e < 2 ? e * u : 1 - (u + u), h);
    }

    /** {@code tanh' h = 4 (E + 1) / (E + 2)^2}; {@code 1 - tanh^2} would lose every digit for large {@code |h|}. */
    private static float tanhDerivative(float h, float e, float u) {
        float derivative = 4 * (e + 1) * u * u;
        return magnitude(h) + magnitude(h) > EXP_LIMIT ? 0 : derivative;
    }

    /** Overwrites {@code h} with {@code erf h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void erf(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float x = atMost(magnitude(h), ERF_CLAMP);
            float e = expMinusSquare(1, x);
            values[i] = erf(h, x, e);
            derivatives[i] = TWO_BY_SQRT_PI * e;
        }
    }

    /** {@code erf h}: a polynomial near 0, outside {@code 1 - erfc}. */
    private static float erf(float h, float x, float e) {
        if (x < ERF_SPLIT) {
            return withSignOf(x + x * Polynomials.erfCentre(x * x), h);
        }
        float outside = atMost(x, ERF_TOP);
        float u = 1 / (outside + ERF_SHIFT);
        return withSignOf(1 - e * (u * Polynomials.erfcOuter((outside - ERF_SHIFT) * u)), h);
    }

    /** Overwrites {@code h} with {@code gelu h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void gelu(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float x = atMost(magnitude(h), GAUSS_CLAMP);
            float e = expMinusSquare(0.5f, x);
            float mills = mills(x);
            float lower = lowerNormal(x, e, mills);
            values[i] = gelu(h, x, lower);
            derivatives[i] = geluDerivative(h, x, e, mills, lower);
        }
    }

    /** {@code exp(x^2/2) Phi(-x)} for {@code x >= 0}. */
    private static float mills(float x) {
        float u = 1 / (x + MILLS_SHIFT);
        return u * Polynomials.millsTail((x - MILLS_SHIFT) * u);
    }

    private static float lowerNormal(float x, float e, float mills) {
        return x < GELU_SPLIT ? 0.5f - x * Polynomials.normalCentre(x * x) : e * mills;
    }

    /** {@code h Phi(h)}, exactly (no tanh approximation); the lower tail keeps its relative accuracy. */
    private static float gelu(float h, float x, float lower) {
        return h < 0 ? -(x * lower) : h * (1 - lower);
    }

    /** {@code Phi(h) + h exp(-h^2/2) / sqrt(2 pi)}. */
    private static float geluDerivative(float h, float x, float e, float mills, float lower) {
        float slope = x < GELU_SPLIT ? lower - e * (INVERSE_SQRT_TWO_PI * x) : e * (mills - INVERSE_SQRT_TWO_PI * x);
        return h < 0 ? slope : 1 - slope;
    }

    /** Overwrites {@code h} with {@code sin h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void sin(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            double rounded = Elementary.quarterTurns(h);
            float r = (float) Elementary.quarterRest(h, rounded);
            int quarter = (int) Double.doubleToRawLongBits(rounded);
            float s = sinReduced(r);
            float c = cosReduced(r);
            values[i] = turned((quarter & 1) != 0 ? c : s, quarter);
            derivatives[i] = turned((quarter & 1) != 0 ? s : c, quarter + 1);
        }
    }

    private static float sinReduced(float r) {
        float z = r * r;
        return r + r * z * Polynomials.sinTail(z);
    }

    private static float cosReduced(float r) {
        float z = r * r;
        return 1 + (z * z * Polynomials.cosTail(z) - 0.5f * z);
    }

    /** The sign of a sine in the given quarter turn. */
    private static float turned(float x, int quarter) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(x) ^ ((quarter & 2) << 30));
    }

    /** Overwrites {@code h} with its sigmoid and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void sigmoid(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float e = expNonpositive(-magnitude(h), 0);
            float u = 1 / (1 + e);
            float v = e * u;
            values[i] = h < 0 ? v : u;
            derivatives[i] = v * u;
        }
    }

    /** Overwrites {@code h} with its softplus and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void softplus(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float e = expNonpositive(-magnitude(h), 0);
            float inverse = 1 / ((1 + e) * (2 + e));
            values[i] = softplus(h, e, inverse);
            derivatives[i] = softplusDerivative(h, e, inverse);
        }
    }

    /** {@code log1p(e) = e - s (e - z q(z))}, {@code s = e / (2 + e)}: the error of s enters by half at most. */
    private static float softplus(float h, float e, float inverse) {
        float s = e * ((1 + e) * inverse);
        float z = s * s;
        float log1p = e - s * (e - z * Polynomials.log1pTail(z));
        return (h > 0 ? h : 0) + log1p;
    }

    private static float softplusDerivative(float h, float e, float inverse) {
        float u = (2 + e) * inverse;
        return h < 0 ? e * u : u;
    }

    /** Overwrites {@code h} with {@code silu h} and sets the derivatives, in {@code [offset, offset + length)}. */
    public static void silu(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float e = expNonpositive(-magnitude(h), 0);
            float u = 1 / (1 + e);
            values[i] = silu(h, e, u);
            derivatives[i] = siluDerivative(h, e, u);
        }
    }

    private static float silu(float h, float e, float u) {
        return atLeast(h, -2 * EXP_LIMIT) * (h < 0 ? e * u : u);
    }

    /** {@code sigmoid(h) (1 + h sigmoid(-h))}. */
    private static float siluDerivative(float h, float e, float u) {
        float inside = atMost(atLeast(h, -2 * EXP_LIMIT), 2 * EXP_LIMIT);
        float v = e * u;
        return (h < 0 ? v : u) * (1 + inside * (h < 0 ? u : v));
    }
}
