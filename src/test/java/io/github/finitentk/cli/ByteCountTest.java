package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.compute.InsufficientMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCountTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "500k, 500000",
        "2g, 2000000000",
        "1.5G, 1500000000",
        "3mb, 3000000",
        "1t, 1000000000000",
        "0.002k, 2",
    })
    void unitsArePowersOf1000(String text, long bytes) {
        assertThat(ByteCount.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "0", "0g", "-1g", "much", "1e9", "1 g", "1gg", "1.g", "999999999999t"})
    void whatIsNoAmountIsRefused(String text) {
        assertThatThrownBy(() -> ByteCount.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("An amount of memory is a number of bytes, or one with k, m, g or t, such as 2g, not \""
                        + text + "\".");
    }

    @Test
    void whatTheProcessHasAlreadyIsNotLeft() {
        assertThat(ByteCount.parse("100g").left()).isBetween(90_000_000_000L, 100_000_000_000L);
        assertThatThrownBy(() -> ByteCount.parse("1m").left())
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageStartingWith("--memory must be more than the ")
                .hasMessageEndingWith(" that the virtual machine and the data take already, not 1.0 MB.");
    }
}
