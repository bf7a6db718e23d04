package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Interval;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate.Source;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JudgementTest {

    private static final TrustQuestion QUESTION = TrustQuestion.about(
                    new RandomNetwork(Architecture.constant(20, 20, 3), Activations.RELU, new Initialization(2, 0)))
            .mnist(4)
            .build();

    private static KernelChangeEstimate change(double value, int unfinished, int diverged) {
        return change(Source.MEASURED, value, new Interval(value, value), unfinished, diverged);
    }

    private static KernelChangeEstimate change(
            Source source, double value, Interval interval, int unfinished, int diverged) {
        return new KernelChangeEstimate(
                source,
                value,
                interval,
                Double.NaN,
                value,
                value,
                4,
                100,
                32,
                1e-3,
                1000,
                1e-3,
                unfinished,
                diverged,
                Budget.parse("5m"));
    }

    private static PredictionEstimate deviation(double lower, double upper) {
        return new PredictionEstimate((lower + upper) / 2, new Interval(lower, upper), 0.1, 12, 32, 30, 7);
    }

    private static Statement statement(Assumption assumption, Validity validity) {
        return new Statement(assumption, validity, "");
    }

    private static Statement determinism(double lower, double upper, double logDeviation) {
        return Judgement.determinism(lognormal(logDeviation), deviation(lower, upper), QUESTION, OptionalLong.of(1234));
    }

    @Test
    void determinismByTheDeviationOfPredictions() {
        assertThat(determinism(0.3, 0.5, 0.2).validity()).isEqualTo(Validity.HOLDS);
        assertThat(determinism(0.4, 0.6, 0.2).validity()).isEqualTo(Validity.LIMITED);
        assertThat(determinism(0.8, 1.2, 0.2).validity()).isEqualTo(Validity.LIMITED);
        assertThat(determinism(1.1, 1.2, 0.2).validity()).isEqualTo(Validity.FAILS);
        assertThat(determinism(1.1, 1.2, 0.2).reason())
                .contains("in 7 of the 30 directions that training reaches", "width 115 or so brings it under 0.5");
        Statement open = determinism(0.2, 1.2, 0.2);
        assertThat(open.validity()).isEqualTo(Validity.UNKNOWN);
        assertThat(open.reason()).startsWith("not answered, run with a budget of ");
    }

    @Test
    void theDiagonalLowersDeterminismByOneStep() {
        assertThat(determinism(0.3, 0.5, 0.5).validity()).isEqualTo(Validity.LIMITED);
        assertThat(determinism(0.3, 0.5, 0.5).reason()).contains("width 1,234 brings it under 1.1");
        assertThat(determinism(0.3, 0.5, 1).validity()).isEqualTo(Validity.LIMITED);
        assertThat(determinism(0.4, 0.6, 0.5).validity()).isEqualTo(Validity.LIMITED);
        assertThat(determinism(0.4, 0.6, 1).validity()).isEqualTo(Validity.FAILS);
        assertThat(determinism(0.2, 1.2, 1).validity()).isEqualTo(Validity.UNKNOWN);
        // far above 12: draws do not see the mean
        assertThat(determinism(0.01, 0.1, 2.5).validity()).isEqualTo(Validity.FAILS);
    }

    private static RatioEstimate lognormal(double deviation) {
        Random random = new Random(1);
        return RatioEstimate.of(random.doubles(2000)
                .map(u -> Math.exp(deviation * random.nextGaussian()))
                .toArray());
    }

    private static Statement constancy(KernelChangeEstimate change) {
        return Judgement.constancy(change, QUESTION);
    }

    @Test
    void constancyByTheChange() {
        assertThat(constancy(change(0.1, 0, 0)).validity()).isEqualTo(Validity.HOLDS);
        assertThat(constancy(change(0.11, 0, 0)).validity()).isEqualTo(Validity.LIMITED);
        assertThat(constancy(change(0.51, 0, 0)).validity()).isEqualTo(Validity.FAILS);
        Statement diverged = constancy(change(Double.POSITIVE_INFINITY, 0, 2));
        assertThat(diverged.validity()).isEqualTo(Validity.FAILS);
        assertThat(diverged.reason()).isEqualTo("2 of 4 networks diverged at learning rate 0.00100.");
    }

    @Test
    void aTrainingThatRaisesTheLossIsNone() {
        KernelChangeEstimate good = change(0.05, 0, 0);
        KernelChangeEstimate grown = new KernelChangeEstimate(
                good.source(),
                good.value(),
                good.interval(),
                good.exponent(),
                good.lowest(),
                good.largest(),
                good.networks(),
                good.width(),
                good.samples(),
                good.learningRate(),
                good.steps(),
                1e3,
                0,
                0,
                good.sufficient());
        assertThat(constancy(grown).validity()).isEqualTo(Validity.FAILS);
        assertThat(constancy(grown).reason()).contains("training to 1.0e+03 of the initial loss");
    }

    @Test
    void theWholeIntervalMustPass() {
        assertThat(constancy(change(Source.MEASURED, 0.09, new Interval(0.07, 0.12), 0, 0))
                        .validity())
                .isEqualTo(Validity.LIMITED);
        assertThat(constancy(change(Source.MEASURED, 0.6, new Interval(0.4, 0.8), 0, 0))
                        .validity())
                .isEqualTo(Validity.LIMITED);
        Statement open = constancy(change(Source.SMALLER_WIDTHS, 0.2, new Interval(0.05, 0.6), 0, 0));
        assertThat(open.validity()).isEqualTo(Validity.UNKNOWN);
        assertThat(open.reason()).startsWith("not answered: ").endsWith("; run with a budget of 5m.");
    }

    @Test
    void whatTheBudgetDoesNotPayForIsUnknown() {
        double infinite = Double.POSITIVE_INFINITY;
        Statement proxies = constancy(change(Source.NONE, 0.8, new Interval(0, infinite), 0, 0));
        assertThat(proxies.validity()).isEqualTo(Validity.UNKNOWN);
        assertThat(proxies.reason())
                .startsWith("not answered: networks narrow enough")
                .endsWith("a budget of 5m.");
        assertThat(constancy(change(Source.MEASURED, 0.05, new Interval(0.04, infinite), 1, 0))
                        .validity())
                .isEqualTo(Validity.UNKNOWN);
        assertThat(constancy(change(Source.MEASURED, 0.7, new Interval(0.6, infinite), 1, 0))
                        .validity())
                .isEqualTo(Validity.FAILS);
    }

    @Test
    void regressionByTheConditionNumber() {
        assertThat(Judgement.regression(1e5, 1.1, 1e-3).validity()).isEqualTo(Validity.HOLDS);
        assertThat(Judgement.regression(1e6, 1.1, 1e-3).validity()).isEqualTo(Validity.LIMITED);
        assertThat(Judgement.regression(1e8, 1.1, 1e-3).validity()).isEqualTo(Validity.FAILS);
        assertThat(Judgement.regression(Double.POSITIVE_INFINITY, Double.NaN, 1e-3)
                        .validity())
                .isEqualTo(Validity.FAILS);
    }

    @Test
    void theVerdictIsTheWorstOfAllButConditionAloneIsNoRefusal() {
        Statement good = statement(Assumption.DETERMINISM, Validity.HOLDS);
        assertThat(Verdict.of(List.of(good))).isEqualTo(Verdict.TRUST);
        assertThat(Verdict.of(List.of(good, statement(Assumption.CONSTANCY, Validity.LIMITED))))
                .isEqualTo(Verdict.CAUTION);
        assertThat(Verdict.of(List.of(good, statement(Assumption.REGRESSION, Validity.FAILS))))
                .isEqualTo(Verdict.CAUTION);
        assertThat(Verdict.of(List.of(good, statement(Assumption.CONSTANCY, Validity.UNKNOWN))))
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(Verdict.of(List.of(
                        statement(Assumption.DETERMINISM, Validity.FAILS),
                        statement(Assumption.CONSTANCY, Validity.UNKNOWN))))
                .isEqualTo(Verdict.DO_NOT_TRUST);
        assertThat(Verdict.of(List.of(good, statement(Assumption.CONSTANCY, Validity.FAILS))))
                .isEqualTo(Verdict.DO_NOT_TRUST);
        assertThat(Verdict.of(List.of(
                        statement(Assumption.REGRESSION, Validity.LIMITED),
                        statement(Assumption.DETERMINISM, Validity.FAILS))))
                .isEqualTo(Verdict.DO_NOT_TRUST);
    }
}
