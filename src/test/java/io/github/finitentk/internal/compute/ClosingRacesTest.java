package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.kernel.KernelStream;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever can be closed may be closed while other threads use it: they end with a sentence, or their pass ends first. Without that the
 * core would write to memory that is no more, and the virtual machine end.
 */
@Timeout(300)
class ClosingRacesTest {

    private static final int THREADS = 3;
    private static final int TIMES = 6;

    private static final Architecture WIDTHS = Architecture.of(6, 40, 40, 1);
    private static final RandomNetwork LAW = new RandomNetwork(WIDTHS, Activations.RELU, new Initialization(2, 0.1));
    private static final Inputs X = Inputs.onSphere(80, 6, Seed.of(1));

    /** Something to close, and what the threads do with it again and again; several things of which one may be done first. */
    private record Victim(AutoCloseable thing, List<Runnable> uses) {
        Victim(AutoCloseable thing, Runnable... uses) {
            this(thing, List.of(uses));
        }
    }

    private static final Map<String, Function<Engine, Victim>> VICTIMS = new LinkedHashMap<>();

    static {
        VICTIMS.put("batch", engine -> {
            NetworkBatch batch = batch(engine);
            return new Victim(batch, () -> {
                batch.setInputs(X.toArray());
                batch.initialize(LAW.initialization(), Seed.of(1), 0);
                batch.forward();
                batch.backward();
                batch.computeNtk();
                batch.ntk(0);
                batch.parameters(0);
            });
        });
        VICTIMS.put("batch that another one reads", engine -> {
            NetworkBatch batch = batch(engine);
            NetworkBatch other = batch(engine);
            batch.forward();
            batch.backward();
            other.forward();
            other.backward();
            LayerRates rates = LayerRates.standard(WIDTHS);
            return new Victim(
                    () -> {
                        batch.close();
                        other.close();
                    },
                    () -> other.crossKernel(batch, rates, false, false, (tile, numbers) -> {}),
                    () -> other.derivatives(batch, 0, 0),
                    () -> batch.derivatives(other, 0, 0));
        });
        VICTIMS.put("descent", engine -> {
            DescentRule rule = new DescentRule(0.01, 1, 0, 10, 10);
            GradientDescent descent =
                    engine.gradientDescent(new BatchShape(WIDTHS, Activations.RELU, Precision.F32, 3, 80), rule);
            descent.setData(X.toArray(), new double[80]);
            AtomicInteger until = new AtomicInteger();
            return new Victim(descent, () -> {
                synchronized (until) {
                    for (int i = 0; i < 3; i++) {
                        descent.setParameters(i, LAW.sample(Seed.of(i)).parameters());
                    }
                    descent.advance(rule, 5);
                    descent.parameters(1);
                }
            });
        });
        VICTIMS.put("particles", engine -> {
            MomentParticles particles = engine.samplers().moments(new NetworkAtInput(LAW, 6), 200);
            return new Victim(particles, () -> {
                particles.start(200);
                particles.resample(new int[200]);
                particles.moments(1, new double[200], new double[200]);
            });
        });
        VICTIMS.put("sampler", engine -> {
            KernelSampler sampler = engine.samplers().chain(new NetworkAtInput(LAW, 6));
            return new Victim(sampler, () -> sampler.draw(Seed.of(1), 0, 100, new KernelDraws(100, 1), 0));
        });
        VICTIMS.put("panel", engine -> {
            Panel a = engine.panel(Precision.F64, 128, 128);
            Panel b = engine.panel(Precision.F64, 128, 128);
            double[] one = new double[128 * 128];
            for (int i = 0; i < 128; i++) {
                one[i * 129] = -1;
            }
            a.write(0, 128, one);
            return new Victim(
                    () -> {
                        a.close();
                        b.close();
                    },
                    () -> a.read(0, 128, new double[128 * 128]),
                    () -> b.addProduct(a, 0, true, a, 0, 0, 128, 128),
                    () -> b.factorTriangle(0, 128),
                    () -> b.solveTriangle(a, 0, 128, false, 0));
        });
        VICTIMS.put(
                "engine",
                engine -> new Victim(
                        engine,
                        () -> {
                            try (NetworkBatch batch = engine.allocate(shape())) {
                                batch.initialize(LAW.initialization(), Seed.of(1), 0);
                            }
                        },
                        () -> engine.forEach(100, (task, slot) -> {})));
        for (Integrator integrator : Integrator.values()) {
            VICTIMS.put("training by " + integrator.label(), engine -> {
                Training training = Training.start(
                        TrainingProblem.draw(LAW, new Dataset(X, new double[80]), Seed.of(2), 3),
                        TrainingPlan.builder()
                                .integrator(integrator)
                                .maxSteps(300)
                                .build(),
                        engine);
                // It belongs to one thread at a time; who closes it need not wait for its turn.
                Object turn = new Object();
                return new Victim(training, () -> {
                    synchronized (turn) {
                        training.run(() -> true);
                        training.checkpoint();
                        training.step();
                    }
                });
            });
        }
    }

