package io.github.finitentk.trust;

import io.github.finitentk.kernel.Smoother;
import io.github.finitentk.kernel.TrainTestKernel;

/** A run of consecutive samples that is held out for testing while the others train. */
final class Fold {

    private final int samples;
    private final int[] train;
    private final int[] test;

    /** Part {@code index} of {@code folds} of the samples; empty if there are too few. */
    Fold(int samples, int index, int folds) {
        this.samples = samples;
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
    static double[] corner(double[] kernel, int samples) {
        int n = (int) Math.round(Math.sqrt(kernel.length));
        double[] corner = new double[samples * samples];
        for (int s = 0; s < samples; s++) {
            System.arraycopy(kernel, s * n, corner, s * samples, samples);
        }
        return corner;
    }

    /** The blocks of a kernel on all samples. */
    TrainTestKernel split(double[] kernel) {
        double[] diagonal = new double[test.length];
        for (int x = 0; x < test.length; x++) {
            diagonal[x] = kernel[test[x] * samples + test[x]];
        }
        return new TrainTestKernel(train.length, test.length, block(kernel, train), block(kernel, test), diagonal);
    }

    private double[] block(double[] kernel, int[] rows) {
        double[] block = new double[rows.length * train.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < train.length; j++) {
                block[i * train.length + j] = kernel[rows[i] * samples + train[j]];
            }
        }
        return block;
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
