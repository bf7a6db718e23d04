package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.CellContext;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.nativecore.NativeLibrary;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.trust.TrustQuestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application sees of {@link Ntk}, above all where it does something wrong. */
@Timeout(120)
class NtkTest {

    private static final RandomNetwork LAW =
            new RandomNetwork(Architecture.of(4, 16, 16, 1), Activations.TANH, new Initialization(1.5, 0.5));
    private static final Network NETWORK = LAW.sample(Seed.of(3));
    private static final Inputs X = Inputs.onSphere(6, 4, Seed.of(0));
    /** More than one tile of pairs, so that there is something to spread over threads, and to cancel in the middle. */
    private static final Inputs MANY = Inputs.onSphere(70, 4, Seed.of(0));

    private static final Dataset DATA = new Dataset(X, new double[] {0, 0.1, 0.2, 0.3, 0.4, 0.5});
    private static final TrainingPlan PLAN = TrainingPlan.PAPER.toBuilder()
            .learningRate(1e-3)
            .maxSteps(200)
            .snapshots(10L, 100L)
            .build();

    private static SweepSpec spec() {
        return SweepSpec.builder("variance")
                .activations(Activations.TANH)
                .sigmaW2(1.5, 2)
                .sigmaB2(0)
                .depths(3)
                .widths(10)
                .build();
    }

