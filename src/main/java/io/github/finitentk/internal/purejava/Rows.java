package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.model.Activation;

/**
 * The loops of the pure-Java backend over matrices stored as arrays of rows, once for {@code R = double[]} and once for
 * {@code R = float[]}. The JIT compiler vectorises a loop only if all its arrays share one index, hence rows as arrays
 * of their own rather than offsets into one.
 *
 * @param <R> the type of one row
 */
interface Rows<R> {

    /** A zero matrix. */
    R[] matrix(int rows, int columns);

    /** Copies numbers into a row, rounding if need be. */
    void read(double[] source, int offset, R row, int length);

    /** Copies a row out. */
    void write(R row, double[] target, int offset, int length);

    double get(R row, int index);

    /** Sets one entry, rounding if need be. */
    void set(R row, int index, double value);

    /** Standard normal numbers {@code first, first + 1, ...} of a stream times {@code scale}. */
    void normals(NormalStream stream, long first, double scale, R row, int length);

    /**
     * {@code C_i += A_i B} for rows {@code i0 <= i < i1}; only columns {@code j < columns} are touched. Each number of C starts
     * from its old value and takes {@code fma(a_ik, b_kj, c_ij)} in ascending k, whatever the blocks: the bits of the native core.
     */
    void multiplyAdd(R[] a, int i0, int i1, R[] b, int inner, R[] c, int c0, int columns);

    /** {@code B_ji = A_ij} for rows {@code i0 <= i < i1} of A, which become columns 0, 1, ... of B. */
    void transpose(R[] a, int i0, int i1, int columns, R[] b);

    /**
     * The scalar product in the row's own precision, in lanes: 16 of them in single precision, 8 in double. Lane j takes elements j,
     * j + lanes, ... by {@code fma}, and the lanes are added in pairs, {@code ((0 + 1) + (2 + 3)) + ...}: the bits of the native core.
     */
    double dot(R x, R y, int length);

    /** {@code h_i = W_i x + b_i} for one input, the products by {@link #dot}. */
    void affine(R[] weights, R biases, R x, R h, int rows, int columns);

    /** {@code target += row}, element by element. */
    void add(R row, R target, int length);

    void activate(Activation activation, R values, R derivatives, int length);

    /**
     * Numbers kept as value + pending with {@code |pending|} at most about half a unit in the last place of value: moves
     * what was added to pending since into value, {@code t = value + pending, pending -= t - value, value = t} (the
     * compensated sum of Kahan and Neumaier).
     */
    void settle(R value, R pending, int length);

    /** {@code velocity = momentum velocity + gradient; step -= rate velocity}, the numbers rounded to the row's precision. */
    void momentumStep(double momentum, double rate, R gradient, R velocity, R step, int length);

    /** Adam's step, {@code ElementKernels::adam_step} of the core, the numbers rounded to the row's precision. */
    void adamStep(LayerOptimizer.AdamNumbers adam, R gradient, R mean, R square, R step, int length);

    /** {@code target *= factor}, element by element. */
    void multiply(R factor, R target, int length);

    /** Numbers {@code begin <= i < end} {@code /= divisor}, rounded to the row's precision. */
    void divide(R row, int begin, int end, double divisor);

    void copy(R source, R target, int length);

    void fill(R row, double value, int length);

    /** {@code theta_j += deltaProducts_j (alpha activationProducts_j + beta)}, in double. */
    void accumulate(
            R deltaProducts, R activationProducts, double alpha, double beta, double[] theta, int offset, int length);
}
