package io.github.finitentk.internal.numeric;

/** The 97.5 % quantile of Student's t distribution: half-widths of 95 % intervals from few independent repetitions. */
public final class StudentT {

    private static final double NORMAL_QUANTILE = 1.959963984540054;

    private static final double[] TABLE = {
        12.706204736,
        4.302652730,
        3.182446305,
        2.776445105,
        2.570581836,
        2.446911851,
        2.364624252,
        2.306004135,
        2.262157163,
        2.228138852
    };

    private StudentT() {}

    /** @param degrees degrees of freedom, at least 1 */
    public static double quantile(int degrees) {
        if (degrees <= TABLE.length) {
            return TABLE[degrees - 1];
        }
        // Cornish-Fisher expansion about the normal quantile (Abramowitz and Stegun 26.7.5); error below 1e-5 here.
        double x = NORMAL_QUANTILE;
        double x3 = x * x * x;
        double x5 = x3 * x * x;
        double x7 = x5 * x * x;
        double n = degrees;
        return x
                + (x3 + x) / (4 * n)
                + (5 * x5 + 16 * x3 + 3 * x) / (96 * n * n)
                + (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / (384 * n * n * n);
    }
}
