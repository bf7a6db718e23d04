package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.purejava.PureJavaBackend;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;

/**
 * Compares a small kernel of a backend with the pure-Java one. Run when a library is loaded: a library that is broken on
 * this machine (a wrong BLAS kernel for the processor, say) must not get the chance to produce results.
 */
public final class SelfTest {

    // Two summation orders of a few hundred products, each rounded to 2^-53.
    private static final double TOLERANCE = 1e-12;

    private SelfTest() {}

    /** @throws IllegalStateException if the kernels differ by more than rounding */
    public static void run(Backend backend) {
        double[] expected = kernel(PureJavaBackend.INSTANCE);
        double[] actual = kernel(backend);
        for (int i = 0; i < expected.length; i++) {
            // The negation catches NaN.
            if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE * Math.abs(expected[0]))) {
                throw new IllegalStateException("the self-test of the " + backend.name()
                        + " backend gave a kernel entry " + actual[i] + " where pure Java gives " + expected[i]);
            }
        }
    }

    private static double[] kernel(Backend backend) {
        BatchShape shape = new BatchShape(Architecture.of(5, 33, 17, 1), Activations.TANH, Precision.F64, 1, 3);
        try (NetworkBatch batch = backend.allocate(shape, WorkerPool.SINGLE)) {
            double[] x = new double[15];
            for (int i = 0; i < x.length; i++) {
                x[i] = (i * 7 % 11 - 5) / 3.0;
            }
            batch.setInputs(x);
            batch.initialize(new Initialization(1.7, 0.3), Seed.of(1), 0);
            batch.forward();
            batch.backward();
            batch.computeNtk();
            return batch.ntk(0);
        }
    }
}
