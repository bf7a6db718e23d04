package io.github.finitentk.model;

/** The built-in smooth activations. */
public enum SmoothActivation implements Activation {
    /** {@code phi(h) = tanh h}, {@code phi' = 1 - tanh^2 h}. */
    TANH("tanh") {
        @Override
        public double value(double h) {
            return Math.tanh(h);
        }

        @Override
        public double derivative(double h) {
            double t = Math.tanh(h);
            return 1 - t * t;
        }
    };

    private final String label;

    SmoothActivation(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
