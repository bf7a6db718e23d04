package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;

/**
 * Draws kernels by drawing whole networks: the definition itself, {@code O(L M^2)} a draw and input. Draw {@code i}
 * depends on the seed and on {@code i} only, not on the number of threads or how draws are batched.
 */
final class WeightSampler {

    // Parameters of a batch should stay in a processor's second-level cache between drawing and using them.
    private static final long BATCH_BYTES = 1 << 20;

    private final Engine engine;

    WeightSampler(Engine engine) {
        this.engine = engine;
    }

    /**
     * @param inputs {@code S x n_0}, row-major
     * @param draws at least 1
     * @return Theta and f of networks 0, 1, ..., draws - 1
     * @throws IllegalArgumentException if {@code draws} is below 1
     * @throws io.github.finitentk.compute.InsufficientMemoryException if not even one network fits
     */
    KernelDraws sample(RandomNetwork network, double[] inputs, Seed seed, int draws) {
        int count = Samplers.requireInputs(network, inputs);
        KernelDraws result = new KernelDraws(draws, count);
        double bytes = 8.0 * network.architecture().parameterCount();
        int batchSize = (int) Math.max(1, Math.min(draws, BATCH_BYTES / bytes));
        int batches = (draws - 1) / batchSize + 1;
        BatchShape shape =
                new BatchShape(network.architecture(), network.activation(), Precision.F64, batchSize, count);
        int concurrent = Math.min(engine.threads(), batches);
        Memory.require(
                shape.bytes() * concurrent,
                engine::availableMemory,
                "Drawing the weights of " + concurrent + " network(s) of depth "
                        + network.architecture().depth() + " and width "
                        + network.architecture().maxHiddenWidth() + " at once");
        NetworkBatch[] bySlot = new NetworkBatch[engine.threads()];
        try {
            engine.forEach(batches, (index, slot) -> {
                if (bySlot[slot] == null) {
                    bySlot[slot] = engine.single().allocate(shape);
                    bySlot[slot].setInputs(inputs);
                }
                drawBatch(bySlot[slot], network, seed, index * batchSize, result);
            });
        } finally {
            for (NetworkBatch batch : bySlot) {
                if (batch != null) {
                    batch.close();
                }
            }
        }
        return result;
    }

    private static void drawBatch(NetworkBatch batch, RandomNetwork network, Seed seed, int first, KernelDraws result) {
        batch.initialize(network.initialization(), seed, first);
        batch.forward();
        batch.backward();
        batch.computeNtk();
        int inputs = result.inputs();
        double[] theta = new double[inputs * inputs];
        double[] f = new double[inputs];
        for (int i = 0; i < batch.shape().networks() && first + i < result.draws(); i++) {
            batch.ntk(i, theta);
            System.arraycopy(theta, 0, result.mantissas(), (first + i) * theta.length, theta.length);
            batch.outputs(i, f);
            System.arraycopy(f, 0, result.outputs(), (first + i) * inputs, inputs);
        }
    }
}
