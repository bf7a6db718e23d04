package io.github.finitentk.sampling;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a statement about the kernel at initialisation is obtained. */
public enum Method {
    /** The cheapest method that gives an interval to be trusted; the result names it. */
    AUTO,
    /** The moments of ReLU and its relatives in closed form, no sampling at all. */
    EXACT,
    /** {@link io.github.finitentk.meanfield.LeadingOrder}, the first term in 1/width for every activation, no sampling at all. */
    LEADING_ORDER,
    /** Draws without weights at one input, {@code O(L M)} each. */
    CHAIN,
    /** Draws without weights at any number of inputs S, {@code O(L M S^2)} each. */
    CONDITIONAL,
    /** Forward passes with the exact conditional moments of the backward pass: no backward noise. */
    RAO_BLACKWELL,
    /** Sequential Monte Carlo over layers: for heavy tails, where plain draws never see what carries the moments. */
    SMC,
    /** Draws of all weights, {@code O(L M^2)} each: the definition. */
    WEIGHTS;

    /** The name on the command line and in results, for example {@code rao-blackwell}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the method takes the networks of all depths from the same forward passes, random or on average. */
    public boolean sharesForwardPasses() {
        return this == AUTO || this == LEADING_ORDER || this == RAO_BLACKWELL || this == SMC;
    }

    /** @throws IllegalArgumentException unless it draws kernels at several inputs: {@code Theta(x,x')} and not only {@code Theta(x,x)} */
    public void requireSeveralInputs() {
        if (this != AUTO && this != CONDITIONAL && this != WEIGHTS) {
            throw new IllegalArgumentException(
                    "Method " + label() + " knows one input only; Theta(x,x') needs auto, conditional or weights.");
        }
    }

    /**
     * The method of that {@link #label}, in upper or lower case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Method parse(String label) {
        for (Method method : values()) {
            if (method.label().equalsIgnoreCase(label.strip())) {
                return method;
            }
        }
        throw new IllegalArgumentException("There is no method '" + label + "'; use one of "
                + Arrays.stream(values()).map(Method::label).collect(Collectors.joining(", ")) + ".");
    }
}
