package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.training.TrainingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an interrupted thread, and an executor that ends in the middle, see of a computation. */
@Timeout(120)
class InterruptsTest {

    private static final RandomNetwork LAW =
            new RandomNetwork(Architecture.of(4, 16, 16, 1), Activations.TANH, new Initialization(1.5, 0.5));
    private static final Inputs X = Inputs.onSphere(70, 4, Seed.of(0));

    @TempDir
    Path folder;

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    private static List<Object> results(Ntk ntk) {
        List<Object> results = new ArrayList<>();
        results.add(ntk.kernel(LAW.sample(Seed.of(1)), X));
        results.add(ntk.infiniteWidth(LAW, X).ntk());
        results.add(ntk.variance(LAW).draws(100).estimate());
        results.add(ntk.train(
                LAW.sample(Seed.of(1)),
                new Dataset(X, new double[70]),
                TrainingPlan.builder().learningRate(0.01).maxSteps(20).build()));
        results.add(ntk.sweep(SweepSpec.builder("theory")
                        .activations(Activations.TANH)
                        .sigmaW2(1, 2)
                        .sigmaB2(0)
                        .depths(2, 3)
                        .widths(5)
                        .build())
                .run()
                .rows()
                .get(0)
                .real("kappa1"));
        return results;
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void anInterruptedThreadComputesTheSameAndStaysInterrupted(String backend) {
        try (Ntk ntk = Ntk.builder().backend(backend).threads(2).build()) {
            List<Object> expected = results(ntk);
            Thread.currentThread().interrupt();
            assertThat(results(ntk)).isEqualTo(expected);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void whoWantsInterruptsToEndItSaysSo(String backend) {
        Thread caller = Thread.currentThread();
        try (Ntk ntk = Ntk.builder().backend(backend).threads(2).build()) {
            Ntk interruptible = ntk.cancelledBy(caller::isInterrupted);
            assertThat(interruptible.kernel(LAW.sample(Seed.of(1)), X).rows()).isEqualTo(70);
            caller.interrupt();
            assertThatThrownBy(() -> interruptible.kernel(LAW.sample(Seed.of(1)), X))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("The computation was cancelled.");
            assertThat(caller.isInterrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void filesEndInASentence(String backend) {
        Path kernel = folder.resolve("k.npy");
        try (Ntk ntk = Ntk.builder().backend(backend).threads(1).build()) {
            ntk.empirical(LAW.sample(Seed.of(1)), X).stream().write(kernel, KernelWriter.Format.F64);
            try (StoredKernel stored = StoredKernel.open(kernel)) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> stored.read(0, 70, 0, 70, new double[4900]))
                        .isInstanceOf(DataFormatException.class)
                        .hasMessageStartingWith("Cannot read " + kernel)
                        .hasMessageEndingWith(".");
                assertThat(Thread.interrupted()).isTrue();
                assertThatThrownBy(() -> stored.read(0, 70, 0, 70, new double[4900]))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("The kernel in " + kernel + " has been closed.");
            }
            // A run file is SQLite's: nobody interrupts it.
            Thread.currentThread().interrupt();
            RunResult run = ntk.sweep(SweepSpec.builder("theory")
                            .activations(Activations.TANH)
                            .sigmaW2(1, 2)
                            .sigmaB2(0)
                            .depths(2, 3)
                            .widths(5)
                            .build())
                    .to(folder.resolve("r.db"))
                    .run();
            assertThat(run.isComplete()).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        }
    }

    /** The executor is shut down, and its threads interrupted, while a loop runs on them: it ends, and the next one says why it cannot begin. */
    @ParameterizedTest
    @ValueSource(strings = {"native", "java"})
    void anExecutorThatIsShutDownInTheMiddle(String backend) {
        for (int time = 0; time < 10; time++) {
            ExecutorService executor = Executors.newFixedThreadPool(3);
            AtomicInteger asked = new AtomicInteger();
            int when = time;
            try (Ntk ntk =
                    Ntk.builder().backend(backend).executor(executor).threads(4).build()) {
                Ntk watched = ntk.cancelledBy(() -> {
                    if (asked.incrementAndGet() == 3 * when) {
                        executor.shutdownNow();
                    }
                    return false;
                });
                while (!executor.isShutdown()) {
                    try {
                        watched.kernel(LAW.sample(Seed.of(1)), X);
                        watched.variance(LAW).draws(200).estimate();
                        if (when == 0) {
                            executor.shutdownNow();
                        }
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("The executor that was to compute has been shut down.");
                    }
                }
                assertThatThrownBy(() -> ntk.kernel(LAW.sample(Seed.of(1)), X))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("The executor that was to compute has been shut down.");
            }
        }
    }
}
