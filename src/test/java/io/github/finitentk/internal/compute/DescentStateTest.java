package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.internal.compute.DescentState.Status;
import org.junit.jupiter.api.Test;

/** The stopping rule. */
class DescentStateTest {

    private static DescentRule rule(double minDecrease, int patience) {
        return new DescentRule(1, 1, minDecrease, patience, 10_000);
    }

    /** The state after these losses, or at the one that ended the descent. */
    private static DescentState after(DescentRule rule, double... losses) {
        DescentState state = DescentState.START.observe(rule, losses[0]);
        for (int t = 1; t < losses.length && state.runs(); t++) {
            state = state.stepped().observe(rule, losses[t]);
        }
        return state;
    }

    @Test
    void stopsAtTheLossThatCompletesThePatience() {
        DescentState state = after(rule(1e-7, 3), 1, 0.5, 0.5, 0.6, 0.4, 0.41, 0.42, 0.43, 0.44);
        assertThat(state).isEqualTo(new DescentState(7, Status.EARLY_STOP, 0.4, 3, 0.4, 0.43, 0));
    }

    @Test
    void aSteadyFallBelowTheThresholdPerStepKeepsTrainingGoing() {
        // 0.3 thresholds a step: the best loss moves every fourth step, so three steps of waiting are the most.
        double[] losses = new double[1000];
        for (int t = 0; t < losses.length; t++) {
            losses[t] = 1 - 0.3e-7 * t;
        }
        assertThat(after(rule(1e-7, 4), losses).status()).isEqualTo(Status.RUNNING);
        DescentState impatient = after(rule(1e-7, 3), losses);
        assertThat(impatient.status()).isEqualTo(Status.EARLY_STOP);
        assertThat(impatient.step()).isEqualTo(3);
    }

    @Test
    void aFallByExactlyTheThresholdIsNotEnough() {
        assertThat(after(rule(0.25, 1), 1, 0.75).runs()).isFalse();
        double next = Math.nextDown(1.0);
        assertThat(after(rule(0, 1), 1, next).runs()).isTrue();
        assertThat(after(rule(0, 1), 1, next, next).runs()).isFalse();
    }

    @Test
    void endsAfterTheLastStepOrAtALossThatIsNotFinite() {
        DescentRule two = new DescentRule(1, 1, 0, 100, 2);
        assertThat(after(two, 3, 2).status()).isEqualTo(Status.RUNNING);
        assertThat(after(two, 3, 2, 4)).isEqualTo(new DescentState(2, Status.MAX_STEPS, 2, 1, 2, 4, 0));
        DescentState diverged = after(two, 3, Double.POSITIVE_INFINITY);
        assertThat(diverged).isEqualTo(new DescentState(1, Status.DIVERGED, 3, 0, 3, Double.POSITIVE_INFINITY, 0));
        assertThat(after(two, Double.NaN).status()).isEqualTo(Status.DIVERGED);
    }

    @Test
    void negativeCountsAreRefused() {
        assertThatThrownBy(() -> new DescentState(-1, DescentState.Status.RUNNING, 1, 0, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 0 steps");
        assertThatThrownBy(() -> new DescentState(0, DescentState.Status.RUNNING, 1, Long.MIN_VALUE, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> rule(-1, 1)).hasMessageContaining("least decrease");
        assertThatThrownBy(() -> rule(Double.NaN, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> rule(0, 0)).hasMessageContaining("patience");
    }
}
