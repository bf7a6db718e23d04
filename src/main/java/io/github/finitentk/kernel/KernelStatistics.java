package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What is said of a kernel beside its {@link Kernel#statistics means} and its {@link Spectrum}: how far it is from another one,
 * how well it fits targets, and what it is for inputs of one class and of two. {@code <A, B> = sum_sr A_sr B_sr}.
 */
public final class KernelStatistics {

    private KernelStatistics() {}

    /**
     * {@code |B - A| / |A|}: the kernel change if A is the kernel at initialisation.
     *
     * @throws IllegalArgumentException if the kernels differ in shape or one is not finite
     */
    public static double change(Kernel a, Kernel b) {
        requireComparable(a, b);
        double unit = unit(largest(a), largest(b));
        double difference = 0;
        double norm = 0;
        for (int s = 0; s < a.rows(); s++) {
            for (int r = 0; r < a.columns(); r++) {
                double from = unit * a.get(s, r);
                double step = unit * b.get(s, r) - from;
                difference += step * step;
                norm += from * from;
            }
        }
        return Math.sqrt(difference / norm);
    }

    /**
     * The kernel distance {@code 1 - <A, B>/(|A| |B|)} (Fort et al. 2020), which a mere rescaling leaves at 0. Computed as
     * {@code |A/|A| - B/|B||^2 / 2}, so small ones keep their digits. NaN if a kernel vanishes.
     *
     * @throws IllegalArgumentException if the kernels differ in shape or one is not finite
     */
    public static double distance(Kernel a, Kernel b) {
        requireComparable(a, b);
        double unitA = unit(largest(a));
        double unitB = unit(largest(b));
        double scaleA = unitA / Math.sqrt(square(a, unitA));
        double scaleB = unitB / Math.sqrt(square(b, unitB));
        double sum = 0;
        for (int s = 0; s < a.rows(); s++) {
            for (int r = 0; r < a.columns(); r++) {
                double step = scaleB * b.get(s, r) - scaleA * a.get(s, r);
                sum += step * step;
            }
        }
        return sum / 2;
    }

    /**
     * The kernel velocity between two checkpoints of a training: their {@link #distance} for each step in between.
     *
     * @param steps between them, positive
     * @throws IllegalArgumentException as {@link #distance}, or if there is no step in between
     */
    public static double velocity(Kernel a, Kernel b, long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "A velocity needs at least 1 step between two kernels, not " + steps + ".");
        }
        return distance(a, b) / steps;
    }

    /**
     * How well a kernel fits targets Y, {@code S x K}: 1 if it is a multiple of {@code Y Y^T}.
     *
     * @param plain {@code <Theta, Y Y^T> / (|Theta| |Y Y^T|)}
     * @param centred the same of {@code H Theta H} and {@code H Y Y^T H}, where {@code H = I - 11^T/S} takes means away: centred
     *     kernel alignment (CKA). Of classes, plain alignment mostly sees the kernel's mean; this does not
     */
    public record Alignment(double plain, double centred) {}

    /**
     * The alignment with targets; NaN where one of the matrices vanishes.
     *
     * @param theta symmetric
     * @param targets {@code S x K}, one hot for classes
     * @throws IllegalArgumentException if the kernel is not square or not finite, or there is not one row of targets for each of its
     *     inputs
     */
    public static Alignment alignment(Kernel theta, Targets targets) {
        requireTargets(theta, targets);
        requireFinite(theta);
        int samples = theta.rows();
        double[][] kernel = new double[samples][];
        double unit = unit(largest(theta));
        for (int s = 0; s < samples; s++) {
            kernel[s] = theta.row(s);
            for (int r = 0; r < samples; r++) {
                kernel[s][r] *= unit;
            }
        }
        double[][] y = new double[targets.outputs()][];
        for (int k = 0; k < y.length; k++) {
            y[k] = targets.column(k);
        }
        double plain = cosine(kernel, y);
        return new Alignment(plain, cosine(centred(kernel), withoutMeans(y)));
    }

    // <Theta, Y Y^T> = sum_k y_k^T Theta y_k, and |Y Y^T| = |Y^T Y|, which is K x K; the rows of y are the columns y_k
    // of Y.
    private static double cosine(double[][] kernel, double[][] y) {
        double product = 0;
        double square = 0;
        for (int s = 0; s < kernel.length; s++) {
            square += dot(kernel[s], kernel[s]);
            for (double[] column : y) {
                product += column[s] * dot(kernel[s], column);
            }
        }
        double gram = 0;
        for (double[] column : y) {
            for (double[] other : y) {
                double entry = dot(column, other);
                gram += entry * entry;
            }
        }
        return product / (Math.sqrt(square) * Math.sqrt(gram));
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** {@code H Theta H}. */
    private static double[][] centred(double[][] kernel) {
        int samples = kernel.length;
        double[] means = new double[samples];
        for (int s = 0; s < samples; s++) {
            means[s] = Arrays.stream(kernel[s]).sum() / samples;
        }
        double mean = Arrays.stream(means).sum() / samples;
        double[][] centred = new double[samples][samples];
        for (int s = 0; s < samples; s++) {
            for (int r = 0; r < samples; r++) {
                centred[s][r] = kernel[s][r] - means[s] - means[r] + mean;
            }
        }
        return centred;
    }

    /** The columns of {@code H Y}. */
    private static double[][] withoutMeans(double[][] y) {
        double[][] centred = new double[y.length][];
        for (int k = 0; k < y.length; k++) {
            double mean = Arrays.stream(y[k]).sum() / y[k].length;
            centred[k] = Arrays.stream(y[k]).map(value -> value - mean).toArray();
        }
        return centred;
    }

    /**
     * The class blocks of a kernel (Seleznova and Kutyniok 2022, figure 4).
     *
     * @param sameClass {@code Theta_c}: the mean over pairs of different inputs of one class; NaN if there is none
     * @param differentClass {@code Theta_n}: the mean over pairs of inputs of different classes; NaN if there is none
     * @param diagonal {@code Theta_d}: the mean of the diagonal
     */
    public record Blocks(double sameClass, double differentClass, double diagonal) {

        /** {@code Theta_c / Theta_d}: 1 if inputs of one class are the same to the kernel. */
        public double sameOverDiagonal() {
            return sameClass / diagonal;
        }

        /** {@code Theta_n / Theta_d}: 0 if inputs of different classes do not see each other. */
        public double differentOverDiagonal() {
            return differentClass / diagonal;
        }
    }

    /**
     * The class blocks. Inputs of equal targets are of one class.
     *
     * @param theta symmetric
     * @param targets {@code S x K}
     * @throws IllegalArgumentException if the kernel is not square, or there is not one row of targets for each of its inputs
     */
    public static Blocks blocks(Kernel theta, Targets targets) {
        requireTargets(theta, targets);
        int samples = theta.rows();
        int[] classes = classes(targets);
        double same = 0;
        double different = 0;
        double diagonal = 0;
        long pairs = 0;
        for (int s = 0; s < samples; s++) {
            diagonal += theta.get(s, s) / samples;
            for (int r = 0; r < s; r++) {
                if (classes[s] == classes[r]) {
                    same += theta.get(s, r);
                    pairs++;
                } else {
                    different += theta.get(s, r);
                }
            }
        }
        long others = (long) samples * (samples - 1) / 2 - pairs;
        return new Blocks(same / pairs, different / others, diagonal);
    }

    private static int[] classes(Targets targets) {
        Map<Targets, Integer> numbers = new HashMap<>();
        int[] classes = new int[targets.count()];
        for (int s = 0; s < classes.length; s++) {
            classes[s] = numbers.computeIfAbsent(targets.slice(s, s + 1), row -> numbers.size());
        }
        return classes;
    }

    private static void requireTargets(Kernel theta, Targets targets) {
        if (theta.rows() != theta.columns()) {
            throw new IllegalArgumentException("A kernel of " + theta.rows() + " x " + theta.columns()
                    + " entries is not that of inputs with themselves: it is not square.");
        }
        if (targets.count() != theta.rows()) {
            throw new IllegalArgumentException(
                    "A kernel of " + theta.rows() + " inputs needs as many targets, not " + targets.count() + ".");
        }
    }

    private static void requireComparable(Kernel a, Kernel b) {
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw new IllegalArgumentException("A kernel of " + a.rows() + " x " + a.columns() + " entries and one of "
                    + b.rows() + " x " + b.columns() + " cannot be compared.");
        }
        requireFinite(a);
        requireFinite(b);
    }

    private static void requireFinite(Kernel kernel) {
        if (!kernel.isFinite()) {
            throw new IllegalArgumentException("An entry of the kernel is not finite.");
        }
    }

    private static double largest(Kernel kernel) {
        double largest = 0;
        for (int s = 0; s < kernel.rows(); s++) {
            for (int r = 0; r < kernel.columns(); r++) {
                largest = Math.max(largest, Math.abs(kernel.get(s, r)));
            }
        }
        return largest;
    }

    private static double square(Kernel kernel, double unit) {
        double square = 0;
        for (int s = 0; s < kernel.rows(); s++) {
            for (int r = 0; r < kernel.columns(); r++) {
                double entry = unit * kernel.get(s, r);
                square += entry * entry;
            }
        }
        return square;
    }

    // A power of two, which multiplies exactly, so that no square overflows.
    private static double unit(double... largest) {
        double of = Arrays.stream(largest).max().orElseThrow();
        return of == 0 ? 1 : Math.scalb(1.0, -Math.max(-1000, Math.getExponent(of)));
    }
}
