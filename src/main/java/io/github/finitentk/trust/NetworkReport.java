package io.github.finitentk.trust;

import static java.util.stream.Collectors.joining;

import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What NTK theory is worth for one given network, with all numbers it rests on.
 *
 * @param question what was asked
 * @param initialization the variances that the weights were drawn with
 * @param estimated whether they are estimates from the weights ({@link io.github.finitentk.model.Network#weightVariance})
 * @param sigmaW2Error the standard error of such an estimate of {@code sigma_w^2} from Gaussian weights; 0 of one that was given
 * @param analysis fixed points, {@code chi_1} and depth scales at these variances
 * @param phase that of the analysis, but the edge of chaos if the border is within two standard errors
 * @param borderSigmaW2 the weight variance of the edge of chaos at this bias variance; NaN if there is none
 * @param randomness {@code E[Theta^2]/E[Theta]^2} of networks drawn so, with one output, at the inputs' mean {@code |x|^2}
 * @param conditionNumber of {@code Theta^0} on the inputs, the mean over outputs
 * @param largestStableRate {@code 2/lambda_max(Theta^0 / S)} of the kernel of all outputs, for the loss 1/(2S); NaN if that kernel is
 *     too large to be formed
 * @param movement what training did; empty if the network before it is not known
 * @param statements one for each assumption
 * @param verdict the answer
 */
public record NetworkReport(
        NetworkQuestion question,
        Initialization initialization,
        boolean estimated,
        double sigmaW2Error,
        PhaseAnalysis analysis,
        PhaseAnalysis.Phase phase,
        double borderSigmaW2,
        RatioEstimate randomness,
        double conditionNumber,
        double largestStableRate,
        Optional<Movement> movement,
        List<Statement> statements,
        Verdict verdict) {

    /**
     * What training did to the network on the inputs of the question.
     *
     * @param kernelChange {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F} of the kernel's mean over outputs
     * @param kernelDistance {@code 1 - <Theta^t, Theta^0>/(|Theta^t| |Theta^0|)}, which a rescaling leaves at 0
     * @param weightChange {@code |w - w_0| / |w_0|} of all weights and biases
     * @param linearizationError {@code |f_t - f_lin| / |f_t - f_0|} over inputs and outputs, where {@code f_lin = f_0 + J_0 (w - w_0)} is the
     *     network linearised where it started, at the weights where training ended, whatever loss and optimiser it had; NaN if training
     *     changed nothing
     * @param predictionError the same of what {@link io.github.finitentk.kernel.LinearizedNetwork} predicts from the start alone, with the kernel of
     *     all outputs: at the test inputs, for the time of the training or, where that is not known, at convergence; without test inputs
     *     at those of the training, if its time is known; else NaN
     * @param initialLoss {@code 1/(2S) sum |f_0 - y|^2}
     * @param loss the same of the trained network
     * @param initialAccuracy the share of inputs whose largest output is that of their class; NaN if targets are no classes
     * @param accuracy the same of the trained network
     */
    public record Movement(
            double kernelChange,
            double kernelDistance,
            double weightChange,
            double linearizationError,
            double predictionError,
            double initialLoss,
            double loss,
            double initialAccuracy,
            double accuracy) {}

    public NetworkReport {
        statements = List.copyOf(statements);
    }

    /**
     * Answers a question. Applications call {@code Ntk.trust}.
     *
     * @param engine who computes; decides no number
     * @param cancel asked between steps of the computation; true ends it
     * @throws java.util.concurrent.CancellationException if it was cancelled
     * @throws IllegalArgumentException if {@code predictionError} takes a kernel that is too large
     * @throws ArithmeticException if a kernel exceeds the range of a double, or all weights are 0
     */
    public static NetworkReport of(NetworkQuestion question, Engine engine, BooleanSupplier cancel) {
        return NetworkAssessment.assess(question, engine.cancelledBy(cancel), cancel);
    }

    /** {@code sigma_w^2} less its value on the edge of chaos: negative in the ordered phase. */
    public double distanceToBorder() {
        return initialization.sigmaW2() - borderSigmaW2;
    }

    /** Whether training was {@code lazy}, {@code nearly lazy}, {@code not lazy}, or that is {@code unknown}. */
    public String laziness() {
        return on(Assumption.CONSTANCY).validity().laziness();
    }

    /** The statement about an assumption. */
    public Statement on(Assumption assumption) {
        return statements.stream()
                .filter(s -> s.assumption() == assumption)
                .findFirst()
                .orElseThrow();
    }

    /** The verdict and a line for each assumption. */
    @Override
    public String toString() {
        return statements.stream()
                .map(statement -> "\n" + statement)
                .collect(joining("", laziness() + ", " + verdict.label(), ""));
    }
}
