package io.github.finitentk.model;

import io.github.finitentk.data.NpyArray;
import java.util.HashMap;
import java.util.Map;

/**
 * Names for arrays that were saved without any, which {@code numpy.savez} calls {@code arr_0, arr_1, ...}: in the order of Keras'
 * {@code get_weights()} a matrix begins a layer, and a vector is its biases.
 */
final class PositionalNames {

    private PositionalNames() {}

    /** Names to read the arrays by, or none if there are others among them, or they do not alternate so. */
    static Map<String, String> of(Map<String, NpyArray> arrays) {
        Map<String, String> names = new HashMap<>();
        int layer = 0;
        boolean biased = true; // a vector before the first matrix is no layer's
        for (int k = 0; k < arrays.size(); k++) {
            NpyArray array = arrays.get("arr_" + k);
            if (array == null || array.rank() != 2 && (array.rank() != 1 || biased)) {
                return Map.of();
            }
            biased = array.rank() == 1;
            layer += biased ? 0 : 1;
            names.put("arr_" + k, (biased ? "biases." : "weights.") + layer);
        }
        return names;
    }
}
