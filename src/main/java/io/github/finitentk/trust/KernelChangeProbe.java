package io.github.finitentk.trust;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.meanfield.InfiniteWidthKernel;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.Parametrization;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.NetworkLaw;
import io.github.finitentk.model.Precision;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.KernelChange;
import io.github.finitentk.training.StopReason;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Measures the change of the kernel in a few seconds. Unless a rate is asked for, each network is trained at
 * {@link #RELATIVE_RATE} times its own largest stable rate, for the time t at which {@code t lambda_max(Theta*(X)) / S} is
 * {@link #DURATION}: all directions of the kernel with more than a thousandth of its largest eigenvalue are learnt then.
 *
 * <p>What would take too long is made smaller: first the number of samples, down to {@link #FEWEST_SAMPLES}; then the width, and
 * the result is multiplied by the ratio of the widths (measured for relu and tanh, L = 5, M = 32 to 512: the change falls as
 * 1/M once it is below a half). Both are stated in the estimate.
 */
final class KernelChangeProbe {

    static final double RELATIVE_RATE = 0.4;
    static final double DURATION = 1000;
    static final int NETWORKS = 4;
    static final int FEWEST_SAMPLES = 32;

    /** Steps if a rate is asked for, but no number. */
    private static final long STEPS = 1_000;

    /** Training ends when nothing is left to learn: less than this in {@link #PATIENCE} steps. */
    private static final double LEAST_DECREASE = 1e-12;

    private static final int PATIENCE = 100;

    /** Products of one forward and backward pass with its kernel, of one network: 2 ms or so. */
    private static final double LARGEST_PASS = 4e7;

    /** No run takes more macro steps, or chunks of single steps, than this; usual ones take 60 to 150. */
    private static final int MOST_ROUNDS = 400;

    private final Backend backend;
    private final WorkerPool workers;

    KernelChangeProbe(Backend backend, WorkerPool workers) {
        this.backend = backend;
        this.workers = workers;
    }

    /**
     * @param law of the networks
     * @param data what they are trained on
     * @param learningRate for the loss 1/(2S), if not the default
     * @param maxSteps the number of steps, if not the default
     * @param key of the random streams
     */
    KernelChangeEstimate measure(
            NetworkLaw law, Dataset data, OptionalDouble learningRate, OptionalLong maxSteps, long key) {
        int samples = data.samples();
        while (samples / 2 >= FEWEST_SAMPLES && pass(law.architecture(), samples) > LARGEST_PASS) {
            samples /= 2;
        }
        Architecture architecture = law.architecture();
        int width = architecture.maxHiddenWidth();
        int own = width;
        while (width > 16 && pass(architecture, samples) > LARGEST_PASS) {
            width = (int) (0.8 * width);
            architecture = WidthSearch.scaled(law.architecture(), width);
        }
        NetworkLaw probe = new NetworkLaw(architecture, law.activation(), law.initialization());
        Dataset train = beginning(data, samples);
        double time = DURATION / 2 * largestStable(probe, train);
        List<Network> networks = TrainingProblem.draw(
                        architecture, law.activation(), law.initialization(), train, key, NETWORKS, backend)
                .networks();
        Outcome[] outcomes = new Outcome[NETWORKS];
        workers.forEach(NETWORKS, (i, slot) -> {
            Network network = networks.get(i);
            double rate =
                    learningRate.orElseGet(() -> RELATIVE_RATE * ownLargestStable(network, law.activation(), train));
            long steps = learningRate.isPresent() ? STEPS : (long) Math.ceil(time / rate);
            outcomes[i] = train(
                    new TrainingProblem(law.activation(), train, List.of(network)),
                    plan(rate, maxSteps.orElse(Math.max(1, steps))));
        });
        return summary(outcomes, width, (double) width / own, samples);
    }

    private static TrainingPlan plan(double rate, long steps) {
        return new TrainingPlan(
                rate,
                LossConvention.HALF_MSE,
                steps,
                LEAST_DECREASE,
                PATIENCE,
                List.of(),
                Integrator.FLOW_COARSE,
                Precision.F64);
    }

    private double ownLargestStable(Network network, Activation activation, Dataset data) {
        EmpiricalNtk ntk =
                EmpiricalNtk.of(network, activation, data.inputs(), Precision.F64, backend, WorkerPool.SINGLE);
        return LearningRate.largestStable(ntk.theta(), data.samples(), LossConvention.HALF_MSE);
    }

    /** Forward, backward and two gradients with all weights; products of states for the kernel. */
    private static double pass(Architecture architecture, int samples) {
        double products = 0;
        for (int l = 1; l <= architecture.depth(); l++) {
            double below = l == 1 ? Math.min(samples, architecture.inputDim()) : architecture.width(l - 1);
            products += 4.0 * samples * below * architecture.width(l) + (double) samples * samples * below;
        }
        return products;
    }

    private static Dataset beginning(Dataset data, int samples) {
        return data.samples() == samples
                ? data
                : TrainTestData.split(data, samples).train();
    }

    private double largestStable(NetworkLaw law, Dataset data) {
        InfiniteWidthKernel kernel = InfiniteWidthKernel.of(
                data.inputs(),
                data.samples(),
                law.architecture(),
                new MeanField(law.activation(), law.initialization()),
                Parametrization.STANDARD,
                workers);
        return LearningRate.largestStable(kernel.ntk(), data.samples(), LossConvention.HALF_MSE);
    }

    /** @param change infinite if diverged, NaN if unfinished */
    private record Outcome(
            double change,
            double lossShare,
            double largestStep,
            double learningRate,
            long steps,
            boolean finished,
            boolean diverged) {}

    private Outcome train(TrainingProblem problem, TrainingPlan plan) {
        try (Training training = Training.start(problem, plan, backend, WorkerPool.SINGLE)) {
            int[] rounds = {0};
            if (!training.run(() -> ++rounds[0] > MOST_ROUNDS)) {
                return new Outcome(
                        Double.NaN, Double.NaN, Double.NaN, plan.learningRate(), training.step(), false, false);
            }
            TrainingResult result = training.results().get(0);
            boolean diverged = result.stopReason() == StopReason.DIVERGED;
            List<KernelChange> changes = result.kernelChange();
            return new Outcome(
                    diverged || changes.isEmpty()
                            ? Double.POSITIVE_INFINITY
                            : changes.get(changes.size() - 1).value(),
                    result.finalLoss() / result.losses().get(0).loss(),
                    result.aMaxLargest(),
                    plan.learningRate(),
                    result.steps(),
                    true,
                    diverged);
        }
    }

    private static KernelChangeEstimate summary(Outcome[] outcomes, int width, double scale, int samples) {
        double[] changes = Arrays.stream(outcomes)
                .filter(Outcome::finished)
                .mapToDouble(outcome -> scale * outcome.change())
                .toArray();
        return new KernelChangeEstimate(
                Arrays.stream(changes).average().orElse(Double.NaN),
                Arrays.stream(changes).min().orElse(Double.NaN),
                Arrays.stream(changes).max().orElse(Double.NaN),
                outcomes.length,
                width,
                scale != 1,
                samples,
                Arrays.stream(outcomes)
                        .mapToDouble(Outcome::learningRate)
                        .average()
                        .orElse(Double.NaN),
                Arrays.stream(outcomes).mapToLong(Outcome::steps).max().orElse(0),
                Arrays.stream(outcomes)
                        .filter(Outcome::finished)
                        .mapToDouble(Outcome::lossShare)
                        .average()
                        .orElse(Double.NaN),
                Arrays.stream(outcomes).mapToDouble(Outcome::largestStep).max().orElse(Double.NaN),
                (int) Arrays.stream(outcomes)
                        .filter(outcome -> !outcome.finished())
                        .count(),
                (int) Arrays.stream(outcomes).filter(Outcome::diverged).count());
    }
}
