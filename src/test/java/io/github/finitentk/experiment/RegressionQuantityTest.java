package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionQuantityTest {

    private static final int SAMPLES = 60;
    private static final int TESTS = 40;
    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static Quantity quantity(Map<String, Object> more) {
        Map<String, Object> settings = new java.util.HashMap<>(Map.of("samples", SAMPLES, "tests", TESTS));
        settings.putAll(more);
        return Quantity.of("regression", settings);
    }

    private static SweepRow row(Quantity quantity, Cell cell) {
        return quantity.compute(List.of(cell), CellContext.of(ENGINE, Seed.of(0)))
                .get(0);
    }

    private static double number(SweepRow row, String column) {
        return row.columns().stream()
                .filter(each -> each.name().equals(column))
                .map(each -> (double) row.get(each))
                .findFirst()
                .orElseThrow();
    }

    /** Against the smoother, which has a T x S matrix in the place of S x K weights, and the spectral solution of it. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "erf"})
    void accuracyAndErrorAreThoseOfTheSmoother(String activation) {
        Cell cell = new Cell(Activations.parse(activation), 1.5, 0.1, 4, 100);
        SweepRow row = row(quantity(Map.of("relative_ridge", 1e-3)), cell);
        Dataset all = Mnist.embedded()
                .first(SAMPLES + TESTS)
                .dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.ZERO_MEAN_ONE_HOT);
        Targets train = all.targets().slice(0, SAMPLES);
        Targets test = all.targets().slice(SAMPLES, SAMPLES + TESTS);
        InfiniteWidth kernels = InfiniteWidth.of(cell.network(784), all.inputs(), ENGINE);
        for (String name : List.of("ntk", "nngp")) {
            Kernel joint = name.equals("ntk") ? kernels.ntk() : kernels.nngp();
            TrainTestKernel blocks = TrainTestKernel.split(joint, SAMPLES);
            double ridge = 1e-3 * blocks.train().statistics().meanDiagonal();
            KernelRegression regression = KernelRegression.of(blocks, ridge, ENGINE);
            double[][] spectral = regression.at(Double.POSITIVE_INFINITY).mean(train);
            double error = 0;
            for (double each : test.meanSquaredErrors(spectral)) {
                error += each / 10;
            }
            assertThat(number(row, name + "_error")).isCloseTo(error, within(1e-12));
            assertThat(number(row, name + "_accuracy")).isEqualTo(test.accuracy(spectral));
            assertThat(number(row, name + "_accuracy")).isGreaterThan(0.4);
            // 1-norm condition numbers of S x S matrices are within S of those in the 2-norm
            assertThat(number(row, name + "_condition") / regression.conditionNumber())
                    .isBetween(1.0 / SAMPLES, (double) SAMPLES);
        }
    }

    /** Far in the ordered phase all inputs look alike, far in the chaotic one no two do: nothing is learnt in either. */
    @Test
    void deepNetworksLearnAtTheEdgeOfChaosAlone() {
        Quantity quantity = quantity(Map.of("samples", 300, "tests", 200));
        for (double sigmaW2 : new double[] {0.25, 1.1, 4}) {
            SweepRow row = row(quantity, new Cell(Activations.ERF, sigmaW2, 0.1, 60, 100));
            for (Column<Double> accuracy : List.of(RegressionQuantity.NTK_ACCURACY, RegressionQuantity.NNGP_ACCURACY)) {
                assertThat(row.get(accuracy)).isBetween(sigmaW2 == 1.1 ? 0.75 : 0, sigmaW2 == 1.1 ? 1 : 0.3);
            }
        }
    }

    @Test
    void whatIsNotPositiveDefiniteIsMissingWithItsReason() {
        SweepRow row = row(quantity(Map.of("relative_ridge", 0.0)), new Cell(Activations.ERF, 0.1, 1, 60, 100));
        assertThat(row.get(RegressionQuantity.NTK_ACCURACY)).isNaN();
        assertThat(row.get(RegressionQuantity.NNGP_ACCURACY)).isNaN();
        assertThat(row.reason())
                .isEqualTo("both kernels are not positive definite in double precision; a larger relative_ridge helps");
    }

    @Test
    void settingsAreChecked(@TempDir Path folder) {
        assertThatThrownBy(() -> quantity(Map.of("samples", 1000, "tests", 25)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The number of samples must be from 1 to 1024 (all images of this set), not 1025.");
        assertThatThrownBy(() -> quantity(Map.of("relative_ridge", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("relative_ridge must be 0 to");
        assertThatThrownBy(() -> quantity(Map.of("targets", "digit")))
                .hasMessage("targets must be one of zero-mean-one-hot, one-hot, not \"digit\".");
        assertThatThrownBy(() -> quantity(Map.of("test_data", folder.toString())))
                .hasMessageStartingWith("The folder " + folder + " has no files ");
    }
}
