package io.github.finitentk.model;

/**
 * Random initialisation in standard parametrisation with fan-in scaling: {@code W^l_ij ~ N(0, sigmaW2 / M_{l-1})} and
 * {@code b^l_i ~ N(0, sigmaB2)}. (The paper's eq. (1) prints {@code M_l}; its recursions (5)-(9) need fan-in. The two
 * agree for constant width.)
 *
 * @param sigmaW2 the weight variance {@code sigma_w^2}, positive and finite
 * @param sigmaB2 the bias variance {@code sigma_b^2}, zero or positive and finite
 */
public record Initialization(double sigmaW2, double sigmaB2) {

    /** @throws IllegalArgumentException if a variance is out of its range */
    public Initialization {
        if (!(sigmaW2 > 0) || Double.isInfinite(sigmaW2)) {
            throw new IllegalArgumentException(
                    "The weight variance sigma_w^2 must be a positive finite number, not " + sigmaW2 + ".");
        }
        if (!(sigmaB2 >= 0) || Double.isInfinite(sigmaB2)) {
            throw new IllegalArgumentException(
                    "The bias variance sigma_b^2 must be zero or a positive finite number, not " + sigmaB2 + ".");
        }
    }
}
