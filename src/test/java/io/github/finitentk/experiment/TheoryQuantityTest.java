package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.model.Activations;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TheoryQuantityTest {

    private static TheoryQuantity quantity(double c0, int samples) {
        return new TheoryQuantity(List.of(c0), TheoryQuantity.Recursion.CORRECTED, samples);
    }

    private static List<SweepRow> cells(String activation, double sigmaW2, double sigmaB2, int... depths) {
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
        List<SweepRow> growing = cells("relu", 256, 0, 100, 150, 220, 450);
        assertThat(growing)
                .extracting(SweepRow::status)
                .containsExactly(Status.OK, Status.DIVERGED, Status.DIVERGED, Status.DIVERGED);
        // q^L = 256 128^(L-1), Theta = sum of L equal terms and the biases
        assertThat(growing.get(0).get(TheoryQuantity.NNGP_DIAG)).isEqualTo(0x1p701);
        assertThat(growing.get(0).get(TheoryQuantity.THETA_DIAG))
                .isCloseTo(100 * 100 * 0x1p693, within(1e-3 * 0x1p706));
        for (SweepRow cell : growing.subList(1, 4)) {
            assertThat(cell.reason()).endsWith("exceeds the range of a double (1.8e308).");
            assertThat(cell.get(TheoryQuantity.THETA_DIAG)).isNaN();
            assertThat(cell.get(TheoryQuantity.PHASE)).isEqualTo("chaotic");
        }
        List<SweepRow> falling = cells("relu", 0.3333333, 0, 100, 150, 220, 450);
        assertThat(falling)
                .extracting(SweepRow::status)
                .containsExactly(Status.OK, Status.OK, Status.OK, Status.DIVERGED);
        for (SweepRow cell : falling) {
            assertThat(cell.get(TheoryQuantity.THETA_DIAG)).isCloseTo(1.2, within(1e-7));
        }
        assertThat(falling.get(2).get(TheoryQuantity.NNGP_DIAG))
                .isCloseTo(2 * Math.pow(0.3333333 / 2, 220), within(1e-184));
        assertThat(falling.get(3).reason())
                .isEqualTo(
                        "Not 0, but below the range of a double (4.9e-324): kappa1, kappa2, nngp_diag, nngp_offdiag.");
        assertThat(falling.get(3).get(TheoryQuantity.KAPPA1)).isNaN();
        assertThat(falling.get(3).get(TheoryQuantity.KAPPA2)).isNull();
        // one layer has no kappa, which is no reason to complain
        assertThat(cells("relu", 2, 0, 1).get(0).status()).isEqualTo(Status.OK);
    }

    @Test
    void phasesAreThoseOfTheInputsOfTheSweep() {
        assertThat(cells("gelu", 2.2, 0.05, 10).get(0).get(TheoryQuantity.PHASE))
                .isEqualTo("chaotic");
        assertThat(cells("gelu", 2.05, 0.05, 10).get(0).get(TheoryQuantity.PHASE))
                .isEqualTo("ordered");
    }

    @Test
    void impossibleInputSetsAreRefused() {
        assertThatThrownBy(() -> quantity(-1, 128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("There are no 128 inputs with a correlation of -1.0");
        assertThat(quantity(-1, 2).settings()).containsKey("c0");
    }
}
