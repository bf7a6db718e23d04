package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TicksTest {

    @Test
    void linearTicksAreRoundAndInsideTheLimits() {
        assertThat(Ticks.linear(0.125, 4.125, 5).labels()).containsExactly("1", "2", "3", "4");
        assertThat(Ticks.linear(1, 3, 5).labels()).containsExactly("1.0", "1.5", "2.0", "2.5", "3.0");
        assertThat(Ticks.linear(0, 0.3, 4).labels()).containsExactly("0.0", "0.1", "0.2", "0.3");
        assertThat(Ticks.linear(-2, 2, 5).labels()).containsExactly("−2", "−1", "0", "1", "2");
        assertThat(Ticks.linear(0, 3e-7, 4).labels()).contains("2·10⁻⁷");
    }

    @Test
    void logarithmicTicksAreDecadesOrTheirMultiples() {
        assertThat(Ticks.log(1, 1000, 5).labels()).containsExactly("1", "10", "100", "1000");
        assertThat(Ticks.log(1e-7, 1e5, 5).labels()).allMatch(label -> label.startsWith("10"));
        assertThat(Ticks.log(1, 50, 6).labels()).containsExactly("1", "2", "5", "10", "20", "50");
        assertThat(Ticks.log(1, 1.4, 6).labels()).contains("1.2");
        assertThat(Ticks.log(1, 1000, 5).minor()).contains(20.0, 900.0).doesNotContain(1000.0, 2000.0);
    }

    @Test
    void labelsNeverOverlapWhateverTheLimits() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 500; round++) {
            double low = Math.pow(10, random.nextDouble(-6, 6));
            double high = low * (1 + Math.pow(10, random.nextDouble(-2, 8)));
            Axis axis = new Axis("", random.nextBoolean(), low, high);
            double length = random.nextDouble(60, 400);
            Ticks ticks = Ticks.fitting(axis, length, 8, true);
            assertThat(ticks.major()).hasSameSizeAs(ticks.labels());
            for (int k = 0; k < ticks.major().size(); k++) {
                assertThat(Ticks.position(axis, ticks.major().get(k))).isBetween(-1e-6, 1 + 1e-6);
                if (k > 0 && ticks.major().size() > 2) {
                    double gap = length
                            * (Ticks.position(axis, ticks.major().get(k))
                                    - Ticks.position(axis, ticks.major().get(k - 1)));
                    double widths = MathText.parse(ticks.labels().get(k)).width(8)
                            + MathText.parse(ticks.labels().get(k - 1)).width(8);
                    assertThat(gap).as(ticks.toString()).isGreaterThan(widths / 2);
                }
            }
        }
    }
}
