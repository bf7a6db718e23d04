package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.internal.numeric.Checksums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivationBitsTest {

    /** By activation code; the same constants are in activations_test.cpp. */
    private static final long[] EXPECTED_64 = {
        0x7e1485256cf36ca1L, 0xe8953dd58177a765L, 0xd94b3158f1664a34L, 0xd449be5a7797bef5L,
        0xd956c9a3c299fc72L, 0xa39c8d92b17b628bL, 0x3b2d8cde44ff82bcL, 0x18455f4dcf716bb5L
    };

    private static final long[] EXPECTED_32 = {
        0x8e543c1100871df4L, 0x3e9028c4463a318bL, 0x712fb3f3097d5ff9L, 0x738cf49b0fe2de8dL,
        0x9804ee3a97a8ac8aL, 0xffa64244412cf987L, 0x990b10f2a07048b3L, 0x745705ba33fc1a10L
    };

    private static List<Activation> byCode() {
        List<Activation> all = new ArrayList<>();
        all.add(Activations.abRelu(-0.25, 1.5));
        all.addAll(List.of(SmoothActivation.values()));
        return all;
    }

    @Test
    void doublesAreBitIdenticalToTheNativeCore() {
        for (int code = 0; code < EXPECTED_64.length; code++) {
            double[] values = Checksums.inputs();
            double[] derivatives = new double[values.length];
            byCode().get(code).apply(values, derivatives, 0, values.length);
            Checksums sum = new Checksums();
            for (int i = 0; i < values.length; i++) {
                sum.add(values[i]);
                sum.add(derivatives[i]);
            }
            assertThat(sum.value()).as(byCode().get(code).label()).isEqualTo(EXPECTED_64[code]);
        }
    }

    @Test
    void floatsAreBitIdenticalToTheNativeCore() {
        for (int code = 0; code < EXPECTED_32.length; code++) {
            double[] inputs = Checksums.inputs();
            float[] values = new float[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                values[i] = (float) inputs[i];
            }
            float[] derivatives = new float[values.length];
            byCode().get(code).apply(values, derivatives, 0, values.length);
            Checksums sum = new Checksums();
            for (int i = 0; i < values.length; i++) {
                sum.add(values[i]);
                sum.add(derivatives[i]);
            }
            assertThat(sum.value()).as(byCode().get(code).label()).isEqualTo(EXPECTED_32[code]);
        }
    }

    @Test
    void oneNumberAtATimeGivesTheSameAsTheLoop() {
        for (Activation activation : byCode()) {
            double[] h = Checksums.inputs();
            double[] values = h.clone();
            double[] derivatives = new double[h.length];
            activation.apply(values, derivatives, 0, h.length);
            for (int i = 0; i < h.length; i++) {
                assertThat(Double.doubleToLongBits(activation.value(h[i])))
                        .isEqualTo(Double.doubleToLongBits(values[i]));
                assertThat(Double.doubleToLongBits(activation.derivative(h[i])))
                        .isEqualTo(Double.doubleToLongBits(derivatives[i]));
            }
        }
    }

    @Test
    void loopsTouchOnlyTheirRange() {
        for (Activation activation : byCode()) {
            double[] values = {9, 9, 0.5, -0.5, 9};
            double[] derivatives = {9, 9, 9, 9, 9};
            activation.apply(values, derivatives, 2, 2);
            assertThat(values).containsExactly(9, 9, activation.value(0.5), activation.value(-0.5), 9);
            assertThat(derivatives).containsExactly(9, 9, activation.derivative(0.5), activation.derivative(-0.5), 9);
        }
    }

    @Test
    void reluIsZeroAtMinusInfinity() {
        assertThat(Activations.RELU.value(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(Activations.RELU.value(Double.NaN)).isNaN();
        assertThat(Activations.RELU.derivative(0)).isZero();
    }
}
