package io.github.finitentk.model;

/**
 * {@code phi(h) = positiveSlope * max(h, 0) + negativeSlope * min(h, 0)}: ReLU (0, 1), leaky ReLU (slope, 1), the
 * absolute value (-1, 1) and the identity (1, 1) are members of this family.
 *
 * @param label the name used in results
 * @param negativeSlope slope for {@code h <= 0}; also the derivative at the kink
 * @param positiveSlope slope for {@code h > 0}
 */
public record PiecewiseLinear(String label, double negativeSlope, double positiveSlope) implements Activation {

    public PiecewiseLinear {
        if (!Double.isFinite(negativeSlope) || !Double.isFinite(positiveSlope)) {
            throw new IllegalArgumentException("The slopes of activation " + label + " must be finite numbers, not "
                    + negativeSlope + " and " + positiveSlope + ".");
        }
    }

    @Override
    public double value(double h) {
        double slope = h > 0 ? positiveSlope : negativeSlope;
        // 0 * infinity would be NaN.
        return slope == 0 && !Double.isNaN(h) ? 0 : slope * h;
    }

    @Override
    public double derivative(double h) {
        return h > 0 ? positiveSlope : negativeSlope;
    }

    @Override
    public double[] kinks() {
        return negativeSlope == positiveSlope ? new double[0] : new double[] {0.0};
    }

    @Override
    public void apply(double[] values, double[] derivatives, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            double h = values[i];
            double slope = h > 0 ? positiveSlope : negativeSlope;
            values[i] = slope == 0 && !Double.isNaN(h) ? 0 : slope * h;
            derivatives[i] = slope;
        }
    }

    @Override
    public void apply(float[] values, float[] derivatives, int offset, int length) {
        float negative = (float) negativeSlope;
        float positive = (float) positiveSlope;
        for (int i = offset; i < offset + length; i++) {
            float h = values[i];
            float slope = h > 0 ? positive : negative;
            values[i] = slope == 0 && !Float.isNaN(h) ? 0 : slope * h;
            derivatives[i] = slope;
        }
    }
}
