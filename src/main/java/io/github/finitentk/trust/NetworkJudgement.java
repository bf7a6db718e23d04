package io.github.finitentk.trust;

import io.github.finitentk.model.Initialization;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.trust.NetworkReport.Movement;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import java.util.Locale;
import java.util.Optional;

/** Turns the numbers of a given network into statements: one rule and one sentence for each assumption. */
final class NetworkJudgement {

    private NetworkJudgement() {}

    static Statement determinism(
            RatioEstimate randomness, Initialization initialization, boolean estimated, double tolerance) {
        double ratio = randomness.ratio();
        String interval = randomness.method() == Method.EXACT
                ? "exactly"
                : format(
                        "(95 %% interval %.4g to %.4g)",
                        randomness.interval().lower(), randomness.interval().upper());
        return new Statement(
                Assumption.DETERMINISM,
                Validity.of(ratio, tolerance, TrustThresholds.RATIO_LIMITED),
                format(
                        "networks drawn with sigma_w^2 = %.4g, sigma_b^2 = %.4g%s have E[Theta^2]/E[Theta]^2 = %.4g %s.",
                        initialization.sigmaW2(),
                        initialization.sigmaB2(),
                        estimated ? ", as these weights seem to be," : "",
                        ratio,
                        interval));
    }

    static Statement constancy(Optional<Movement> movement, int samples) {
        if (movement.isEmpty()) {
            return new Statement(
                    Assumption.CONSTANCY,
                    Validity.UNKNOWN,
                    "not answered: how far training moved the kernel takes the network before training, too.");
        }
        Movement moved = movement.get();
        Validity ofKernel =
                Validity.of(moved.kernelChange(), TrustThresholds.CHANGE_HOLDS, TrustThresholds.CHANGE_LIMITED);
        Validity ofOutputs = Double.isNaN(moved.linearizationError())
                ? ofKernel
                : Validity.of(moved.linearizationError(), TrustThresholds.CHANGE_HOLDS, TrustThresholds.CHANGE_LIMITED);
        String prediction = Double.isNaN(moved.predictionError())
                ? ""
                : format("; what the theory predicts of that training misses %s", percent(moved.predictionError()));
        return new Statement(
                Assumption.CONSTANCY,
                ofKernel.compareTo(ofOutputs) > 0 ? ofKernel : ofOutputs,
                format(
                        "training moved the kernel by %s of its norm on these %d inputs, and the network that is linear in its weights"
                                + " misses %s of what training changed of the outputs%s.",
                        percent(moved.kernelChange()), samples, percent(moved.linearizationError()), prediction));
    }

    static Statement regression(double condition, double rate) {
        return new Statement(
                Assumption.REGRESSION,
                Validity.of(condition, TrustThresholds.CONDITION_HOLDS, TrustThresholds.CONDITION_LIMITED),
                format("Theta^0 has condition number %.3g on the inputs", condition)
                        + (Double.isNaN(rate) ? "." : format("; the largest stable rate is %.3g.", rate)));
    }

    private static String percent(double share) {
        return Double.isNaN(share)
                ? "an unknown share"
                : share >= 0.1 ? format("%.0f %%", 100 * share) : format("%.2g %%", 100 * share);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
