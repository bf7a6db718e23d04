package io.github.finitentk.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EmpiricalDistributionTest {

    @Test
    void quantilesInterpolateOrderStatistics() {
        EmpiricalDistribution distribution = EmpiricalDistribution.of(new double[] {4, 1, 3, 2});
        assertThat(distribution.quantiles(0, 0.5, 1)).containsExactly(1, 2.5, 4);
        assertThat(distribution.quantile(0.25)).isEqualTo(1.75);
        assertThat(EmpiricalDistribution.of(new double[] {7}).quantile(0.3)).isEqualTo(7);
        assertThatThrownBy(() -> distribution.quantile(1.1)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> EmpiricalDistribution.of(new double[0])).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> EmpiricalDistribution.of(new double[] {1, Double.POSITIVE_INFINITY}))
                .hasMessageContaining("Draw 1 is not finite");
    }

    @Test
    void histogramsCountEveryDrawOnce() {
        EmpiricalDistribution.Histogram histogram =
                EmpiricalDistribution.of(new double[] {0, 1, 2, 3, 4, 4, 4}).histogram(4);
        assertThat(histogram.edges()).containsExactly(0, 1, 2, 3, 4);
        assertThat(histogram.counts()).containsExactly(1, 1, 1, 4);
        assertThat(histogram.total()).isEqualTo(7);
        assertThat(histogram.density(3)).isCloseTo(4 / 7.0, within(1e-15));
        EmpiricalDistribution.Histogram logarithmic =
                EmpiricalDistribution.of(new double[] {1, 10, 99, 1000}).logHistogram(3);
        assertThat(logarithmic.counts()).containsExactly(1, 2, 1);
        assertThat(EmpiricalDistribution.of(new double[] {5, 5}).histogram(2).total())
                .isEqualTo(2);
        assertThatThrownBy(() -> EmpiricalDistribution.of(new double[] {0, 1}).logHistogram(2))
                .hasMessageContaining("positive draws");
    }
}
