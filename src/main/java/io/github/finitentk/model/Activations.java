package io.github.finitentk.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built-in activations and their names. */
public final class Activations {

    /** {@code max(h, 0)}; the derivative at 0 is 0. */
    public static final Activation RELU = new PiecewiseLinear("relu", 0, 1);

    /** {@code tanh h}. */
    public static final Activation TANH = SmoothActivation.TANH;

    /** {@code erf h}. */
    public static final Activation ERF = SmoothActivation.ERF;

    /** {@code h Phi(h)}, exact. */
    public static final Activation GELU = SmoothActivation.GELU;

    /** {@code sin h}. */
    public static final Activation SIN = SmoothActivation.SIN;

    /** {@code 1 / (1 + exp(-h))}. */
    public static final Activation SIGMOID = SmoothActivation.SIGMOID;

    /** {@code log(1 + exp h)}. */
    public static final Activation SOFTPLUS = SmoothActivation.SOFTPLUS;

    /** {@code h / (1 + exp(-h))}, also called swish. */
    public static final Activation SILU = SmoothActivation.SILU;

    /** {@code |h|}; the derivative at 0 is -1. */
    public static final Activation ABS = new PiecewiseLinear("abs", -1, 1);

    /** {@code h}: a deep linear network. */
    public static final Activation IDENTITY = new PiecewiseLinear("identity", 1, 1);

    private static final double DEFAULT_LEAK = 0.01;
    private static final String LEAKY_RELU = "leaky-relu";
    private static final String AB_RELU = "abrelu";
    private static final Pattern CALL = Pattern.compile("([a-z-]+)\\s*(?:\\(([^()]*)\\))?");
    private static final Map<String, Activation> CONSTANTS = new LinkedHashMap<>();

    static {
        for (Activation a : List.of(RELU, TANH, ERF, GELU, SIN, SIGMOID, SOFTPLUS, SILU, ABS, IDENTITY)) {
            CONSTANTS.put(a.label(), a);
        }
    }

    private Activations() {}

    /** Its name in pictures and sentences: {@code ReLU} for {@code relu}, else its label. */
    public static String displayName(Activation activation) {
        return activation.label().equals("relu") ? "ReLU" : activation.label();
    }

    /** {@code max(h, 0) + slope min(h, 0)}. */
    public static Activation leakyRelu(double slope) {
        return new PiecewiseLinear(LEAKY_RELU + "(" + slope + ")", slope, 1);
    }

    /** {@code a min(h, 0) + b max(h, 0)}. */
    public static Activation abRelu(double a, double b) {
        return new PiecewiseLinear(AB_RELU + "(" + a + "," + b + ")", a, b);
    }

    /** Whether this is ReLU, under whatever name: slope 0 below the kink and 1 above it. */
    public static boolean isRelu(Activation activation) {
        return activation instanceof PiecewiseLinear linear
                && linear.negativeSlope() == 0
                && linear.positiveSlope() == 1;
    }

    /** The names that {@link #parse} accepts, in the order a help text should list them. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(CONSTANTS.keySet());
        names.add(LEAKY_RELU);
        names.add(LEAKY_RELU + "(slope)");
        names.add(AB_RELU + "(a,b)");
        return List.copyOf(names);
    }

    /**
     * The built-in activation of that name, in upper or lower case; {@code leaky-relu} alone has slope 0.01. Parsing a
     * built-in activation's {@link Activation#label} gives an equal activation.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Activation parse(String name) {
        Matcher call = CALL.matcher(name.strip().toLowerCase(Locale.ROOT));
        if (call.matches()) {
            String function = call.group(1);
            if (call.group(2) == null) {
                if (function.equals(LEAKY_RELU)) {
                    return leakyRelu(DEFAULT_LEAK);
                }
                Activation constant = CONSTANTS.get(function);
                if (constant != null) {
                    return constant;
                }
            } else {
                String[] arguments = call.group(2).split(",", -1);
                if (function.equals(LEAKY_RELU) && arguments.length == 1) {
                    return leakyRelu(slope(arguments[0], name));
                }
                if (function.equals(AB_RELU) && arguments.length == 2) {
                    return abRelu(slope(arguments[0], name), slope(arguments[1], name));
                }
            }
        }
        throw new IllegalArgumentException(
                "There is no activation '" + name + "'; use one of " + String.join(", ", names()) + ".");
    }

    private static double slope(String text, String name) {
        double slope;
        try {
            slope = Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "In activation '" + name + "', '" + text.strip() + "' is not a number.", e);
        }
        if (!Double.isFinite(slope)) {
            throw new IllegalArgumentException("In activation '" + name + "', the slopes must be finite numbers.");
        }
        return slope;
    }
}
