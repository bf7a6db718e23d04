package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NaiveNetwork;
import io.github.finitentk.meanfield.PhaseAnalysis.Phase;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.trust.NetworkReport.Movement;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkReportTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static Network random(Activation activation, double sigmaW2, double sigmaB2, int... widths) {
        return new RandomNetwork(Architecture.of(widths), activation, new Initialization(sigmaW2, sigmaB2))
                .sample(Seed.of(3));
    }

    private static Dataset data(int samples, int dimension, int outputs) {
        double[] targets =
                new SplittableRandom(5).doubles((long) samples * outputs, -1, 1).toArray();
        return new Dataset(Inputs.onSphere(samples, dimension, Seed.of(4)), Targets.of(samples, outputs, targets));
    }

    private static Network moved(Network network, double scale) {
        double[] steps = new SplittableRandom(6)
                .doubles(network.parameters().length, -scale, scale)
                .toArray();
        double[] parameters = network.parameters();
        Arrays.setAll(parameters, i -> parameters[i] + steps[i]);
        return new Network(network.architecture(), parameters).with(network.activation());
    }

    private static Network trained(Network network, Dataset data, double rate, int steps) {
        TrainingPlan plan = TrainingPlan.TO_THE_END.toBuilder()
                .integrator(Integrator.GD)
                .learningRate(rate)
                .maxSteps(steps)
                .build();
        try (Training training = Training.start(new TrainingProblem(data, List.of(network)), plan, ENGINE)) {
            training.run(() -> false);
            return training.network(0);
        }
    }

    private static NetworkReport report(NetworkQuestion question) {
        return NetworkReport.of(question, ENGINE, () -> false);
    }

    /** The central difference of the definitions, which is off by the square of the step. */
    @ParameterizedTest
    @CsvSource({"tanh", "erf", "sin"})
    void theLinearNetworkIsTheDerivativeAlongTheChangeOfWeights(String name) {
        Activation activation = Activations.parse(name);
        Network initial = random(activation, 1.5, 0.3, 5, 7, 6, 3);
        Network trained = moved(initial, 0.5);
        Inputs x = Inputs.onSphere(67, 5, Seed.of(1));
        double[][] linear = Linearization.outputs(initial, trained, x, ENGINE);
        double step = 1e-5;
        for (int s : new int[] {0, 1, 63, 64, 66}) {
            double[] input = Arrays.copyOfRange(x.toArray(), 5 * s, 5 * s + 5);
            double[] above = at(initial, trained, step, input);
            double[] below = at(initial, trained, -step, input);
            double[] start = at(initial, trained, 0, input);
            for (int k = 0; k < 3; k++) {
                assertThat(linear[s][k]).isCloseTo(start[k] + (above[k] - below[k]) / (2 * step), within(1e-8));
            }
        }
    }

    private static double[] at(Network initial, Network trained, double step, double[] input) {
        double[] from = initial.parameters();
        double[] to = trained.parameters();
        double[] weights = new double[from.length];
        Arrays.setAll(weights, i -> from[i] + step * (to[i] - from[i]));
        return new NaiveNetwork(initial.architecture(), initial.activation(), weights).outputs(input);
    }

    /** A network without hidden layers is linear in its weights: its kernel stands still and the theory is exact. */
    @Test
    void ofLinearNetworksTheTheoryIsExact() {
        Network initial = random(Activations.TANH, 1, 0.5, 6, 3);
        Dataset data = data(5, 6, 3);
        Inputs tests = Inputs.onSphere(7, 6, Seed.of(8));
        NetworkReport report = report(NetworkQuestion.about(trained(initial, data, 0.4, 2000), data)
                .initial(initial)
                .testInputs(tests)
                .build());
        Movement moved = report.movement().orElseThrow();
        assertThat(moved.kernelChange()).isLessThan(1e-14);
        assertThat(moved.linearizationError()).isLessThan(1e-13);
        assertThat(moved.predictionError()).as("at convergence").isLessThan(1e-9);
        assertThat(moved.loss()).isLessThan(1e-15);
        assertThat(report.laziness()).isEqualTo("lazy");

        Movement early = report(NetworkQuestion.about(trained(initial, data, 1e-4, 2000), data)
                        .initial(initial)
                        .testInputs(tests)
                        .trainedBy(1e-4, 2000)
                        .build())
                .movement()
                .orElseThrow();
        assertThat(early.predictionError())
                .as("gradient flow for a time of 0.2")
                .isLessThan(1e-3);
        assertThat(early.loss()).isGreaterThan(0.01);
    }

    /** In the theory's regime what it predicts from the start alone is what gradient descent gives. */
    @Test
    void wideNetworksAreLazyAndPredicted() {
        Network initial = random(Activations.TANH, 1.5, 0.1, 8, 1024, 1024, 2);
        Dataset data = data(6, 8, 2);
        double rate = 0.3 * report(NetworkQuestion.about(initial, data).build()).largestStableRate();
        NetworkReport report = report(NetworkQuestion.about(trained(initial, data, rate, 20), data)
                .initial(initial)
                .trainedBy(rate, 20)
                .build());
        Movement moved = report.movement().orElseThrow();
        assertThat(moved.kernelChange()).isLessThan(0.1);
        assertThat(moved.linearizationError()).isLessThan(0.1);
        assertThat(moved.predictionError()).isBetween(1e-5, 0.05);
        assertThat(report.laziness()).isEqualTo("lazy");
        assertThat(report.verdict()).isEqualTo(Verdict.TRUST);
        assertThat(report.estimated()).isTrue();
        assertThat(report.initialization().sigmaW2()).isCloseTo(1.5, within(4 * report.sigmaW2Error()));
        assertThat(report.phase()).isEqualTo(Phase.ORDERED);
    }

    /** A kernel whose norm hardly moves does not save a training that the theory does not predict. */
    @Test
    void theWorseOfKernelAndPredictionDecides() {
        Statement said = constancy(0.05, 0.7, 0.6, Optional.of(9));
        assertThat(said.validity()).isEqualTo(Validity.FAILS);
        assertThat(said.reason())
                .isEqualTo(
                        "training moved the kernel by 5.0 % of its norm on these 100 inputs; of what it changed of the outputs (at 9"
                                + " test inputs) the theory's prediction from the start alone misses 60 %, the network that is linear in its"
                                + " weights, taken at the trained ones, 70 %.");
        assertThat(constancy(0.2, 0.9, 0.01, Optional.empty()).validity()).isEqualTo(Validity.LIMITED);
        assertThat(constancy(0.6, 0.01, 0.01, Optional.empty()).validity()).isEqualTo(Validity.FAILS);
    }

    @Test
    void withoutAPredictionTheLinearNetworkLowersByOneStep() {
        Statement said = constancy(0.05, 1.5, Double.NaN, Optional.empty());
        assertThat(said.validity()).isEqualTo(Validity.LIMITED);
        assertThat(said.reason())
                .isEqualTo(
                        "training moved the kernel by 5.0 % of its norm on these 100 inputs; of what it changed of the outputs the"
                                + " network that is linear in its weights, taken at the trained ones, misses 150 %.");
        assertThat(constancy(0.2, 0.6, Double.NaN, Optional.empty()).validity()).isEqualTo(Validity.FAILS);
        assertThat(constancy(0.2, 0.3, Double.NaN, Optional.empty()).validity()).isEqualTo(Validity.LIMITED);
    }

    private static Statement constancy(double change, double linear, double predicted, Optional<Integer> tests) {
        Movement moved = new Movement(change, 0, 0.1, linear, predicted, 1, 0, Double.NaN, Double.NaN);
        return NetworkJudgement.constancy(Optional.of(moved), 100, tests);
    }

    @Test
    void withoutTheNetworkBeforeTrainingConstancyIsUnknown() {
        Network network = random(Activations.RELU, 2, 0, 5, 64, 64, 1);
        NetworkReport report =
                report(NetworkQuestion.about(network, data(8, 5, 1)).build());
        assertThat(report.movement()).isEmpty();
        assertThat(report.laziness()).isEqualTo("unknown");
        assertThat(report.on(Assumption.CONSTANCY).validity()).isEqualTo(Validity.UNKNOWN);
        assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(report.phase()).as("within the error of the estimate").isEqualTo(Phase.EDGE);
        NetworkReport given = report(NetworkQuestion.about(network, data(8, 5, 1))
                .initialization(new Initialization(1.9, 0))
                .build());
        assertThat(given.phase()).isEqualTo(Phase.ORDERED);
        assertThat(given.distanceToBorder()).isCloseTo(-0.1, within(1e-9));
        assertThat(given.estimated()).isFalse();
    }

    @Test
    void nothingThatChangedIsLazy() {
        Network network = random(Activations.ERF, 1, 0, 5, 20, 1);
        Movement moved = report(NetworkQuestion.about(network, data(8, 5, 1))
                        .initial(network)
                        .build())
                .movement()
                .orElseThrow();
        assertThat(moved.kernelChange()).isZero();
        assertThat(moved.weightChange()).isZero();
        assertThat(moved.linearizationError()).isNaN();
    }

    @Test
    void classesAreTargets() {
        Network network = random(Activations.RELU, 2, 0, 5, 16, 3);
        Dataset classes = new Dataset(Inputs.onSphere(4, 5, Seed.of(2)), Targets.of(new double[] {2, 0, 1, 2}));
        Movement moved = report(NetworkQuestion.about(moved(network, 0.01), classes)
                        .initial(network)
                        .build())
                .movement()
                .orElseThrow();
        assertThat(4 * moved.accuracy()).isIn(0.0, 1.0, 2.0, 3.0, 4.0);
    }

    @Test
    void unsuitableQuestionsAreRefused() {
        Network network = random(Activations.RELU, 2, 0, 5, 16, 3);
        Dataset data = data(4, 5, 3);
        assertThatThrownBy(() -> NetworkQuestion.about(network, data)
                        .initial(random(Activations.RELU, 2, 0, 5, 17, 3))
                        .build())
                .hasMessage(
                        "The network has the widths [5, 16, 3], but before training [5, 17, 3]; it must be the same network.");
        assertThatThrownBy(() -> NetworkQuestion.about(network, data)
                        .initial(random(Activations.TANH, 2, 0, 5, 16, 3))
                        .build())
                .hasMessage(
                        "The network has the activation relu, but before training tanh; it must be the same network.");
        assertThatThrownBy(() -> NetworkQuestion.about(network, data(4, 5, 2)).build())
                .hasMessageStartingWith("A network of 3 output(s) takes targets of shape (S, 3)");
        assertThatThrownBy(() -> NetworkQuestion.about(network, data(4, 6, 3)).build())
                .hasMessageStartingWith("Inputs of dimension 5 are needed");
        assertThatThrownBy(() ->
                        NetworkQuestion.about(network, data).trainedBy(0.1, 10).build())
                .hasMessage("What the theory predicts of a training takes the network before it, too.");
        assertThatThrownBy(() -> NetworkQuestion.about(network, data)
                        .initial(network)
                        .trainedBy(-1, 10)
                        .build())
                .hasMessage(
                        "The learning rate must be a positive finite number and the steps at least 1, not -1.0 and 10.");
        assertThatThrownBy(
                        () -> NetworkQuestion.about(network, data).tolerance(2).build())
                .hasMessageStartingWith("The tolerated ratio");
        Network zero = new Network(Architecture.of(5, 3), new double[18]).with(Activations.RELU);
        assertThatThrownBy(() -> report(NetworkQuestion.about(zero, data).build()))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("All weights of this network are 0: it has no phase.");
    }
}
