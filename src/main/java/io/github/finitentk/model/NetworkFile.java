package io.github.finitentk.model;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Network.FileLayout;
import io.github.finitentk.model.Network.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the file of a {@link Network}: which array is what by its name, the order of the layers and which way round their weights
 * lie by names and shapes. What remains open is asked for, never guessed.
 */
final class NetworkFile {

    private static final String KEYS =
            "a network consists of W1, b1, ..., WL, bL, or of layers as PyTorch, Keras, Flax or"
                    + " scikit-learn name them";

    private static final Pattern COUNTED = Pattern.compile("(W|coefs_)(0|[1-9]\\d{0,8})");

    private final Path file;
    private final FileLayout layout;

    private NetworkFile(Path file, FileLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /** @throws DataFormatException as {@link Network#read(Path, FileLayout)} */
    static Network read(Path file, FileLayout layout) {
        ForeignWeights.refuse(file);
        return new NetworkFile(file, layout).network(NpyArray.readAll(file));
    }

    private Network network(Map<String, NpyArray> arrays) {
        if (arrays.isEmpty()) {
            throw new DataFormatException(file + " holds no arrays; " + KEYS + ".");
        }
        List<FileLayer> layers = layers(arrays);
        Map<WeightLayout, List<FileLayer>> readings = readings(layers);
        if (readings.isEmpty()) {
            throw misfit(layers, layout.weights().or(() -> declared(layers)).orElse(WeightLayout.OUT_IN));
        }
        WeightLayout chosen = readings.keySet().iterator().next();
        if (readings.size() > 1) {
            chosen = declared(layers)
                    .orElseThrow(() -> problem("its weights fit as out x in (PyTorch) and as in x out (Keras, Flax,"
                            + " scikit-learn), and the names " + listed(layers)
                            + " do not say which they are; give their weight"
                            + " layout, out-in or in-out."));
        }
        return network(readings.get(chosen), chosen);
    }

    // --- names

    private List<FileLayer> layers(Map<String, NpyArray> arrays) {
        Map<List<Object>, String> weights = new LinkedHashMap<>();
        Map<List<Object>, String> biases = new LinkedHashMap<>();
        Map<List<Object>, ArrayName> names = new LinkedHashMap<>();
        Set<String> rest = new TreeSet<>();
        Map<String, String> roles = PositionalNames.of(arrays);
        for (String array : arrays.keySet()) {
            Optional<ArrayName> parsed = ArrayName.parse(roles.getOrDefault(array, array));
            if (parsed.isEmpty()) {
                rest.add(array);
                continue;
            }
            ArrayName name = parsed.get();
            String same = (name.isWeight() ? weights : biases).put(name.pieces(), array);
            if (same != null) {
                throw problem("\"" + same + "\" and \"" + array + "\" are both "
                        + (name.isWeight() ? "weights" : "biases") + " of one layer.");
            }
            if (name.isWeight()) {
                names.put(name.pieces(), name);
            }
        }
        List<FileLayer> layers = new ArrayList<>();
        names.forEach((pieces, name) -> {
            String bias = biases.remove(pieces);
            layers.add(new FileLayer(
                    name.layer(),
                    pieces,
                    weights.get(pieces),
                    arrays.get(weights.get(pieces)),
                    bias == null ? "" : bias,
                    Optional.ofNullable(bias).map(arrays::get),
                    name.layout()));
        });
        if (!layout.layerNames().isEmpty()) {
            return named(layers);
        }
        NotFullyConnected.refuse(file, arrays, rest, layers);
        requireConsecutive(arrays.keySet());
        if (!biases.isEmpty()) {
            throw new DataFormatException(file + " has no weights beside "
                    + biases.values().iterator().next() + "; " + KEYS + ".");
        }
        return inNamesOrder(layers);
    }

    /** The layers that were asked for, in that order. */
    private List<FileLayer> named(List<FileLayer> layers) {
        List<FileLayer> chosen = new ArrayList<>();
        for (String name : layout.layerNames()) {
            List<FileLayer> found = layers.stream()
                    .filter(layer ->
                            layer.name().equals(name) || layer.weightName().equals(name))
                    .toList();
            if (found.isEmpty()) { // without the prefix that a wrapper gave them
                found = layers.stream()
                        .filter(layer -> layer.name().endsWith("." + name)
                                || layer.name().endsWith("/" + name))
                        .toList();
            }
            if (found.size() != 1) {
                throw problem(
                        found.isEmpty()
                                ? "there is no layer \"" + name + "\"; there are " + listed(layers) + "."
                                : "the layer \"" + name + "\" may be " + listed(found) + ".");
            }
            if (chosen.contains(found.get(0))) {
                throw problem("the layer \"" + name + "\" is named twice.");
            }
            chosen.add(found.get(0));
        }
        return chosen;
    }

    /** Our own names and scikit-learn's count the layers, so that one that is missing shows. */
    private void requireConsecutive(Set<String> names) {
        for (String name : names) {
            Matcher matcher = COUNTED.matcher(name);
            if (matcher.matches()) {
                int number = Integer.parseInt(matcher.group(2));
                String before = matcher.group(1) + (number - 1);
                if (number > (name.startsWith("W") ? 1 : 0) && !names.contains(before)) {
                    throw new DataFormatException(
                            file + " has no array " + before + ", although it holds " + name + "; " + KEYS + ".");
                }
            }
        }
    }

    /** What all names agree on, if they do. */
    private static Optional<WeightLayout> declared(List<FileLayer> layers) {
        Optional<WeightLayout> first = layers.get(0).declared();
        return layers.stream().allMatch(layer -> layer.declared().equals(first)) ? first : Optional.empty();
    }

    // --- order and layout

    /** The ways in which the layers make a network, by how their weights lie. */
    private Map<WeightLayout, List<FileLayer>> readings(List<FileLayer> layers) {
        Map<WeightLayout, List<FileLayer>> readings = new EnumMap<>(WeightLayout.class);
        for (WeightLayout each : layout.weights().map(List::of).orElse(List.of(WeightLayout.values()))) {
            boolean fit = layers.stream().allMatch(layer -> isLayer(layer) && layer.fits(each));
            List<List<FileLayer>> orders = !fit ? List.of() : orders(layers, each);
            if (orders.size() > 1
                    && declared(layers).filter(said -> said != each).isEmpty()) {
                throw problem(
                        "its layers " + listed(layers) + " can be put in several orders; give their layer names in"
                                + " the order in which inputs go through them.");
            }
            if (orders.size() == 1) {
                readings.put(each, orders.get(0));
            }
        }
        return readings;
    }

    private List<List<FileLayer>> orders(List<FileLayer> layers, WeightLayout each) {
        if (layout.layerNames().isEmpty()) {
            return LayerOrder.of(layers, (layer, next) -> layer.isFollowedBy(next, each));
        }
        for (int l = 1; l < layers.size(); l++) {
            if (!layers.get(l - 1).isFollowedBy(layers.get(l), each)) {
                return List.of();
            }
        }
        return List.of(layers);
    }

    private static boolean isLayer(FileLayer layer) {
        return (layer.weights().rank() == 2 || layer.isVector())
                && layer.weights().size() > 0;
    }

    private static List<FileLayer> inNamesOrder(List<FileLayer> layers) {
        return layers.stream()
                .sorted(Comparator.comparing(FileLayer::pieces, NetworkFile::compare))
                .toList();
    }

    /** Piece by piece, numbers before words. */
    private static int compare(List<Object> left, List<Object> right) {
        for (int k = 0; k < Math.min(left.size(), right.size()); k++) {
            int order = left.get(k) instanceof Integer number
                    ? right.get(k) instanceof Integer other ? Integer.compare(number, other) : -1
                    : right.get(k) instanceof String word ? ((String) left.get(k)).compareTo(word) : 1;
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** Why layers in this order make no network. */
    private DataFormatException misfit(List<FileLayer> layers, WeightLayout each) {
        for (int l = 0; l < layers.size(); l++) {
            FileLayer layer = layers.get(l);
            if (layer.weights().rank() > 2 || layer.weights().rank() == 0) {
                return problem(layer.weightText() + ", but weights must be a matrix.");
            }
            if (layer.weights().size() == 0) {
                return problem(layer.weightText() + ", but every layer must have at least 1 row and 1 column.");
            }
            if (layer.isVector() && l < layers.size() - 1) {
                return problem(layer.weightText()
                        + ", but weights must be a matrix; only those of a last layer with one output"
                        + " may be a vector.");
            }
            if (l > 0 && !layers.get(l - 1).isFollowedBy(layer, each)) {
                FileLayer before = layers.get(l - 1);
                boolean turned = !layer.isVector() && layer.outputs(each) == before.outputs(each);
                return problem(layer.weightText() + ", but " + before.weightText() + ", so " + layer.weightName()
                        + " must have " + before.outputs(each)
                        + (each == WeightLayout.OUT_IN ? " column(s)." : " row(s).")
                        + (turned ? " " + layer.weightName() + ".T has." : "")
                        + (layout.layerNames().isEmpty() && layers.size() > 2
                                ? " If only some of the layers make the network, give their layer names."
                                : ""));
            }
            if (!layer.fits(each)) {
                return problem(layer.biasName() + " has shape "
                        + layer.biases().orElseThrow().shapeText() + ", but " + layer.weightText() + ", so "
                        + layer.biasName() + " must have shape (" + layer.outputs(each) + ",).");
            }
        }
        throw new IllegalStateException(layers + " make a network");
    }

    // --- numbers

    private Network network(List<FileLayer> layers, WeightLayout each) {
        int[] widths = new int[layers.size() + 1];
        widths[0] = layers.get(0).inputs(each);
        for (int l = 1; l < widths.length; l++) {
            widths[l] = layers.get(l - 1).outputs(each);
        }
        Architecture architecture;
        try {
            architecture = Architecture.of(widths);
        } catch (IllegalArgumentException e) {
            throw problem(e.getMessage());
        }
        if (architecture.parameterCount() > Integer.MAX_VALUE - 8) {
            throw new DataFormatException(file + " holds " + architecture.parameterCount()
                    + " parameters, more than one network may have (" + (Integer.MAX_VALUE - 8) + ").");
        }
        double[] parameters = new double[(int) architecture.parameterCount()];
        boolean[] biased = new boolean[layers.size()];
        for (int l = 1; l < widths.length; l++) {
            FileLayer layer = layers.get(l - 1);
            layer.weights().requireFinite(file + ", array \"" + layer.weightName() + "\"");
            copy(layer, each, parameters, (int) architecture.weightOffset(l));
            biased[l - 1] = layer.biases().isPresent();
            if (biased[l - 1]) {
                layer.biases().get().requireFinite(file + ", array \"" + layer.biasName() + "\"");
                layer.biases().get().copyTo(parameters, (int) architecture.biasOffset(l));
            }
        }
        return new Network(architecture, parameters, biased, Optional.of(origin(layers, each)));
    }

    /** {@code coefs_0 (64 to 32), coefs_1 (32 to 10, no biases), weights in-out}. */
    private static String origin(List<FileLayer> layers, WeightLayout each) {
        List<String> texts = layers.stream()
                .map(layer -> layer.weightName() + " (" + layer.inputs(each) + " to " + layer.outputs(each)
                        + (layer.biases().isEmpty() ? ", no biases)" : ")"))
                .toList();
        return NotFullyConnected.listed(texts, ", ") + ", weights " + each.label();
    }

    private static void copy(FileLayer layer, WeightLayout each, double[] parameters, int offset) {
        NpyArray weights = layer.weights();
        if (each == WeightLayout.OUT_IN || layer.isVector()) {
            weights.copyTo(parameters, offset);
            return;
        }
        int inputs = weights.rows();
        int outputs = weights.columns();
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                parameters[offset + i * inputs + j] = weights.get(j * outputs + i);
            }
        }
    }

    private static String listed(List<FileLayer> layers) {
        return NotFullyConnected.listed(
                layers.stream().map(FileLayer::weightName).toList(), ", ");
    }

    private DataFormatException problem(String what) {
        return new DataFormatException(file + ": " + what);
    }
}
