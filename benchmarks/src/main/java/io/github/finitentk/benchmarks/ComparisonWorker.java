package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.PackedCholesky;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.VarianceEstimation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * This project's side of {@code benchmarks/compare}: line by line, {@code prepare key=value ...} writes the workload's data into a folder and
 * answers the numbers that all must agree on, {@code run N} does the work N times and answers the seconds.
 */
public final class ComparisonWorker {

    /** Work that has been prepared. */
    private interface Work extends AutoCloseable {
        double[] check();

        void run(int times);

        @Override
        default void close() {}
    }

    private final Map<String, String> settings = new HashMap<>();
    private Engine engine;

    private ComparisonWorker() {}

    public static void main(String[] arguments) throws IOException {
        ComparisonWorker worker = new ComparisonWorker();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Work work = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("run")) {
                long start = System.nanoTime();
                work.run(Integer.parseInt(words[1]));
                System.out.println((System.nanoTime() - start) / 1e9);
            } else {
                if (work != null) {
                    work.close();
                }
                work = worker.prepare(words);
                System.out.println(
                        Arrays.stream(work.check()).mapToObj(Double::toString).collect(Collectors.joining(" ")));
            }
        }
    }

    private Work prepare(String[] words) {
        settings.clear();
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            settings.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        if (engine != null) {
            engine.close();
        }
        engine = Engine.of(Backend.fastest(), number("threads"));
        return switch (settings.get("work")) {
            case "kernel" -> kernel();
            case "kernels" -> kernels();
            case "variance" -> variance();
            case "training" -> training();
            case "infinite" -> infinite();
            case "cholesky" -> cholesky();
            default -> throw new IllegalArgumentException("There is no such work: " + settings + ".");
        };
    }

    private int number(String key) {
        return Integer.parseInt(settings.get(key));
    }

    private Precision precision() {
        return Precision.parse(settings.get("precision"));
    }

    private void write(String name, double[] data, int... shape) {
        NpyArray.of(data, shape).write(Path.of(settings.get("folder"), name + ".npy"));
    }

    /** Networks by the same seeds in every workload, each layer's weights and biases of all of them one after the other. */
    private Network[] networks(Architecture architecture, Activation activation, double biases, int count) {
        RandomNetwork random = new RandomNetwork(architecture, activation, new Initialization(2, biases));
        Network[] networks = IntStream.range(0, count)
                .mapToObj(k -> random.sample(Seed.of(k)))
                .toArray(Network[]::new);
        for (int layer = 1; layer <= architecture.depth(); layer++) {
            int l = layer;
            int rows = architecture.width(l);
            int columns = architecture.width(l - 1);
            write("W" + l, joined(networks, network -> network.weights(l)), count, rows, columns);
            write("b" + l, joined(networks, network -> network.biases(l)), count, rows);
        }
        return networks;
    }

    private interface Part {
        double[] of(Network network);
    }

    private static double[] joined(Network[] networks, Part part) {
        return Arrays.stream(networks)
                .flatMapToDouble(network -> DoubleStream.of(part.of(network)))
                .toArray();
    }

    private Inputs inputs(int count, int dimension) {
        Inputs x = Inputs.onSphere(count, dimension, Seed.of(1));
        write("x", x.toArray(), count, dimension);
        return x;
    }

    /** Up to some thousands of the numbers, at the same places everywhere. */
    private static double[] some(double[] numbers) {
        int step = Math.max(1, numbers.length / 2000);
        return IntStream.range(0, (numbers.length + step - 1) / step)
                .mapToDouble(k -> numbers[k * step])
                .toArray();
    }

    private Work kernel() {
        int width = number("M");
        Network network = networks(Architecture.constant(width, width, number("L")), Activations.RELU, 0.1, 1)[0];
        Inputs x = inputs(number("S"), width);
        KernelEvaluation evaluation = new KernelEvaluation(network, x, engine).precision(precision());
        return new Work() {
            @Override
            public double[] check() {
                return some(evaluation.evaluate().theta().toArray());
            }

            @Override
            public void run(int times) {
                for (int k = 0; k < times; k++) {
                    evaluation.evaluate();
                }
            }
        };
    }

    private Work kernels() {
        int width = number("M");
        int count = number("B");
        Architecture architecture = Architecture.constant(width, width, number("L"));
        Network[] networks = networks(architecture, Activations.RELU, 0.1, count);
        Inputs x = inputs(number("S"), width);
        NetworkBatch batch =
                engine.allocate(new BatchShape(architecture, Activations.RELU, precision(), count, number("S")));
        batch.setInputs(x.toArray());
        for (int k = 0; k < count; k++) {
            batch.setParameters(k, networks[k].parameters());
        }
        return new Work() {
            private double[] thetas() {
                batch.forward();
                batch.backward();
                batch.computeNtk();
                return IntStream.range(0, count)
                        .boxed()
                        .flatMapToDouble(k -> DoubleStream.of(batch.ntk(k)))
                        .toArray();
            }

            @Override
            public double[] check() {
                return some(thetas());
            }

            @Override
            public void run(int times) {
                for (int k = 0; k < times; k++) {
                    batch.forward();
                    batch.backward();
                    batch.computeNtk();
                    for (int network = 0; network < count; network++) {
                        batch.ntk(network);
                    }
                }
            }

            @Override
            public void close() {
                batch.close();
            }
        };
    }

    /** Checked on ten networks that all have; in the runs each draws its own. */
    private Work variance() {
        int width = number("M");
        Architecture architecture = Architecture.constant(width, width, number("L"));
        Network[] networks = networks(architecture, Activations.TANH, 1, 10);
        double[] ones = new double[width];
        Arrays.fill(ones, 1);
        write("x", ones, 1, width);
        VarianceEstimation estimation =
                new VarianceEstimation(engine, new RandomNetwork(architecture, Activations.TANH, new Initialization(2, 1)))
                        .method(Method.parse(settings.get("method")))
                        .draws(number("B"));
        return new Work() {
            private long seed;

            @Override
            public double[] check() {
                return Arrays.stream(networks)
                        .mapToDouble(network -> new KernelEvaluation(network, Inputs.of(1, width, ones), engine)
                                .evaluate()
                                .theta()
                                .get(0, 0))
                        .toArray();
            }

            @Override
            public void run(int times) {
                for (int k = 0; k < times; k++) {
                    estimation.seed(seed++).estimate();
                }
            }
        };
    }

    /** Checked by the loss of the tenth step, which is that of the weights before it, and some weights after it; a run goes on from where the last one was. */
    private Work training() {
        boolean adam = settings.get("optimizer").equals("adam");
        int outputs = adam ? 10 : 1;
        int samples = number("S");
        int count = number("B");
        Architecture architecture =
                Architecture.constant(784, number("M"), number("L")).withOutputs(outputs);
        Network[] networks = networks(architecture, Activations.RELU, 0.1, count);
        double[] y = new double[samples * outputs];
        for (int s = 0; s < samples; s++) {
            y[s * outputs + s % outputs] = adam ? 1 : s % 7 / 7.0;
        }
        write("y", y, samples, outputs);
        DescentRule rule = new DescentRule(
                Double.parseDouble(settings.get("rate")),
                adam ? DescentRule.Loss.CROSS_ENTROPY : DescentRule.Loss.SQUARED_ERROR,
                1,
                adam
                        ? new DescentRule.Optimizer(DescentRule.Method.ADAM, 0.9, 0.999, 1e-8)
                        : DescentRule.Optimizer.GRADIENT_DESCENT,
                DescentRule.ALL,
                Seed.of(1),
                0,
                Integer.MAX_VALUE,
                Long.MAX_VALUE);
        GradientDescent descent =
                engine.gradientDescent(new BatchShape(architecture, Activations.RELU, precision(), count, samples), rule);
        double[] x = inputs(samples, 784).toArray();
        descent.setData(x, y);
        for (int k = 0; k < count; k++) {
            descent.setParameters(k, networks[k].parameters());
        }
        return new Work() {
            @Override
            public double[] check() {
                descent.advance(rule, 10);
                return IntStream.range(0, count)
                        .boxed()
                        .flatMapToDouble(k -> DoubleStream.concat(
                                DoubleStream.of(descent.state(k).lastLoss()),
                                Arrays.stream(descent.parameters(k)).limit(50)))
                        .toArray();
            }

            @Override
            public void run(int times) {
                descent.advance(rule, descent.state(0).step() + times);
            }

            @Override
            public void close() {
                descent.close();
            }
        };
    }

    private Work infinite() {
        int samples = number("S");
        double[] x = Inputs.onSphere(samples, 100, Seed.of(1)).toArray();
        for (int i = 0; i < x.length; i++) {
            x[i] *= 1 + i / 100 / (double) samples; // of different norms
        }
        write("x", x, samples, 100);
        Inputs inputs = Inputs.of(samples, 100, x);
        RandomNetwork law = new RandomNetwork(
                Architecture.constant(100, 100, number("L")),
                Activations.parse(settings.get("activation")),
                new Initialization(2, 0.1));
        return new Work() {
            private InfiniteWidth kernels() {
                return InfiniteWidth.of(law, inputs, InfiniteWidth.Parametrization.NTK, engine);
            }

            @Override
            public double[] check() {
                InfiniteWidth kernels = kernels();
                return DoubleStream.concat(
                                DoubleStream.of(some(kernels.nngp().toArray())),
                                DoubleStream.of(some(kernels.ntk().toArray())))
                        .toArray();
            }

            @Override
            public void run(int times) {
                for (int k = 0; k < times; k++) {
                    kernels();
                }
            }
        };
    }

    /** Of a regression: the factor of the kernel and the solution for one right side. */
    private Work cholesky() {
        int n = number("S");
        SplittableRandom random = new SplittableRandom(1);
        double[] a = new double[n * n];
        double[] b = random.doubles(n, -0.5, 0.5).toArray();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                a[i * n + j] = a[j * n + i] = random.nextDouble() - 0.5;
            }
            a[i * n + i] = 4 * Math.sqrt(n);
        }
        write("a", a, n, n);
        write("b", b, n);
        return new Work() {
            private double[] solution() {
                try (PackedCholesky cholesky = new PackedCholesky(n, precision(), 0, engine)) {
                    for (int row = 0; row < n; row += PackedCholesky.EDGE) {
                        int rows = Math.min(PackedCholesky.EDGE, n - row);
                        double[] block = new double[rows * (row + rows)];
                        for (int i = 0; i < rows; i++) {
                            System.arraycopy(a, (row + i) * n, block, i * (row + rows), row + rows);
                        }
                        cholesky.write(row, rows, 0, row + rows, block);
                    }
                    cholesky.factor(share -> {});
                    return cholesky.solve(b, 1);
                }
            }

            @Override
            public double[] check() {
                return some(solution());
            }

            @Override
            public void run(int times) {
                for (int k = 0; k < times; k++) {
                    solution();
                }
            }
        };
    }
}
