package io.github.finitentk.model;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.NpyArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads the {@code .npz} file of a {@link Network}: which arrays it must hold, and what to do about others. Biases may also be
 * columns or rows, and the weights of the last layer a vector; nothing else can be meant by those.
 */
final class NetworkFile {

    private static final String KEYS = "a network consists of W1, b1, ..., WL, bL";
    private static final Pattern KEY = Pattern.compile("[Wb][1-9][0-9]{0,8}");
    private static final Pattern ONE_NUMBER = Pattern.compile("\\D*?0*([1-9][0-9]{0,8})\\D*");
    private static final String TRANSPOSED =
            " The shapes fit if every weight is transposed, as Keras, Flax and scikit-learn"
                    + " keep them: save W1.T, W2.T and so on.";
    private static final int MAX_LISTED = 8;

    private final Path npz;
    private final Map<String, NpyArray> arrays;
    private final int depth;

    private NetworkFile(Path npz) {
        this.npz = npz;
        arrays = NpyArray.readAll(npz);
        depth = depth();
    }

    /** @throws DataFormatException as {@link Network#read} */
    static Network read(Path npz) {
        return new NetworkFile(npz).network();
    }

    private Network network() {
        int[][] shapes = new int[depth + 1][];
        int[] widths = new int[depth + 1];
        for (int l = 1; l <= depth; l++) {
            shapes[l] = matrixShape(l);
            checkShapes(l, shapes);
            widths[l] = shapes[l][0];
        }
        widths[0] = shapes[1][1];
        Architecture architecture = Architecture.of(widths);
        if (architecture.parameterCount() > Integer.MAX_VALUE - 8) {
            throw new DataFormatException(npz + " holds " + architecture.parameterCount()
                    + " parameters, more than one network may have (" + (Integer.MAX_VALUE - 8) + ").");
        }
        double[] parameters = new double[(int) architecture.parameterCount()];
        for (int l = 1; l <= depth; l++) {
            weights(l).copyTo(parameters, (int) architecture.weightOffset(l));
            biases(l).copyTo(parameters, (int) architecture.biasOffset(l));
        }
        try {
            return new Network(architecture, parameters, npz.toString());
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(e.getMessage());
        }
    }

    private NpyArray weights(int l) {
        return arrays.get("W" + l);
    }

    private NpyArray biases(int l) {
        return arrays.get("b" + l);
    }

    /** The number of layers, once the keys are known to be W1, b1, ..., WL, bL and no others. */
    private int depth() {
        if (arrays.isEmpty()) {
            throw new DataFormatException(npz + " holds no arrays; " + KEYS + ".");
        }
        List<String> others = arrays.keySet().stream()
                .filter(key -> !KEY.matcher(key).matches())
                .toList();
        if (!others.isEmpty()) {
            throw new DataFormatException(npz + " holds an array \"" + others.get(0)
                    + "\" that is not part of a network; " + KEYS + ". " + advice(others));
        }
        int deepest = arrays.keySet().stream()
                .mapToInt(key -> Integer.parseInt(key.substring(1)))
                .max()
                .orElseThrow();
        for (int l = 1; l <= deepest; l++) { // stops at the first gap, so a single W999999999 costs nothing
            for (String key : new String[] {"W" + l, "b" + l}) {
                if (!arrays.containsKey(key)) {
                    throw new DataFormatException(npz + " has no array " + key + ", although it holds "
                            + (arrays.containsKey("W" + deepest) ? "W" : "b") + deepest + "; " + KEYS + "."
                            + zeroBiases(deepest));
                }
            }
        }
        return deepest;
    }

    /** What to write if all weights are there and no bias is. */
    private String zeroBiases(int deepest) {
        boolean weightsOnly = arrays.size() == deepest
                && arrays.entrySet().stream()
                        .allMatch(array -> array.getKey().startsWith("W")
                                && array.getValue().rank() == 2);
        if (!weightsOnly) {
            return "";
        }
        return IntStream.rangeClosed(1, Math.min(deepest, MAX_LISTED))
                .mapToObj(l -> "b" + l + " of shape (" + weights(l).rows() + ",)")
                .collect(Collectors.joining(
                        ", ",
                        " Add the biases, zeros if the network has none: ",
                        deepest > MAX_LISTED ? ", ..." : "."));
    }

