package io.github.finitentk.report;

/**
 * The colours of a figure. Both styles read alike: dark where the kernel behaves as Neural Tangent Kernel theory says, over
 * red to white at the value that means something, blue beyond.
 */
public enum FigureStyle {

    /** Perceptually uniform colours that remain distinct with every common colour-vision deficiency. */
    STANDARD {
        @Override
        public ColorScale diverging(double low, double high) {
            return ColorScale.vik(low, high).reversed();
        }

        @Override
        public ColorScale sequential(double low, double high) {
            return ColorScale.viridis(low, high);
        }
    },

    /** The paper's black, red, white and blue. */
    PAPER {
        @Override
        public ColorScale diverging(double low, double high) {
            return ColorScale.paper(low, high);
        }

        @Override
        public ColorScale sequential(double low, double high) {
            return ColorScale.paper(low, high);
        }
    };

    /** For quantities on both sides of a value: dark, red, white in the middle, blue; from low to high, linear. */
    public abstract ColorScale diverging(double low, double high);

    /** For quantities without a value that stands out: from low to high, linear. */
    public abstract ColorScale sequential(double low, double high);

    /**
     * The ratio {@code E[Θ²]/E²[Θ]}: darkest at 1, where the kernel is deterministic, white at 2, where its standard
     * deviation equals its mean, saturating at 3.
     */
    public ColorScale ratio() {
        return diverging(1, 3).open(false, true);
    }

    /**
     * Colours that are white at a value that stands out, on a linear range; both sides change at the same rate.
     *
     * @throws IllegalArgumentException unless {@code low < white < high} and all are finite
     */
    public ColorScale around(double white, double low, double high) {
        return diverging(low, high).centredAt(white);
    }

    /**
     * Colours that are white at a value that stands out, on a logarithmic range; both sides change at the same rate.
     *
     * @throws IllegalArgumentException unless {@code 0 < low < white < high} and all are finite
     */
    public ColorScale aroundLog(double white, double low, double high) {
        return diverging(low, high).logarithmic().centredAt(white);
    }
}
