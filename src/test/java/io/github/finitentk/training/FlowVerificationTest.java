package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.Backends;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Normalization;
import io.github.finitentk.data.Targets;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table of docs/reproduction.md: macro steps against every single step at the paper's size (M = 256, 128 MNIST digits,
 * targets digit/10, sigma_b^2 = 1, eta = 1e-5). Half an hour on an idle core, so it runs on demand only:
 *
 * <pre>
 *     mvn test -Dtest=FlowVerificationTest -Dntk.flow.table=target/flow.md
 * </pre>
 */
@EnabledIfSystemProperty(named = "ntk.flow.table", matches = ".+")
class FlowVerificationTest {

    private static final Backend BACKEND = Backends.fastest();
    private static final Dataset DIGITS = Mnist.embedded().first(128).dataset(Normalization.UNIT_Q0, Targets.DIGIT);

    @ParameterizedTest(name = "{0} sigma_w^2 = {1}, L = {2}")
    @CsvSource({
        "tanh, 1, 2, 20000",
        "tanh, 1, 5, 30000",
        "tanh, 1, 10, 7000",
        "tanh, 3.5, 5, 20000",
        "tanh, 6, 5, 100000",
        "tanh, 6, 10, 100000",
        "tanh, 10, 3, 20000",
        "tanh, 10, 15, 100000",
        "relu, 1, 5, 20000",
        "relu, 2, 2, 20000",
        "relu, 2, 5, 20000",
        "relu, 2, 10, 10000",
        "relu, 2, 15, 5000",
        "relu, 3, 5, 20000",
        "relu, 3, 10, 100000",
    })
    void agreesWithSingleSteps(String name, double sigmaW2, int depth, long maxSteps) throws IOException {
        Activation activation = Activations.parse(name);
        TrainingProblem problem = TrainingProblem.draw(
                Architecture.constant(DIGITS.inputDim(), 256, depth),
                activation,
                new Initialization(sigmaW2, 1),
                DIGITS,
                12345,
                1,
                BACKEND);
        long before = cpuTime();
        TrainingResult flow = train(problem, maxSteps, Integrator.FLOW);
        double flowSeconds = (cpuTime() - before) / 1e9;
        before = cpuTime();
        TrainingResult single = train(problem, maxSteps, Integrator.GD);
        double singleSeconds = (cpuTime() - before) / 1e9;
        double expected = change(single);
        String row = String.format(
                Locale.ROOT,
                "| %s | %s | %d | %d | %.5f | %.4g | %d | %+.2f %% | %+.2f %% | %+.2f %% | %.2f %% | %.4f | %d | %.1f | %.2f | %.1f |%n",
                name,
                sigmaW2,
                depth,
                single.steps(),
                expected,
                single.finalLoss(),
                flow.steps(),
                100 * (change(flow) / expected - 1),
                100 * (flow.finalLoss() / single.finalLoss() - 1),
                100.0 * (flow.steps() - single.steps()) / single.steps(),
                100 * flow.errorEstimate(),
                single.aMaxStart(),
                flow.evaluations(),
                singleSeconds,
                flowSeconds,
                singleSeconds / flowSeconds);
        Files.writeString(
                Path.of(System.getProperty("ntk.flow.table")),
                row,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        FlowTrainingTest.assertAgree(single, flow, 1e-7);
    }

    /**
     * Sixty networks of every phase at each of two smaller sizes. The kernel of a narrow ReLU network flickers from step to
     * step, by up to 0.02 here, since units go back and forth over their kinks: macro steps can be asked to meet one of the
     * neighbouring steps' kernels.
     */
    @ParameterizedTest(name = "M = {0}, S = {1}")
    @CsvSource({"64, 32, 4e-5, 3000", "128, 64, 2e-5, 5000"})
    void smallerNetworksAgreeWithSingleStepsToo(int width, int samples, double rate, long steps) {
        Dataset digits = Mnist.embedded().first(samples).dataset(Normalization.UNIT_Q0, Targets.DIGIT);
        List<Long> snapshots = List.of(10L, 100L, 1000L);
        List<Long> neighbours = new ArrayList<>();
        for (long snapshot : List.of(10L, 100L, 1000L, steps)) {
            for (long step = Math.max(1, snapshot - 10); step <= Math.min(steps, snapshot + 10); step++) {
                neighbours.add(step);
            }
        }
        for (Activation activation : List.of(Activations.TANH, Activations.RELU)) {
            for (double sigmaW2 : activation == Activations.TANH ? new double[] {1, 3.44, 8} : new double[] {1, 2, 3}) {
                for (int depth : new int[] {2, 3, 5, 8, 12}) {
                    TrainingProblem problem = TrainingProblem.draw(
                            Architecture.constant(digits.inputDim(), width, depth),
                            activation,
                            new Initialization(sigmaW2, 1),
                            digits,
                            2026,
                            2,
                            BACKEND);
                    List<TrainingResult> single = train(problem, plan(rate, steps, 1e-9, neighbours, Integrator.GD));
                    List<TrainingResult> flow = train(problem, plan(rate, steps, 1e-9, snapshots, Integrator.FLOW));
                    for (int i = 0; i < flow.size(); i++) {
                        String network = "%s, sigma_w^2 = %s, L = %d, network %d"
                                .formatted(activation.label(), sigmaW2, depth, i);
                        FlowTrainingTest.assertLossAgrees(single.get(i), flow.get(i), 1e-9, network);
                        for (KernelChange change : flow.get(i).kernelChange()) {
                            assertMeetsANeighbour(single.get(i), change, network);
                        }
                    }
                }
            }
        }
    }

    private static void assertMeetsANeighbour(TrainingResult single, KernelChange change, String network) {
        DoubleSummaryStatistics near = single.kernelChange().stream()
                .filter(other -> Math.abs(other.step() - change.step()) <= 10
                        || change.step() > single.steps() && other.step() == single.steps())
                .mapToDouble(KernelChange::value)
                .summaryStatistics();
        double tolerance = Math.max(FlowTrainingTest.KERNEL_ABSOLUTE, FlowTrainingTest.KERNEL_RELATIVE * near.getMax());
        assertThat(change.value())
                .as("kernel change after %d steps of %s", change.step(), network)
                .isBetween(near.getMin() - tolerance, near.getMax() + tolerance);
    }

    private static double change(TrainingResult result) {
        return result.kernelChange().get(result.kernelChange().size() - 1).value();
    }

    /** The trainings run on this thread alone, so that other work on the machine hardly matters. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static TrainingResult train(TrainingProblem problem, long maxSteps, Integrator integrator) {
        return train(problem, plan(1e-5, maxSteps, 1e-7, List.of(10L, 100L, 1_000L, 10_000L), integrator))
                .get(0);
    }

    private static List<TrainingResult> train(TrainingProblem problem, TrainingPlan plan) {
        return Training.train(problem, plan, BACKEND, WorkerPool.SINGLE);
    }

    private static TrainingPlan plan(
            double rate, long maxSteps, double minDecrease, List<Long> snapshots, Integrator integrator) {
        return new TrainingPlan(
                rate, LossConvention.HALF_MSE, maxSteps, minDecrease, 100, snapshots, integrator, Precision.F64);
    }
}
