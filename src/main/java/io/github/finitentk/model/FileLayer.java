package io.github.finitentk.model;

import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Network.WeightLayout;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One layer as a file holds it.
 *
 * @param name of the layer, as {@link ArrayName}
 * @param pieces of the name, by which layers are told apart and ordered
 * @param weightName the name of the array of weights
 * @param weights a matrix, or a vector if there is one output
 * @param biasName the name of the array of biases
 * @param biases nothing if the layer has none
 * @param declared which way round the weights lie by their name
 */
record FileLayer(
        String name,
        List<Object> pieces,
        String weightName,
        NpyArray weights,
        String biasName,
        Optional<NpyArray> biases,
        Optional<WeightLayout> declared) {

    /** Whether the weights are a vector, which a last layer with one output may have. */
    boolean isVector() {
        return weights.rank() == 1;
    }

    int inputs(WeightLayout layout) {
        return isVector() ? weights.size() : layout == WeightLayout.OUT_IN ? weights.columns() : weights.rows();
    }

    int outputs(WeightLayout layout) {
        return isVector() ? 1 : layout == WeightLayout.OUT_IN ? weights.rows() : weights.columns();
    }

    /** Whether there is one bias for each output, as a vector, a column or a row. */
    boolean fits(WeightLayout layout) {
        return biases.isEmpty() || isVector(biases.get()) && biases.get().size() == outputs(layout);
    }

    static boolean isVector(NpyArray array) {
        return IntStream.of(array.shape()).filter(length -> length != 1).count() <= 1;
    }

    boolean isFollowedBy(FileLayer next, WeightLayout layout) {
        return !isVector() && outputs(layout) == next.inputs(layout);
    }

    String weightText() {
        return weightName + " has shape " + weights.shapeText();
    }
}