    /** What to do about arrays of other names: rename those that can be guessed, leave out the others. */
    private String advice(List<String> others) {
        boolean foreign = others.size() == arrays.size();
        List<String> renames = new ArrayList<>();
        int[] count = new int[2];
        for (String other : others) {
            String name = other.toLowerCase(Locale.ROOT);
            boolean bias = name.contains("bias") || name.startsWith("b");
            boolean weight = name.contains("weight") || name.contains("kernel") || name.startsWith("w");
            if (!bias && !weight) {
                continue;
            }
            Matcher number = ONE_NUMBER.matcher(name);
            // names of another program's layers count in the order of the file, misspelt ones by their number
            String key = (bias ? "b" : "W")
                    + (foreign ? Integer.toString(++count[bias ? 1 : 0]) : number.matches() ? number.group(1) : "");
            if (KEY.matcher(key).matches() && !arrays.containsKey(key)) {
                renames.add("\"" + other + "\" to " + key);
            }
        }
        if (renames.isEmpty()) {
            String holds = "The file holds " + listed(List.copyOf(arrays.keySet())) + "; save ";
            return holds
                    + (foreign
                            ? "under those names: numpy.savez(file, W1=..., b1=..., and so on)."
                            : "it without " + (others.size() == 1 ? "that array." : listed(others) + "."));
        }
        return "Rename " + listed(renames) + ".";
    }

    private static String listed(List<String> names) {
        return names.stream().limit(MAX_LISTED).collect(Collectors.joining(", "))
                + (names.size() > MAX_LISTED ? ", ..." : "");
    }

    private int[] matrixShape(int l) {
        NpyArray weights = weights(l);
        if (weights.rank() == 1 && l == depth && biases(l).size() == 1) {
            return new int[] {1, weights.size()};
        }
        if (weights.rank() != 2) {
            throw problem(has(l) + ", but weights must be a matrix.");
        }
        return weights.shape();
    }

    private void checkShapes(int l, int[][] shapes) {
        if (weights(l).size() == 0) {
            throw problem(has(l) + ", but every layer must have at least 1 row and 1 column.");
        }
        int rows = shapes[l][0];
        if (l > 1 && shapes[l][1] != shapes[l - 1][0]) {
            int before = shapes[l - 1][0];
            throw problem(has(l) + ", but W" + (l - 1) + " has shape "
                    + weights(l - 1).shapeText() + ", so W" + l
                    + " must have " + before + " column(s)."
                    + (transposedFit() ? TRANSPOSED : rows == before ? " W" + l + ".T has." : ""));
        }
        if (!isVector(biases(l)) || biases(l).size() != rows) {
            throw problem("b" + l + " has shape " + biases(l).shapeText() + ", but W" + l + " has shape "
                    + weights(l).shapeText() + ", so b" + l + " must have shape (" + rows + ",)."
                    + (transposedFit() ? TRANSPOSED : ""));
        }
    }

    private static boolean isVector(NpyArray array) {
        return IntStream.of(array.shape()).filter(length -> length != 1).count() <= 1;
    }

    /** Whether {@code W1^T, b1, ..., WL^T, bL} is a network. */
    private boolean transposedFit() {
        for (int l = 1; l <= depth; l++) {
            boolean matrix = weights(l).rank() == 2;
            if (!matrix
                    || weights(l).columns() != biases(l).size()
                    || l > 1 && weights(l).rows() != weights(l - 1).columns()) {
                return false;
            }
        }
        return true;
    }

    private String has(int l) {
        return "W" + l + " has shape " + weights(l).shapeText();
    }

    private DataFormatException problem(String what) {
        return new DataFormatException(npz + ": " + what);
    }
}
