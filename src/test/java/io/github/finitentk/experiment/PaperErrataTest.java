package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import org.junit.jupiter.api.Test;

class PaperErrataTest {

    @Test
    void thePrintedErfRecursionIsRightForOneInputAndWrongForTwo() {
        PaperErrata.Recursion printed = PaperErrata.erf(2, 0.5, 0.6, 10);
        MeanField theory = new MeanField(Activations.ERF, new Initialization(2, 0.5));
        PairPropagation right = theory.propagate(1, 1, 0.6, 10);
        Architecture constant = Architecture.constant(50, 50, 10);
        assertThat(printed.q()).containsExactly(right.first().q(), within(1e-12));
        assertThat(printed.p()).containsExactly(right.first().p(), within(1e-12));
        assertThat(printed.kappa1()).isCloseTo(right.first().kappa1(constant), within(1e-12));
        assertThat(Math.abs(printed.qSr()[1] - right.q()[1])).isGreaterThan(1e-2);
        // and it contradicts itself: equal inputs must have q_sr = q
        PaperErrata.Recursion equal = PaperErrata.erf(2, 0.5, 1, 10);
        assertThat(Math.abs(equal.qSr()[1] - equal.q()[1])).isGreaterThan(1e-2);
    }

    @Test
    void theCovarianceIsOneOfNormalisedInputs() {
        assertThatThrownBy(() -> PaperErrata.erf(1, 1, 2, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
