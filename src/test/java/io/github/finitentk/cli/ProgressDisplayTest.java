package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private static final String WORDS =
            "Sweep  12 % 5 of 40 cells, 12 cells/s, 40 s left, at tanh sw2=2.250 sb2=1.000 L=40 M=500";

    @Test
    void whatHasNoRoomIsLeftOutFromTheEnd() {
        assertThat(ProgressDisplay.fitted(WORDS, 200)).isEqualTo(WORDS);
        assertThat(ProgressDisplay.fitted(WORDS, 80)).isEqualTo("Sweep  12 % 5 of 40 cells, 12 cells/s, 40 s left");
        assertThat(ProgressDisplay.fitted(WORDS, 30)).isEqualTo("Sweep  12 % 5 of 40 cells");
        assertThat(ProgressDisplay.fitted(WORDS, 10)).isEqualTo("Sweep  12 ");
    }
}
