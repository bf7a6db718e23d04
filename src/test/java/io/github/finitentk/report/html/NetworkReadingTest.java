package io.github.finitentk.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.model.Activations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkReadingTest {

    private static SweepRow ratio(double sigmaW2, int depth, double low, double ratio, double high) {
        return Tables.row(Activations.RELU, sigmaW2, depth, 256, "chain", ratio, low, high, 0L);
    }

    private static NetworkReading read(FinishedCells table, int percent) {
        List<NetworkReading> readings = NetworkReading.of(table, new Theory(table), percent);
        assertThat(readings).hasSize(1);
        return readings.get(0);
    }

    @Test
    void saysWhereTheKernelIsDeterministicWhereNotAndWhereThatCannotBeTold() {
        // 20 % of the mean: a ratio of at most 1.04.
        FinishedCells table = Tables.variance(List.of(
                ratio(1, 10, 1.01, 1.02, 1.03),
                ratio(1, 50, 1.01, 1.02, 1.04),
                ratio(1.5, 10, 1.01, 1.02, 1.03),
                ratio(1.5, 50, 1.02, 1.03, 1.05),
                ratio(2, 10, 1.01, 1.01, 1.02),
                ratio(2, 50, 1.4, 2.2, 2.4),
                ratio(3, 10, 1.01, 1.01, 1.02),
                ratio(3, 20, 1.5, 1.5, 1.5),
                ratio(3, 50, 2.1, 2.2, 2.4)));
        NetworkReading reading = read(table, 20);
        assertThat(reading.reach()).isEqualTo(1);
        assertThat(reading.shallow()).isEqualTo(10);
        assertThat(reading.everywhere()).isFalse();
        assertThat(reading.large()).isEqualTo(1);
        assertThat(reading.firstDepth()).isEqualTo(50);
        assertThat(reading.firstSigmaW2()).isEqualTo(3);
        assertThat(reading.open()).isEqualTo(1);
        assertThat(reading.border()).isCloseTo(2, within(1e-12));
        assertThat(reading.sentence(Criterion.of("variance", 20).orElseThrow()))
                .isEqualTo("For ReLU at M = 256, σ_b² = 1, the kernel may be treated as deterministic up to σ_w² = 1 at"
                        + " every depth (L = 10 to 50); beyond, only up to depth 10 (L/M = 0.03906) at every σ_w²."
                        + " In 1 of 9 cells the standard deviation exceeds 71 % of the mean, first at depth 50"
                        + " (σ_w² = 3). In 1 of 9 cells the interval is too wide to say.");
        // 5 %: a ratio of at most 1.0025.
        NetworkReading strict = read(table, 5);
        assertThat(strict.reach()).isNaN();
        assertThat(strict.shallow()).isZero();
        assertThat(strict.sentence(Criterion.of("variance", 5).orElseThrow()))
                .contains("there is no σ_w² at which", "(L = 10 to 50), and no depth at which it may at every σ_w².");
    }

    @Test
    void aHeavyTailNeverShowsThatTheKernelIsDeterministic() {
        FinishedCells table = Tables.variance(List.of(
                Tables.row(Activations.RELU, 1.0, 10, 256, "chain", 1.001, 1.0, 1.002, 1L),
                Tables.row(Activations.RELU, 1.0, 20, 256, "chain", 2.5, 1.0, 9.0, 1L)));
        NetworkReading reading = read(table, 50);
        assertThat(reading.everywhere()).isFalse();
        assertThat(reading.open()).isEqualTo(1);
        // Too low more often than not, and already beyond the limit.
        assertThat(reading.large()).isEqualTo(1);
    }

    @Test
    void divergedCellsAreLargeAndFailedOnesSayNothing() {
        FinishedCells table = Tables.variance(List.of(
                Tables.row(
                        Tables.VARIANCE, Status.DIVERGED, Activations.RELU, 3, 10, 256, "chain", null, null, null, 0L),
                Tables.row(Tables.VARIANCE, Status.FAILED, Activations.RELU, 3, 5, 256, null, null, null, null, null)));
        NetworkReading reading = read(table, 20);
        assertThat(reading.large()).isEqualTo(1);
        assertThat(reading.firstDepth()).isEqualTo(10);
        assertThat(reading.open()).isEqualTo(1);
    }

    @Test
    void changesOfTheKernelAreReadAlike() {
        NetworkReading reading = read(Tables.changeGrid(), 20);
        // The largest of the initialisations decides: 1.1 * 0.01 * sigmaW2 * depth <= 0.2.
        assertThat(reading.reach()).isNaN();
        assertThat(reading.shallow()).isEqualTo(3);
        assertThat(reading.large()).isEqualTo(1);
        assertThat(reading.sentence(Criterion.of("kernel_change", 20).orElseThrow()))
                .startsWith("For tanh at M = 256, σ_b² = 1, there is no σ_w² at which the kernel may be treated as"
                        + " constant in training at every depth (L = 3 to 30); it may up to depth 3 (L/M ="
                        + " 0.01172) at every σ_w².")
                .contains("the change exceeds 50 % of the norm, first at depth 30 (σ_w² = 3)");
        assertThat(read(Tables.changeGrid(), 50).reach()).isEqualTo(1);
    }

    @Test
    void theRunAsAWholeIsDescribed() {
        FinishedCells table = Tables.changeGrid();
        assertThat(new Reading(table, new Theory(table)).sentences())
                .containsExactly(
                        "In 2 cells the learning rate exceeds the largest stable one (η λ_max / S > 2) at some point of"
                                + " training.",
                        "1 cell diverged: some number exceeds its precision.",
                        "1 cell failed; the table says why.",
                        "1 cell is not computed yet; this page shows the others.");
        FinishedCells variance = Tables.varianceGrid();
        List<String> sentences = new Reading(variance, new Theory(variance)).sentences();
        assertThat(sentences.get(0))
                .matches("Where the exact moments .* \\d+ of 38 trusted 95 % intervals contain them.");
        assertThat(sentences.get(1)).startsWith("4 cells have a heavy tail");
        FinishedCells other = new FinishedCells(
                "other",
                Map.of(),
                40,
                Tables.manifest(),
                Tables.VARIANCE,
                variance.rows().subList(0, 40));
        assertThat(new Reading(other, new Theory(other)).sentences().get(0))
                .isEqualTo("𝔼[Θ(x, x)²] / 𝔼[Θ(x, x)]² ranges from 1.003 (tanh, σ_w² = 1, σ_b² = 1, L = 5, M = 200) to"
                        + " 1.64 (tanh, σ_w² = 4, σ_b² = 1, L = 80, M = 50).");
    }

    @Test
    void numbersHaveFourDigits() {
        assertThat(NumberText.plain(2)).isEqualTo("2");
        assertThat(NumberText.plain(2.5)).isEqualTo("2.5");
        assertThat(NumberText.plain(0.039062)).isEqualTo("0.03906");
        assertThat(NumberText.plain(3.44312)).isEqualTo("3.443");
        assertThat(NumberText.plain(123456.7)).isEqualTo("123457");
        assertThat(NumberText.plain(1e300)).isEqualTo("1.000e+300");
        assertThat(NumberText.plain(-1.5e-7)).isEqualTo("-1.500e-07");
    }

    @Test
    void trainedEnsemblesAreJudgedByTheirVariance() {
        FinishedCells table = Tables.ensembleGrid();
        Criterion judgement = Criterion.of("ensemble", 20).orElseThrow();
        assertThat(NetworkReading.of(table, new Theory(table), 20).get(0).sentence(judgement))
                .isEqualTo(
                        "For tanh at M = 64, σ_b² = 1, there is no σ_w² at which the infinite-width theory may be used"
                                + " for the variance of trained networks at every depth (L = 2 to 8); it may up to depth 2"
                                + " (L/M = 0.03125) at every σ_w². In 2 of 6 cells the variance is off by a factor above"
                                + " 2, first at depth 8 (σ_w² = 1). In 2 of 6 cells the interval is too wide to say.");
        // Half the variance is as far off as twice, and an interval around the truth excludes nothing.
        assertThat(new Criterion.Estimate(0.5, 0.4, 0.8).factorTo(1)).isEqualTo(new Criterion.Estimate(1, 0.25, 1.5));
        assertThat(new Criterion.Estimate(1.5, 0.5, 3).factorTo(1)).isEqualTo(new Criterion.Estimate(0.5, 0, 2));
        assertThat(new Reading(table, new Theory(table)).sentences().get(0))
                .startsWith("gap ranges from 0 (tanh, σ_w² = 1, σ_b² = 1, L = 2, M = 64) to 0.4");
    }
}
