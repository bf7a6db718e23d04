package io.github.finitentk.sampling;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.BatchShape;
import io.github.finitentk.compute.Memory;
import io.github.finitentk.compute.NetworkBatch;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.model.Ensemble;
import io.github.finitentk.model.Precision;

/**
 * Draws {@code Theta(x,x)} by drawing whole networks: the definition itself, {@code O(L M^2)} a draw. Draw {@code i}
 * depends on the key and on {@code i} only, not on the number of threads or how draws are batched.
 */
public final class WeightSampler {

    // Parameters of a batch should stay in a processor's second-level cache between drawing and using them.
    private static final long BATCH_BYTES = 1 << 20;

    private final Backend backend;
    private final WorkerPool workers;

    public WeightSampler(Backend backend, WorkerPool workers) {
        this.backend = backend;
        this.workers = workers;
    }

    /**
     * @param key the key of the random streams
     * @param draws at least 1
     * @return {@code Theta(x,x)} of networks 0, 1, ..., draws - 1
     * @throws IllegalArgumentException if {@code draws} is below 1
     * @throws io.github.finitentk.compute.InsufficientMemoryException if not even one network fits
     */
    public double[] sample(Ensemble ensemble, long key, int draws) {
        if (draws < 1) {
            throw new IllegalArgumentException("The number of draws must be at least 1, not " + draws + ".");
        }
        long bytes = 8 * ensemble.architecture().parameterCount();
        int batchSize = (int) Math.max(1, Math.min(draws, BATCH_BYTES / bytes));
        int batches = (draws + batchSize - 1) / batchSize;
        BatchShape shape = new BatchShape(ensemble.architecture(), ensemble.activation(), Precision.F64, batchSize, 1);
        int concurrent = Math.min(workers.threads(), batches);
        Memory.require(
                shape.bytes() * concurrent,
                backend.availableMemory(),
                "Drawing the weights of " + concurrent + " network(s) of depth "
                        + ensemble.architecture().depth() + " and width "
                        + ensemble.architecture().maxHiddenWidth() + " at once");
        double[] theta = new double[draws];
        NetworkBatch[] bySlot = new NetworkBatch[workers.threads()];
        try {
            workers.forEach(batches, (index, slot) -> {
                if (bySlot[slot] == null) {
                    bySlot[slot] = backend.allocate(shape, WorkerPool.SINGLE);
                    bySlot[slot].setInputs(ensemble.input());
                }
                drawBatch(bySlot[slot], ensemble, key, index * batchSize, theta);
            });
        } finally {
            for (NetworkBatch batch : bySlot) {
                if (batch != null) {
                    batch.close();
                }
            }
        }
        return theta;
    }

    private static void drawBatch(NetworkBatch batch, Ensemble ensemble, long key, int first, double[] theta) {
        batch.initialize(ensemble.initialization(), key, first);
        batch.forward();
        batch.backward();
        batch.computeNtk();
        double[] one = new double[1];
        for (int i = 0; i < batch.shape().networks() && first + i < theta.length; i++) {
            batch.ntk(i, one);
            theta[first + i] = one[0];
        }
    }
}
