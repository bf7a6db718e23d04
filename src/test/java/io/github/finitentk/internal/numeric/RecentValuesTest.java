package io.github.finitentk.internal.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentValuesTest {

    private final List<Double> computed = new ArrayList<>();

    private final RecentValues<String> values = new RecentValues<>(2, x -> {
        computed.add(x);
        if (x < 0) {
            throw new IllegalArgumentException("negative");
        }
        return x == 0 ? null : "f(" + x + ")";
    });

    @Test
    void theValuesUsedLastAreKept() {
        for (double x : new double[] {1, 2, 1, 2, 1, 3, 1}) {
            assertThat(values.apply(x)).isEqualTo("f(" + x + ")");
        }
        assertThat(computed).containsExactly(1.0, 2.0, 3.0);
        values.apply(2);
        assertThat(computed).containsExactly(1.0, 2.0, 3.0, 2.0);
    }

    @Test
    void nothingIsAValueAndAFailureIsNone() {
        assertThat(values.apply(0)).isNull();
        assertThat(values.apply(0)).isNull();
        assertThat(computed).containsExactly(0.0);
        for (int time = 1; time <= 2; time++) {
            assertThatThrownBy(() -> values.apply(-1)).hasMessage("negative");
        }
        assertThat(computed).containsExactly(0.0, -1.0, -1.0);
    }
}
