package io.github.finitentk.trust;

import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import java.util.Locale;
import java.util.OptionalLong;

/** Turns numbers into statements: one rule and one sentence for each claim. */
final class Judgement {

    private Judgement() {}

    static Statement determinism(RatioEstimate randomness, double tolerance, OptionalLong smallestWidth) {
        double ratio = randomness.ratio();
        Standing standing = Standing.of(ratio, tolerance, TrustThresholds.RATIO_LIMITED);
        String value = randomness.method() == Method.EXACT
                ? format("E[Theta^2]/E[Theta]^2 = %.4g exactly", ratio)
                : format(
                        "E[Theta^2]/E[Theta]^2 = %.4g (95 %% interval %.4g to %.4g)",
                        ratio,
                        randomness.interval().lower(),
                        randomness.interval().upper());
        String comparison =
                format("the kernel's standard deviation is %.2g of its mean", Math.sqrt(Math.max(0, ratio - 1)));
        String remedy = standing == Standing.HOLDS
                ? ""
                : smallestWidth.isPresent()
                        ? format("; width %,d brings the ratio under %s", smallestWidth.getAsLong(), plain(tolerance))
                        : format(
                                "; no width up to %,d brings the ratio under %s",
                                WidthSearch.LARGEST, plain(tolerance));
        return new Statement(Claim.DETERMINISM, standing, value + ": " + comparison + remedy + ".");
    }

    static Statement constancy(KernelChangeEstimate change, int width) {
        if (change.diverged() > 0) {
            return new Statement(
                    Claim.CONSTANCY,
                    Standing.FAILS,
                    format(
                            "%d of %d networks diverged at learning rate %.3g.",
                            change.diverged(), change.networks(), change.learningRate()));
        }
        if (change.unfinished() > 0) {
            return new Statement(
                    Claim.CONSTANCY,
                    Standing.FAILS,
                    format(
                            "The kernels of %d of %d networks move so fast, at learning rate %.3g, that no two steps can be"
                                    + " taken with the same one.",
                            change.unfinished(), change.networks(), change.learningRate()));
        }
        Standing standing = Standing.of(change.value(), TrustThresholds.CHANGE_HOLDS, TrustThresholds.CHANGE_LIMITED);
        String source = change.predicted()
                ? format("predicted from width %d by the law 1/M for width %d", change.width(), width)
                : "measured";
        return new Statement(
                Claim.CONSTANCY,
                standing,
                format(
                        "Training to %s of the initial loss moves the kernel by %.2g of its norm (%.2g to %.2g in %d networks"
                                + " on %d samples; %s).",
                        change.lossShare() < 1e-9 ? "less than 1e-9" : format("%.2g", change.lossShare()),
                        change.value(),
                        change.lowest(),
                        change.largest(),
                        change.networks(),
                        change.samples(),
                        source));
    }

    static Statement regression(double condition, double kappaRatio, double largestStableRate) {
        Standing standing = Standing.of(condition, TrustThresholds.CONDITION_HOLDS, TrustThresholds.CONDITION_LIMITED);
        String kappas = Double.isNaN(kappaRatio) ? "" : format(" (kappa_1/kappa_2 = %.6g)", kappaRatio);
        String meaning = standing == Standing.HOLDS
                ? format("can be inverted, and its slowest direction learnt in about %.1g steps", condition)
                : standing == Standing.LIMITED
                        ? format("has directions that take about %.1g steps even at the largest stable rate", condition)
                        : "cannot be inverted in single precision nor trained to convergence";
        return new Statement(
                Claim.REGRESSION,
                standing,
                format(
                        "Theta* has condition number %.3g on the data%s: it %s; the largest stable rate is %.3g.",
                        condition, kappas, meaning, largestStableRate));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String plain(double value) {
        return Double.toString(value);
    }
}
