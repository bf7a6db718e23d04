package io.github.finitentk.experiment;

import io.github.finitentk.data.Kernel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A training under way and the kernels that were measured on it: their number, their entries, the training's own checkpoint.
 *
 * @param kernels so far, in the order of their steps
 * @param training what {@link io.github.finitentk.training.Training#checkpoint} gave
 */
record ClassBlocksCheckpoint(List<Kernel> kernels, byte[] training) {

    byte[] write() {
        int entries =
                kernels.stream().mapToInt(kernel -> kernel.toArray().length).sum();
        ByteBuffer state = ByteBuffer.allocate(Integer.BYTES + Double.BYTES * entries + training.length)
                .putInt(kernels.size());
        kernels.forEach(kernel -> Arrays.stream(kernel.toArray()).forEach(state::putDouble));
        return state.put(training).array();
    }

    /**
     * @param images of each kernel
     * @throws IllegalArgumentException if the bytes are not such a state
     */
    static ClassBlocksCheckpoint read(byte[] bytes, int images) {
        ByteBuffer state = ByteBuffer.wrap(bytes);
        int entries = images * images;
        int count = bytes.length < Integer.BYTES ? -1 : state.getInt();
        if (count < 0 || (long) count * entries * Double.BYTES > state.remaining()) {
            throw new IllegalArgumentException("The checkpoint of a training on classes is damaged.");
        }
        List<Kernel> kernels = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            double[] theta = new double[entries];
            Arrays.setAll(theta, i -> state.getDouble());
            kernels.add(Kernel.of(images, images, theta));
        }
        byte[] training = new byte[state.remaining()];
        state.get(training);
        return new ClassBlocksCheckpoint(kernels, training);
    }
}
