package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentRule.Method;
import io.github.finitentk.model.Architecture;
import java.util.List;

/**
 * What the weights of a layer do with its gradient; the twin of {@code optimizer.h}. One thread's, with its scratch space.
 *
 * @param <R> the type of one matrix row
 */
final class LayerOptimizer<R> {

    private final Rows<R> rows;
    private final Architecture architecture;
    private final R[] transposedDelta;
    private final R[] weightGradient; // with the next one: of one layer, where it must be known apart from the weights
    private final R biasGradient;
    private AdamNumbers adam;

    LayerOptimizer(Rows<R> rows, Architecture architecture, Method method, int batch) {
        this.rows = rows;
        this.architecture = architecture;
        int widest = Math.max(architecture.maxHiddenWidth(), architecture.outputs());
        boolean apart = method.moments() > 0;
        transposedDelta = rows.matrix(widest, batch);
        weightGradient = rows.matrix(apart ? widest : 0, Math.max(architecture.inputDim(), widest));
        biasGradient = rows.matrix(1, widest)[0];
    }

    /**
     * A network's numbers for each parameter.
     *
     * @param values the weights
     * @param steps where a step is added: in f32 what f32 cannot hold of the weights, in f64 the weights
     * @param moments what the optimizer remembers
     */
    record Numbers<R>(LayerRows<R> values, LayerRows<R> steps, List<LayerRows<R>> moments) {

        boolean compensated() {
            return values != steps;
        }
    }

    /** What all parameters share in one step of Adam. */
    record AdamNumbers(
            double decay,
            double gain,
            double secondDecay,
            double secondGain,
            double size,
            double scale,
            double epsilon) {}

    /** What the residuals of a step are multiplied by: gradient descent takes its step with the gradient's own product. */
    static double residualFactor(DescentRule rule, int inputs) {
        double rate = rule.optimizer().method() == Method.GRADIENT_DESCENT ? -rule.learningRate() : 1;
        return rate * rule.lossFactor() / inputs;
    }

    /** Before the layers of step t, counted from 0. */
    void begin(DescentRule rule, long t) {
        DescentRule.Optimizer optimizer = rule.optimizer();
        if (optimizer.method() == Method.ADAM) {
            double first = 1 - power(optimizer.momentum(), t + 1);
            double second = 1 - power(optimizer.secondMomentum(), t + 1);
            adam = new AdamNumbers(
                    optimizer.momentum(),
                    1 - optimizer.momentum(),
                    optimizer.secondMomentum(),
                    1 - optimizer.secondMomentum(),
                    rule.learningRate() / first,
                    1 / Math.sqrt(second),
                    optimizer.epsilon());
        }
    }

    // By squaring: the same multiplications in C++, wherever a descent is taken up.
    private static double power(double base, long exponent) {
        double result = 1;
        double square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }

    /**
     * Takes the step of layer l.
     *
     * @param delta of the layer's outputs, with the coefficients of the step, for {@code inputs} inputs
     * @param below what the layer reads
     */
    void take(DescentRule rule, int l, int inputs, R[] delta, R[] below, Numbers<R> network) {
        int nIn = architecture.width(l - 1);
        int n = architecture.width(l);
        rows.transpose(delta, 0, inputs, n, transposedDelta);
        R[] weightSteps = network.steps().weights(l);
        R biasSteps = network.steps().biases(l);
        if (rule.optimizer().method() == Method.GRADIENT_DESCENT) {
            addGradient(delta, below, inputs, n, nIn, weightSteps, biasSteps);
        } else {
            for (int i = 0; i < n; i++) {
                rows.fill(weightGradient[i], 0, nIn);
            }
            rows.fill(biasGradient, 0, n);
            addGradient(delta, below, inputs, n, nIn, weightGradient, biasGradient);
            LayerRows<R> mean = network.moments().get(0);
            LayerRows<R> last = network.moments().get(network.moments().size() - 1);
            for (int i = 0; i < n; i++) {
                follow(rule, weightGradient[i], mean.weights(l)[i], last.weights(l)[i], weightSteps[i], nIn);
            }
            follow(rule, biasGradient, mean.biases(l), last.biases(l), biasSteps, n);
        }
        if (network.compensated()) {
            for (int i = 0; i < n; i++) {
                rows.settle(network.values().weights(l)[i], weightSteps[i], nIn);
            }
            rows.settle(network.values().biases(l), biasSteps, n);
        }
    }

    private void addGradient(R[] delta, R[] below, int inputs, int n, int nIn, R[] weights, R biases) {
        rows.multiplyAdd(transposedDelta, 0, n, below, inputs, weights, 0, nIn);
        for (int s = 0; s < inputs; s++) {
            rows.add(delta[s], biases, n);
        }
    }

    private void follow(DescentRule rule, R gradient, R mean, R square, R steps, int length) {
        if (rule.optimizer().method() == Method.MOMENTUM) {
            rows.momentumStep(rule.optimizer().momentum(), rule.learningRate(), gradient, mean, steps, length);
        } else {
            rows.adamStep(adam, gradient, mean, square, steps, length);
        }
    }
}
