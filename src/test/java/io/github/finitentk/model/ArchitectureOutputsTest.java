package io.github.finitentk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ArchitectureOutputsTest {

    @Test
    void theLastWidthIsTheNumberOfOutputs() {
        Architecture classifier = Architecture.of(784, 100, 50, 10);
        assertThat(classifier.outputs()).isEqualTo(10);
        assertThat(classifier.parameterCount()).isEqualTo(784 * 100 + 100 + 100 * 50 + 50 + 50 * 10 + 10);
        assertThat(classifier.truncated(2)).isEqualTo(Architecture.of(784, 100, 10));
        assertThat(classifier.withOutputs(1)).isEqualTo(Architecture.of(784, 100, 50, 1));
        assertThat(Architecture.constant(4, 7, 3).withOutputs(2)).isEqualTo(Architecture.of(4, 7, 7, 2));
        assertThat(classifier.maxHiddenWidth()).isEqualTo(100);
        assertThat(classifier.alpha()).isEqualTo(classifier.withOutputs(1).alpha());
    }

    @Test
    void whatIsAboutOneOutputRefusesOthers() {
        Architecture.of(3, 1).requireOneOutput("Training");
        assertThatThrownBy(() -> Architecture.of(3, 4).requireOneOutput("Training"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Training is about networks of one output, not of K = 4.");
        assertThatThrownBy(() -> Architecture.of(3, 4).withOutputs(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
