package io.github.finitentk.internal.nativecore;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.RandomNetwork;
import java.util.Map;

/** Networks as the core describes them; the caller closes them. */
final class NativeNetworks {

    private NativeNetworks() {}

    /** @throws IllegalArgumentException if the core has no such activation */
    static NtkCore.Network network(Architecture architecture, Activation activation) {
        Code code = Code.of(activation);
        return new NtkCore.Network(widths(architecture), code.kind, code.a, code.b);
    }

    /** @throws IllegalArgumentException if the core has no such activation */
    static NtkCore.RandomNetwork network(RandomNetwork random) {
        Code code = Code.of(random.activation());
        return new NtkCore.RandomNetwork(
                widths(random.architecture()),
                code.kind,
                code.a,
                code.b,
                random.initialization().sigmaW2(),
                random.initialization().sigmaB2());
    }

    /** @throws IllegalArgumentException unless the core has this activation */
    static void requireKnown(Activation activation) {
        Code.of(activation);
    }

    private static long[] widths(Architecture architecture) {
        long[] widths = new long[architecture.depth() + 1];
        for (int l = 0; l < widths.length; l++) {
            widths[l] = architecture.width(l);
        }
        return widths;
    }

    /**
     * {@code ntk::ActivationKind} and its parameters.
     *
     * @param kind the number in {@code activation_kind.h}
     * @param a the slope for {@code h <= 0} of a piecewise linear function, else unused
     * @param b its slope for {@code h > 0}
     */
    record Code(int kind, double a, double b) {

        private static final int PIECEWISE_LINEAR = 0;

        private static final Map<Activation, Integer> SMOOTH = Map.of(
                Activations.TANH, 1,
                Activations.ERF, 2,
                Activations.GELU, 3,
                Activations.SIN, 4,
                Activations.SIGMOID, 5,
                Activations.SOFTPLUS, 6,
                Activations.SILU, 7);

        static Code of(Activation activation) {
            if (activation instanceof PiecewiseLinear linear) {
                return new Code(PIECEWISE_LINEAR, linear.negativeSlope(), linear.positiveSlope());
            }
            Integer kind = SMOOTH.get(activation);
            if (kind == null) {
                throw new IllegalArgumentException("The native core has no activation \"" + activation.label()
                        + "\"; functions of your own run on the pure-Java backend.");
            }
            return new Code(kind, 0, 0);
        }
    }
}
