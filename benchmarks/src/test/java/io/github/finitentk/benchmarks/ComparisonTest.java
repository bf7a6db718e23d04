package io.github.finitentk.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.benchmarks.Comparison.Line;
import io.github.finitentk.benchmarks.Comparison.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final int ROUNDS = 12;

    // Ratios as a busy machine has them: now and then one of the two meets a slow spell.
    private static List<Double> ratios(double median, SplittableRandom random) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double noise = random.nextDouble(-0.04, 0.04) + (random.nextInt(6) == 0 ? random.nextDouble(-0.5, 0.5) : 0);
            ratios.add(median * Math.exp(noise));
        }
        return ratios;
    }

    private static Map<String, List<Double>> suite(int size, SplittableRandom random) {
        Map<String, List<Double>> suite = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            suite.put("same " + i, ratios(1, random));
        }
        return suite;
    }

    @Test
    void theSameRevisionIsFlaggedInFewerThanOneRunInTwenty() {
        SplittableRandom random = new SplittableRandom(1);
        int flagged = 0;
        for (int run = 0; run < 400; run++) {
            if (Comparison.of(suite(40, random), ROUNDS).stream().anyMatch(line -> line.verdict() != Verdict.SAME)) {
                flagged++;
            }
        }
        // 5 % of 400 are 20, with a standard error of 4.4.
        assertThat(flagged).isLessThan(20 + 13);
    }

    @Test
    void aSlowdownIsFlaggedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(2);
        Map<String, List<Double>> suite = suite(1, random);
        List<Double> slow = new ArrayList<>();
        List<Double> fast = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            slow.add(0.9 * (1 + random.nextDouble(-0.05, 0.05)));
            fast.add(1.2 * (1 + random.nextDouble(-0.05, 0.05)));
        }
        suite.put("slow", slow);
        suite.put("fast", fast);
        assertThat(Comparison.of(suite, ROUNDS))
                .extracting(Line::name, Line::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("same 0", Verdict.SAME),
                        org.assertj.core.groups.Tuple.tuple("slow", Verdict.SLOWER),
                        org.assertj.core.groups.Tuple.tuple("fast", Verdict.FASTER));
    }

    @Test
    void aDifferenceThatIsCertainButSmallIsNotFlagged() {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ratios.add(0.98 + 0.001 * round);
        }
        assertThat(Comparison.of(Map.of("layout of the code", ratios), ROUNDS).get(0).verdict())
                .isEqualTo(Verdict.SAME);
    }

    // Of 12 ratios the interval from the third to the tenth holds the median with 1 - 2 (1 + 12 + 66) / 4096 = 96.1 %; from the
    // fourth to the ninth with 85.4 % only.
    @Test
    void theIntervalIsThatOfTheBinomial() {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ratios.add(1.0 + round);
        }
        Line line = Comparison.of(Map.of("", ratios), ROUNDS).get(0);
        assertThat(line.low()).isEqualTo(3);
        assertThat(line.high()).isEqualTo(10);
        assertThat(line.median()).isEqualTo(6.5);
        assertThat(Comparison.pValue(ratios)).isEqualTo(2.0 / 4096, within(1e-12));
    }

    @Test
    void tooFewRoundsAreRefused() {
        SplittableRandom random = new SplittableRandom(3);
        assertThatThrownBy(() -> Comparison.of(suite(40, random), 10))
                .hasMessage("10 rounds cannot tell a slower benchmark among 40 from noise; it takes 11.");
        assertThatThrownBy(() -> Comparison.of(Map.of(), 10)).hasMessageContaining("no benchmark in common");
    }
}