    private static NetworkBatch batch(Engine engine) {
        NetworkBatch batch = engine.allocate(shape());
        batch.setInputs(X.toArray());
        batch.initialize(LAW.initialization(), Seed.of(1), 0);
        return batch;
    }

    private static BatchShape shape() {
        return new BatchShape(WIDTHS, Activations.RELU, Precision.F64, 2, 80);
    }

    static Stream<String> victims() {
        return VICTIMS.keySet().stream().flatMap(name -> Stream.of("native: " + name, "java: " + name));
    }

    @ParameterizedTest
    @MethodSource("victims")
    void endsInASentence(String victim) throws Exception {
        String[] words = victim.split(": ");
        Backend backend = words[0].equals("native") ? Backend.nativeCore() : Backend.pureJava();
        for (int time = 0; time < TIMES; time++) {
            try (Engine engine = Engine.of(backend, 2)) {
                race(VICTIMS.get(words[1]).apply(engine), time);
            }
        }
    }

    private static void race(Victim victim, int time) throws Exception {
        long before = Pointer.totalBytes();
        AtomicInteger passes = new AtomicInteger();
        List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Runnable use = victim.uses.get(i % victim.uses.size());
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        try {
                            use.run();
                        } catch (IllegalStateException e) {
                            if (e.getMessage().contains("closed")) {
                                throw e;
                            }
                            // Out of turn: another thread was faster.
                        }
                        passes.incrementAndGet();
                    }
                } catch (Throwable e) {
                    ends.add(e);
                }
            });
            threads.add(thread);
            thread.start();
        }
        while (passes.get() < time && threads.stream().anyMatch(Thread::isAlive)) {
            Thread.onSpinWait();
        }
        victim.thing.close();
        victim.thing.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ends)
                .hasSize(THREADS)
                .allSatisfy(end -> assertThat(end)
                        .isInstanceOf(IllegalStateException.class)
                        .message()
                        .endsWith("."));
        // All is freed with the last who left.
        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
    }

    @Test
    void filesToo(@TempDir Path folder) throws Exception {
        Path npy = folder.resolve("k.npy");
        Path db = folder.resolve("r.db");
        try (Ntk ntk = Ntk.builder().backend("java").threads(1).build()) {
            KernelStream stream = ntk.empirical(LAW.sample(Seed.of(1)), X).stream();
            stream.write(npy, KernelWriter.Format.F64);
            ntk.sweep(SweepSpec.builder("theory")
                            .activations(Activations.RELU)
                            .sigmaW2(1, 2)
                            .sigmaB2(0)
                            .depths(2, 3, 4)
                            .widths(5)
                            .build())
                    .to(db)
                    .run();
        }
        for (int time = 0; time < TIMES; time++) {
            StoredKernel kernel = StoredKernel.open(npy);
            race(new Victim(kernel, () -> kernel.read(0, 80, 0, 80, new double[6400])), time);
            RunReader run = RunReader.open(db);
            race(new Victim(run, run::verify, () -> run.rows().forEach(row -> {}), run::finished), time);
        }
    }

    // Who closes the whole while parts of it compute; what is under way ends with it, or comes to its end.
    @ParameterizedTest
    @MethodSource("backendNames")
    void closingAnNtkEndsWhatIsAskedOfIt(String backend) throws Exception {
        for (int time = 0; time < TIMES; time++) {
            Ntk ntk = Ntk.builder().backend(backend).threads(3).build();
            race(
                    new Victim(
                            ntk,
                            () -> ntk.kernel(LAW.sample(Seed.of(1)), X),
                            () -> ntk.variance(LAW).draws(300).estimate(),
                            () -> ntk.infiniteWidth(LAW, X),
                            () -> ntk.train(
                                    LAW.sample(Seed.of(1)),
                                    new Dataset(X, new double[80]),
                                    TrainingPlan.builder().maxSteps(3).build())),
                    time);
        }
    }

    static Stream<String> backendNames() {
        return Stream.of("native", "java");
    }

    /** The one who uses it closes it in the middle: nothing is freed before the pass has ended. */
    @ParameterizedTest
    @MethodSource("backendNames")
    void aPassMayCloseWhatItWorksOn(String backend) {
        try (Engine engine = Engine.of(backend.equals("native") ? Backend.nativeCore() : Backend.pureJava(), 2)) {
            NetworkBatch[] one = new NetworkBatch[1];
            AtomicInteger asked = new AtomicInteger();
            Engine asking = engine.cancelledBy(() -> {
                if (one[0] != null && asked.incrementAndGet() == 1) {
                    one[0].close();
                }
                return false;
            });
            NetworkBatch batch = batch(asking);
            one[0] = batch;
            assertThatThrownBy(batch::forward)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("This batch of networks has been closed.");
        }
    }
}
