package io.github.finitentk.internal.purejava;

import io.github.finitentk.model.Architecture;
import java.util.ArrayList;
import java.util.List;

/**
 * One number for each parameter of a network, layer by layer.
 *
 * @param <R> the type of one matrix row
 */
final class LayerRows<R> {

    private final Rows<R> rows;
    private final Architecture architecture;
    private final List<R[]> weights = new ArrayList<>();
    private final List<R> biases = new ArrayList<>();

    /** All zero. */
    LayerRows(Rows<R> rows, Architecture architecture) {
        this.rows = rows;
        this.architecture = architecture;
        for (int l = 1; l <= architecture.depth(); l++) {
            weights.add(rows.matrix(architecture.width(l), architecture.width(l - 1)));
            biases.add(rows.matrix(1, architecture.width(l))[0]);
        }
    }

    /** Those of {@code W^l}, {@code n_l x n_{l-1}}. */
    R[] weights(int l) {
        return weights.get(l - 1);
    }

    /** Those of {@code b^l}. */
    R biases(int l) {
        return biases.get(l - 1);
    }

    /** Takes them from {@code [W^1, b^1, ..., W^L, b^L]}, which starts at the offset. */
    void read(double[] numbers, int offset) {
        int place = offset;
        for (int l = 1; l <= architecture.depth(); l++) {
            for (R row : weights(l)) {
                rows.read(numbers, place, row, architecture.width(l - 1));
                place += architecture.width(l - 1);
            }
            rows.read(numbers, place, biases(l), architecture.width(l));
            place += architecture.width(l);
        }
    }

    /** Puts them where {@link #read} would take them from. */
    void write(double[] numbers, int offset) {
        int place = offset;
        for (int l = 1; l <= architecture.depth(); l++) {
            for (R row : weights(l)) {
                rows.write(row, numbers, place, architecture.width(l - 1));
                place += architecture.width(l - 1);
            }
            rows.write(biases(l), numbers, place, architecture.width(l));
            place += architecture.width(l);
        }
    }
}
