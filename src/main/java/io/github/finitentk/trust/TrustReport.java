package io.github.finitentk.trust;

import static java.util.stream.Collectors.joining;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.sampling.Interval;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import java.util.List;
import java.util.Locale;
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
 * @param smallestWidth the least width at which the ratio stays under the tolerance, other things equal; exact for piecewise linear
 *     activations, else sampled
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

    /**
     * How far eq. (10) with the kernels of random networks is from eq. (10) with {@code Theta*}: determinism, eq. (4), where it is
     * used. Both are predictions for the same network, with the same initial outputs, at the same time t, of inputs that were held
     * out; the unit is the standard deviation of the prediction over networks that eq. (10) gives with {@code Theta*}.
     *
     * @param deviation root mean square over draws and held-out inputs; NaN if no kernel could be drawn within the budget
     * @param interval 95 %
     * @param spread that standard deviation, root mean square over the held-out inputs
     * @param draws kernels
     * @param samples inputs that they were drawn at
     * @param learnable directions of {@code Theta*} that training gets to: {@code t lambda_k/S} is at least 0.1
     * @param noisy those of them in which the kernels differ from {@code Theta*} by more than the eigenvalue:
     *     the root mean square of {@code |(Theta^0 - Theta*) v_k|} exceeds {@code lambda_k}
     */
    public record PredictionEstimate(
            double deviation, Interval interval, double spread, int draws, int samples, int learnable, int noisy) {}

    /**
     * How far training moves the kernel, {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}, on average over networks.
     *
     * @param source where the number comes from
     * @param value the mean over the networks; extrapolated if {@code source} says so; infinite if a network diverged; NaN if
     *     there is none
     * @param interval where the mean lies, 95 %; the upper end is infinite if a network's training did not end within the budget
     * @param exponent of the power of the size that was extrapolated by, NaN if none was
     * @param lowest the smallest of the trained networks' changes
     * @param largest the largest
     * @param networks how many were trained at the largest width or number of samples
     * @param width their largest hidden width
     * @param samples their training inputs
     * @param learningRate mean over them
     * @param steps the largest number taken
     * @param lossShare the mean over networks of final over initial loss
     * @param unfinished networks whose training did not end within the budget; their changes are what they were by then
     * @param diverged networks whose loss or kernel was no longer finite
     * @param sufficient the budget that would measure it at the true size
     */
    public record KernelChangeEstimate(
            Source source,
            double value,
            Interval interval,
            double exponent,
            double lowest,
            double largest,
            int networks,
            int width,
            int samples,
            double learningRate,
            long steps,
            double lossShare,
            int unfinished,
            int diverged,
            Budget sufficient) {

        /** Where a number comes from. */
        public enum Source {
            /** Networks of the width that was asked about, on all the data. */
            MEASURED,
            /** Such networks on two smaller numbers of samples. */
            FEWER_SAMPLES,
            /** Networks of two smaller widths, both within the theory's regime. */
            SMALLER_WIDTHS,
            /** Nothing that was within the budget says anything. */
            NONE;

            /** {@code measured}, {@code fewer-samples}, {@code smaller-widths} or {@code none}. */
            public String label() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }

        /** Whether networks of the size asked about were trained to the end. */
        public boolean answered() {
            return source == Source.MEASURED && unfinished == 0;
        }
    }

    /** The answer in one word. */
    public enum Verdict {
        /** All assumptions hold: NTK theory describes this network quantitatively. */
        TRUST,
        /** An assumption holds in outline only, or the theory holds but cannot be used: expect trends, not numbers. */
        CAUTION,
        /** The kernel is random or moves: what NTK theory says about this network is not about this network. */
        DO_NOT_TRUST,
        /** Not answered: what the budget pays for does not say whether the kernel is random or moves. */
        UNKNOWN;

        /** {@code trust}, {@code caution}, {@code do-not-trust} or {@code unknown}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * Do not trust what fails eq. (3) or (4), which all of the theory rests on; a kernel that is merely ill-conditioned
         * leaves the theory right and its use doubtful, which calls for caution. Where neither fails but one of them is unknown,
         * so is the answer.
         */
        static Verdict of(List<Statement> statements) {
            if (statements.stream()
                    .anyMatch(s -> s.validity() == Validity.FAILS && s.assumption() != Assumption.REGRESSION)) {
                return DO_NOT_TRUST;
            }
            if (statements.stream().anyMatch(s -> s.validity() == Validity.UNKNOWN)) {
                return UNKNOWN;
            }
            return statements.stream().allMatch(s -> s.validity() == Validity.HOLDS) ? TRUST : CAUTION;
        }
    }

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
