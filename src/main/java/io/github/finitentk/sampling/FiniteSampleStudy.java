package io.github.finitentk.sampling;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.model.Ensemble;
import java.util.Arrays;

/**
 * What an experiment with few networks sees: the distribution of the plain estimate
 * {@code mean(Theta^2) / mean(Theta)^2} from {@code draws} networks, over many such experiments. In the chaotic phase it
 * lies far below the truth, and this is the error that figures from a few hundred networks carry.
 *
 * @param draws networks in one experiment
 * @param experiments how many experiments were made
 * @param median the median of their estimates
 * @param lower their 5 % quantile
 * @param upper their 95 % quantile
 */
public record FiniteSampleStudy(int draws, int experiments, double median, double lower, double upper) {

    /**
     * Makes the experiments.
     *
     * @param seed the seed of the random streams; experiment e has draws {@code e draws, ..., (e + 1) draws - 1} of it
     * @throws IllegalArgumentException if there are fewer than 2 draws or there is no experiment
     */
    public static FiniteSampleStudy of(Ensemble ensemble, int draws, int experiments, Engine engine, Seed seed) {
        if (draws < 2 || experiments < 1) {
            throw new IllegalArgumentException(
                    "A study needs at least 2 draws and 1 experiment, not " + draws + " and " + experiments + ".");
        }
        KernelDraws all =
                new KernelSampling(engine).draw(ensemble, Method.AUTO, seed, Math.multiplyExact(draws, experiments));
        double[] ratios = new double[experiments];
        for (int e = 0; e < experiments; e++) {
            ratios[e] = RatioEstimate.ofDraws(
                            Method.CHAIN,
                            "one experiment",
                            Arrays.copyOfRange(all.mantissas(), e * draws, (e + 1) * draws),
                            Arrays.copyOfRange(all.exponents(), e * draws, (e + 1) * draws),
                            null)
                    .ratio();
        }
        EmpiricalDistribution distribution = EmpiricalDistribution.of(ratios);
        return new FiniteSampleStudy(
                draws,
                experiments,
                distribution.quantile(0.5),
                distribution.quantile(0.05),
                distribution.quantile(0.95));
    }
}
