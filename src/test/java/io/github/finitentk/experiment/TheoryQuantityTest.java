package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.CellResult.Status;
import io.github.finitentk.model.Activations;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TheoryQuantityTest {

    private static final int THETA = 7;
    private static final int NNGP = 9;

    private static TheoryQuantity quantity(double c0, int samples) {
        return new TheoryQuantity(List.of(c0), TheoryQuantity.Recursion.CORRECTED, samples);
    }

    private static List<CellResult> cells(String activation, double sigmaW2, double sigmaB2, int... depths) {
        return quantity(0.5, 128)
                .compute(
                        IntStream.of(depths)
                                .mapToObj(
                                        depth -> new Cell(Activations.parse(activation), sigmaW2, sigmaB2, depth, 100))
                                .toList(),
                        null);
    }

    @Test
    void deepCellsAreRightOrHaveDiverged() {
        List<CellResult> growing = cells("relu", 256, 0, 100, 150, 220, 450);
        assertThat(growing)
                .extracting(CellResult::status)
                .containsExactly(Status.OK, Status.DIVERGED, Status.DIVERGED, Status.DIVERGED);
        // q^L = 256 128^(L-1), Theta = sum of L equal terms and the biases
        assertThat((Double) growing.get(0).values().get(NNGP)).isEqualTo(0x1p701);
        assertThat((Double) growing.get(0).values().get(THETA)).isCloseTo(100 * 100 * 0x1p693, within(1e-3 * 0x1p706));
        for (CellResult cell : growing.subList(1, 4)) {
            assertThat(cell.reason()).endsWith("exceeds the range of a double (1.8e308).");
            assertThat(cell.values().get(THETA)).isNull();
            assertThat(cell.values().get(0)).isEqualTo("chaotic");
        }
        List<CellResult> falling = cells("relu", 0.3333333, 0, 100, 150, 220, 450);
        assertThat(falling)
                .extracting(CellResult::status)
                .containsExactly(Status.OK, Status.OK, Status.OK, Status.DIVERGED);
        for (CellResult cell : falling) {
            assertThat((Double) cell.values().get(THETA)).isCloseTo(1.2, within(1e-7));
        }
        assertThat((Double) falling.get(2).values().get(NNGP))
                .isCloseTo(2 * Math.pow(0.3333333 / 2, 220), within(1e-184));
        assertThat(falling.get(3).reason())
                .isEqualTo(
                        "Not 0, but below the range of a double (4.9e-324): kappa1, kappa2, nngp_diag, nngp_offdiag.");
        assertThat(falling.get(3).values().subList(4, 6)).containsOnlyNulls();
        // one layer has no kappa, which is no reason to complain
        assertThat(cells("relu", 2, 0, 1).get(0).status()).isEqualTo(Status.OK);
    }

    @Test
    void phasesAreThoseOfTheInputsOfTheSweep() {
        assertThat(cells("gelu", 2.2, 0.05, 10).get(0).values().get(0)).isEqualTo("chaotic");
        assertThat(cells("gelu", 2.05, 0.05, 10).get(0).values().get(0)).isEqualTo("ordered");
    }

    @Test
    void impossibleInputSetsAreRefused() {
        assertThatThrownBy(() -> quantity(-1, 128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("There are no 128 inputs with a correlation of -1.0");
        assertThat(quantity(-1, 2).settings()).containsKey("c0");
    }
}
