package io.github.finitentk.meanfield;

/** How gradients behave with depth at initialisation, by {@code chi_1} at the fixed point of q. */
public enum Phase {
    /** {@code chi_1 < 1}: gradients vanish, all inputs become alike. */
    ORDERED,
    /** {@code chi_1 = 1} within {@link #TOLERANCE}: the edge of chaos. */
    EDGE,
    /** {@code chi_1 > 1}: gradients explode, near inputs are driven apart. */
    CHAOTIC;

    /** Half the width of the edge in {@code chi_1}: wide enough for hyper-parameters typed with eight digits. */
    public static final double TOLERANCE = 1e-6;

    /** The phase of a value of {@code chi_1}. */
    public static Phase of(double chi1) {
        if (Math.abs(chi1 - 1) <= TOLERANCE) {
            return EDGE;
        }
        return chi1 < 1 ? ORDERED : CHAOTIC;
    }
}
