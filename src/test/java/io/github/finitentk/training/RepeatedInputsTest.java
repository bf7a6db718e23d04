package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The loss is a mean over inputs, so training on every input several times is training on each once. */
class RepeatedInputsTest {

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Engine engine : List.of(Engine.single(Backend.fastest()), Engine.single(Backend.pureJava()))) {
            for (Integrator integrator : List.of(Integrator.GD, Integrator.FLOW)) {
                cases.add(Arguments.of(engine, integrator, 24, 4));
                cases.add(Arguments.of(engine, integrator, 1, 128));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} {1}, {2} inputs {3} times")
    @MethodSource("cases")
    void trainLikeEachInputOnce(Engine engine, Integrator integrator, int distinct, int times) {
        TrainingResult once = train(engine, integrator, distinct, 1);
        TrainingResult repeated = train(engine, integrator, distinct, times);
        assertThat(repeated.steps()).isEqualTo(once.steps());
        assertThat(repeated.aMaxStart()).isCloseTo(once.aMaxStart(), within(1e-11 * once.aMaxStart()));
        // the integrator estimates its errors with norms over the inputs, and chooses other steps for more of them
        double tolerance = integrator == Integrator.GD ? 1e-10 : 1e-3;
        assertThat(repeated.finalLoss()).isCloseTo(once.finalLoss(), within(tolerance * once.finalLoss()));
        for (int i = 0; i < once.kernelChange().size(); i++) {
            double change = once.kernelChange().get(i).value();
            assertThat(repeated.kernelChange().get(i).value()).isCloseTo(change, within(tolerance * change));
        }
    }

    private static TrainingResult train(Engine engine, Integrator integrator, int distinct, int times) {
        Dataset digits =
                Mnist.embedded().first(distinct).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.DIGIT);
        Inputs x = digits.inputs();
        double[] y = new double[times * distinct];
        for (int k = 0; k < times; k++) {
            x = k == 0 ? x : x.followedBy(digits.inputs());
            System.arraycopy(digits.targets().toArray(), 0, y, k * distinct, distinct);
        }
        TrainingProblem problem = TrainingProblem.draw(
                new RandomNetwork(
                        Architecture.constant(digits.inputDim(), 16, 3),
                        Activations.TANH,
                        new Initialization(1.6, 0.2)),
                new Dataset(x, y),
                Seed.of(5),
                1);
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(2e-5)
                .maxSteps(400)
                .minDecrease(0)
                .snapshots(10, 100)
                .integrator(integrator)
                .build();
        return Training.train(problem, plan, engine).get(0);
    }
}
