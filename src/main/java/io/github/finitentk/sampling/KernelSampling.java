package io.github.finitentk.sampling;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelDraws;
import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.compute.Samplers;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.RandomNetwork;
import java.util.function.Supplier;

/** Draws kernels and outputs of random networks at initialisation, by any {@link Method} that draws. */
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

    /**
     * Independent draws of {@code Theta(x,x)} and {@code f(x)} at one input.
     *
     * @param method {@code AUTO} and {@code EXACT} use {@code O(L)} draws for ReLU; {@code AUTO} is else {@code CHAIN}
     * @param seed the seed of the random streams
     * @param draws at least 1
     * @throws IllegalArgumentException if the method makes no draws for this ensemble
     */
    public KernelDraws draw(NetworkAtInput ensemble, Method method, Seed seed, int draws) {
        boolean relu = Activations.isRelu(ensemble.activation());
        Samplers samplers = engine.samplers();
        switch (method) {
            case WEIGHTS:
                return new WeightSampler(engine).sample(ensemble, seed, draws);
            case CONDITIONAL:
                return draw(ensemble.random(), Inputs.of(input(ensemble)), method, seed, draws);
            case CHAIN:
                return spread(() -> samplers.chain(ensemble), 1, seed, draws);
            case AUTO:
                return spread(() -> relu ? samplers.reluNorms(ensemble) : samplers.chain(ensemble), 1, seed, draws);
            case EXACT:
                return spread(() -> samplers.reluNorms(ensemble), 1, seed, draws);
            default:
                throw new IllegalArgumentException(
                        "Method " + method.label() + " estimates moments; it makes no draws of the kernel.");
        }
    }

    /**
     * Independent draws of the {@code S x S} kernel and of {@code f} at S inputs.
     *
     * @param inputs {@code S x n_0}; they may be parallel, repeated or many
     * @param method {@code CONDITIONAL}, {@code WEIGHTS}, or {@code AUTO} for the cheaper one of these
     * @throws IllegalArgumentException for other methods
     */
    public KernelDraws draw(RandomNetwork law, Inputs inputs, Method method, Seed seed, int draws) {
        inputs.requireDimension(law.architecture().inputDim());
        int count = inputs.count();
        double[] x = inputs.toArray();
        switch (method == Method.AUTO ? cheaper(law.architecture(), count) : method) {
            case WEIGHTS:
                return new WeightSampler(engine).sample(law, x, seed, draws);
            case CONDITIONAL:
                return spread(() -> engine.samplers().conditional(law, x), count, seed, draws);
            default:
                throw new IllegalArgumentException(
                        "Kernels at several inputs are drawn by method conditional or weights, not " + method.label()
                                + ".");
        }
    }

    /** The method by which drawing a kernel at {@code inputs} inputs costs less. */
    public static Method cheaper(Architecture architecture, int inputs) {
        return cost(architecture, inputs, Method.CONDITIONAL) <= cost(architecture, inputs, Method.WEIGHTS)
                ? Method.CONDITIONAL
                : Method.WEIGHTS;
    }

    /** What a draw of the kernel at {@code inputs} inputs costs by the {@link #cheaper} method, in multiply-adds. */
    public static double products(Architecture architecture, int inputs) {
        return cost(architecture, inputs, cheaper(architecture, inputs)) / FLOP_COST;
    }

    private static double cost(Architecture architecture, int inputs, Method method) {
        double cost = 0;
        double s = inputs;
        for (int l = 1; l < architecture.depth(); l++) {
            double n = architecture.width(l);
            double below = architecture.width(l - 1);
            cost += method == Method.CONDITIONAL
                    ? 2 * s * n * NORMAL_COST + CONDITIONAL_FLOPS * s * s * n * FLOP_COST
                    : n * below * (NORMAL_COST + 2 * s * FLOP_COST) + 2 * s * s * n * FLOP_COST;
        }
        return cost;
    }

    static double[] input(NetworkAtInput ensemble) {
        int dimension = ensemble.architecture().inputDim();
        Memory.require(16.0 * dimension, Memory.availableHeap(), "An input of dimension " + dimension);
        Memory.requireArray(dimension, "An input of dimension " + dimension);
        return ensemble.input();
    }

    private KernelDraws spread(Supplier<KernelSampler> allocate, int inputs, Seed seed, int draws) {
        KernelDraws result = new KernelDraws(draws, inputs);
        int block = Math.max(1, Math.min(256, draws / (4 * engine.threads())));
        KernelSampler[] bySlot = new KernelSampler[engine.threads()];
        try {
            engine.forEach((draws + block - 1) / block, (index, slot) -> {
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
