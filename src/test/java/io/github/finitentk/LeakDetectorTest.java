package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Opened;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is forgotten is seen by the detector that all tests have, named where it was opened, and reclaimed. */
@Timeout(120)
class LeakDetectorTest {

    private static final RandomNetwork LAW =
            new RandomNetwork(Architecture.of(4, 8, 1), Activations.RELU, new Initialization(2, 0));
    private static final Inputs X = Inputs.onSphere(5, 4, Seed.of(1));

    @TempDir
    static Path folder;

    /** What has to be closed. */
    enum Thing {
        NTK {
            @Override
            AutoCloseable open() {
                return Ntk.builder().threads(3).build();
            }
        },
        TRAINING {
            @Override
            AutoCloseable open() {
                try (Ntk ntk = Ntk.builder().threads(1).build()) {
                    return ntk.training(
                            TrainingProblem.draw(LAW, new Dataset(X, new double[5]), Seed.of(1), 2),
                            TrainingPlan.PAPER);
                }
            }
        },
        RUN_FILE {
            @Override
            AutoCloseable open() {
                return RunReader.open(folder.resolve("r.db"));
            }
        },
        KERNEL_FILE {
            @Override
            AutoCloseable open() {
                return StoredKernel.open(folder.resolve("k.npy"));
            }
        },
        WRITTEN_KERNEL {
            @Override
            AutoCloseable open() throws IOException {
                Path file = folder.resolve("w.npy");
                Files.deleteIfExists(file);
                return KernelWriter.create(file, KernelWriter.Format.F64, new int[0], 3, 3, false);
            }
        };

        abstract AutoCloseable open() throws Exception;
    }

    @BeforeEach
    void files() {
        if (Files.exists(folder.resolve("r.db"))) {
            return;
        }
        try (Ntk ntk = Ntk.builder().threads(1).build()) {
            ntk.empirical(LAW.sample(Seed.of(1)), X).stream().write(folder.resolve("k.npy"), KernelWriter.Format.F64);
            ntk.sweep(SweepSpec.builder("theory")
                            .activations(Activations.RELU)
                            .sigmaW2(1)
                            .sigmaB2(0)
                            .depths(2)
                            .widths(5)
                            .build())
                    .to(folder.resolve("r.db"))
                    .run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTestThatForgetsOneFailsAndNamesThePlace(Thing thing) throws Exception {
        Set<Opened> before = Opened.stillOpen();
        AutoCloseable forgotten = thing.open();
        assertThatThrownBy(() -> LeakDetector.requireAllClosed(before))
                .isInstanceOf(AssertionError.class)
                .satisfies(error -> assertThat(error.getSuppressed()[0])
                        .hasMessageContaining("was opened here and never closed")
                        .satisfies(place -> assertThat(place.getStackTrace())
                                .anyMatch(frame -> frame.getClassName().startsWith(Thing.class.getName()))));
        forgotten.close();
        forgotten.close();
        LeakDetector.requireAllClosed(before);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsForgottenIsReclaimedAndReported(Thing thing) throws Exception {
        Set<Opened> before = Opened.stillOpen();
        int descriptors = descriptors();
        long threads = workers();
        long memory = Pointer.totalBytes();
        PrintStream error = System.err;
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        System.setErr(new PrintStream(report, true, StandardCharsets.UTF_8));
        try {
            Callable<AutoCloseable> opening = thing::open;
            opening.call();
            // Collection is asked for until it has come; the test's time limit ends it otherwise.
            while (!before.containsAll(Opened.stillOpen())
                    || descriptors() > descriptors
                    || workers() > threads
                    || Pointer.totalBytes() > memory) {
                System.gc();
                Thread.onSpinWait();
            }
        } finally {
            System.setErr(error);
        }
        assertThat(report.toString(StandardCharsets.UTF_8))
                .contains("was opened here and never closed", "at io.github");
    }

    /** Rows of a reader that nobody knows any more are read to their end. */
    @Test
    void whatIsInUseIsNotReclaimed() {
        Set<Opened> before = Opened.stillOpen();
        Iterator<SweepRow> rows = RunReader.open(folder.resolve("r.db")).rows().iterator();
        System.gc();
        System.gc();
        assertThat(rows.next().status()).isEqualTo(SweepRow.Status.OK);
        assertThat(rows.hasNext()).isFalse();
        rows = null;
        while (!before.containsAll(Opened.stillOpen())) {
            System.gc();
        }
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("finite-ntk-worker"))
                .count();
    }

    private static int descriptors() throws IOException {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(open)) {
            return (int) files.count();
        }
    }
}
