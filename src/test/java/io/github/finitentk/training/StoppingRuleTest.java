package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoppingRuleTest {

    @Test
    void stopsAtTheLossThatCompletesThePatience() {
        StoppingRule rule = new StoppingRule(1e-7, 3);
        double[] losses = {1, 0.5, 0.5, 0.6, 0.4, 0.4, 0.4, 0.4};
        int stopped = -1;
        for (int t = 0; t < losses.length && stopped < 0; t++) {
            if (rule.observe(losses[t])) {
                stopped = t;
            }
        }
        assertThat(stopped).isEqualTo(7);
        assertThat(rule.best()).isEqualTo(0.4);
        assertThat(rule.waited()).isEqualTo(3);
    }

    @Test
    void aSteadyFallBelowTheThresholdPerStepKeepsTrainingGoing() {
        // 0.3 thresholds a step: the best loss moves every fourth step, so three steps of waiting are the most.
        StoppingRule rule = new StoppingRule(1e-7, 4);
        for (int t = 0; t < 1000; t++) {
            assertThat(rule.observe(1 - 0.3e-7 * t)).isFalse();
        }
        StoppingRule impatient = new StoppingRule(1e-7, 3);
        assertThat(impatient.observe(1)).isFalse();
        assertThat(impatient.observe(1 - 0.3e-7)).isFalse();
        assertThat(impatient.observe(1 - 0.6e-7)).isFalse();
        assertThat(impatient.observe(1 - 0.9e-7)).isTrue();
    }

    @Test
    void aFallByExactlyTheThresholdIsNotEnough() {
        StoppingRule rule = new StoppingRule(0.25, 1);
        assertThat(rule.observe(1)).isFalse();
        assertThat(rule.observe(0.75)).isTrue();
        StoppingRule zero = new StoppingRule(0, 1);
        assertThat(zero.observe(1)).isFalse();
        assertThat(zero.observe(Math.nextDown(1.0))).isFalse();
        assertThat(zero.observe(Math.nextDown(1.0))).isTrue();
    }

    @Test
    void aCopyGoesItsOwnWayAndARestoredRuleContinues() {
        StoppingRule rule = new StoppingRule(0, 2);
        rule.observe(1);
        rule.observe(2);
        StoppingRule copy = rule.copy();
        StoppingRule restored = new StoppingRule(0, 2);
        restored.restore(rule.best(), rule.waited());
        assertThat(rule.observe(2)).isTrue();
        assertThat(copy.observe(0.5)).isFalse();
        assertThat(copy.waited()).isZero();
        assertThat(restored.observe(2)).isTrue();
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new StoppingRule(-1, 1)).hasMessageContaining("least decrease");
        assertThatThrownBy(() -> new StoppingRule(Double.NaN, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new StoppingRule(0, 0)).hasMessageContaining("patience");
    }
}
