package io.github.finitentk.trust;

import io.github.finitentk.trust.Statement.Validity;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;

/**
 * Where an assumption of the theory holds, holds in outline, and fails: for {@code trust} and for the pages of runs. The
 * numbers are choices; these are the reasons:
 *
 * <ul>
 *   <li>Determinism by the deviation of eq. (10) with random kernels from eq. (10) with {@code Theta*}, in units of the
 *       prediction's standard deviation over networks ({@link PredictionEstimate}). If the two are uncorrelated the
 *       variance of predictions is {@code 1 + deviation^2} times what the theory says. It holds up to 0.5 (a quarter more
 *       variance, the size of what figure 12 calls agreement), and fails above 1, where the kernel's randomness moves
 *       predictions by more than that of the initial outputs, which is all the randomness that the theory knows.
 *   <li>Determinism of the diagonal, what the paper plots, by the ratio {@code E[Theta^2]/E[Theta]^2}, whose excess over 1
 *       is the squared relative standard deviation of {@code Theta(x,x)}. It holds up to 1.1 (deviation a third of the
 *       mean): the paper's ordered networks, which it calls close to deterministic, saturate at 1.06 for M = 100. It fails
 *       above 1.5 (deviation 0.7 of the mean), where the law is so heavy-tailed that the estimate from 200 networks can no
 *       longer be trusted. The deviation decides; a diagonal that says worse lowers it by one step, and one above 12 fails,
 *       since the kernels that are drawn then are not like the mean.
 *   <li>Constancy by the relative change of the kernel in training. The kernel enters eq. (10) through
 *       {@code exp(-t Theta/S)}, so a relative change shifts times and weights by as much. It holds up to 0.1 and fails
 *       above 0.5, where the kernel at the end has little to do with the one the prediction was made with.
 *   <li>Constancy of a training that was done elsewhere also by the error of what the theory predicts of it, relative to what
 *       training changed of the outputs, by the same thresholds: it holds up to 0.1; above 0.5 the prediction misses more than half of
 *       what training did. The worse of the two decides, since a kernel's norm sees little but its largest eigenvalues.
 *   <li>Regression by the condition number of {@code Theta*}, which is also the number of steps, within a factor of two, that
 *       gradient descent at its largest stable rate takes for each e-fold of the slowest direction. It holds up to 1e5, the
 *       number of steps in the paper; it fails above 1e7, where single precision leaves nothing of the solution and training
 *       would take a hundred times as long.
 * </ul>
 *
 * <p>A number that is known within an interval only passes a threshold with the whole of it ({@link Validity#of}).
 */
public final class TrustThresholds {

    /** Default of the largest {@code E[Theta^2]/E[Theta]^2} at which determinism holds. */
    public static final double RATIO_HOLDS = 1.1;

    /** The largest at which it holds in outline. */
    public static final double RATIO_LIMITED = 1.5;

    /** Above this the drawn kernels say nothing: the mean of a dozen of them is off by as much as it is. */
    static final double RATIO_FAILS = 12;

    /** The largest deviation, in units of the prediction's spread, at which determinism holds. */
    public static final double DEVIATION_HOLDS = 0.5;

    /** The largest at which it holds in outline. */
    public static final double DEVIATION_LIMITED = 1;

    /** The largest relative change of the kernel at which constancy holds. */
    public static final double CHANGE_HOLDS = 0.1;

    /** The largest at which it holds in outline. */
    public static final double CHANGE_LIMITED = 0.5;

    /** The largest condition number at which regression is usable. */
    public static final double CONDITION_HOLDS = 1e5;

    /** The largest at which it is usable in outline. */
    public static final double CONDITION_LIMITED = 1e7;

    /** The largest relative change at which a narrower network, a proxy, says anything about wider ones. */
    static final double PROXY_CHANGE = 0.25;

    /** The largest depth over width of such a proxy. */
    static final double PROXY_DEPTH_OVER_WIDTH = 0.1;

    /** Standard deviation of the logarithm of the change, from network to network, before any is measured. */
    static final double SCATTER = 0.4;

    private TrustThresholds() {}

    /** @throws IllegalArgumentException if the ratio is none that may count as deterministic */
    static void requireTolerance(double ratio) {
        if (!(ratio > 1 && ratio <= RATIO_LIMITED)) {
            throw new IllegalArgumentException("The tolerated ratio E[Theta^2]/E[Theta]^2 must be above 1 and at most "
                    + RATIO_LIMITED + ", not " + ratio + ".");
        }
    }
}
