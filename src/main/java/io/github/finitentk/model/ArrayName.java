package io.github.finitentk.model;

import io.github.finitentk.model.Network.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an array's name says: of which layer it is, and whether that layer's weights or its biases.
 *
 * <p>Known are the names of PyTorch ({@code fc1.weight}, {@code layers.0.bias}, {@code weights.0}), Keras and Flax
 * ({@code dense_1/kernel:0}, {@code params/Dense_0/bias}), Haiku ({@code mlp/linear_0/w}), scikit-learn ({@code coefs_0},
 * {@code intercepts_0}), our own ({@code W1}, {@code b1}) and what people make of them ({@code w_2}, {@code fc1_weight}).
 *
 * @param layer the name without the word for weights or biases, for example {@code fc1}; of {@code W1} it is {@code 1}
 * @param isWeight whether these are weights
 * @param layout which way round such names mean weights to lie, if they say so
 */
record ArrayName(String layer, boolean isWeight, Optional<WeightLayout> layout) {

    private static final String WORD = "weights?|kernels?|w|coefs?|bias(?:es)?|b|intercepts?";
    /** The last part of a path: {@code weight}, {@code coefs_0}, {@code W1}; or with the layer before it: {@code fc1_weight}. */
    private static final Pattern PART =
            Pattern.compile("(?:(.+)[_-])?(" + WORD + ")[_-]?(\\d*)", Pattern.CASE_INSENSITIVE);
    /** A list of parameters: {@code weights.0}. */
    private static final Pattern LISTED = Pattern.compile("(" + WORD + ")", Pattern.CASE_INSENSITIVE);

    private static final Pattern OURS = Pattern.compile("W[1-9]\\d*");
    private static final Pattern PIECE = Pattern.compile("\\d+|\\p{L}+");
    private static final int MAX_PIECES = 64;
    private static final int MAX_DIGITS = 9;

    /** Nothing if the name is of neither weights nor biases. */
    static Optional<ArrayName> parse(String name) {
        String path = name.replaceFirst(":\\d+$", ""); // TensorFlow's variables end so
        int last = Math.max(path.lastIndexOf('/'), path.lastIndexOf('.'));
        String before = last < 0 ? "" : path.substring(0, last);
        String part = path.substring(last + 1);
        Matcher matcher = PART.matcher(part);
        if (matcher.matches()) {
            String layer = join(before, join(matcher.group(1), matcher.group(3)));
            return Optional.of(of(layer, matcher.group(2), name));
        }
        int listed = Math.max(before.lastIndexOf('/'), before.lastIndexOf('.'));
        String list = before.substring(listed + 1);
        if (part.matches("\\d+") && LISTED.matcher(list).matches()) {
            return Optional.of(of(join(listed < 0 ? "" : before.substring(0, listed), part), list, name));
        }
        return Optional.empty();
    }

    private static String join(String left, String right) {
        boolean one = left == null || left.isEmpty() || right == null || right.isEmpty();
        return (left == null ? "" : left) + (one ? "" : ".") + (right == null ? "" : right);
    }

    private static ArrayName of(String layer, String word, String name) {
        String lower = word.toLowerCase(Locale.ROOT);
        boolean weight = !lower.startsWith("b") && !lower.startsWith("intercept");
        Optional<WeightLayout> layout = lower.equals("kernel") || lower.equals("coefs")
                ? Optional.of(WeightLayout.IN_OUT)
                : lower.equals("weight") || OURS.matcher(name).matches()
                        ? Optional.of(WeightLayout.OUT_IN)
                        : Optional.empty();
        return new ArrayName(layer, weight, weight ? layout : Optional.empty());
    }

    /** The words and numbers (as {@link Integer}) of the layer's name; one word if there are too many. */
    List<Object> pieces() {
        List<Object> pieces = new ArrayList<>();
        Matcher matcher = PIECE.matcher(layer);
        while (matcher.find()) {
            String piece = matcher.group();
            boolean number = Character.isDigit(piece.charAt(0));
            if (pieces.size() == MAX_PIECES || number && piece.length() > MAX_DIGITS) {
                return List.of(layer);
            }
            pieces.add(number ? (Object) Integer.valueOf(piece) : piece);
        }
        return pieces;
    }
}
