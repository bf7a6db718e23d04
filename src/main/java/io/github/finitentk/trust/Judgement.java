package io.github.finitentk.trust;

import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import java.util.Locale;
import java.util.OptionalLong;

/** Turns numbers into statements: one rule and one sentence for each assumption. */
final class Judgement {

    private Judgement() {}

    static Statement determinism(
            RatioEstimate randomness,
            PredictionEstimate prediction,
            TrustQuestion question,
            OptionalLong smallestWidth) {
        Validity inPredictions =
                Validity.of(prediction.interval(), TrustThresholds.DEVIATION_HOLDS, TrustThresholds.DEVIATION_LIMITED);
        Validity ofDiagonal = Validity.of(randomness.ratio(), question.tolerance(), TrustThresholds.RATIO_LIMITED);
        boolean beyondDraws = randomness.ratio() > TrustThresholds.RATIO_FAILS;
        boolean diagonalSaysWorse = inPredictions != Validity.UNKNOWN && ofDiagonal.compareTo(inPredictions) > 0;
        Validity validity = beyondDraws ? Validity.FAILS : diagonalSaysWorse ? inPredictions.lowered() : inPredictions;
        return new Statement(
                Assumption.DETERMINISM,
                validity,
                deviation(prediction, inPredictions, question) + "; "
                        + ratio(randomness, ofDiagonal, question.tolerance(), smallestWidth) + ".");
    }

    private static String deviation(PredictionEstimate prediction, Validity validity, TrustQuestion question) {
        if (prediction.draws() == 0) {
            return format(
                    "not answered: kernels of this size cannot be drawn with a budget of %s, run with a budget of %s",
                    question.budget(), PredictionProbe.sufficient(question));
        }
        String text = format(
                "%seq. (10) with random kernels is %.2g (%.2g to %.2g) standard deviations of its prediction from eq. (10)"
                        + " with Theta* (%d kernels on %d samples)",
                validity == Validity.UNKNOWN
                        ? format("not answered, run with a budget of %s: ", PredictionProbe.sufficient(question))
                        : "",
                prediction.deviation(),
                prediction.interval().lower(),
                prediction.interval().upper(),
                prediction.draws(),
                prediction.samples());
        if (validity == Validity.HOLDS || validity == Validity.UNKNOWN) {
            return text;
        }
        double excess = prediction.interval().upper() / TrustThresholds.DEVIATION_HOLDS;
        double width = question.network().architecture().maxHiddenWidth() * (excess * excess);
        String directions = prediction.noisy() == 0
                ? ""
                : format(
                        ", and in %d of the %d directions that training reaches they differ by more than its eigenvalue",
                        prediction.noisy(), prediction.learnable());
        return text
                + directions
                + (width <= WidthSearch.LARGEST
                        ? format(
                                "; width %,.0f or so brings it under %s", width, plain(TrustThresholds.DEVIATION_HOLDS))
                        : "");
    }

    private static String ratio(
            RatioEstimate randomness, Validity validity, double tolerance, OptionalLong smallestWidth) {
        double ratio = randomness.ratio();
        String value = randomness.method() == Method.EXACT
                ? format("E[Theta^2]/E[Theta]^2 = %.4g exactly", ratio)
                : format(
                        "E[Theta^2]/E[Theta]^2 = %.4g (95 %% interval %.4g to %.4g)",
                        ratio,
                        randomness.interval().lower(),
                        randomness.interval().upper());
        if (validity == Validity.HOLDS) {
            return value;
        }
        return value
                + (smallestWidth.isPresent()
                        ? format(", width %,d brings it under %s", smallestWidth.getAsLong(), plain(tolerance))
                        : format(", no width up to %,d brings it under %s", WidthSearch.LARGEST, plain(tolerance)));
    }

