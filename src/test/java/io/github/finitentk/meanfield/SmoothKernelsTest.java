package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Infinite-width kernels of smooth activations for many inputs of different norms, which take tables of Hermite coefficients. */
class SmoothKernelsTest {

    private static final Engine ENGINE = Engine.of(Backend.fastest(), 2);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    /** An application's own: neither odd nor even, so that all coefficients count. */
    private static final Activation LOPSIDED = new Activation() {
        @Override
        public String label() {
            return "lopsided";
        }

        @Override
        public double value(double h) {
            return StrictMath.tanh(h + 0.4) + 0.1 * h;
        }

        @Override
        public double derivative(double h) {
            double t = StrictMath.tanh(h + 0.4);
            return 1 - t * t + 0.1;
        }
    };

    static List<Activation> activations() {
        return List.of(
                Activations.TANH,
                Activations.parse("sigmoid"),
                Activations.parse("softplus"),
                Activations.SILU,
                Activations.GELU,
                Activations.SIN,
                LOPSIDED);
    }

    /**
     * The kernels of one hidden layer of L = 2 hold both integrals; the trapezoid rule in two dimensions, which errs by
     * {@code exp(-2 pi (strip) / step)}, knows them independently. Variances from 1e-6 to 14, correlations of all sizes,
     * duplicates, opposites and multiples.
     */
    @ParameterizedTest
    @MethodSource("activations")
    void bothIntegralsAgreeWithTheTrapezoidRule(Activation activation) {
        Random random = new Random(20);
        int samples = 40;
        double[] x = new double[2 * samples];
        double[] angle = new double[samples];
        for (int s = 0; s < samples; s++) {
            double q = s < 4 ? 14 * (1 - 0.1 * s) : StrictMath.exp(random.nextDouble() * 17.2 - 13.8);
            angle[s] = random.nextDouble() * 2 * Math.PI;
            if (s == 5 || s == 8) {
                angle[s] = angle[s - 1] + (s == 5 ? 1e-3 : Math.PI);
            }
            x[2 * s] = Math.sqrt(2 * q) * StrictMath.cos(angle[s]);
            x[2 * s + 1] = Math.sqrt(2 * q) * StrictMath.sin(angle[s]);
        }
        RandomNetwork law = new RandomNetwork(Architecture.of(2, 10, 1), activation, new Initialization(1, 0));
        InfiniteWidth kernel =
                InfiniteWidth.of(law, Inputs.of(samples, 2, x), InfiniteWidth.Parametrization.NTK, ENGINE);
        for (int trial = 0; trial < 60; trial++) {
            int s = trial < 10 ? trial : random.nextInt(samples);
            int r = trial < 10 ? trial + 1 : random.nextInt(samples);
            double qs = 0.5 * (x[2 * s] * x[2 * s] + x[2 * s + 1] * x[2 * s + 1]);
            double qr = 0.5 * (x[2 * r] * x[2 * r] + x[2 * r + 1] * x[2 * r + 1]);
            double qsr = 0.5 * (x[2 * s] * x[2 * r] + x[2 * s + 1] * x[2 * r + 1]);
            double product = trapezoid(activation::value, qs, qr, qsr);
            double scale = Math.sqrt(kernel.nngp().get(s, s) * kernel.nngp().get(r, r));
            assertThat(kernel.nngp().get(s, r)).as("qhat %d %d", s, r).isCloseTo(product, within(1e-13 * scale));
            // Theta = qhat + chi qsr, so that small inputs show nothing of chi
            double slope = (kernel.ntk().get(s, r) - kernel.nngp().get(s, r)) / qsr;
            double error = 1e-12 * Math.sqrt(qs * qr) / Math.abs(qsr) * (1 + scale / Math.sqrt(qs * qr));
            assertThat(slope)
                    .as("chi %d %d", s, r)
                    .isCloseTo(trapezoid(activation::derivative, qs, qr, qsr), within(error));
        }
    }

    private static double trapezoid(DoubleUnaryOperator g, double qs, double qr, double qsr) {
        double a = Math.sqrt(qs);
        double slope = qsr / a;
        double rest = Math.sqrt(Math.max(0, qr - slope * slope));
        double step = Math.min(0.2, 0.3 / Math.sqrt(Math.max(qs, qr)));
        int n = (int) (9 / step);
        double sum = 0;
        for (int i = -n; i <= n; i++) {
            double z1 = i * step;
            double inner = 0;
            for (int j = -n; j <= n; j++) {
                double z2 = j * step;
                inner += StrictMath.exp(-0.5 * (z1 * z1 + z2 * z2)) * g.applyAsDouble(slope * z1 + rest * z2);
            }
            sum += inner * g.applyAsDouble(a * z1);
        }
        return sum * step * step / (2 * Math.PI);
    }

    /** Few inputs are done pair by pair, many from tables and in vectors: the same kernels, through 30 layers. */
    @ParameterizedTest
    @MethodSource("activations")
    void manyInputsAreAsFewOfThem(Activation activation) {
        for (Initialization initialization : List.of(new Initialization(1.6, 0.2), new Initialization(0.9, 0))) {
            agree(activation, initialization, inputs(100, 7));
        }
        // one norm: single expansions instead of tables
        agree(activation, new Initialization(1.6, 0.2), Inputs.onSphere(60, 7, Seed.of(6)));
    }

    private static void agree(Activation activation, Initialization initialization, Inputs many) {
        RandomNetwork law =
                new RandomNetwork(Architecture.constant(many.dimension(), 50, 30), activation, initialization);
        InfiniteWidth all = InfiniteWidth.of(law, many, ENGINE);
        InfiniteWidth few = InfiniteWidth.of(law, many.slice(30, 42), ENGINE);
        for (int s = 0; s < 12; s++) {
            for (int r = 0; r < 12; r++) {
                double theta = Math.sqrt(few.ntk().get(s, s) * few.ntk().get(r, r));
                double q = Math.sqrt(few.nngp().get(s, s) * few.nngp().get(r, r));
                assertThat(all.ntk().get(30 + s, 30 + r)).isCloseTo(few.ntk().get(s, r), within(1e-12 * theta));
                assertThat(all.nngp().get(30 + s, 30 + r)).isCloseTo(few.nngp().get(s, r), within(1e-12 * q));
            }
        }
    }

    /** Tables serve variances below 64; a single larger one leaves all to the integrals, which serve every variance. */
    @Test
    void tablesHaveARange() {
        double[] x = inputs(30, 7).toArray();
        assertThat(series(x)).isNotNull();
        for (int i = 0; i < 7; i++) {
            x[7 + i] = 20;
        }
        assertThat(series(x)).isNull();
    }

    private static HermiteSeries series(double[] x) {
        RandomNetwork law = new RandomNetwork(
                Architecture.constant(7, 50, 3), Activations.parse("softplus"), new Initialization(1, 0));
        return HermiteSeries.of(new KernelProblem(law, Inputs.of(30, 7, x), InfiniteWidth.Parametrization.STANDARD));
    }

    /** Directions and norms at random, 0.3 to 2 per dimension; the last one is 0. */
    private static Inputs inputs(int samples, int dimension) {
        Random random = new Random(4);
        double[] x = new double[samples * dimension];
        for (int s = 0; s < samples - 1; s++) {
            double size = 0.3 + 1.7 * random.nextDouble();
            for (int i = 0; i < dimension; i++) {
                x[s * dimension + i] = size * random.nextGaussian();
            }
        }
        return Inputs.of(samples, dimension, x);
    }
}
