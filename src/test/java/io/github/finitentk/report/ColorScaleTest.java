package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ColorScaleTest {

    @Test
    void thePapersScaleReadsBlackRedWhiteBlue() {
        ColorScale scale = ColorScale.paper();
        assertThat(scale.color(1)).isEqualTo(Color.BLACK);
        Color red = scale.color(1.5);
        assertThat(red.getRed()).isGreaterThan(200);
        assertThat(red.getBlue() + red.getGreen()).isLessThan(100);
        assertThat(Math.min(scale.color(2).getRed(), scale.color(2).getBlue())).isGreaterThan(250);
        Color blue = scale.color(3);
        assertThat(blue.getBlue()).isGreaterThan(170);
        assertThat(blue.getRed()).isLessThan(20);
        assertThat(scale.isOpenAbove()).isTrue();
    }

    @Test
    void valuesBeyondTheLimitsTakeTheColourOfTheEnd() {
        ColorScale scale = ColorScale.paper();
        assertThat(scale.color(1e300)).isEqualTo(scale.color(3));
        assertThat(scale.color(Double.POSITIVE_INFINITY)).isEqualTo(scale.color(3));
        assertThat(scale.color(0.5)).isEqualTo(Color.BLACK);
        assertThatIllegalArgumentException().isThrownBy(() -> scale.color(Double.NaN));
    }

    @Test
    void viridisMatchesThePublishedTableAndGrowsLighter() {
        ColorScale scale = ColorScale.viridis(0, 1);
        assertThat(scale.color(0)).isEqualTo(new Color(0x440154));
        assertThat(scale.color(1)).isEqualTo(new Color(0xfde725));
        // Entry 128 of the published table, which is not among the control points.
        Color middle = scale.level(128);
        assertThat(middle.getRed()).isCloseTo(33, org.assertj.core.data.Offset.offset(5));
        assertThat(middle.getGreen()).isCloseTo(145, org.assertj.core.data.Offset.offset(5));
        assertThat(middle.getBlue()).isCloseTo(140, org.assertj.core.data.Offset.offset(5));
        double before = -1;
        for (int k = 0; k < scale.levels(); k += 5) {
            Color c = scale.level(k);
            double luminance = 0.2126 * Math.pow(c.getRed(), 2.2)
                    + 0.7152 * Math.pow(c.getGreen(), 2.2)
                    + 0.0722 * Math.pow(c.getBlue(), 2.2);
            assertThat(luminance).isGreaterThan(before);
            before = luminance;
        }
    }

    @Test
    void aLogarithmicScaleHasItsMiddleAtTheGeometricMean() {
        ColorScale scale = ColorScale.viridis(1e-4, 1e2).logarithmic();
        assertThat(scale.position(0.1)).isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(scale.position(0)).isZero();
        assertThat(scale.color(0.1)).isEqualTo(ColorScale.viridis(0, 1).color(0.5));
        assertThat(scale.reversed().color(1e2)).isEqualTo(scale.color(1e-4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ColorScale.viridis(0, 1).logarithmic());
    }

    @Test
    void limitsMustBeInOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> ColorScale.viridis(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ColorScale.viridis(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ColorScale.viridis(0, Double.POSITIVE_INFINITY));
    }
}
