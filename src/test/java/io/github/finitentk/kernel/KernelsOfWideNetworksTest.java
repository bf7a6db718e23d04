package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.RandomNetwork;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Means of the kernels of wide random networks with two outputs are those of infinite width, times I_K. */
@Tag("statistical")
class KernelsOfWideNetworksTest {

    private static final int OUTPUTS = 2;
    private static final int WIDTH = 512;
    private static final int NETWORKS = 64;
    private static final Initialization INITIALIZATION = new Initialization(1.8, 0.4);
    private static final RandomNetwork LAW = new RandomNetwork(
            Architecture.constant(6, WIDTH, 3).withOutputs(OUTPUTS), Activations.RELU, INITIALIZATION);
    private static final Inputs X = Inputs.onSphere(3, 6, Seed.of(4));
    private static final Engine ENGINE = Engine.single(Backend.fastest());

    @Test
    void standardParametrization() {
        Kernel limit = InfiniteWidth.of(LAW, X, ENGINE).ntk();
        assertMeans(LayerRates.standard(LAW.architecture()), limit::get);
    }

    @Test
    void ntkParametrization() {
        Kernel limit = InfiniteWidth.of(LAW, X, InfiniteWidth.Parametrization.NTK, ENGINE)
                .ntk();
        assertMeans(LayerRates.ntkParametrization(LAW.architecture(), INITIALIZATION), limit::get);
    }

    /** Alone, the last layer's weights see the activations: {@code n_{L-1} E phi phi' = n_{L-1} (K - sigma_b^2)/sigma_w^2}. */
    @Test
    void allLayersFrozenButTheLast() {
        Kernel nngp = InfiniteWidth.of(LAW, X, ENGINE).nngp();
        assertMeans(
                LayerRates.standard(LAW.architecture()).withoutBiases().only(3),
                (s, r) -> WIDTH * (nngp.get(s, r) - INITIALIZATION.sigmaB2()) / INITIALIZATION.sigmaW2());
    }

    private interface Entries {
        double get(int s, int r);
    }

    private static void assertMeans(LayerRates rates, Entries limit) {
        Kernel[] kernels = new Kernel[NETWORKS];
        for (int i = 0; i < NETWORKS; i++) {
            kernels[i] = new KernelEvaluation(LAW.sample(Seed.of(5), i), X, ENGINE)
                    .form(KernelForm.FULL)
                    .rates(rates)
                    .evaluate()
                    .theta();
        }
        double scale = limit.get(0, 0);
        for (int row = 0; row < kernels[0].rows(); row++) {
            for (int column = 0; column < kernels[0].columns(); column++) {
                int i = row;
                int j = column;
                IntToDoubleFunction entry = network -> kernels[network].get(i, j);
                double mean = mean(entry);
                double deviation = Math.sqrt(mean(network -> Math.pow(entry.applyAsDouble(network) - mean, 2)));
                double error = deviation / Math.sqrt(NETWORKS - 1.0);
                double expected = i % OUTPUTS == j % OUTPUTS ? limit.get(i / OUTPUTS, j / OUTPUTS) : 0;
                // 5 standard errors, and the share of the diagonal that 1/M may change
                assertThat(Math.abs(mean - expected))
                        .as("(%d, %d): %s, not %s", i, j, mean, expected)
                        .isLessThan(5 * error + scale / WIDTH);
                assertThat(error).isLessThan(0.03 * scale); // the test has power
            }
        }
    }

    private static double mean(IntToDoubleFunction values) {
        double sum = 0;
        for (int i = 0; i < NETWORKS; i++) {
            sum += values.applyAsDouble(i);
        }
        return sum / NETWORKS;
    }

    @Test
    void theLimitDoesNotDependOnTheNumberOfOutputs() {
        RandomNetwork scalar =
                new RandomNetwork(LAW.architecture().withOutputs(1), LAW.activation(), LAW.initialization());
        assertThat(InfiniteWidth.of(LAW, X, ENGINE).ntk())
                .isEqualTo(InfiniteWidth.of(scalar, X, ENGINE).ntk());
    }
}
