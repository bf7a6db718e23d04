package io.github.finitentk;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.kernel.KernelStream;
import io.github.finitentk.kernel.LinearizedNetwork;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.report.paper.PaperFigure;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.Sweep;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.trust.Budget;
import io.github.finitentk.trust.NetworkQuestion;
import io.github.finitentk.trust.TrustQuestion;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** Arguments of every type that is exported: one that makes sense, and those that a careless or malicious caller may have. */
final class AnyArguments {

    private static final Architecture WIDTHS = Architecture.of(4, 6, 1);
    private static final RandomNetwork LAW = new RandomNetwork(WIDTHS, Activations.TANH, new Initialization(1.5, 0.5));
    private static final Inputs X = Inputs.onSphere(6, 4, Seed.of(1));
    private static final Targets Y = Targets.of(new double[] {0, 1, 0, 1, 0, 1});

    /** Something that makes a value, new each time where it has a state. */
    @FunctionalInterface
    interface Source {
        Object get() throws Exception;
    }

    private final Engine engine = Engine.single(Backend.fastest());
    private final Ntk ntk = Ntk.builder().threads(1).build();
    private final Map<Class<?>, List<Source>> known = new LinkedHashMap<>();
    private final Path folder;
    private int files;

    /** @param folder of files that may be read and written */
    AnyArguments(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("some"));
        Path network = folder.resolve("net.npz");
        LAW.sample(Seed.of(1)).write(network);
        Path x = folder.resolve("x.npy");
        NpyArray.of(X.toArray(), 6, 4).write(x);
        Path k = folder.resolve("k.npy");
        ntk.empirical(LAW.sample(Seed.of(1)), X).stream().write(k, KernelWriter.Format.F64);
        Path run = folder.resolve("run.db");
        ntk.sweep(spec()).to(run).run();
        add(
                Path.class,
                () -> folder.resolve("new-" + files++),
                () -> copy(x),
                () -> copy(k),
                () -> copy(run),
                () -> copy(network));
        add(Ntk.class, () -> Ntk.builder().threads(1).build());
        add(Engine.class, () -> engine);
        add(Architecture.class, () -> WIDTHS);
        add(Activation.class, () -> Activations.TANH, () -> Activations.RELU);
        add(Initialization.class, () -> LAW.initialization());
        add(RandomNetwork.class, () -> LAW);
        add(Network.class, () -> LAW.sample(Seed.of(1)));
        add(LayerRates.class, () -> LayerRates.standard(WIDTHS));
        add(Inputs.class, () -> X);
        add(Targets.class, () -> Y);
        add(Dataset.class, () -> new Dataset(X, Y));
        add(TrainTestData.class, () -> TrainTestData.split(new Dataset(X, Y), 4));
        add(Seed.class, () -> Seed.of(1));
        add(Kernel.class, () -> ntk.kernel(LAW.sample(Seed.of(1)), X));
        add(KernelSource.class, () -> ntk.kernel(LAW.sample(Seed.of(1)), X));
        add(StoredKernel.class, () -> StoredKernel.open(copy(k)));
        add(
                KernelWriter.class,
                () -> KernelWriter.create(
                        folder.resolve("new-" + files++), KernelWriter.Format.F64, new int[0], 6, 6, false));
        add(TrainTestKernel.class, () -> TrainTestKernel.split(ntk.kernel(LAW.sample(Seed.of(1)), X), 4));
        add(
                KernelRegression.class,
                () -> ntk.regression(TrainTestKernel.split(ntk.kernel(LAW.sample(Seed.of(1)), X), 4), 0.1));
        add(InfiniteWidthRegression.class, () -> ntk.regression(LAW, TrainTestData.split(new Dataset(X, Y), 4), 0.1));
        add(
                LinearizedNetwork.class,
                () -> ntk.linearized(LAW.sample(Seed.of(1)), TrainTestData.split(new Dataset(X, Y), 4)));
        add(KernelStream.class, () -> ntk.empirical(LAW.sample(Seed.of(1)), X).stream());
        add(
                KernelSolver.class,
                () -> ntk.solver(ntk.kernel(LAW.sample(Seed.of(1)), X)).ridge(0.1));
        add(Mnist.class, () -> Mnist.embedded().first(6));
        add(TrainingPlan.class, () -> plan());
        add(TrainingPlan.Builder.class, () -> plan().toBuilder());
        add(TrainingProblem.class, () -> new TrainingProblem(new Dataset(X, Y), List.of(LAW.sample(Seed.of(1)))));
        add(
                Training.class,
                () -> ntk.training(new TrainingProblem(new Dataset(X, Y), List.of(LAW.sample(Seed.of(1)))), plan()));
        add(TrainingListener.class, () -> TrainingListener.NONE);
        add(Budget.class, () -> new Budget(0.1));
        add(TrustQuestion.Builder.class, () -> question());
        add(TrustQuestion.class, () -> question().build());
        add(NetworkQuestion.Builder.class, () -> NetworkQuestion.about(LAW.sample(Seed.of(1)), new Dataset(X, Y)));
        add(
                NetworkQuestion.class,
                () -> NetworkQuestion.about(LAW.sample(Seed.of(1)), new Dataset(X, Y))
                        .build());
        add(SweepSpec.class, AnyArguments::spec);
        add(SweepSpec.Builder.class, AnyArguments::builder);
        add(Sweep.class, () -> ntk.sweep(spec()));
        add(RunReader.class, () -> RunReader.open(copy(run)));
        add(RunResult.class, () -> ntk.sweep(spec()).run());
        add(Cell.class, () -> new Cell(Activations.TANH, 1, 0, 2, 5));
        add(Shard.class, () -> new Shard(1, 2));
        add(Grid.class, () -> spec().grids().get(0));
        // A figure of the paper takes minutes: cancelled, it ends at once.
        add(PaperFigure.class, () -> ntk.figure(1).cancel(() -> true));
        add(Executor.class, () -> (Executor) Runnable::run);
        add(BooleanSupplier.class, () -> (BooleanSupplier) () -> false);
        add(String.class, () -> "relu", () -> "a");
        add(int.class, () -> 3);
        add(long.class, () -> 3L);
        add(double.class, () -> 0.5);
        add(boolean.class, () -> true);
        add(int[].class, () -> new int[] {4, 6, 1});
        add(long[].class, () -> new long[] {1, 2});
        add(double[].class, () -> new double[] {0.5, 1, 0.25, 1}, () -> new double[36]);
        add(double[][].class, () -> new double[][] {{1, 0.5}, {0.5, 1}});
        add(List.class, List::of);
        add(Object.class, () -> "x");
        add(Optional.class, Optional::empty);
        add(OptionalDouble.class, OptionalDouble::empty);
        add(OptionalInt.class, OptionalInt::empty);
        add(OptionalLong.class, OptionalLong::empty);
    }

    // Some methods write where they are told to.
    private Path copy(Path file) throws IOException {
        return Files.copy(file, folder.resolve("new-" + files++ + "-" + file.getFileName()));
    }

    private static TrainingPlan plan() {
        return TrainingPlan.builder().learningRate(0.01).maxSteps(20).build();
    }

    private static TrustQuestion.Builder question() {
        return TrustQuestion.about(LAW).data(new Dataset(X, Y)).budget(new Budget(0.1));
    }

    private static SweepSpec.Builder builder() {
        return SweepSpec.builder("theory")
                .activations(Activations.TANH)
                .sigmaW2(1)
                .sigmaB2(0)
                .depths(2)
                .widths(5);
    }

    private static SweepSpec spec() {
        return builder().build();
    }

    private void add(Class<?> type, Source... sources) {
        known.computeIfAbsent(type, key -> new ArrayList<>()).addAll(List.of(sources));
    }

    /** What a call has returned is an argument of others. */
    void learn(Object value) {
        if (value == null || value instanceof AutoCloseable) {
            return;
        }
        if (value instanceof Optional<?> optional) {
            optional.ifPresent(this::learn);
        } else if (value instanceof List<?> list) {
            list.stream().limit(1).forEach(this::learn);
        } else {
            for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
                if (Modifier.isPublic(type.getModifiers())
                        && type.getName().startsWith("io.github.finitentk")
                        && !known.containsKey(type)) {
                    add(type, () -> value);
                }
            }
        }
    }

    /** Values that make sense, perhaps in the place; empty if there are none yet. */
    List<Source> good(Class<?> type) {
        if (known.containsKey(type)) {
            return known.get(type);
        }
        if (type.isEnum()) {
            return List.of(() -> type.getEnumConstants()[0]);
        }
        if (type.isArray()) {
            List<Source> elements = good(type.getComponentType());
            return elements.isEmpty()
                    ? List.of()
                    : List.of(() -> {
                        Object array = Array.newInstance(type.getComponentType(), 1);
                        Array.set(array, 0, elements.get(0).get());
                        return array;
                    });
        }
        for (Map.Entry<Class<?>, List<Source>> entry : known.entrySet()) {
            if (type.isAssignableFrom(entry.getKey()) && !entry.getKey().isPrimitive()) {
                return entry.getValue();
            }
        }
        return type.isInterface() ? List.of(() -> nothing(type)) : List.of();
    }

    // A listener, a store, an activation that does nothing and says 0, false or null.
    private static Object nothing(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Class<?> result = method.getReturnType();
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> 1;
                case "toString" -> "nothing";
                default ->
                    result.isPrimitive() && result != void.class ? Array.get(Array.newInstance(result, 1), 0) : null;
            };
        });
    }

    /** Values that hardly ever make sense. */
    List<Source> bad(Class<?> type) {
        List<Source> values = new ArrayList<>();
        if (type == int.class) {
            for (int value : new int[] {0, -1, 1, 1 << 20, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                values.add(() -> value);
            }
        } else if (type == long.class) {
            for (long value : new long[] {0, -1, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE}) {
                values.add(() -> value);
            }
        } else if (type == double.class) {
            for (double value : new double[] {
                0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e-300, 1e300
            }) {
                values.add(() -> value);
            }
        } else if (!type.isPrimitive()) {
            values.add(() -> null);
        }
        if (type == String.class) {
            values.addAll(List.of(() -> "", () -> "\0 {", () -> "x".repeat(100_000)));
        } else if (type == Path.class) {
            values.addAll(List.of(() -> folder.resolve("none/at/all"), () -> folder));
        } else if (type == List.class) {
            values.add(() -> Collections.singletonList(null));
        } else if (type == int[].class) {
            values.addAll(List.of(() -> new int[0], () -> new int[] {-1, 0}, () -> filled(new int[3])));
        } else if (type == double[].class) {
            values.addAll(List.of(
                    () -> new double[0], () -> new double[] {Double.NaN, 1e300, -1e300, 0}, () -> new double[7]));
        } else if (type == double[][].class) {
            values.addAll(List.of(
                    () -> new double[0][], () -> new double[2][0], () -> new double[][] {{1}, {1, 2}}, () ->
                            new double[][] {{1}, null}));
        } else if (type.isArray()) {
            values.add(() -> Array.newInstance(type.getComponentType(), 0));
            if (!type.getComponentType().isPrimitive()) {
                values.add(() -> Array.newInstance(type.getComponentType(), 2));
            }
        }
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                values.add(() -> constant);
            }
        }
        return values;
    }

    private static int[] filled(int[] array) {
        Arrays.fill(array, Integer.MAX_VALUE);
        return array;
    }

    void close() {
        ntk.close();
    }
}
