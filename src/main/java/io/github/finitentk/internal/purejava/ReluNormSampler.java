package io.github.finitentk.internal.purejava;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.random.NormalStream;

/**
 * ReLU at one input in {@code O(L)} a draw; twin of {@code relu_chain.cpp}. In the notation of {@link ChainSampler}, with
 * {@code k_l ~ Binomial(n_l, 1/2)} active units, {@code chi^2_k} the active part of {@code |z^l|^2} and another
 * {@code chi^2_{k-1}} backward:
 *
 * <pre>
 * |x^l|^2 = v_l chi^2_k,   D_{l-1} = c D_l (w^2 + chi^2_{k-1}),   A_{l-1} = sqrt(chi^2_k) w / sqrt(w^2 + chi^2_{k-1}).
 * </pre>
 *
 * A layer with {@code k = 0} is dead: {@code D = 0} below it. Without biases every layer above is dead too ({@code v = 0} and
 * ReLU'(0) = 0): whatever it drew, its {@code |x^l|^2} is 0, and that is what is asked.
 */
final class ReluNormSampler extends KernelSampler {

    private static final int GROUP = 64;
    private static final int ACTIVE_UNITS = 19;
    private static final int FORWARD_SQUARES = 20; // and 21
    private static final int BACKWARD_SQUARES = 22; // and 23
    private static final int ALONG_INPUT = 24;

    private final OneInputLaw law;
    private final double[][] forwardSquares;
    private final double[][] backwardSquares;
    private final double[][] xi;
    private final Scaled[] norms2;

    ReluNormSampler(NetworkAtInput ensemble) {
        law = new OneInputLaw(ensemble);
        forwardSquares = new double[law.depth()][GROUP];
        backwardSquares = new double[law.depth()][GROUP];
        xi = new double[law.depth() + 1][GROUP];
        norms2 = new Scaled[law.depth()];
    }

    @Override
    protected void sample(Seed seed, long firstDraw, int draws, KernelDraws target, int offset) {
        long key = seed.value();
        target.requirePlaces(1, firstDraw, draws, offset);
        for (int done = 0; done < draws; done += GROUP) {
            int count = Math.min(GROUP, draws - done);
            for (int l = 0; l <= law.depth(); l++) {
                drawLayer(l, key, firstDraw + done, count);
            }
            for (int i = 0; i < count; i++) {
                int place = offset + done + i;
                forward(i);
                Scaled theta = backward(i);
                target.mantissas()[place] = theta.mantissa;
                target.exponents()[place] = theta.exponent;
                Scaled v = law.variance(law.depth(), norms2[law.depth() - 1]);
                target.outputs()[place] = OneInputLaw.output(v, xi[0][i]);
            }
        }
    }

    private void drawLayer(int l, long key, long first, int count) {
        new NormalStream(key, 0, l, ALONG_INPUT).fill(xi[l], 0, count, first, 1.0);
        if (l == 0 || l == law.depth()) {
            return;
        }
        double[] active = new double[GROUP];
        Variates.binomialHalf(key, l, ACTIVE_UNITS, law.width(l), first, count, active);
        Variates.chiSquare(key, l, FORWARD_SQUARES, active, first, count, forwardSquares[l]);
        for (int i = 0; i < count; i++) {
            active[i] -= 1;
        }
        Variates.chiSquare(key, l, BACKWARD_SQUARES, active, first, count, backwardSquares[l]);
    }

    private void forward(int i) {
        norms2[0] = law.inputNorm2();
        for (int l = 1; l < law.depth(); l++) {
            norms2[l] = law.norm2(law.variance(l, norms2[l - 1]), forwardSquares[l][i]);
        }
    }

    private Scaled backward(int i) {
        Scaled theta = OneInputLaw.gradientFactor(norms2[law.depth() - 1]);
        Scaled square = new Scaled(1, 0);
        double alignment = xi[0][i];
        for (int l = law.depth(); l >= 2; l--) {
            if (norms2[l - 1].mantissa == 0) {
                break; // a dead layer
            }
            double forwardSquare = forwardSquares[l - 1][i];
            Scaled v = law.variance(l, norms2[l - 1]);
            double w = Math.sqrt(law.weightShare(l, norms2[l - 1], v)) * alignment
                    + Math.sqrt(law.biasShare(v)) * xi[l][i];
            double passed = w * w + backwardSquares[l - 1][i];
            if (passed == 0) {
                break;
            }
            square.mantissa *= law.weightVariance(l) * passed;
            square.normalize();
            alignment = Math.sqrt(forwardSquare) * w / Math.sqrt(passed);
            Scaled x = OneInputLaw.gradientFactor(norms2[l - 2]);
            theta.add(square.mantissa * x.mantissa, square.exponent + x.exponent);
        }
        return theta;
    }
}
