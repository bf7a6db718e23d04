package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.internal.compute.SymmetricEigen;
import io.github.finitentk.internal.numeric.StudentT;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.sampling.Interval;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import java.util.Arrays;

/**
 * Measures {@link PredictionEstimate}: draws kernels of the true width on the data, and lets each predict, by eq. (10),
 * every eighth of the data from the rest, beside {@code Theta*}. Where the budget does not pay for all samples, fewer are
 * used and the deviation, which grows with them, is extrapolated by what half of those give.
 */
final class PredictionProbe {

    private static final int DRAWS = 12;
    private static final int FEWEST_SAMPLES = 16;
    private static final int FOLDS = 8;

    /** Of the budget for training: what drawing may cost besides. */
    private static final double SHARE = 0.25;

    /** Of the variance, relative to the initial outputs'. */
    private static final double ROUNDING = 1e-12;

    /** The least {@code t lambda_k/S} of a direction that training gets to. */
    private static final double REACHED = 0.1;

    private final TrustQuestion question;
    private final Dataset data;
    private final InfiniteWidth limit;
    private final Seed seed;
    private final Engine engine;

    /**
     * @param data what it is trained on
     * @param limit {@code Theta*} and the NNGP on all samples
     * @param seed of the random streams
     */
    PredictionProbe(TrustQuestion question, Dataset data, InfiniteWidth limit, Seed seed, Engine engine) {
        this.question = question;
        this.data = data;
        this.limit = limit;
        this.seed = seed;
        this.engine = engine;
    }

    PredictionEstimate measure() {
        int all = data.samples();
        int samples = all;
        while (cost(samples) > SHARE * question.budget().products()) {
            samples /= 2;
            if (samples < FEWEST_SAMPLES) {
                return new PredictionEstimate(
                        Double.NaN, new Interval(0, Double.POSITIVE_INFINITY), Double.NaN, 0, 0, 0, 0);
            }
        }
        Dataset used = data.first(samples);
        KernelDraws draws = new KernelSampling(engine).draw(question.network(), used.inputs(), seed, DRAWS);
        PredictionEstimate estimate = of(draws, samples);
        return samples == all ? estimate : grown(estimate, of(draws, samples / 2), all);
    }

    private double cost(int samples) {
        return cost(question, samples);
    }

    private static double cost(TrustQuestion question, int samples) {
        double eigenvectors = 10.0 * samples * samples * samples;
        return DRAWS * (KernelSampling.products(question.network().architecture(), samples) + FOLDS * eigenvectors);
    }

    /** The budget with which kernels are drawn at all samples. */
    static Budget sufficient(TrustQuestion question) {
        return Budget.covering(cost(question, question.samples()) / SHARE);
    }

    private static PredictionEstimate grown(PredictionEstimate on, PredictionEstimate onHalf, int all) {
        double doublings = StrictMath.log((double) all / on.samples()) / StrictMath.log(2);
        double growth = Math.max(1, Math.min(2, on.deviation() / onHalf.deviation()));
        double factor = StrictMath.pow(growth, doublings);
        double most = StrictMath.pow(Math.max(growth, Math.sqrt(2)), doublings);
        return new PredictionEstimate(
                on.deviation() * factor,
                new Interval(on.interval().lower(), on.interval().upper() * most),
                on.spread(),
                on.draws(),
                on.samples(),
                on.learnable(),
                on.noisy());
    }

