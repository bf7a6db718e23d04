package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Trainings end where PyTorch's do; the file is written by {@code scripts/training_trajectories.py}. */
class PyTorchTrajectoriesTest {

    private static final int SAMPLES = 7;
    private static final int STEPS = 40;

    static List<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        try (InputStream file = PyTorchTrajectoriesTest.class.getResourceAsStream("pytorch-trajectories.json")) {
            for (JsonNode node : new ObjectMapper().readTree(file)) {
                String name = node.get("optimizer").asText() + " "
                        + node.get("loss").asText() + " " + node.get("batch").asInt();
                Stream.of(Backend.fastest(), Backend.pureJava())
                        .distinct()
                        .forEach(backend -> cases.add(Arguments.of(name, backend, node)));
            }
        }
        return cases;
    }

    private static double[] formula(long count, int shift) {
        double[] numbers = new double[(int) count];
        Arrays.setAll(numbers, i -> ((7 * i + shift) % 23 - 11) / 12.0);
        return numbers;
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        Arrays.setAll(numbers, i -> array.get(i).asDouble());
        return numbers;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void trainingsEndWherePyTorchsDo(String name, Backend backend, JsonNode expected) {
        Architecture architecture = Architecture.of(Arrays.stream(numbers(expected.get("widths")))
                .mapToInt(width -> (int) width)
                .toArray());
        Network network = new Network(architecture, formula(architecture.parameterCount(), 3)).with(Activations.TANH);
        Dataset data = new Dataset(
                Inputs.of(SAMPLES, architecture.inputDim(), formula(SAMPLES * (long) architecture.inputDim(), 1)),
                Targets.of(SAMPLES, architecture.outputs(), numbers(expected.get("targets"))),
                "formula",
                "none",
                "given");
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(0.02)
                .maxSteps(STEPS)
                .minDecrease(0)
                .patience(STEPS)
                .snapshots(5, 10)
                .integrator(Integrator.GD)
                .optimizer(Optimizer.of(
                        Optimizer.Kind.parse(expected.get("optimizer").asText()), null, null, null, null))
                .loss(LossConvention.parse(expected.get("loss").asText()))
                .batch(expected.get("batch").asInt(), Seed.of(11))
                .build();
        TrainingProblem problem = new TrainingProblem(data, List.of(network));
        TrainingResult result = check(problem, plan, backend, expected, 1e-10);
        assertThat(result.kernelChange()).extracting(change -> change.step()).containsExactly(5L, 10L, 40L);
        assertThat(result.losses().get(0).step()).isZero();
        check(problem, plan.toBuilder().precision(Precision.F32).build(), backend, expected, 1e-4);
    }

    private static TrainingResult check(
            TrainingProblem problem, TrainingPlan plan, Backend backend, JsonNode expected, double tolerance) {
        try (Training training = Training.start(problem, plan, Engine.single(backend))) {
            // Interrupted and taken up at every opportunity.
            byte[] state = training.checkpoint();
            assertThat(training.run(() -> false)).isTrue();
            TrainingResult result = training.results().get(0);
            double[] parameters = training.network(0).parameters();
            double[] theirs = numbers(expected.get("parameters"));
            for (int i = 0; i < theirs.length; i++) {
                assertThat(parameters[i]).isCloseTo(theirs[i], within(tolerance * (1 + Math.abs(theirs[i]))));
            }
            double loss = expected.get("final_loss").asDouble();
            assertThat(result.finalLoss()).isCloseTo(loss, within(tolerance * (1 + loss)));
            assertThat(piecewise(problem, plan, backend, state)).isEqualTo(result);
            return result;
        }
    }

    private static TrainingResult piecewise(TrainingProblem problem, TrainingPlan plan, Backend backend, byte[] start) {
        byte[] state = start;
        while (true) {
            try (Training training = Training.resume(problem, plan, Engine.single(backend), state)) {
                if (training.run(() -> true)) {
                    return training.results().get(0);
                }
                state = training.checkpoint();
            }
        }
    }
}
