package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgPathsTest {

    @Test
    void rectanglesBecomeShort() {
        assertThat(SvgPaths.shorten("M1 2 L5 2 L5 6 L1 6 L1 2 ZM7 2 L9 2 L9 -3.5 L7 -3.5 L7 2 Z"))
                .isEqualTo("M1 2H5V6H1ZM7 2H9V-3.5H7Z");
    }

    @Test
    void curvesAreKept() {
        assertThat(SvgPaths.shorten("M1 2 Q3 4 5 6 L8 9 C1 2 3 4 5 6 L1 2 Z"))
                .isEqualTo("M1 2Q3 4 5 6L8 9C1 2 3 4 5 6Z");
    }

    @Test
    void anOpenShapeKeepsItsLastLine() {
        assertThat(SvgPaths.shorten("M1 2 L5 2 L5 6 L1 2")).isEqualTo("M1 2H5V6L1 2");
    }

    @Test
    void whatIsNotUnderstoodIsPassedOn() {
        String relative = "m1 2 l5 2";
        assertThat(SvgPaths.shorten(relative)).isEqualTo(relative);
    }
}
