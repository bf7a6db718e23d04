package io.github.finitentk.sampling;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampling;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.model.PiecewiseLinear;
import java.util.Arrays;

/**
 * Draws of its own by which the tail is judged ({@link TailModel}) before any draw that is reported. Its streams are the same for every seed, so the verdict, and with it
 * the method that is chosen, depends on the network and on the number of draws alone: no seed is lucky.
 */
final class TailPilot {

    /** Draws of a pilot: they know the logarithm's variance to a tenth. */
    static final int DRAWS = 200;

    private static final Seed SEED = Seed.of(0x70696c6f74L).derive(0);

    private final Engine engine;

    TailPilot(Engine engine) {
        this.engine = engine;
    }

    /** For plain draws of Theta, however they are drawn. */
    TailModel plain(NetworkAtInput ensemble) {
        KernelDraws draws = new KernelSampling(engine).chain(ensemble, SEED, DRAWS);
        return plain(ensemble, new ScaledDraws(draws.mantissas(), draws.exponents()));
    }

    /** Kernels at several inputs, for {@link #plain(NetworkAtInput, KernelDraws)} and {@link #controlled}. */
    KernelDraws kernels(NetworkAtInput ensemble, Inputs inputs) {
        return new KernelSampling(engine).conditional(ensemble.random(), inputs, SEED, DRAWS);
    }

    /** For plain draws of {@code Theta(x, x')}, of whose size the law is modelled, not of its sign. */
    static TailModel plain(NetworkAtInput ensemble, KernelDraws kernels) {
        return plain(ensemble, new ScaledDraws(kernels.theta(0, 1), new double[DRAWS]));
    }

    /** For {@link ControlledMoments}. */
    static TailModel controlled(NetworkAtInput ensemble, KernelDraws kernels) {
        return new ControlledMoments(kernels).tail().ifAlive(alive(ensemble));
    }

    private static TailModel plain(NetworkAtInput ensemble, ScaledDraws theta) {
        double[] squares = Arrays.stream(theta.logs).map(log -> 2 * log).toArray();
        return model(ensemble, theta.logs, squares, theta.finite, true);
    }

    /** For forward passes with conditional moments, by depth as in {@link ForwardPasses#moments}. */
    TailModel[] conditional(NetworkAtInput deepest, int[] depths) {
        double[][][] moments = ForwardPasses.moments(deepest, depths, DRAWS, SEED, engine);
        TailModel[] models = new TailModel[depths.length];
        for (int i = 0; i < depths.length; i++) {
            ScaledDraws first = new ScaledDraws(moments[i][0], moments[i][1]);
            ScaledDraws second = new ScaledDraws(moments[i][2], moments[i][3]);
            // Each is divided by a power of two of its own.
            double[] logSecond = second.logs;
            double shift = (second.exponent - 2 * first.exponent) * StrictMath.log(2);
            Arrays.setAll(logSecond, k -> second.logs[k] + shift);
            models[i] =
                    model(deepest.truncated(depths[i]), first.logs, logSecond, first.finite && second.finite, false);
        }
        return models;
    }

    private static TailModel model(
            NetworkAtInput ensemble, double[] logFirst, double[] logSecond, boolean finite, boolean plain) {
        return finite
                ? TailModel.of(logFirst, logSecond, plain).ifAlive(alive(ensemble))
                : TailModel.unknown(Double.NaN);
    }

    /**
     * The probability that no layer is dead: below 1 only where one slope is 0 and there are no biases. At the input 0 all are,
     * and nothing rare is left.
     */
    private static double alive(NetworkAtInput ensemble) {
        boolean dies = ensemble.activation() instanceof PiecewiseLinear linear
                && linear.negativeSlope() * linear.positiveSlope() == 0
                && ensemble.initialization().sigmaB2() == 0
                && ensemble.inputNorm2() > 0;
        double alive = 1;
        if (dies) {
            for (int l = 1; l < ensemble.architecture().depth(); l++) {
                alive *= 1 - Math.scalb(1.0, -Math.min(ensemble.architecture().width(l), 2000));
            }
        }
        return alive;
    }
}
