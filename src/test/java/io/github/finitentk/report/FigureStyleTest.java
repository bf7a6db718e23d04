package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import org.junit.jupiter.api.Test;

/** Colours judged in CIELAB, as seen with normal vision and with the three kinds of dichromacy. */
class FigureStyleTest {

    /** A difference that is clearly seen; the just noticeable one is about 2.3. */
    private static final double DISTINCT = 10;

    // Linear RGB as seen by protanopes, deuteranopes and tritanopes: Machado, Oliveira and Fernandes (2009), severity
    // 1.
    private static final double[][][] DICHROMACIES = {
        {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
        {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
        {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}
    };
    private static final double[][] IDENTITY = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    @Test
    void bothSidesOfTheStandardScaleGrowDarkerEvenly() {
        ColorScale scale = FigureStyle.STANDARD.around(0, -1, 1);
        double[] before = lab(scale.color(0), IDENTITY);
        double smallest = Double.MAX_VALUE;
        double largest = 0;
        for (int sign : new int[] {-1, 1}) {
            double[] last = before;
            for (int k = 1; k <= 16; k++) {
                double[] now = lab(scale.color(sign * k / 16.0), IDENTITY);
                assertThat(now[0]).as("lightness at %d/16", sign * k).isLessThan(last[0]);
                smallest = Math.min(smallest, distance(last, now));
                largest = Math.max(largest, distance(last, now));
                last = now;
            }
        }
        assertThat(largest / smallest).isLessThan(3);
    }

    @Test
    void theSidesRemainApartForEveryKindOfColourVision() {
        ColorScale scale = FigureStyle.STANDARD.ratio();
        for (double[][] eyes : DICHROMACIES) {
            double[] white = lab(scale.color(2), eyes);
            for (double d = 0.25; d <= 1; d += 0.125) {
                double[] below = lab(scale.color(2 - d), eyes);
                double[] above = lab(scale.color(2 + d), eyes);
                assertThat(distance(below, above)).as("2 - %s and 2 + %s", d, d).isGreaterThan(DISTINCT);
                assertThat(distance(below, white)).isGreaterThan(DISTINCT);
                assertThat(distance(above, white)).isGreaterThan(DISTINCT);
            }
        }
    }

    @Test
    void ratiosReadAlikeInBothStyles() {
        for (FigureStyle style : FigureStyle.values()) {
            ColorScale scale = style.ratio();
            assertThat(lab(scale.color(1), IDENTITY)[0]).isLessThan(20);
            Color red = scale.color(1.5);
            assertThat(red.getRed()).isGreaterThan(2 * red.getBlue());
            assertThat(lab(scale.color(2), IDENTITY)[0]).isGreaterThan(90);
            Color blue = scale.color(2.75);
            assertThat(blue.getBlue()).isGreaterThan(2 * blue.getRed());
            assertThat(scale.isOpenAbove()).isTrue();
            assertThat(scale.isOpenBelow()).isFalse();
        }
    }

    @Test
    void whiteStandsAtTheGivenValueAndBothSidesChangeAtOneRate() {
        ColorScale scale = FigureStyle.PAPER.aroundLog(1, 1e-3, 10);
        ColorScale whole = FigureStyle.PAPER.aroundLog(1, 1e-3, 1e3);
        for (double value : new double[] {1e-3, 1e-2, 0.3, 1, 3, 10}) {
            Color expected = whole.color(value);
            Color seen = scale.color(value);
            // Each scale has 256 levels of its own: at most one level of the steepest part apart.
            assertThat((double) seen.getRed()).isCloseTo(expected.getRed(), within(6.0));
            assertThat((double) seen.getGreen()).isCloseTo(expected.getGreen(), within(6.0));
            assertThat((double) seen.getBlue()).isCloseTo(expected.getBlue(), within(6.0));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> FigureStyle.STANDARD.around(3, 0, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> FigureStyle.STANDARD.aroundLog(1, 0, 2));
    }

    private static double distance(double[] a, double[] b) {
        return Math.sqrt(Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    /** CIELAB (D65) of a colour after a transformation of linear RGB. */
    private static double[] lab(Color color, double[][] eyes) {
        double[] linear = new double[3];
        int[] srgb = {color.getRed(), color.getGreen(), color.getBlue()};
        for (int k = 0; k < 3; k++) {
            double v = srgb[k] / 255.0;
            linear[k] = v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
        }
        double[] rgb = times(eyes, linear);
        for (int k = 0; k < 3; k++) {
            rgb[k] = Math.min(1, Math.max(0, rgb[k]));
        }
        double[] xyz = times(
                new double[][] {
                    {0.4124564, 0.3575761, 0.1804375},
                    {0.2126729, 0.7151522, 0.0721750},
                    {0.0193339, 0.1191920, 0.9503041}
                },
                rgb);
        double fx = f(xyz[0] / 0.95047);
        double fy = f(xyz[1]);
        double fz = f(xyz[2] / 1.08883);
        return new double[] {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
    }

    private static double f(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static double[] times(double[][] matrix, double[] vector) {
        double[] product = new double[3];
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++) {
                product[i] += matrix[i][k] * vector[k];
            }
        }
        return product;
    }
}
