package io.github.finitentk.experiment;

import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.OutputVariance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Trained networks against NTK theory: the variance of their outputs over initialisations, averaged over test inputs, and what is
 * said about it by eq. (10) with each network's own kernel (eq. (3) assumed), by the exact infinite-width formula (eqs (3) and (4)
 * assumed), and by Theorem 3 (data-independent kernels besides).
 *
 * <p>Networks that diverged are counted and left out; those that ended early had nothing left to learn.
 *
 * @param networks that are compared; below 2 there is no comparison, and all numbers are NaN
 * @param diverged networks left out
 * @param time t, the training time
 * @param trained of the trained networks
 * @param predicted of eq. (10) with their own kernels at their times
 * @param converged of eq. (10) with their own kernels for {@code t = infinity}
 * @param exact the mean over test inputs of the infinite-width variance at time t
 * @param exactConverged the same for {@code t = infinity}
 * @param theorem3 Theorem 3
 * @param gap root mean square of trained less predicted outputs, in units of the trained networks' standard deviation
 * @param kernelChange mean relative change of the kernel
 * @param initialLoss mean loss before training
 * @param finalLoss mean loss after it
 * @param ownCondition median condition number of the networks' kernels
 * @param trainedSplit squared bias (less its sampling error) and variance of the trained networks, if test targets are known
 * @param exactSplit the same in infinite width at time t
 */
public record EnsembleComparison(
        int networks,
        int diverged,
        double time,
        Optional<OutputVariance> trained,
        Optional<OutputVariance> predicted,
        Optional<OutputVariance> converged,
        double exact,
        double exactConverged,
        double theorem3,
        double gap,
        double kernelChange,
        double initialLoss,
        double finalLoss,
        double ownCondition,
        Optional<Smoother.BiasVariance> trainedSplit,
        Optional<Smoother.BiasVariance> exactSplit) {

    /**
     * Trains networks and compares them.
     *
     * @param network of the networks, with the data's input dimension
     * @param theory of the same network and data
     * @param networks how many, at least 2
     * @param time t; infinity stands for the duration that sweeps have by default, {@code t lambda_max(Theta*(X)) / S = 1000}
     * @param seed network i is that of random stream i
     * @param engine who computes, and the threads that networks are spread over; not closed here
     */
    public static EnsembleComparison train(
            RandomNetwork network,
            TrainTestData data,
            InfiniteWidthRegression theory,
            int networks,
            double time,
            Seed seed,
            Engine engine) {
        EnsembleTraining.Settings settings = EnsembleTraining.Settings.of(networks);
        double finite = Double.isInfinite(time) ? settings.time(theory) : time;
        List<EnsembleTraining.Member> members = List.of(
                new EnsembleTraining(network, data, settings, finite, engine).train(seed, 0, networks, () -> false));
        return of(members, finite, theory, data);
    }

    /**
     * @param members the ensemble
     * @param time t, how long they were trained
     * @param theory of the same network and data
     */
    static EnsembleComparison of(
            List<EnsembleTraining.Member> members, double time, InfiniteWidthRegression theory, TrainTestData data) {
        double[] trainTargets = data.train().targets().scalars("An ensemble");
        Optional<double[]> testTargets = data.testTargets().map(y -> y.scalars("An ensemble"));
        List<EnsembleTraining.Member> finite =
                members.stream().filter(EnsembleTraining.Member::finite).toList();
        Smoother smoother = theory.smoother(time);
        double[] exact = smoother.variance(theory.nngp());
        Optional<OutputVariance> trained = variance(finite, EnsembleTraining.Member::trained);
        return new EnsembleComparison(
                finite.size(),
                members.size() - finite.size(),
                time,
                trained,
                variance(finite, EnsembleTraining.Member::predicted),
                variance(finite, EnsembleTraining.Member::converged),
                mean(exact),
                mean(theory.variance(Double.POSITIVE_INFINITY)),
                theory.theorem3().variance(),
                trained.map(variance -> gap(finite) / Math.sqrt(variance.value()))
                        .orElse(Double.NaN),
                mean(finite, EnsembleTraining.Member::kernelChange),
                mean(finite, EnsembleTraining.Member::initialLoss),
                mean(finite, EnsembleTraining.Member::finalLoss),
                finite.isEmpty()
                        ? Double.NaN
                        : TrainedCell.median(finite.stream()
                                .mapToDouble(EnsembleTraining.Member::conditionNumber)
                                .toArray()),
                trained.flatMap(variance -> testTargets.map(y -> unbiased(variance, y))),
                testTargets.map(y -> Smoother.BiasVariance.of(smoother.mean(trainTargets), exact, y)));
    }

    private static Optional<OutputVariance> variance(
            List<EnsembleTraining.Member> members, Function<EnsembleTraining.Member, double[]> kind) {
        return members.size() < 2
                ? Optional.empty()
                : Optional.of(OutputVariance.of(members.stream().map(kind).toArray(double[][]::new)));
    }

    private static double gap(List<EnsembleTraining.Member> members) {
        double sum = 0;
        int count = 0;
        for (EnsembleTraining.Member member : members) {
            for (int x = 0; x < member.trained().length; x++) {
                double d = member.trained()[x] - member.predicted()[x];
                sum += d * d;
                count++;
            }
        }
        return Math.sqrt(sum / count);
    }

    /** The mean of n networks misses the true mean by {@code Var/n} on average, which is not bias. */
    private static Smoother.BiasVariance unbiased(OutputVariance variance, double[] targets) {
        Smoother.BiasVariance split = Smoother.BiasVariance.of(variance.mean(), variance.variance(), targets);
        return new Smoother.BiasVariance(
                split.variance(), Math.max(0, split.squaredBias() - split.variance() / variance.networks()));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double mean(
            List<EnsembleTraining.Member> members, ToDoubleFunction<EnsembleTraining.Member> number) {
        return members.stream().mapToDouble(number).average().orElse(Double.NaN);
    }
}
