package io.github.finitentk.trust;

import static java.util.stream.Collectors.joining;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.trust.Statement.Assumption;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * The answer for one network, with all numbers it rests on.
 *
 * @param question what was asked
 * @param data that of the question, or the images
 * @param phase phase, chi_1, fixed points and depth scales
 * @param borderSigmaW2 the weight variance of the edge of chaos at this bias variance; NaN if there is none
 * @param inputNorm2 {@code |x|^2} at which {@code randomness} holds
 * @param randomness {@code E[Theta^2]/E[Theta]^2} at initialisation
 * @param prediction the kernels' randomness as predictions see it
 * @param kernelChange measured or predicted
 * @param conditionNumber of {@code Theta*} on the data
 * @param kappaRatio mean {@code kappa_1} over mean {@code kappa_2}; NaN without hidden layers
 * @param dataIndependentCondition the condition number that this ratio implies
 * @param largestStableRate {@code 2/lambda_max(Theta* / S)} for the loss 1/(2S)
 * @param smallestWidth the least width at which the ratio stays under the tolerance, other things equal; exact for ReLU, else sampled
 * @param leadingOrderWidth the same by {@code exp(C/M)}, the first order in 1/width, without sampling
 * @param statements one for each assumption
 * @param verdict the answer
 */
public record TrustReport(
        TrustQuestion question,
        Dataset data,
        PhaseAnalysis phase,
        double borderSigmaW2,
        double inputNorm2,
        RatioEstimate randomness,
        PredictionEstimate prediction,
        KernelChangeEstimate kernelChange,
        double conditionNumber,
        double kappaRatio,
        double dataIndependentCondition,
        double largestStableRate,
        OptionalLong smallestWidth,
        OptionalInt leadingOrderWidth,
        List<Statement> statements,
        Verdict verdict) {

    public TrustReport {
        statements = List.copyOf(statements);
    }

    /**
     * Answers a question, within its budget. Applications call {@code Ntk.trust}.
     *
     * @param engine who computes, and the threads that draws and trainings are spread over; neither decides a number
     * @param cancel asked between steps of the computation, possibly by several threads at once; true ends it
     * @throws java.util.concurrent.CancellationException if it was cancelled
     * @throws IllegalArgumentException if there are fewer images of MNIST than were asked for
     * @throws ArithmeticException if the kernel of this network exceeds the range of a double
     */
    public static TrustReport of(TrustQuestion question, Engine engine, BooleanSupplier cancel) {
        return TrustAssessment.assess(question, engine, cancel);
    }

    /** {@code sigma_w^2} less its value on the edge of chaos: negative in the ordered phase. */
    public double distanceToBorder() {
        return question.network().initialization().sigmaW2() - borderSigmaW2;
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
        return statements.stream().map(statement -> "\n" + statement).collect(joining("", verdict.label(), ""));
    }
}