    /** From the first {@code samples} of the inputs that kernels were drawn at. */
    private PredictionEstimate of(KernelDraws draws, int samples) {
        Kernel theta = Fold.corner(limit.ntk(), samples);
        Kernel nngp = Fold.corner(limit.nngp(), samples);
        double[] targets = data.targets().scalars("A trust report");
        double time = TrainingTime.asked(question, theta);
        Kernel[] kernels = new Kernel[draws.draws()];
        if (!Arrays.stream(draws.mantissas()).allMatch(Double::isFinite)) {
            double infinite = Double.POSITIVE_INFINITY;
            return new PredictionEstimate(
                    infinite, new Interval(infinite, infinite), Double.NaN, draws.draws(), samples, 0, 0);
        }
        int drawn = draws.inputs();
        Arrays.setAll(kernels, i -> Fold.corner(Kernel.wrap(drawn, drawn, draws.kernel(i)), samples));
        double[] variances = new double[FOLDS];
        double[][] limits = new double[kernels.length][samples];
        double[][] owns = new double[kernels.length][samples];
        engine.forEach(FOLDS, (fold, slot) -> {
            Fold held = new Fold(samples, fold, FOLDS);
            if (held.tests() > 0) {
                Smoother smoother = smoother(held.split(theta), time);
                variances[fold] =
                        Arrays.stream(smoother.variance(held.split(nngp))).sum();
                for (int i = 0; i < kernels.length; i++) {
                    double[] outputs =
                            Arrays.copyOfRange(draws.outputs(), i * draws.inputs(), i * draws.inputs() + samples);
                    held.put(held.predict(smoother, outputs, targets), limits[i]);
                    held.put(held.predict(smoother(held.split(kernels[i]), time), outputs, targets), owns[i]);
                }
            }
        });
        // Below its rounding error a variance is not known.
        double variance = Math.max(
                Arrays.stream(variances).sum() / samples,
                ROUNDING * limit.nngp().statistics().meanDiagonal());
        double[] squares = new double[kernels.length];
        Arrays.setAll(squares, i -> squaredDistance(owns[i], limits[i]) / samples);
        double mean = Arrays.stream(squares).average().orElseThrow();
        int[] directions = directions(theta, kernels, time, samples);
        return new PredictionEstimate(
                Math.sqrt(mean / variance),
                interval(squares, variance),
                Math.sqrt(variance),
                kernels.length,
                samples,
                directions[0],
                directions[1]);
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int x = 0; x < a.length; x++) {
            sum += (a[x] - b[x]) * (a[x] - b[x]);
        }
        return sum;
    }

    private Smoother smoother(TrainTestKernel kernel, double time) {
        return KernelRegression.of(kernel, engine).at(time);
    }

    /** Of the root of the mean square over draws: Student's, on the logarithm of the mean by the delta method. */
    private static Interval interval(double[] squares, double variance) {
        int n = squares.length;
        double mean = Arrays.stream(squares).average().orElseThrow();
        if (!(mean > 0)) {
            return new Interval(mean, mean);
        }
        double square = Arrays.stream(squares).map(x -> (x - mean) * (x - mean)).sum();
        double half = StudentT.quantile(n - 1) * Math.sqrt(square / (n - 1) / n) / mean;
        double deviation = Math.sqrt(mean / variance);
        return new Interval(deviation * StrictMath.exp(-half / 2), deviation * StrictMath.exp(half / 2));
    }

    private int[] directions(Kernel theta, Kernel[] kernels, double time, int n) {
        LinearAlgebra algebra = engine.linearAlgebra();
        SymmetricEigen eigen = algebra.symmetricEigen(n, theta.toArray());
        double[][] drawn = Arrays.stream(kernels).map(Kernel::toArray).toArray(double[][]::new);
        int learnable = 0;
        int noisy = 0;
        for (int k = 0; k < n; k++) {
            double lambda = eigen.values()[k];
            if (time * lambda / n >= REACHED) {
                learnable++;
                double square = 0;
                for (double[] kernel : drawn) {
                    square += squaredError(kernel, eigen.vectors(), k, lambda, n) / kernels.length;
                }
                noisy += Math.sqrt(square) > lambda ? 1 : 0;
            }
        }
        return new int[] {learnable, noisy};
    }

    /** {@code |Theta v - lambda v|^2}, v eigenvector k. */
    private static double squaredError(double[] theta, double[] vectors, int k, double lambda, int n) {
        double sum = 0;
        for (int s = 0; s < n; s++) {
            double row = -lambda * vectors[k * n + s];
            for (int r = 0; r < n; r++) {
                row += theta[s * n + r] * vectors[k * n + r];
            }
            sum += row * row;
        }
        return sum;
    }
}
