package io.github.finitentk.sampling;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.numeric.StudentT;
import io.github.finitentk.internal.random.NormalStream;
import java.util.Arrays;

/**
 * Sequential Monte Carlo over layers: the moments of heavy-tailed kernels, which plain draws never see.
 *
 * <p>Particles are forward passes. After layer l each has the potential {@code G_l = E[Theta_l^p | forward up to l]}, the
 * p-th moment of the network that ends above layer l, from the Rao-Blackwell forms. Where the weights
 * {@code G_l / G_{last resampling}} leave fewer than half of the particles effective, the particles are resampled
 * (systematically) in proportion to them. The product of the mean weights times {@code G_0} is an unbiased estimate of
 * {@code E[Theta^p]}; p = 1 and p = 2 have particles of their own. Independent repetitions give the interval, from
 * Student's t on the logarithm of the ratio. Their spread may be small because all of them missed the tail; between two
 * resamplings the weights are products of few layers' factors, so their relative variance is judged as that of plain draws is
 * ({@link TailModel}), and the sum of these over the number of particles is what a repetition's spread must at least be.
 *
 * <p>Del Moral, Feynman-Kac Formulae (2004), with twisted potentials.
 */
final class SequentialMonteCarlo {

    /** The tensor number of the streams of resampling; layers are the layers. */
    private static final int RESAMPLING = 28;

    /** Above this variance of the logarithm of one repetition's ratio there is no interval to be trusted. */
    private static final double MAX_VARIANCE = 0.04;

    private final Engine engine;
    private final int particles;
    private final int repetitions;

    SequentialMonteCarlo(Engine engine, int particles, int repetitions) {
        if (particles < 2 || repetitions < 2) {
            throw new IllegalArgumentException(
                    "Sequential Monte Carlo needs at least 2 particles and 2 repetitions, not " + particles + " and "
                            + repetitions + ".");
        }
        this.engine = engine;
        this.particles = particles;
        this.repetitions = repetitions;
    }

    /** Memory of one particle in so many threads: its own, what resampling copies, {@link Workspace}, and scaled weights. */
    static double bytes(int threads, int repetitions) {
        return 320.0 * Math.min(threads, 2 * repetitions);
    }

    /** What a thread needs for its runs, one after the other. */
    private static final class Workspace {
        private final MomentParticles owned;
        private final double[] potentials;
        private final double[] potentialExponents;
        private final double[] baseline;
        private final double[] baselineExponents;
        private final double[] weights;
        private final double[] weightExponents;
        private final double[] scaledWeights;
        private final double[] logWeights;
        private final int[] parents;

        Workspace(MomentParticles owned, int particles) {
            this.owned = owned;
            potentials = new double[particles];
            potentialExponents = new double[particles];
            baseline = new double[particles];
            baselineExponents = new double[particles];
            weights = new double[particles];
            weightExponents = new double[particles];
            scaledWeights = new double[particles];
            logWeights = new double[particles];
            parents = new int[particles];
        }
    }

    /** The estimates for the networks cut to depths 1, 2, ..., L, all from the same particles. */
    RatioEstimate[] estimate(NetworkAtInput ensemble, String reason, Seed seed) {
        // Runs 2 r and 2 r + 1 are the first and second moment of repetition r.
        int runs = 2 * repetitions;
        Run[] results = new Run[runs];
        Workspace[] bySlot = new Workspace[engine.threads()];
        try {
            engine.forEach(runs, (run, slot) -> {
                if (bySlot[slot] == null) {
                    bySlot[slot] = new Workspace(engine.samplers().moments(ensemble, particles), particles);
                }
                results[run] = new Run(bySlot[slot], seed, run);
            });
        } finally {
            for (Workspace workspace : bySlot) {
                if (workspace != null) {
                    workspace.owned.close();
                }
            }
        }
        RatioEstimate[] byDepth = new RatioEstimate[ensemble.architecture().depth()];
        Arrays.setAll(byDepth, hidden -> combine(results, hidden, reason));
        return byDepth;
    }

    private RatioEstimate combine(Run[] runs, int hidden, String reason) {
        ScaledDraws first = collect(runs, 0, hidden);
        ScaledDraws second = collect(runs, 1, hidden);
        long total = (long) runs.length * particles;
        if (!first.finite || !second.finite) {
            return RatioEstimate.notFinite(Method.SMC, RatioEstimate.OVERFLOWED, total);
        }
        double ratio = Math.scalb(
                second.scaledMean() / (first.scaledMean() * first.scaledMean()),
                ScaledDraws.clip(second.exponent - 2 * first.exponent));
        double expected = 0;
        for (int run = 0; run < runs.length; run++) {
            expected += (run % 2 == 0 ? 4 : 1) * runs[run].variances[hidden] / repetitions;
        }
        double variance = Math.max(relativeVariance(second) + 4 * relativeVariance(first), expected);
        // No interval worth the name beyond a standard deviation of 1: it is only kept finite.
        double halfWidth = StudentT.quantile(repetitions - 1) * Math.sqrt(Math.min(1, variance) / repetitions);
        double tailShare = 0;
        double effective = 0;
        for (int r = 0; r < repetitions; r++) {
            tailShare += runs[2 * r + 1].tailShares[hidden] / repetitions;
            effective += runs[2 * r + 1].effective[hidden] / repetitions;
        }
        return new RatioEstimate(
                Method.SMC,
                reason,
                total,
                first.mean(),
                second.mean(),
                ratio,
                RatioEstimate.interval(ratio, halfWidth),
                !(variance <= MAX_VARIANCE),
                tailShare,
                effective);
    }

