package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {

    @ParameterizedTest
    @CsvSource({
        "20s, 20, 20s",
        "90s, 90, 90s",
        "5m, 300, 5m",
        "1.5h, 5400, 90m",
        "0.25s, 0.25, 0.25s",
        "48h, 172800, 48h"
    })
    void readsNumbersWithTheirUnits(String text, double seconds, String shown) {
        Budget budget = Budget.parse(text);
        assertThat(budget.seconds()).isEqualTo(seconds);
        assertThat(budget).hasToString(shown);
        assertThat(Budget.parse(budget.toString())).isEqualTo(budget);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "s", "-5s", "0s", "5 minutes", "1e3s", "NaNs", "9999999h", ""})
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Budget.parse(text))
                .withMessageMatching("A budget is .*");
    }

    @Test
    void coveringIsTheNextRoundTime() {
        double second = new Budget(1).products();
        assertThat(Budget.covering(0)).hasToString("1s");
        assertThat(Budget.covering(21 * second)).hasToString("30s");
        assertThat(Budget.covering(90 * second)).hasToString("90s");
        assertThat(Budget.covering(91 * second)).hasToString("2m");
        assertThat(Budget.covering(200 * second)).hasToString("5m");
        assertThat(Budget.covering(3 * 3600 * second)).hasToString("5h");
        assertThat(Budget.covering(1e9 * second).seconds()).isLessThanOrEqualTo(366 * 86400);
    }
}
