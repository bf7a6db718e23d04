package io.github.finitentk.sampling;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.numeric.StudentT;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.InfiniteWidth;

/**
 * What is said of {@code Theta(x, x')} at two inputs of the norm of a network's one: from whole kernels at both, drawn with
 * weights or without, and where the moments of {@code Theta(x,x)} are known, relative to these.
 */
final class PairEstimation {

    /** Standard errors between a mean and 0 below which the ratio is not known to a tenth for the mean's sake alone. */
    private static final double LEAST_CERTAIN_MEAN = 2 / Math.sqrt(RatioEstimate.MAX_VARIANCE);

    private final Engine engine;
    private final NetworkAtInput network;
    private final Inputs inputs;
    private final double correlation;

    /**
     * @param correlation {@code x.x' / |x|^2}
     * @throws IllegalArgumentException if there are no such inputs
     */
    PairEstimation(Engine engine, NetworkAtInput network, double correlation) {
        this.engine = engine;
        this.network = network;
        this.correlation = correlation;
        inputs = Inputs.withCorrelation(2, network.architecture().inputDim(), network.inputNorm2(), correlation);
    }

    /**
     * {@code Theta(x, x')} of many networks.
     *
     * @throws IllegalArgumentException if the method knows one input only
     */
    double[] draws(Method method, Seed seed, int number) {
        return kernels(method, seed, number).theta(0, 1);
    }

    private KernelDraws kernels(Method method, Seed seed, int number) {
        method.requireSeveralInputs();
        KernelSampling sampling = new KernelSampling(engine);
        return method == Method.WEIGHTS
                ? sampling.weights(network.random(), inputs, seed, number)
                : sampling.conditional(network.random(), inputs, seed, number);
    }

    VarianceEstimation.Pair estimate(Method method, Seed seed, int number) {
        KernelDraws kernels = kernels(method, seed, number);
        KernelDraws pilot = new TailPilot(engine).kernels(network, inputs);
        if (method == Method.AUTO && ExactMoments.known(network.activation(), network.initialization())) {
            return controlled(new ControlledMoments(kernels), TailPilot.controlled(network, pilot));
        }
        double[] theta = kernels.theta(0, 1);
        RatioEstimate ratio = RatioEstimate.ofDraws(
                method == Method.WEIGHTS ? method : Method.CONDITIONAL,
                method == Method.AUTO ? "two inputs" : VarianceEstimation.ASKED,
                theta,
                new double[number],
                TailPilot.plain(network, pilot));
        return pair(ratio, standardError(theta, ratio.mean().doubleValue()));
    }

    private VarianceEstimation.Pair controlled(ControlledMoments moments, TailModel judge) {
        ExactMoments exact = ExactMoments.of(network.random(), network.inputNorm2(), true);
        RatioEstimate ratio = moments.estimate(
                "two inputs; relative to the same draws' Theta(x,x), whose moments are known in closed form",
                exact,
                judge);
        return pair(ratio, ratio.mean().doubleValue() * Math.sqrt(moments.meanVariance() / ratio.draws()));
    }

    private VarianceEstimation.Pair pair(RatioEstimate ratio, double error) {
        double mean = ratio.mean().doubleValue();
        double half = StudentT.quantile((int) ratio.draws() - 1) * Math.abs(error);
        return pair(
                Math.abs(mean) < LEAST_CERTAIN_MEAN * Math.abs(error) ? ratio.withUncertainMean() : ratio,
                new Interval(mean - half, mean + half));
    }

    /** The same of one input, twice. */
    VarianceEstimation.Pair of(RatioEstimate ratio) {
        double mean = ratio.method() == Method.EXACT ? ratio.mean().doubleOrNaN() : Double.NaN;
        return pair(ratio, new Interval(mean, mean));
    }

    private VarianceEstimation.Pair pair(RatioEstimate ratio, Interval mean) {
        return new VarianceEstimation.Pair(
                correlation,
                ratio,
                mean,
                InfiniteWidth.of(network.random(), inputs, engine).ntk().get(0, 1));
    }

    private static double standardError(double[] theta, double mean) {
        double squares = 0;
        for (double value : theta) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (theta.length - 1) / theta.length);
    }
}
