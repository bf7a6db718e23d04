package io.github.finitentk.internal.purejava;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkAtInput;

/**
 * The one-input sampler in scale-free form; twin of {@code chain.cpp}. With {@code z^l} the unit normals of the forward
 * pass, {@code u = x/|x|}, {@code D_l = |delta^l|^2}, {@code A_l = z^l·delta^l / sqrt(D_l)},
 * {@code c = sigma_w^2/n_{l-1}} and the shares rho (weights) and 1 - rho (biases) of {@code v_l}:
 *
 * <pre>
 * w = sqrt(rho) A_l + sqrt(1 - rho) xi,                          xi ~ N(0, 1)
 * g = zeta + u (w - u·zeta),                                     zeta ~ N(0, I): W^T delta in units of sqrt(c D_l)
 * D_{l-1} = c D_l |phi' o g|^2,   A_{l-1} = z^{l-1}·(phi' o g) / |phi' o g|
 * </pre>
 *
 * from {@code D_L = 1}, {@code A_L = xi}, {@code f = sqrt(v_L) xi}.
 */
final class ChainSampler extends KernelSampler {

    private final OneInputLaw law;
    private final int units;
    private final double[] normals;
    private final double[] values;
    private final double[] slopes;
    private final double[] noise;
    private final double[] scalars;
    private final double[] squares;
    private final Scaled[] norms2;

    ChainSampler(NetworkAtInput ensemble) {
        Memory.require(
                32.0 * ensemble.architecture().hiddenUnits(),
                Memory.availableHeap(),
                "One draw of a random network on the Java heap (raise it with -Xmx)");
        Memory.requireArray(
                ensemble.architecture().hiddenUnits(),
                "A network of " + ensemble.architecture().hiddenUnits() + " hidden units");
        law = new OneInputLaw(ensemble);
        units = (int) ensemble.architecture().hiddenUnits();
        normals = new double[units];
        values = new double[units];
        slopes = new double[units];
        noise = new double[units];
        scalars = new double[law.depth() + 1];
        squares = new double[law.depth()];
        norms2 = new Scaled[law.depth()];
    }

    @Override
    protected void sample(Seed seed, long firstDraw, int draws, KernelDraws target, int offset) {
        long key = seed.value();
        target.requirePlaces(1, firstDraw, draws, offset);
        for (int i = 0; i < draws; i++) {
            forward(key, firstDraw + i);
            Scaled theta = backward(key, firstDraw + i);
            target.mantissas()[offset + i] = theta.mantissa;
            target.exponents()[offset + i] = theta.exponent;
            Scaled v = law.variance(law.depth(), norms2[law.depth() - 1]);
            target.outputs()[offset + i] = OneInputLaw.output(v, scalars[0]);
        }
    }

    private void forward(long key, long draw) {
        OneInputLaw.normals(key, draw, OneInputLaw.FORWARD_NORMALS, 0, units, normals, 0);
        OneInputLaw.normals(key, draw, OneInputLaw.SCALAR_NORMALS, 0, scalars.length, scalars, 0);
        norms2[0] = law.inputNorm2();
        int position = 0;
        for (int l = 1; l < law.depth(); l++) {
            int n = law.width(l);
            Scaled v = law.variance(l, norms2[l - 1]);
            law.activate(v, n, normals, position, values, slopes, position);
            squares[l] = Sums.dot(values, position, values, position, n);
            norms2[l] = law.norm2(v, squares[l]);
            position += n;
        }
    }

    private Scaled backward(long key, long draw) {
        OneInputLaw.normals(key, draw, OneInputLaw.BACKWARD_NORMALS, 0, units, noise, 0);
        Scaled theta = OneInputLaw.gradientFactor(norms2[law.depth() - 1]);
        Scaled square = new Scaled(1, 0);
        double alignment = scalars[0];
        double[] sums = new double[2];
        int position = units;
        for (int l = law.depth(); l >= 2; l--) {
            int n = law.width(l - 1);
            position -= n;
            Scaled v = law.variance(l, norms2[l - 1]);
            double w = Math.sqrt(law.weightShare(l, norms2[l - 1], v)) * alignment
                    + Math.sqrt(law.biasShare(v)) * scalars[l];
            double factor = 0;
            if (squares[l - 1] > 0) {
                double norm = Math.sqrt(squares[l - 1]);
                factor = (w - Sums.dot(values, position, noise, position, n) / norm) / norm;
            }
            Sums.chain(normals, values, slopes, position, noise, position, n, factor, sums);
            if (sums[1] == 0) {
                break; // no unit passes a gradient
            }
            square.mantissa *= law.weightVariance(l) * sums[1];
            square.normalize();
            alignment = sums[0] / Math.sqrt(sums[1]);
            Scaled x = OneInputLaw.gradientFactor(norms2[l - 2]);
            theta.add(square.mantissa * x.mantissa, square.exponent + x.exponent);
        }
        return theta;
    }
}
