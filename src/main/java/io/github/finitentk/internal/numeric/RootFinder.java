package io.github.finitentk.internal.numeric;

import java.util.function.DoubleUnaryOperator;

/** Roots of continuous functions inside a bracket. */
public final class RootFinder {

    private RootFinder() {}

    /**
     * The root of {@code f} between {@code a} and {@code b}, where {@code f} changes sign, by the Illinois variant of
     * regula falsi with a bisection whenever the bracket did not halve in three steps. Stops when the bracket is as
     * narrow as rounding allows or the value is zero.
     *
     * @throws IllegalArgumentException if {@code f(a)} and {@code f(b)} have the same sign
     */
    public static double find(DoubleUnaryOperator f, double a, double b) {
        double fa = f.applyAsDouble(a);
        double fb = f.applyAsDouble(b);
        if (fa == 0) {
            return a;
        }
        if (fb == 0) {
            return b;
        }
        if (!(fa * fb < 0) && Math.signum(fa) == Math.signum(fb)) {
            throw new IllegalArgumentException(
                    "No sign change between " + a + " and " + b + ": the function is " + fa + " and " + fb + " there.");
        }
        double width = Math.abs(b - a);
        double previousWidth = 4 * width;
        for (int step = 0; step < 300; step++) {
            double x = (a * fb - b * fa) / (fb - fa);
            boolean inside = x > Math.min(a, b) && x < Math.max(a, b);
            if (!inside || step % 3 == 2 && width > 0.5 * previousWidth) {
                x = 0.5 * (a + b);
            }
            if (step % 3 == 2) {
                previousWidth = width;
            }
            if (x == a || x == b) {
                break;
            }
            double fx = f.applyAsDouble(x);
            if (fx == 0) {
                return x;
            }
            if (Math.signum(fx) == Math.signum(fb)) {
                fa *= 0.5;
            } else {
                a = b;
                fa = fb;
            }
            b = x;
            fb = fx;
            width = Math.abs(b - a);
            if (width <= 4 * Math.ulp(Math.max(Math.abs(a), Math.abs(b)))) {
                break;
            }
        }
        return b;
    }
}
