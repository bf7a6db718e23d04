package io.github.finitentk.internal.compute;

import io.github.finitentk.internal.random.NormalStream;

/** Which inputs each step of a descent sees, in every epoch each once; the twin of {@code batch_order.h}. */
public final class BatchOrder {

    private final int inputs;
    private final int size;
    private final int epochSteps;
    private final long key;
    private long epoch = -1;
    private int[] order;

    /** The order of the network with this index. */
    public BatchOrder(DescentRule rule, int inputs, int network) {
        this.inputs = inputs;
        size = rule.batchOf(inputs);
        epochSteps = rule.epochSteps(inputs);
        key = rule.orderKey(network);
    }

    /** Whether a step sees all inputs; they are then in their own order. */
    public boolean whole() {
        return size == inputs;
    }

    public boolean endsEpoch(long step) {
        return step % epochSteps == epochSteps - 1;
    }

    /** How many inputs the step sees. */
    public int count(long step) {
        return Math.min(size, inputs - first(step));
    }

    /** Input {@code i} of those that the step sees. */
    public int input(long step, int i) {
        if (whole()) {
            return i;
        }
        if (step / epochSteps != epoch) {
            shuffle(step / epochSteps);
        }
        return order[first(step) + i];
    }

    private int first(long step) {
        return (int) (step % epochSteps) * size;
    }

    // Fisher and Yates with the upper halves of the words of stream (key, epoch, 0, 0), word i for place i. Places are
    // uneven by less than inputs 2^-32.
    private void shuffle(long number) {
        epoch = number;
        order = new int[inputs];
        long[] words = new long[inputs];
        new NormalStream(key, epoch, 0, 0).words(words, 0);
        for (int i = 0; i < inputs; i++) {
            order[i] = i;
        }
        for (int i = inputs - 1; i > 0; i--) {
            int other = (int) ((words[i] >>> 32) * (i + 1L) >>> 32);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }
}
