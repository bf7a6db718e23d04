package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import org.junit.jupiter.api.Test;

/** What no array can hold is refused on machines whose memory would hold it, too. */
class ArrayLimitsTest {

    private static BatchShape shape(Architecture architecture, int inputs) {
        return new BatchShape(architecture, Activations.TANH, Precision.F64, 1, inputs);
    }

    @Test
    void kernelsParametersAndStates() {
        Architecture small = Architecture.of(5, 4, 1);
        assertThatCode(() -> shape(small, 46340).requireKernel()).doesNotThrowAnyException();
        for (int inputs : new int[] {46341, 65536, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> shape(small, inputs).requireKernel())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A kernel of " + inputs + " inputs has more numbers than one array can hold"
                            + " (2147483639).");
        }
        assertThatThrownBy(() -> shape(Architecture.constant(5, 46341, 3), 1).requireArrays())
                .hasMessageContaining("parameters has more numbers than one array can hold");
        assertThatThrownBy(() -> shape(Architecture.of(1_000_000, 1), 10_000).requireArrays())
                .hasMessage("A layer of width 1000000 at 10000 inputs has more numbers than one array can hold"
                        + " (2147483639).");
    }
}
