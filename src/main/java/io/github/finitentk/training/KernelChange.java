package io.github.finitentk.training;

/**
 * How far the kernel on the training inputs has moved.
 *
 * @param step the number {@code t} of updates
 * @param value {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}, computed in f64
 */
public record KernelChange(long step, double value) {

    /**
     * The relative change between two kernels.
     *
     * @param initial {@code Theta^0}, any layout; not modified
     * @param now {@code Theta^t} in the same layout; not modified
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public static KernelChange between(double[] initial, long step, double[] now) {
        if (initial.length != now.length) {
            throw new IllegalArgumentException("The kernels must have the same number of entries, not " + initial.length
                    + " and " + now.length + ".");
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < now.length; i++) {
            difference = Math.hypot(difference, now[i] - initial[i]);
            norm = Math.hypot(norm, initial[i]);
        }
        return new KernelChange(step, difference / norm);
    }
}
