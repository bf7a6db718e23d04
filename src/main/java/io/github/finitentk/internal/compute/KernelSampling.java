package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.RandomNetwork;
import java.util.function.Supplier;

/**
 * Draws kernels and outputs of random networks at initialisation, with weights or by the {@link Samplers}. Draw {@code i}
 * depends on the seed and on {@code i} only, not on the number of threads or how draws are batched.
 */
public final class KernelSampling {

    // Costs in nanoseconds that only have to be right relative to each other: a normal number, and a multiply-add
    // within a matrix product.
    private static final double NORMAL_COST = 2;
    private static final double FLOP_COST = 0.05;
    // Multiply-adds of the conditional sampler for each unit and pair of inputs: five products, and two
    // orthogonalisations that run at a fraction of a product's speed.
    private static final double CONDITIONAL_FLOPS = 5 + 2 * 6;

    private final Engine engine;

    /**
     * @param engine who computes, and the threads that draws are spread over; not closed here
     */
    public KernelSampling(Engine engine) {
        this.engine = engine;
    }

    /** Draws of whole networks: the definition. */
    public KernelDraws weights(RandomNetwork network, Inputs inputs, Seed seed, int draws) {
        return new WeightSampler(engine).sample(network, checked(network, inputs), seed, draws);
    }

    /** The same at one input. */
    public KernelDraws weights(NetworkAtInput network, Seed seed, int draws) {
        return weights(network.random(), input(network), seed, draws);
    }

    /** {@link Samplers#conditional}. */
    public KernelDraws conditional(RandomNetwork network, Inputs inputs, Seed seed, int draws) {
        double[] x = checked(network, inputs);
        return spread(() -> engine.samplers().conditional(network, x), inputs.count(), seed, draws);
    }

    /** The same at one input. */
    public KernelDraws conditional(NetworkAtInput network, Seed seed, int draws) {
        return conditional(network.random(), input(network), seed, draws);
    }

    /** Draws at several inputs in the way that costs less. */
    public KernelDraws draw(RandomNetwork network, Inputs inputs, Seed seed, int draws) {
        return conditionalIsCheaper(network.architecture(), inputs.count())
                ? conditional(network, inputs, seed, draws)
                : weights(network, inputs, seed, draws);
    }

    /** Draws at one input in the way that costs least: {@link #reluNorms} where it applies, else {@link #chain}. */
    public KernelDraws draw(NetworkAtInput network, Seed seed, int draws) {
        return Activations.isRelu(network.activation()) ? reluNorms(network, seed, draws) : chain(network, seed, draws);
    }

    /** {@link Samplers#chain}. */
    public KernelDraws chain(NetworkAtInput network, Seed seed, int draws) {
        return spread(() -> engine.samplers().chain(network), 1, seed, draws);
    }

    /** {@link Samplers#reluNorms}. */
    public KernelDraws reluNorms(NetworkAtInput network, Seed seed, int draws) {
        return spread(() -> engine.samplers().reluNorms(network), 1, seed, draws);
    }

    /** Whether a kernel at so many inputs costs less to draw without weights. */
    public static boolean conditionalIsCheaper(Architecture architecture, int inputs) {
        return cost(architecture, inputs, true) <= cost(architecture, inputs, false);
    }

    /** What a draw of the kernel at {@code inputs} inputs costs in the cheaper way, in multiply-adds. */
    public static double products(Architecture architecture, int inputs) {
        return Math.min(cost(architecture, inputs, true), cost(architecture, inputs, false)) / FLOP_COST;
    }

    private static double cost(Architecture architecture, int inputs, boolean conditional) {
        double cost = 0;
        double s = inputs;
        for (int l = 1; l < architecture.depth(); l++) {
            double n = architecture.width(l);
            double below = architecture.width(l - 1);
            cost += conditional
                    ? 2 * s * n * NORMAL_COST + CONDITIONAL_FLOPS * s * s * n * FLOP_COST
                    : n * below * (NORMAL_COST + 2 * s * FLOP_COST) + 2 * s * s * n * FLOP_COST;
        }
        return cost;
    }

    private static double[] checked(RandomNetwork network, Inputs inputs) {
        inputs.requireDimension(network.architecture().inputDim());
        network.architecture().requireOneOutput("Sampling the kernel at initialisation");
        return inputs.toArray();
    }

    private static Inputs input(NetworkAtInput network) {
        int dimension = network.architecture().inputDim();
        Memory.requireArray(dimension, "An input of dimension " + dimension);
        Memory.requireHeap(24.0 * dimension, 0, "An input of dimension " + dimension);
        return Inputs.of(network.input());
    }

    private KernelDraws spread(Supplier<KernelSampler> allocate, int inputs, Seed seed, int draws) {
        KernelDraws result = new KernelDraws(draws, inputs);
        int block = Math.max(1, Math.min(256, draws / (4 * engine.threads())));
        KernelSampler[] bySlot = new KernelSampler[engine.threads()];
        try {
            engine.forEach((draws - 1) / block + 1, (index, slot) -> {
                if (bySlot[slot] == null) {
                    bySlot[slot] = allocate.get();
                }
                int first = index * block;
                bySlot[slot].draw(seed, first, Math.min(block, draws - first), result, first);
            });
        } finally {
            for (KernelSampler sampler : bySlot) {
                if (sampler != null) {
                    sampler.close();
                }
            }
        }
        return result;
    }
}
