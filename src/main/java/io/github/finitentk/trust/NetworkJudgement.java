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

    /**
     * The kernel's change and what that does to predictions: the worse of the two where there is a prediction. Where there is none the
     * linear network at the trained weights stands for it, which overstates (weights move in directions that matter for no output), and
     * so lowers by one step only.
     *
     * @param tests at how many inputs the theory's prediction is judged, if not at those of the training
     */
    static Statement constancy(Optional<Movement> movement, int samples, Optional<Integer> tests) {
        if (movement.isEmpty()) {
            return new Statement(
                    Assumption.CONSTANCY,
                    Validity.UNKNOWN,
                    "not answered: how far training moved the kernel takes the network before training, too.");
        }
        Movement moved = movement.get();
        Validity ofKernel = validity(moved.kernelChange());
        boolean predicted = !Double.isNaN(moved.predictionError());
        boolean comparable = predicted || !Double.isNaN(moved.linearizationError());
        Validity ofOutputs =
                comparable ? validity(predicted ? moved.predictionError() : moved.linearizationError()) : ofKernel;
        boolean outputsSayWorse = ofOutputs.compareTo(ofKernel) > 0;
        return new Statement(
                Assumption.CONSTANCY,
                !outputsSayWorse ? ofKernel : predicted ? ofOutputs : ofKernel.lowered(),
                format(
                                "training moved the kernel by %s of its norm on these %d inputs",
                                percent(moved.kernelChange()), samples)
                        + (predicted
                                ? format(
                                        "; of what it changed of the outputs%s the theory's prediction from the start alone misses"
                                                + " %s, the network that is linear in its weights, taken at the trained ones, %s.",
                                        tests.map(count -> " (at " + count + " test inputs)")
                                                .orElse(""),
                                        percent(moved.predictionError()),
                                        percent(moved.linearizationError()))
                                : comparable
                                        ? format(
                                                "; of what it changed of the outputs the network that is linear in its weights, taken"
                                                        + " at the trained ones, misses %s.",
                                                percent(moved.linearizationError()))
                                        : "."));
    }

    private static Validity validity(double share) {
        return Validity.of(share, TrustThresholds.CHANGE_HOLDS, TrustThresholds.CHANGE_LIMITED);
    }

    static Statement regression(double condition, double rate) {
        return new Statement(
                Assumption.REGRESSION,
                Validity.of(condition, TrustThresholds.CONDITION_HOLDS, TrustThresholds.CONDITION_LIMITED),
                format("Theta^0 has condition number %.3g on the inputs", condition)
                        + (Double.isNaN(rate) ? "." : format("; the largest stable rate is %.3g.", rate)));
    }

    private static String percent(double share) {
        return share >= 0.1 ? format("%.0f %%", 100 * share) : format("%.2g %%", 100 * share);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
