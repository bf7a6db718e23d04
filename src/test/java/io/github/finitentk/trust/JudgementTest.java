package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.sampling.RatioEstimate;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JudgementTest {

    private static KernelChangeEstimate change(double value, int unfinished, int diverged) {
        return new KernelChangeEstimate(
                value, value, value, 4, 100, false, 32, 1e-3, 1000, 1e-3, 0.5, unfinished, diverged);
    }

    private static Statement statement(Claim claim, Standing standing) {
        return new Statement(claim, standing, "");
    }

    @Test
    void determinismByTheRatio() {
        // log-normal: the ratio is exp(s^2)
        assertThat(Judgement.determinism(lognormal(0.2), 1.1, OptionalLong.empty())
                        .standing())
                .isEqualTo(Standing.HOLDS);
        assertThat(Judgement.determinism(lognormal(0.5), 1.1, OptionalLong.of(1234))
                        .reason())
                .contains("width 1,234 brings");
        assertThat(Judgement.determinism(lognormal(0.5), 1.1, OptionalLong.empty())
                        .standing())
                .isEqualTo(Standing.LIMITED);
        assertThat(Judgement.determinism(lognormal(1), 1.1, OptionalLong.empty())
                        .standing())
                .isEqualTo(Standing.FAILS);
    }

    private static RatioEstimate lognormal(double deviation) {
        Random random = new Random(1);
        return RatioEstimate.of(random.doubles(2000)
                .map(u -> Math.exp(deviation * random.nextGaussian()))
                .toArray());
    }

    @Test
    void constancyByTheChange() {
        assertThat(Judgement.constancy(change(0.1, 0, 0), 100).standing()).isEqualTo(Standing.HOLDS);
        assertThat(Judgement.constancy(change(0.11, 0, 0), 100).standing()).isEqualTo(Standing.LIMITED);
        assertThat(Judgement.constancy(change(0.51, 0, 0), 100).standing()).isEqualTo(Standing.FAILS);
        assertThat(Judgement.constancy(change(Double.NaN, 4, 0), 100).standing())
                .isEqualTo(Standing.FAILS);
        Statement diverged = Judgement.constancy(change(Double.POSITIVE_INFINITY, 0, 2), 100);
        assertThat(diverged.standing()).isEqualTo(Standing.FAILS);
        assertThat(diverged.reason()).isEqualTo("2 of 4 networks diverged at learning rate 0.00100.");
    }

    @Test
    void regressionByTheConditionNumber() {
        assertThat(Judgement.regression(1e5, 1.1, 1e-3).standing()).isEqualTo(Standing.HOLDS);
        assertThat(Judgement.regression(1e6, 1.1, 1e-3).standing()).isEqualTo(Standing.LIMITED);
        assertThat(Judgement.regression(1e8, 1.1, 1e-3).standing()).isEqualTo(Standing.FAILS);
        assertThat(Judgement.regression(Double.POSITIVE_INFINITY, Double.NaN, 1e-3)
                        .standing())
                .isEqualTo(Standing.FAILS);
    }

    @Test
    void theVerdictIsTheWorstOfAllButConditionAloneIsNoRefusal() {
        Statement good = statement(Claim.DETERMINISM, Standing.HOLDS);
        assertThat(Verdict.of(List.of(good))).isEqualTo(Verdict.TRUST);
        assertThat(Verdict.of(List.of(good, statement(Claim.CONSTANCY, Standing.LIMITED))))
                .isEqualTo(Verdict.CAUTION);
        assertThat(Verdict.of(List.of(good, statement(Claim.REGRESSION, Standing.FAILS))))
                .isEqualTo(Verdict.CAUTION);
        assertThat(Verdict.of(List.of(good, statement(Claim.CONSTANCY, Standing.FAILS))))
                .isEqualTo(Verdict.DO_NOT_TRUST);
        assertThat(Verdict.of(List.of(
                        statement(Claim.REGRESSION, Standing.LIMITED), statement(Claim.DETERMINISM, Standing.FAILS))))
                .isEqualTo(Verdict.DO_NOT_TRUST);
    }
}
