package io.github.finitentk.model;

/** The built-in activations and their names. */
public final class Activations {

    /** {@code max(h, 0)}; the derivative at 0 is 0. */
    public static final Activation RELU = new PiecewiseLinear("relu", 0, 1);

    public static final Activation TANH = SmoothActivation.TANH;

    private Activations() {}
}
