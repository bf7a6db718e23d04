package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.kernel.SpectrumEstimate;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One round of {@link Soak}: small work of every kind, on both backends, and errors of many kinds, in an order that the round decides. */
final class SoakWork {

    private static final String LAW = " --activation tanh --sigma-w2 1.7 --sigma-b2 0.3 --depth 3 --width 12";
    private static final Architecture WIDTHS = Architecture.of(5, 12, 12, 1);
    private static final Architecture CLASSES = Architecture.of(5, 12, 3);

    /** Left open on purpose. */
    private static final List<Object> LEAKS = Collections.synchronizedList(new ArrayList<>());

    private final Path folder;
    private final int round;
    private final boolean leak;
    private final List<Runnable> work = new ArrayList<>();

    /** @param folder for the files of this round */
    SoakWork(Path folder, int round, boolean leak) {
        this.folder = folder;
        this.round = round;
        this.leak = leak;
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A figure of the paper: its sweep, where the folder has none yet, and its pictures. */
    static void figure(int number, Path folder) {
        run(0, "figure " + number + " --quiet --out " + folder);
    }

    void round() {
        writeFiles();
        for (String backend : List.of("native", "java")) {
            sweeps(backend);
            commands(backend);
            work.add(() -> library(backend));
            work.add(() -> trainings(backend));
            work.add(() -> manyThreads(backend));
            work.add(() -> misuse(backend));
        }
        work.add(this::refusals);
        Collections.shuffle(work, new Random(round));
        work.forEach(Runnable::run);
        if (leak) {
            LEAKS.add(Ntk.builder().backend("native").threads(2).build());
            LEAKS.add(training(Ntk.fastest(), TrainingPlan.PAPER));
        }
    }

    private RandomNetwork law(Architecture widths) {
        return new RandomNetwork(widths, Activations.TANH, new Initialization(1.7, 0.3));
    }

    private Network network(Architecture widths, int seed) {
        return law(widths).sample(Seed.of(1000L * round + seed));
    }

    private static Inputs inputs(int count) {
        return Inputs.onSphere(count, 5, Seed.of(count));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void writeFiles() {
        NpyArray.of(inputs(12).toArray(), 12, 5).write(folder.resolve("x.npy"));
        NpyArray.of(inputs(7).toArray(), 7, 5).write(folder.resolve("z.npy"));
        NpyArray.of(new double[] {1, -1, 1, 1, -1, -1, 1, -1, 1, 1, -1, -1}, 12).write(folder.resolve("y.npy"));
        network(WIDTHS, 0).write(folder.resolve("step_0.npz"));
        network(WIDTHS, 1).write(folder.resolve("step_10.npz"));
        network(WIDTHS, 2).write(folder.resolve("step_100.npz"));
    }

    /** Every quantity into a run file, and what is done with run files. */
    private void sweeps(String backend) {
        String grid = "activation: [relu, tanh]\nsigma_w2: 1.5\nsigma_b2: 0.5\ndepth: [2, 3]\nwidth: 10\nseed: " + round
                + "\n";
        sweep(backend, "variance", grid + "draws: 50\ncorrelation: [1, 0.5]\n");
        sweep(backend, "finite_sample", grid + "draws: 20\nexperiments: 10\n");
        sweep(backend, "theory", grid + "c0: [0, 0.5]\n");
        sweep(backend, "kernel_change", grid + "samples: 6\nmax_steps: 50\nsnapshots: [10]\nlearning_rate: 0.001\n");
        sweep(backend, "class_blocks", grid + "samples: 60\nimages_per_class: 2\nsnapshots: [5]\n");
        sweep(backend, "regression", grid + "samples: 20\ntests: 10\n");
        sweep(backend, "ensemble", grid + "samples: 4\ntests: 3\nnetworks: 2\nduration: 10\n");
    }

    private void sweep(String backend, String quantity, String rest) {
        work.add(() -> {
            String name = file(quantity + "-" + backend);
            String spec = name + ".yaml";
            try {
                Files.writeString(Path.of(spec), "quantity: " + quantity + "\n" + rest);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String run = name + ".db";
            run(0, "sweep " + spec + " --out " + run + " --quiet --backend " + backend);
            run(0, "sweep " + spec + " --out " + run + " --quiet --resume --backend " + backend);
            run(1, "sweep " + spec + " --out " + run + " --quiet --backend " + backend);
            run(0, "sweep " + spec + " --dry-run --cores 3");
            run(0, "export " + run);
            run(0, "export " + run + " --output " + name + ".npy --quiet");
            run(0, "export " + run + " --output " + name + ".json --quiet");
            run(0, "report " + run + " --quiet");
            run(0, "runs verify " + run);
            run(0, "runs show " + run);
            for (int k = 1; k <= 2; k++) {
                run(
                        0,
                        "sweep " + spec + " --out " + name + "-part.db --quiet --shard " + k + "/2 --backend "
                                + backend);
            }
            run(
                    0,
                    "merge " + name + "-part.shard-1-of-2.db " + name + "-part.shard-2-of-2.db --out " + name
                            + "-whole.db --quiet");
            run(0, "runs compare " + run + " " + name + "-whole.db");
        });
    }

    private void commands(String backend) {
        String given = " --network " + file("step_100.npz") + " --inputs " + file("x.npy") + " --activation tanh";
        String data = given + " --targets " + file("y.npy");
        for (String line : List.of(
                "theory" + LAW,
                "phase --activation tanh --sigma-b2 0.3",
                "moments --widths 5,12,1 --sigma-w2 1.7 --sigma-b2 0.3 --input-norm2 5",
                "variance --draws 60" + LAW,
                "variance --draws 60 --method weights" + LAW,
                "variance --draws 60 --method conditional --correlation 0.5" + LAW,
                "variance --draws 60 --distribution " + file("d-" + backend + ".csv") + LAW,
                "kernel --by-layer --json" + given,
                "kernel --versus " + file("z.npy") + " --output " + file("k-" + backend + ".csv") + given,
                "kernel --infinite --inputs " + file("x.npy") + LAW,
                "kernel --memory 4g --output " + file("large-" + backend + ".npy") + given,
                "spectrum --method lanczos --top 3 --density" + given,
                "train --learning-rate 0.01 --max-steps 40 --snapshots 10 --checkpoint " + file("c-" + backend) + data,
                "train --learning-rate 0.01 --max-steps 40 --optimizer adam --batch 4 --precision f32 --checkpoint "
                        + file("d-" + backend) + data,
                "regress --samples 6 --tests 5 --networks 2" + LAW,
                "regress --test-inputs " + file("z.npy") + data,
                "trust --samples 6 --budget 1s --explain" + LAW,
                "trust --initial " + file("step_0.npz") + data,
                "track " + file("step_*.npz") + " --inputs " + file("x.npy") + " --targets " + file("y.npy")
                        + " --activation tanh --learning-rate 0.1 --out " + file("track-" + backend + ".db")
                        + " --picture "
                        + file("track-" + backend + (round % 2 == 0 ? ".svg" : ".png")),
                "doctor")) {
            work.add(() -> run(0, line + " --quiet --seed " + round + " --backend " + backend));
        }
    }

    /** What the command line does not reach, with objects that are opened and closed. */
    private void library(String backend) {
        try (Ntk ntk = Ntk.builder().backend(backend).threads(2).build()) {
            Inputs x = inputs(12);
            Network net = network(WIDTHS, 3);
            for (KernelForm form : List.of(KernelForm.FULL, KernelForm.TRACE, KernelForm.PSEUDO)) {
                ntk.kernel(network(CLASSES, 4), x, form);
            }
            ntk.empirical(network(CLASSES, 5), x)
                    .form(KernelForm.DIAGONAL)
                    .precision(Precision.F32)
                    .evaluate();
            AtomicInteger blocks = new AtomicInteger();
            ntk.empirical(net, x).stream().forEach(block -> blocks.incrementAndGet());
            ntk.infiniteWidthStream(law(WIDTHS), x, inputs(7), InfiniteWidth.Parametrization.STANDARD)
                    .forEach(block -> blocks.incrementAndGet());
            KernelSolver solver = ntk.solver(ntk.infiniteWidth(law(WIDTHS), x, InfiniteWidth.Limit.NTK))
                    .ridge(0.01);
            Targets y = Targets.read(folder.resolve("y.npy"));
            for (KernelSolution.Method method : KernelSolution.Method.values()) {
                solver.solve(y, method);
            }
            TrainTestData data = TrainTestData.split(new Dataset(x, y), 9);
            ntk.linearized(net, data).predict(3);
            ntk.regression(TrainTestKernel.split(ntk.kernel(net, x), 9), 0.1);
            ntk.spectrum(net, x)
                    .method(SpectrumEstimate.Method.LANCZOS)
                    .top(2)
                    .density(2)
                    .evaluate();
            ntk.sweep(SweepSpec.builder("variance")
                            .activations(Activations.ERF)
                            .sigmaW2(1)
                            .sigmaB2(0)
                            .depths(2)
                            .widths(5)
                            .build())
                    .run();
        }
    }

    private Training training(Ntk ntk, TrainingPlan plan) {
        Dataset data = new Dataset(inputs(12), Targets.read(folder.resolve("y.npy")));
        return ntk.training(new TrainingProblem(data, List.of(network(WIDTHS, 6), network(WIDTHS, 7))), plan);
    }

    /** Cancelled, saved and taken up again. */
    private void trainings(String backend) {
        Dataset data = new Dataset(inputs(12), Targets.read(folder.resolve("y.npy")));
        try (Ntk ntk = Ntk.builder().backend(backend).threads(2).build()) {
            for (Integrator integrator : Integrator.values()) {
                TrainingPlan plan = TrainingPlan.builder()
                        .learningRate(0.01)
                        .maxSteps(40)
                        .snapshots(10, 20)
                        .integrator(integrator)
                        .build();
                byte[] checkpoint;
                TrainingProblem problem = new TrainingProblem(data, List.of(network(WIDTHS, 6), network(WIDTHS, 7)));
                try (Training training = ntk.training(problem, plan)) {
                    training.run(() -> true);
                    checkpoint = training.checkpoint();
                }
                try (Training training = ntk.resume(problem, plan, checkpoint)) {
                    training.run(() -> false);
                    training.results();
                }
                expect(IllegalArgumentException.class, () -> ntk.resume(problem, plan, new byte[10]));
                expect(
                        CancellationException.class,
                        () -> ntk.train(network(WIDTHS, 8), data, plan, TrainingListener.NONE, () -> true));
            }
        }
    }

    /** Several threads that share an Ntk, an executor of the application, and loops that end in the middle. */
    private void manyThreads(String backend) {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Ntk ntk =
                Ntk.builder().backend(backend).executor(threads).threads(3).build()) {
            List<Thread> callers = new ArrayList<>();
            List<Throwable> problems = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 4; i++) {
                int seed = i;
                Thread caller = new Thread(
                        () -> ntk.variance(law(WIDTHS)).draws(100).seed(seed).estimate());
                caller.setUncaughtExceptionHandler((thread, e) -> problems.add(e));
                callers.add(caller);
                caller.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            if (!problems.isEmpty()) {
                throw new AssertionError(problems.get(0));
            }
            AtomicInteger asked = new AtomicInteger();
            expect(
                    CancellationException.class,
                    () -> ntk.cancelledBy(() -> asked.incrementAndGet() > 5)
                            .variance(law(WIDTHS))
                            .draws(5000)
                            .estimate());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            threads.shutdown();
        }
    }

    private void misuse(String backend) {
        Ntk ntk = Ntk.builder().backend(backend).threads(2).build();
        Training training = training(ntk, TrainingPlan.PAPER);
        RandomNetwork huge =
                new RandomNetwork(Architecture.of(100_000, 2_000_000, 1), Activations.RELU, new Initialization(2, 0));
        expect(
                InsufficientMemoryException.class,
                () -> ntk.variance(huge).method(Method.WEIGHTS).estimate());
        expect(IllegalArgumentException.class, () -> ntk.kernel(network(WIDTHS, 9), Inputs.of(new double[] {1, 2})));
        expect(IllegalStateException.class, training::results);
        expect(
                IllegalStateException.class,
                () -> training.run(
                        (step, loss, change) -> {
                            throw new IllegalStateException("The listener has had enough.");
                        },
                        () -> false));
        training.close();
        training.close();
        ntk.close();
        expect(IllegalStateException.class, () -> ntk.kernel(network(WIDTHS, 9), inputs(3)));
        expect(IllegalStateException.class, training::checkpoint);
    }

    private void refusals() {
        String broken = file("broken.db");
        try {
            Files.write(Path.of(broken), new byte[5000]);
            Files.writeString(folder.resolve("broken.yaml"), "quantity: variance\nwidth: [\n");
            Files.write(folder.resolve("broken.npz"), new byte[] {'P', 'K', 3, 4, 0, 0});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(2, "export " + broken);
        run(2, "report " + file("none.db"));
        run(2, "sweep " + file("broken.yaml") + " --out " + file("never.db"));
        run(2, "kernel --activation relu --inputs " + file("x.npy") + " --network " + file("broken.npz"));
        run(2, "kernel --activation relu --inputs " + file("none.npy") + " --network " + file("step_0.npz"));
        run(2, "variance --depth 2");
        run(2, "figure 99 --out " + folder);
        run(2, "variance --activation relu --sigma-w2 2 --sigma-b2 0 --depth 2 --width 9 --threads 0");
        run(
                2,
                "train --learning-rate 1 --max-steps 3 --activation relu --network " + file("broken.npz") + " --inputs "
                        + file("x.npy") + " --targets " + file("y.npy"));
    }

    private static void run(int exitCode, String line) {
        CommandLineRun run = CommandLineRun.of(line.split(" "));
        if (run.exitCode() != exitCode) {
            throw new AssertionError("ntk " + line + "\nended with " + run.exitCode() + ": " + run.err());
        }
    }

    private static void expect(Class<? extends RuntimeException> type, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            if (type.isInstance(e)) {
                return;
            }
            throw new AssertionError("not a " + type.getSimpleName(), e);
        }
        throw new AssertionError("no " + type.getSimpleName());
    }
}
