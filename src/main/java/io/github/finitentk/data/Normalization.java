package io.github.finitentk.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How pixels from 0 to 255 become network inputs. */
public enum Normalization {
    /** Each image scaled to {@code |x|^2 = n_0}, so that {@code q^0 = |x|^2 / n_0 = 1}; the default. */
    UNIT_Q0,
    /** Pixels divided by 255. */
    PIXELS,
    /** Each image scaled to {@code |x|^2 = 1}. */
    UNIT_NORM;

    /** The name on the command line: {@code unit-q0}, {@code pixels} or {@code unit-norm}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is no such label (case does not matter) */
    public static Normalization parse(String label) {
        for (Normalization normalization : values()) {
            if (normalization.label().equals(label.toLowerCase(Locale.ROOT))) {
                return normalization;
            }
        }
        throw new IllegalArgumentException("Unknown normalisation \"" + label + "\"; allowed are "
                + Arrays.stream(values()).map(Normalization::label).collect(Collectors.joining(", ")) + ".");
    }

    /**
     * @param pixels {@code samples x inputDim} unsigned bytes, row-major; not modified
     * @return a new array of the same layout
     * @throws IllegalArgumentException naming the first image that is all zero, unless this is {@link #PIXELS}
     */
    double[] apply(byte[] pixels, int samples, int inputDim) {
        double[] inputs = new double[Math.multiplyExact(samples, inputDim)];
        for (int s = 0; s < samples; s++) {
            int start = s * inputDim;
            double scale = scale(pixels, start, inputDim, s);
            for (int i = start; i < start + inputDim; i++) {
                inputs[i] = this == PIXELS ? (pixels[i] & 0xff) / 255.0 : (pixels[i] & 0xff) * scale;
            }
        }
        return inputs;
    }

    /** Dividing by 255 first would cancel, so the squared norm is summed over integers, without rounding. */
    private double scale(byte[] pixels, int start, int inputDim, int sample) {
        if (this == PIXELS) {
            return 1;
        }
        long norm2 = 0;
        for (int i = start; i < start + inputDim; i++) {
            int pixel = pixels[i] & 0xff;
            norm2 += pixel * pixel;
        }
        if (norm2 == 0) {
            throw new IllegalArgumentException("Image " + sample
                    + " (counted from 0) has only zero pixels, so it cannot be scaled to a given norm; use the"
                    + " normalisation pixels.");
        }
        return Math.sqrt((this == UNIT_Q0 ? inputDim : 1) / (double) norm2);
    }
}
