package io.github.finitentk.trust;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.kernel.TrainTestKernel;

/** A run of consecutive samples that is held out for testing while the others train. */
final class Fold {

    private final int[] train;
    private final int[] test;

    /** Part {@code index} of {@code folds} of the samples; empty if there are too few. */
    Fold(int samples, int index, int folds) {
        int from = samples * index / folds;
        int to = samples * (index + 1) / folds;
        test = new int[to - from];
        train = new int[samples - test.length];
        for (int s = 0; s < samples; s++) {
            if (s >= from && s < to) {
                test[s - from] = s;
            } else {
                train[s < from ? s : s - test.length] = s;
            }
        }
    }

    int tests() {
        return test.length;
    }

    /** A kernel on the first samples only. */
    static Kernel corner(Kernel kernel, int samples) {
        return kernel.block(0, samples, 0, samples);
    }

    /** The blocks of a kernel on all samples. */
    TrainTestKernel split(Kernel kernel) {
        return new TrainTestKernel(block(kernel, train), block(kernel, test), pick(kernel.diagonal(), test));
    }

    private Kernel block(Kernel kernel, int[] rows) {
        double[] block = new double[rows.length * train.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < train.length; j++) {
                block[i * train.length + j] = kernel.get(rows[i], train[j]);
            }
        }
        return Kernel.wrap(rows.length, train.length, block);
    }

    /** The held-out outputs that a smoother predicts for a network with these initial outputs on all samples. */
    double[] predict(Smoother smoother, double[] outputs, double[] targets) {
        return smoother.predict(pick(outputs, test), pick(outputs, train), pick(targets, train));
    }

    /** Puts numbers for the held-out samples in their places. */
    void put(double[] values, double[] all) {
        System.arraycopy(values, 0, all, test[0], values.length);
    }

    private static double[] pick(double[] values, int[] places) {
        double[] picked = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            picked[i] = values[places[i]];
        }
        return picked;
    }
}