    private ScaledDraws collect(Run[] runs, int parity, int hidden) {
        double[] mantissas = new double[repetitions];
        double[] exponents = new double[repetitions];
        for (int r = 0; r < repetitions; r++) {
            mantissas[r] = runs[2 * r + parity].mantissas[hidden];
            exponents[r] = runs[2 * r + parity].exponents[hidden];
        }
        return new ScaledDraws(mantissas, exponents);
    }

    // Sample variance over squared mean.
    private static double relativeVariance(ScaledDraws draws) {
        double mean = draws.scaledMean();
        double sum = 0;
        for (double value : draws.values) {
            double deviation = value / mean - 1;
            sum += deviation * deviation;
        }
        return sum / (draws.values.length - 1);
    }

    /** One estimate of one moment for each number of hidden layers: {@code mantissas[l] 2^exponents[l]}. */
    private final class Run {
        private final MomentParticles owned;
        private final double[] mantissas;
        private final double[] exponents;
        private final double[] tailShares;
        private final double[] effective;
        // The relative variance to be expected of the estimate.
        private final double[] variances;

        // What the resamplings so far add to that.
        private double variance;
        // The product of the mean weights up to the last resampling.
        private double product = 1;
        private long productExponent;
        // Potentials now, and when the particles were last resampled.
        private final double[] potentials;
        private final double[] potentialExponents;
        private final double[] baseline;
        private final double[] baselineExponents;
        private final double[] weights;
        private final double[] weightExponents;
        private final double[] scaledWeights;
        private final double[] logWeights;
        private final int[] parents;

        Run(Workspace workspace, Seed seed, int run) {
            owned = workspace.owned;
            potentials = workspace.potentials;
            potentialExponents = workspace.potentialExponents;
            baseline = workspace.baseline;
            baselineExponents = workspace.baselineExponents;
            weights = workspace.weights;
            weightExponents = workspace.weightExponents;
            scaledWeights = workspace.scaledWeights;
            logWeights = workspace.logWeights;
            parents = workspace.parents;
            int layers = owned.hiddenLayers();
            mantissas = new double[layers + 1];
            exponents = new double[layers + 1];
            tailShares = new double[layers + 1];
            effective = new double[layers + 1];
            variances = new double[layers + 1];
            int power = run % 2 + 1;
            owned.start(particles);
            owned.moments(power, baseline, baselineExponents);
            multiply(baseline[0], (long) baselineExponents[0]); // G_0 is the same for all
            record(0, weigh(power));
            for (int l = 1; l <= layers; l++) {
                owned.advance(seed, (long) run * particles, 1);
                ScaledDraws weighted = weigh(power);
                record(l, weighted);
                if (l < layers && effective[l] < 0.5 * particles) {
                    multiply(weighted.scaledMean(), weighted.exponent);
                    variance = variances[l];
                    resample(weighted, new NormalStream(seed.value(), run, l, RESAMPLING));
                }
            }
        }

        private void record(int l, ScaledDraws weighted) {
            mantissas[l] = product * weighted.scaledMean();
            exponents[l] = productExponent + weighted.exponent;
            tailShares[l] = weighted.tailShare();
            effective[l] = weighted.effectiveDraws();
            double own = particles / effective[l] - 1;
            variances[l] = variance + Math.max(own, TailModel.relativeVariance(weighted.logs)) / particles;
        }

        private void multiply(double factor, long factorExponent) {
            product *= factor;
            productExponent += factorExponent;
            if (product > 0 && Double.isFinite(product)) {
                int shift = Math.getExponent(product);
                product = Math.scalb(product, -shift);
                productExponent += shift;
            }
        }

        private ScaledDraws weigh(int power) {
            owned.moments(power, potentials, potentialExponents);
            for (int i = 0; i < particles; i++) {
                weights[i] = potentials[i] / baseline[i];
                weightExponents[i] = potentialExponents[i] - baselineExponents[i];
            }
            return new ScaledDraws(weights, weightExponents, scaledWeights, logWeights);
        }

        // Systematic: one uniform number, equally spaced points on the cumulated weights.
        private void resample(ScaledDraws weighted, NormalStream stream) {
            double[] uniform = new double[1];
            stream.uniforms(uniform, 0, 1, 0);
            double step = weighted.sum / particles;
            double cumulated = weighted.values[0];
            int parent = 0;
            for (int i = 0; i < particles; i++) {
                double point = (i + uniform[0]) * step;
                while (cumulated < point && parent < particles - 1) {
                    parent++;
                    cumulated += weighted.values[parent];
                }
                parents[i] = parent;
                baseline[i] = potentials[parent];
                baselineExponents[i] = potentialExponents[parent];
            }
            owned.resample(parents);
        }
    }
}
