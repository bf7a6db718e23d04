package io.github.finitentk.properties;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.UnbiasedLayers;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A network and inputs of it.
 *
 * @param widths {@code n_0, ..., n_L}
 * @param activation built in
 * @param biased by layer
 * @param samples S
 * @param seed of weights, biases and inputs, some of which are 0, the same as an earlier one, or a multiple of it
 */
record KernelCase(List<Integer> widths, Activation activation, List<Boolean> biased, int samples, long seed) {

    static final List<Activation> PIECEWISE_LINEAR = List.of(
            Activations.RELU,
            Activations.ABS,
            Activations.IDENTITY,
            Activations.leakyRelu(0.1),
            Activations.abRelu(-0.5, 1));

    static final List<Activation> SMOOTH = List.of(
            Activations.TANH,
            Activations.ERF,
            Activations.GELU,
            Activations.SIN,
            Activations.SIGMOID,
            Activations.SOFTPLUS,
            Activations.SILU);

    /** 1 to 5 layers of 1 to 70 units, inputs in one and in two blocks of 64. */
    static final class Any implements ArbitrarySupplier<KernelCase> {
        @Override
        public Arbitrary<KernelCase> get() {
            return cases(Arbitraries.of(IntStream.range(0, 2)
                    .boxed()
                    .flatMap(kind -> (kind == 0 ? PIECEWISE_LINEAR : SMOOTH).stream())
                    .toList()));
        }
    }

    /** The same with activations that are homogeneous. */
    static final class Homogeneous implements ArbitrarySupplier<KernelCase> {
        @Override
        public Arbitrary<KernelCase> get() {
            return cases(Arbitraries.of(PIECEWISE_LINEAR));
        }
    }

    private static Arbitrary<KernelCase> cases(Arbitrary<Activation> activations) {
        Arbitrary<Integer> width = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(1)),
                Tuple.of(4, Arbitraries.integers().between(2, 9)),
                Tuple.of(2, Arbitraries.integers().between(10, 70)));
        Arbitrary<Integer> samples = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(1)),
                Tuple.of(4, Arbitraries.integers().between(2, 9)),
                Tuple.of(1, Arbitraries.integers().between(60, 70)));
        Arbitrary<List<Integer>> hidden = width.list().ofMinSize(1).ofMaxSize(5);
        return Combinators.combine(
                        hidden,
                        Arbitraries.integers().between(1, 4),
                        activations,
                        Arbitraries.of(true, true, true, false).list().ofSize(5),
                        samples,
                        Arbitraries.longs())
                .as((below, outputs, activation, biased, s, seed) -> new KernelCase(
                        IntStream.concat(below.stream().mapToInt(i -> i), IntStream.of(outputs))
                                .boxed()
                                .toList(),
                        activation,
                        biased.subList(0, below.size()),
                        s,
                        seed));
    }

    Architecture architecture() {
        return Architecture.of(widths.stream().mapToInt(i -> i).toArray());
    }

    int depth() {
        return widths.size() - 1;
    }

    int outputs() {
        return widths.get(depth());
    }

    /** With fewer inputs, for what is slow. */
    KernelCase atMost(int inputs) {
        return new KernelCase(widths, activation, biased, Math.min(inputs, samples), seed);
    }

    /** The variance of weights is between 0.5 and 3, of biases between 0 and 1. */
    Network network() {
        Architecture architecture = architecture();
        SplittableRandom random = new SplittableRandom(seed);
        double sigmaW = Math.sqrt(random.nextDouble(0.5, 3));
        double sigmaB = random.nextDouble();
        double[] parameters = new double[(int) architecture.parameterCount()];
        for (int l = 1; l <= architecture.depth(); l++) {
            int weights = (int) architecture.weightOffset(l);
            int biases = (int) architecture.biasOffset(l);
            for (int i = weights; i < biases; i++) {
                parameters[i] = sigmaW / Math.sqrt(architecture.width(l - 1)) * random.nextGaussian();
            }
            for (int i = biases; i < biases + architecture.width(l); i++) {
                parameters[i] = biased.get(l - 1) ? sigmaB * random.nextGaussian() : 0;
            }
        }
        return network(parameters);
    }

    /** With other parameters. */
    Network network(double[] parameters) {
        boolean[] layers = new boolean[biased.size()];
        for (int l = 0; l < layers.length; l++) {
            layers[l] = biased.get(l);
        }
        return UnbiasedLayers.of(architecture(), parameters, layers).with(activation);
    }

    double[][] rows() {
        SplittableRandom random = new SplittableRandom(seed + 1);
        double[][] rows = new double[samples][widths.get(0)];
        for (int s = 0; s < samples; s++) {
            double kind = random.nextDouble();
            if (kind < 0.1) {
                continue;
            }
            if (kind < 0.3 && s > 0) {
                double factor = kind < 0.2 ? 1 : random.nextGaussian();
                double[] earlier = rows[random.nextInt(s)];
                Arrays.setAll(rows[s], i -> factor * earlier[i]);
                continue;
            }
            Arrays.setAll(rows[s], i -> random.nextGaussian());
        }
        return rows;
    }

    Inputs inputs() {
        return Inputs.of(rows());
    }

    /** One of all forms. */
    KernelForm form(int which) {
        return switch (which % 5) {
            case 0 -> KernelForm.FULL;
            case 1 -> KernelForm.DIAGONAL;
            case 2 -> KernelForm.TRACE;
            case 3 -> KernelForm.PSEUDO;
            default -> KernelForm.output(which / 5 % outputs());
        };
    }
}