    /** All that it computes, with all digits. */
    private static Map<String, Object> everything(Ntk ntk) {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("kernel", ntk.kernel(NETWORK, X));
        results.put("limit", ntk.infiniteWidth(LAW, X).ntk());
        results.put("variance", ntk.variance(LAW).draws(50).seed(1).estimate());
        results.put("training", ntk.train(NETWORK, DATA, PLAN));
        RunResult run = ntk.sweep(spec()).run();
        results.put(
                "sweep",
                run.rows().stream().map(row -> row.get(VarianceQuantity.RATIO)).toList());
        return results;
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "java"})
    void computesWhatItsPartsCompute(String backend) {
        try (Ntk ntk = Ntk.builder().backend(backend).threads(2).build()) {
            assertThat(ntk.threads()).isEqualTo(2);
            assertThat(ntk.backend()).isIn("native", "java");
            assertThat(ntk.description()).isNotBlank();
            assertThat(ntk.whyNotNative().isEmpty()).isEqualTo(ntk.backend().equals("native"));
            assertThat(ntk).hasToString(ntk.backend() + ", 2 threads");

            Kernel theta = ntk.kernel(NETWORK, X);
            assertThat(theta.rows()).isEqualTo(6);
            assertThat(theta.get(1, 2)).isEqualTo(theta.get(2, 1));
            assertThat(theta).isEqualTo(ntk.empirical(NETWORK, X).evaluate().theta());
            assertThat(ntk.empirical(NETWORK, X)
                            .precision(Precision.F32)
                            .evaluate()
                            .theta()
                            .get(0, 0))
                    .isCloseTo(theta.get(0, 0), within(1e-4 * theta.get(0, 0)));
            double[] eigenvalues = ntk.spectrum(theta).eigenvalues();
            assertThat(ntk.conditionNumber(theta))
                    .isCloseTo(
                            eigenvalues[0] / eigenvalues[5],
                            within(1e-12 * eigenvalues[0] / eigenvalues[5] * eigenvalues[0] / eigenvalues[5]));

            // The kernel of the one linear layer is <x, x'> + 1.
            Network linear = new Network(Architecture.of(2, 1), new double[] {3, 4, 5}).with(Activations.RELU);
            assertThat(ntk.kernel(linear, Inputs.of(new double[] {1, 2}, new double[] {-1, 3})))
                    .isEqualTo(Kernel.of(2, 2, new double[] {6, 6, 6, 11}));

            RatioEstimate exact = ntk.variance(
                            new RandomNetwork(LAW.architecture(), Activations.RELU, LAW.initialization()))
                    .estimate();
            assertThat(exact.method()).isEqualTo(Method.EXACT);
            assertThat(ntk.variance(LAW).estimate())
                    .isEqualTo(
                            ntk.variance(LAW).inputNorm2(4).draws(200).seed(0).estimate());
            assertThat(ntk.variance(LAW).inputNorm2(5).estimate())
                    .isNotEqualTo(ntk.variance(LAW).estimate());

            TrainTestData split = TrainTestData.split(DATA, 4);
            assertThat(ntk.regression(LAW, split, 0).kernel().ntk())
                    .isEqualTo(ntk.infiniteWidth(LAW, X).ntk());
            assertThat(ntk.regression(TrainTestKernel.split(theta, 4), 0.1).conditionNumber())
                    .isGreaterThan(1);
        }
    }

    @Test
    void numbersDoNotDependOnWhoseThreadsComputeThem() throws Exception {
        Map<String, Object> expected;
        try (Ntk ntk = Ntk.builder().threads(1).build()) {
            expected = everything(ntk);
        }
        ExecutorService one = Executors.newSingleThreadExecutor();
        ExecutorService full = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>());
        ExecutorService forkJoin = new ForkJoinPool(2);
        Executor none = task -> {};
        for (Executor executor : List.of(one, full, forkJoin, Runnable::run, none)) {
            try (Ntk first = Ntk.builder().executor(executor).threads(3).build();
                    Ntk second = Ntk.builder().executor(executor).threads(2).build()) {
                assertThat(everything(first)).isEqualTo(expected);
                assertThat(everything(second)).isEqualTo(expected);
                if (executor instanceof ExecutorService service && executor != full) {
                    // From the executor's own thread, by two at once: nobody waits for a thread that waits.
                    Future<Map<String, Object>> nested = service.submit(() -> everything(first));
                    Future<Map<String, Object>> beside = service.submit(() -> everything(second));
                    assertThat(nested.get()).isEqualTo(expected);
                    assertThat(beside.get()).isEqualTo(expected);
                }
            }
        }
        for (ExecutorService service : List.of(one, full, forkJoin)) {
            assertThat(service.isShutdown()).isFalse();
            service.shutdown();
        }
    }

    @Test
    void afterCloseEverythingSaysSoInOneSentence() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        for (Ntk ntk : List.of(
                Ntk.fastest(),
                Ntk.builder().backend("java").threads(1).build(),
                Ntk.builder().executor(executor).build())) {
            var begun = ntk.variance(new RandomNetwork(LAW.architecture(), Activations.RELU, LAW.initialization()));
            TrainTestData split = TrainTestData.split(DATA, 4);
            ntk.close();
            ntk.close();
            List<Executable> uses = List.of(
                    () -> ntk.kernel(NETWORK, X),
                    () -> ntk.empirical(NETWORK, X),
                    () -> ntk.infiniteWidth(LAW, X),
                    () -> ntk.variance(LAW),
                    begun::estimate,
                    begun::distribution,
                    () -> ntk.train(NETWORK, DATA, PLAN),
                    () -> ntk.training(new TrainingProblem(DATA, List.of(NETWORK)), PLAN),
                    () -> ntk.resume(new TrainingProblem(DATA, List.of(NETWORK)), PLAN, new byte[0]),
                    () -> ntk.regression(LAW, split, 0),
                    () -> ntk.conditionNumber(Kernel.of(1, 1, new double[] {1})),
                    () -> ntk.spectrum(Kernel.of(1, 1, new double[] {1})),
                    () -> ntk.trust(TrustQuestion.about(LAW).mnist(4).build()),
                    () -> ntk.sweep(spec()),
                    () -> ntk.figure(1));
            for (Executable use : uses) {
                assertThatThrownBy(use::execute)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("This Ntk has been closed; nothing more can be computed with it.");
            }
            assertThat(ntk.backend()).isIn("native", "java");
        }
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
    }

    @Test
    void anExecutorThatWasShutDownIsNamed() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        executor.shutdown();
        try (Ntk ntk = Ntk.builder().executor(executor).threads(3).build()) {
            assertThatThrownBy(() -> ntk.infiniteWidth(LAW, MANY))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("The executor that was to compute has been shut down.");
        }
    }

    @Test
    void wrongSettingsAreRefusedWhereTheyAreMade() {
        Ntk.Builder builder = Ntk.builder();
        assertThatThrownBy(() -> builder.backend("cuda"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no backend \"cuda\"; there are auto, native and java.");
        assertThatThrownBy(() -> builder.threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 1 and 1024, not 0");
        assertThatThrownBy(() -> builder.executor(null)).isInstanceOf(NullPointerException.class);
        if (NativeLibrary.backend().isEmpty()) {
            assertThatThrownBy(() -> Ntk.builder().backend("native").build())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageStartingWith("The native core is not available: ");
        } else {
            try (Ntk ntk = Ntk.builder().backend("native").build()) {
                assertThat(ntk.whyNotNative()).isEmpty();
            }
        }
        try (Ntk java = Ntk.builder().backend("java").build()) {
            assertThat(java.whyNotNative()).contains("The pure-Java backend was asked for.");
        }
    }

    @Test
    void inputsThatDoNotFitAreRefused() {
        try (Ntk ntk = Ntk.builder().threads(1).build()) {
            Inputs transposed = Inputs.of(4, 6, new double[24]);
            for (Executable use : List.<Executable>of(
                    () -> ntk.kernel(NETWORK, transposed), () -> ntk.infiniteWidth(LAW, transposed))) {
                assertThatThrownBy(use::execute)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("transposed");
            }
            Network unknown = new Network(Architecture.of(4, 1), new double[5]);
            assertThatThrownBy(() -> ntk.kernel(unknown, X))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("activation");
        }
    }

    @Test
    void anInterruptedCallerGetsItsNumbersAndStaysInterrupted() {
        try (Ntk ntk = Ntk.builder().threads(2).build()) {
            Kernel expected = ntk.kernel(NETWORK, X);
            Thread.currentThread().interrupt();
            assertThat(ntk.kernel(NETWORK, X)).isEqualTo(expected);
            assertThat(ntk.variance(LAW).draws(20).estimate().draws()).isEqualTo(20);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aTrainingIsWatchedAndCancelled() {
        try (Ntk ntk = Ntk.builder().threads(2).build()) {
            List<Long> steps = new ArrayList<>();
            TrainingResult watched =
                    ntk.train(NETWORK, DATA, PLAN, (step, loss, change) -> steps.add(step), () -> false);
            assertThat(watched).isEqualTo(ntk.train(NETWORK, DATA, PLAN));
            assertThat(steps).contains(10L, 100L);
            TrainingPlan endless = PLAN.toBuilder()
                    .maxSteps(1_000_000_000L)
                    .minDecrease(0)
                    .patience(1_000_000_000)
                    .build();
            assertThatThrownBy(() -> ntk.train(NETWORK, DATA, endless, (step, loss, change) -> {}, () -> true))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageMatching("The training was cancelled at step \\d+\\.");
        }
    }

    @Test
    @SuppressWarnings("try") // closed early on purpose
    void whatIsComputedIsCancelledInTheMiddleAndLeavesTheRestAlone() {
        for (String backend : List.of("auto", "java")) {
            for (int threads : new int[] {1, 3}) {
                try (Ntk ntk = Ntk.builder().backend(backend).threads(threads).build()) {
                    Map<String, Object> expected = everything(ntk);
                    assertThat(everything(ntk.cancelledBy(() -> false))).isEqualTo(expected);
                    List<Consumer<Ntk>> uses = List.of(
                            some -> some.kernel(NETWORK, X),
                            some -> some.infiniteWidth(LAW, MANY),
                            some -> some.variance(LAW).draws(2000).estimate(),
                            some -> some.variance(LAW)
                                    .draws(2000)
                                    .method(Method.CHAIN)
                                    .estimate(),
                            some -> some.variance(LAW)
                                    .draws(20)
                                    .method(Method.SMC)
                                    .estimate(),
                            some -> some.regression(
                                    LAW, TrainTestData.split(new Dataset(MANY, new double[MANY.count()]), 40), 0),
                            some -> some.trust(
                                    TrustQuestion.about(LAW).data(DATA).build()),
                            some -> some.train(
                                    NETWORK,
                                    DATA,
                                    PLAN.toBuilder().integrator(Integrator.GD).build()));
                    for (Consumer<Ntk> use : uses) {
                        // At the first question, and at a later one.
                        for (int patience : new int[] {0, 1}) {
                            AtomicInteger asked = new AtomicInteger();
                            assertThatThrownBy(
                                            () -> use.accept(ntk.cancelledBy(() -> asked.incrementAndGet() > patience)))
                                    .isInstanceOf(CancellationException.class)
                                    .hasMessageEndingWith(".");
                        }
                    }
                    RunResult begun = ntk.cancelledBy(() -> true).sweep(spec()).run();
                    assertThat(begun.isComplete()).isFalse();
                    Ntk view = ntk.cancelledBy(() -> false);
                    view.close();
                    assertThat(everything(view)).isEqualTo(expected);
                    ntk.close();
                    assertThatThrownBy(() -> view.kernel(NETWORK, X))
                            .hasMessage("This Ntk has been closed; nothing more can be computed with it.");
                }
            }
        }
    }

    @Test
    void anOwnQuantityGetsTheNtkOfItsSweep() {
        try (Engine engine = Engine.of(Backend.fastest(), 2)) {
            Ntk ntk = Ntk.of(CellContext.of(engine, Seed.of(0)));
            ntk.close();
            assertThat(ntk.threads()).isEqualTo(2);
            assertThat(ntk.kernel(NETWORK, X).rows()).isEqualTo(6);
        }
    }
}
