package io.github.finitentk.model;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is no fully-connected network: which arrays of a file are no layer's, what they may be, and what to do about them. */
final class NotFullyConnected {

    private static final int MAX_LISTED = 8;

    private enum Kind {
        CONVOLUTION("a convolution", "conv"),
        NORMALISATION("a normalisation", "running|tracked|moving|gamma|beta|bn|ln|norm|batchnorm|layernorm"),
        ATTENTION("attention", "attn|attention|qkv|query|(?:in|q|k|v)_proj"),
        RECURRENCE("a recurrence", "lstm|gru|rnn|ih|hh|recurrent"),
        EMBEDDING("an embedding", "emb|embed|embeddings?|wte|wpe"),
        UNKNOWN("of no layer", "(?!)");

        private final String label;
        private final Pattern words;

        Kind(String label, String words) {
            this.label = label;
            this.words = Pattern.compile("(?:^|_)(?:" + words + ")(?:_|$)");
        }
    }

    private NotFullyConnected() {}

    /**
     * @param rest the arrays that are no layer's weights or biases
     * @param layers the names of the layers that the file has besides
     * @throws DataFormatException if there are such arrays, or layers that are no fully-connected ones
     */
    static void refuse(Path path, Map<String, NpyArray> arrays, Set<String> rest, List<FileLayer> layers) {
        List<String> found = new ArrayList<>();
        Set<Kind> kinds = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        Set<String> scales = layers.stream()
                .filter(layer -> layer.isVector() && layer.biases().isPresent())
                .filter(layer -> layer.weights().size() == layer.biases().get().size()
                        && layer.weights().size() > 1)
                .map(FileLayer::weightName)
                .collect(Collectors.toSet());
        arrays.forEach((name, array) -> {
            Kind kind = scales.contains(name) ? Kind.NORMALISATION : kind(name, array, rest.contains(name));
            if (kind != null) {
                found.add(name + " of shape " + array.shapeText() + ", " + kind.label);
                kinds.add(kind);
                refused.add(name);
            }
        });
        if (found.isEmpty()) {
            return;
        }
        List<String> plain = layers.stream()
                .filter(layer -> !refused.contains(layer.weightName()) && !refused.contains(layer.biasName()))
                .map(FileLayer::weightName)
                .toList();
        throw new DataFormatException(path + " is not only a chain of fully-connected layers; it holds "
                + listed(found, "; ") + ". " + advice(path, arrays, refused, kinds, plain));
    }

    private static Kind kind(String name, NpyArray array, boolean rest) {
        String words = words(name);
        for (Kind kind : Kind.values()) {
            if (kind.words.matcher(words).find()) {
                return kind;
            }
        }
        if (rest) {
            return Kind.UNKNOWN;
        }
        boolean weight = ArrayName.parse(name).filter(ArrayName::isWeight).isPresent();
        return weight && array.rank() > 2 && array.rank() < 6 ? Kind.CONVOLUTION : null;
    }

    /** {@code BatchNorm_0/bias} is {@code batch_norm_bias}, and so is {@code batch_norm.bias}. */
    private static String words(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z]+", "_");
    }

    private static String advice(
            Path path, Map<String, NpyArray> arrays, Set<String> refused, Set<Kind> kinds, List<String> plain) {
        if (arrays.keySet().stream().anyMatch(name -> name.endsWith("running_var"))) {
            return "In evaluation a batch norm is part of the linear layer before it; this line of Python merges the two:"
                    + " linear = torch.nn.utils.fusion.fuse_linear_bn_eval(linear.eval(), norm.eval())";
        }
        if (!kinds.equals(Set.of(Kind.UNKNOWN))) {
            return "No fully-connected network has its kernel."
                    + (plain.isEmpty()
                            ? ""
                            : " A part that is one can be read by its layer names (of " + listed(plain, ", ")
                                    + "), with what goes into it as inputs.");
        }
        if (plain.isEmpty()) {
            return "Save weights and biases under names that say what they are: numpy.savez("
                    + ForeignWeights.quoted("net.npz") + ", W1=..., b1=..., W2=..., and so on)";
        }
        return "Give the layer names to read the others alone (" + listed(plain, ",") + "), or save them alone: "
                + without(path, refused);
    }

    private static String without(Path path, Set<String> refused) {
        String file = ForeignWeights.quoted(path.toString());
        String names = refused.stream().map(ForeignWeights::quoted).collect(Collectors.joining(", "));
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")
                ? "from safetensors.numpy import load_file, save_file; save_file({k: v for k, v in load_file(" + file
                        + ").items() if k not in [" + names + "]}, 'layers.safetensors')"
                : "import numpy; a = numpy.load(" + file
                        + "); numpy.savez('layers.npz', **{k: a[k] for k in a.files if k not in [" + names + "]})";
    }

    static String listed(List<String> names, String separator) {
        return names.stream().limit(MAX_LISTED).collect(Collectors.joining(separator))
                + (names.size() > MAX_LISTED ? separator + "... (" + names.size() + " in all)" : "");
    }
}
