package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.trust.ChangeLaw.Prediction;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeLawTest {

    private static double[] all(double value) {
        return new double[] {value, value, value, value};
    }

    @Test
    void theLawOfTheTheoryIsFollowed() {
        Prediction prediction = ChangeLaw.wider(all(0.08), all(0.16), 2, 5);
        assertThat(prediction.value()).isCloseTo(0.016, within(1e-15));
        assertThat(prediction.exponent()).isCloseTo(1, within(1e-14));
        assertThat(prediction.interval().lower()).isLessThan(0.016);
        assertThat(prediction.interval().upper()).isBetween(0.016, 0.03);
    }

    @Test
    void aSlowerFallIsExtrapolatedAsItIs() {
        // proxies that hardly differ: the law 1/M alone would say 0.016
        Prediction prediction = ChangeLaw.wider(all(0.08), all(0.08 * Math.sqrt(2)), 2, 5);
        assertThat(prediction.exponent()).isCloseTo(0.5, within(1e-14));
        assertThat(prediction.value()).isCloseTo(0.08 / Math.sqrt(5), within(1e-14));
        assertThat(prediction.interval().contains(0.016)).isTrue();
    }

    @Test
    void aFasterFallIsCappedAndTheDisagreementBelongsToTheInterval() {
        Prediction prediction = ChangeLaw.wider(all(0.05), all(0.2), 2, 4);
        assertThat(prediction.exponent()).isEqualTo(1);
        assertThat(prediction.value()).isCloseTo(0.0125, within(1e-15));
        // what the smaller width alone predicts
        assertThat(prediction.interval().contains(0.2 / 8)).isTrue();
        Prediction growing = ChangeLaw.wider(all(0.2), all(0.1), 2, 4);
        assertThat(growing.exponent()).isZero();
        assertThat(growing.value()).isEqualTo(0.2);
    }

    @Test
    void moreSamplesMoveTheKernelMore() {
        Prediction prediction = ChangeLaw.onMoreSamples(all(0.2), all(0.1), 2, 4);
        assertThat(prediction.value()).isCloseTo(0.8, within(1e-14));
        assertThat(prediction.interval().contains(0.4)).isTrue();
        assertThat(ChangeLaw.onMoreSamples(all(0.1), all(0.2), 2, 4).value()).isEqualTo(0.1);
    }

    /** Log-normal changes with the scatter that networks have: the mean is in nine of ten intervals at least. */
    @Test
    void theIntervalOfMeasuredChangesCoversTheirMean() {
        Random random = new Random(3);
        for (int networks : new int[] {1, 2, 4}) {
            int covered = 0;
            for (int i = 0; i < 2000; i++) {
                double[] changes = new double[networks];
                for (int k = 0; k < networks; k++) {
                    changes[k] = 0.1 * Math.exp(0.4 * random.nextGaussian() - 0.08);
                }
                covered += ChangeLaw.measured(changes).interval().contains(0.1) ? 1 : 0;
            }
            // standard error 11 of 2000
            assertThat(covered).as("%d networks", networks).isGreaterThan(1850);
        }
    }

    @Test
    void nothingMovesWhereNothingCan() {
        Prediction prediction = ChangeLaw.measured(all(0));
        assertThat(prediction.value()).isLessThan(1e-200);
        assertThat(prediction.interval().upper()).isLessThan(1e-200);
    }
}
