package io.github.finitentk.model;

/**
 * A scalar activation function {@code phi} with its derivative.
 *
 * <p>The functions of the paper and the usual alternatives are in {@link Activations}; they are evaluated by every
 * backend. A user may supply any other one by implementing this interface: the mean-field theory and the pure-Java
 * backend accept it, the native core names it and refuses.
 *
 * <p>Implementations must be pure functions: they are called from several threads at once.
 */
public interface Activation {

    /** The name used on the command line and in results, for example {@code relu} or {@code leaky-relu(0.1)}. */
    String label();

    /** {@code phi(h)} at one preactivation. */
    double value(double h);

    /** {@code phi'(h)} at one preactivation; at a kink, the value that back-propagation uses (ReLU'(0) = 0). */
    double derivative(double h);

    /**
     * The points, in increasing order, where {@code phi} is not smooth. Quadrature splits its range there; every other
     * point is taken to be smooth. The caller owns the returned array.
     */
    default double[] kinks() {
        return new double[0];
    }

    /**
     * Replaces preactivations by activations and writes the derivatives beside them.
     *
     * @param values on entry {@code h}, on return {@code phi(h)}, in {@code [offset, offset + length)}. Modified.
     * @param derivatives on return {@code phi'(h)} in the same range. Modified.
     */
    default void apply(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            values[i] = value(h);
            derivatives[i] = derivative(h);
        }
    }

    /** The same in single precision. Built-in activations compute in {@code float} arithmetic throughout. */
    default void apply(float[] values, float[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            values[i] = (float) value(h);
            derivatives[i] = (float) derivative(h);
        }
    }
}
