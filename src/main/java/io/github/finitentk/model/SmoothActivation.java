package io.github.finitentk.model;

import io.github.finitentk.internal.numeric.Elementary;
import io.github.finitentk.internal.numeric.ElementaryFloat;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * The built-in smooth activations. Values, derivatives and single precision come from {@link Elementary} and
 * {@link ElementaryFloat}, which list their errors; the native core gives the same bits.
 */
enum SmoothActivation implements Activation {
    /** {@code phi(h) = tanh h}, {@code phi' = 1 - tanh^2 h}. */
    TANH(Elementary::tanh, Elementary::tanhDerivative, Elementary::tanh, ElementaryFloat::tanh),

    /** {@code phi(h) = erf h}, {@code phi' = 2 / sqrt(pi) exp(-h^2)}. */
    ERF(Elementary::erf, Elementary::erfDerivative, Elementary::erf, ElementaryFloat::erf),

    /** {@code phi(h) = h Phi(h)} with the normal distribution function itself, not its tanh approximation. */
    GELU(Elementary::gelu, Elementary::geluDerivative, Elementary::gelu, ElementaryFloat::gelu),

    /** {@code phi(h) = sin h}. */
    SIN(Elementary::sin, Elementary::cos, Elementary::sin, ElementaryFloat::sin),

    /** {@code phi(h) = 1 / (1 + exp(-h))}. */
    SIGMOID(Elementary::sigmoid, Elementary::sigmoidDerivative, Elementary::sigmoid, ElementaryFloat::sigmoid),

    /** {@code phi(h) = log(1 + exp h)}. */
    SOFTPLUS(Elementary::softplus, Elementary::softplusDerivative, Elementary::softplus, ElementaryFloat::softplus),

    /** {@code phi(h) = h / (1 + exp(-h))}. */
    SILU(Elementary::silu, Elementary::siluDerivative, Elementary::silu, ElementaryFloat::silu);

    @FunctionalInterface
    private interface DoubleLoop {
        void apply(double[] values, double[] derivatives, int offset, int length);
    }

    @FunctionalInterface
    private interface FloatLoop {
        void apply(float[] values, float[] derivatives, int offset, int length);
    }

    private final String label;
    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator derivative;
    private final DoubleLoop doubleLoop;
    private final FloatLoop floatLoop;

    SmoothActivation(
            DoubleUnaryOperator value, DoubleUnaryOperator derivative, DoubleLoop doubleLoop, FloatLoop floatLoop) {
        this.label = name().toLowerCase(Locale.ROOT);
        this.value = value;
        this.derivative = derivative;
        this.doubleLoop = doubleLoop;
        this.floatLoop = floatLoop;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public double value(double h) {
        return value.applyAsDouble(h);
    }

    @Override
    public double derivative(double h) {
        return derivative.applyAsDouble(h);
    }

    @Override
    public void apply(double[] values, double[] derivatives, int offset, int length) {
        doubleLoop.apply(values, derivatives, offset, length);
    }

    @Override
    public void apply(float[] values, float[] derivatives, int offset, int length) {
        floatLoop.apply(values, derivatives, offset, length);
    }
}
