package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Network;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.KernelChange;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One network trained for the question, or as far as its share of the budget goes.
 *
 * @param change {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}; of an unfinished training that so far, infinite if it diverged
 * @param lossShare final over initial loss
 * @param learningRate that it was trained with
 * @param steps it took
 * @param evaluations forward and backward passes that it cost
 * @param finished whether the training came to its end within the passes it was given
 * @param diverged whether loss or kernel were no longer finite
 */
record NetworkRun(
        double change,
        double lossShare,
        double learningRate,
        long steps,
        long evaluations,
        boolean finished,
        boolean diverged) {

    /**
     * Trains one network.
     *
     * @param time {@link TrainingTime#of}; not used if the question has a rate of its own
     * @param mostEvaluations a training that takes more counts as unfinished
     * @param engine who computes this one network
     * @throws java.util.concurrent.CancellationException if it was cancelled
     */
    static NetworkRun of(
            Network network,
            TrustQuestion question,
            Dataset train,
            double time,
            long mostEvaluations,
            Engine engine,
            BooleanSupplier cancel) {
        Kernel initial = theta(network, train, engine);
        double rate = question.learningRate()
                .orElseGet(() ->
                        TrainingTime.RELATIVE_RATE * LearningRate.largestStable(initial, LossConvention.HALF_MSE));
        long steps = question.maxSteps()
                .orElse(
                        question.learningRate().isPresent()
                                ? TrainingTime.STEPS
                                : Math.max(1, (long) Math.ceil(time / rate)));
        TrainingPlan plan = TrainingPlan.TO_THE_END.toBuilder()
                .learningRate(rate)
                .maxSteps(steps)
                .build();
        TrainingProblem problem = new TrainingProblem(train, List.of(network));
        try (Training training = Training.start(problem, plan, engine)) {
            boolean ended = training.runWithin(mostEvaluations, cancel);
            long evaluations = training.evaluations();
            if (!ended && evaluations <= mostEvaluations) {
                throw TrustAssessment.cancelled();
            }
            if (ended && evaluations <= mostEvaluations) {
                return finished(training.results().get(0), rate);
            }
            Kernel now = theta(training.network(0), train, engine);
            double change = KernelChange.between(initial, training.step(), now).value();
            return new NetworkRun(change, Double.NaN, rate, training.step(), evaluations, false, false);
        }
    }

    private static NetworkRun finished(TrainingResult result, double rate) {
        boolean diverged = result.stopReason() == StopReason.DIVERGED;
        double initialLoss = result.losses().get(0).loss();
        return new NetworkRun(
                diverged
                        ? Double.POSITIVE_INFINITY
                        : result.kernelChange()
                                .get(result.kernelChange().size() - 1)
                                .value(),
                initialLoss > 0 ? result.finalLoss() / initialLoss : 0,
                rate,
                result.steps(),
                result.evaluations(),
                true,
                diverged);
    }

    private static Kernel theta(Network network, Dataset data, Engine engine) {
        return new KernelEvaluation(network, data.inputs(), engine).evaluate().theta();
    }
}