    static Statement constancy(KernelChangeEstimate change, TrustQuestion question) {
        if (change.diverged() > 0 && change.source() != KernelChangeEstimate.Source.NONE) {
            return new Statement(
                    Assumption.CONSTANCY,
                    Validity.FAILS,
                    format(
                            "%d of %d networks diverged at learning rate %.3g.",
                            change.diverged(), change.networks(), change.learningRate()));
        }
        boolean lossGrew = change.lossShare() > 1;
        Validity validity = change.source() == KernelChangeEstimate.Source.NONE
                ? Validity.UNKNOWN
                : lossGrew
                        ? Validity.FAILS
                        : Validity.of(change.interval(), TrustThresholds.CHANGE_HOLDS, TrustThresholds.CHANGE_LIMITED);
        String advice = validity == Validity.UNKNOWN || change.unfinished() > 0 && validity != Validity.FAILS
                ? format("run with a budget of %s", change.sufficient())
                : "";
        String text = switch (change.source()) {
            case NONE -> nothing(change, question);
            case MEASURED -> change.unfinished() > 0 ? unfinished(change) : measured(change);
            case FEWER_SAMPLES, SMALLER_WIDTHS -> extrapolated(change, question);
        };
        return new Statement(
                Assumption.CONSTANCY,
                validity,
                (validity == Validity.UNKNOWN ? "not answered: " : "")
                        + text
                        + (advice.isEmpty() ? "." : "; " + advice + "."));
    }

    private static String nothing(KernelChangeEstimate change, TrustQuestion question) {
        if (change.networks() == 0) {
            return format(
                    "with a budget of %s no network can be trained that says anything about this one",
                    question.budget());
        }
        return format(
                "networks narrow enough for a budget of %s (width %d) are outside the theory's regime themselves, their kernels"
                        + " move by %.2g to %.2g of their norm",
                question.budget(), change.width(), change.lowest(), change.largest());
    }

    private static String measured(KernelChangeEstimate change) {
        return format(
                "training to %s of the initial loss moves the kernel by %.2g of its norm (%s; mean of all networks: %s)",
                lossShare(change), change.value(), networks(change), interval(change));
    }

    private static String unfinished(KernelChangeEstimate change) {
        return format(
                "the kernel had moved by %.2g of its norm (%s) when the budget was spent, before training ended",
                change.value(), networks(change));
    }

    private static String extrapolated(KernelChangeEstimate change, TrustQuestion question) {
        boolean widths = change.source() == KernelChangeEstimate.Source.SMALLER_WIDTHS;
        return format(
                "training moves the kernel by %.2g of its norm, extrapolated from %s (%s) with the exponent %s%.2f (mean of"
                        + " all networks: %s)",
                change.value(),
                widths ? "two smaller widths" : "two smaller numbers of samples",
                networks(change),
                widths ? "-" : "",
                change.exponent(),
                interval(change));
    }

    private static String networks(KernelChangeEstimate change) {
        String range = change.networks() == 1
                ? format("%.2g in 1 network", change.lowest())
                : format("%.2g to %.2g in %d networks", change.lowest(), change.largest(), change.networks());
        return range + format(" of width %d on %d samples", change.width(), change.samples());
    }

    private static String interval(KernelChangeEstimate change) {
        return format(
                "%.2g to %.2g", change.interval().lower(), change.interval().upper());
    }

    private static String lossShare(KernelChangeEstimate change) {
        return change.lossShare() < 1e-9 ? "less than 1e-9" : format("%.2g", change.lossShare());
    }

    static Statement regression(double condition, double kappaRatio, double largestStableRate) {
        Validity validity = Validity.of(condition, TrustThresholds.CONDITION_HOLDS, TrustThresholds.CONDITION_LIMITED);
        String kappas = Double.isNaN(kappaRatio) ? "" : format(" (kappa_1/kappa_2 = %.6g)", kappaRatio);
        String meaning = validity == Validity.HOLDS
                ? format("can be inverted, and its slowest direction learnt in about %.1g steps", condition)
                : validity == Validity.LIMITED
                        ? format("has directions that take about %.1g steps even at the largest stable rate", condition)
                        : "cannot be inverted in single precision nor trained to convergence";
        return new Statement(
                Assumption.REGRESSION,
                validity,
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
