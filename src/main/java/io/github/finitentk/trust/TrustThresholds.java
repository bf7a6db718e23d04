package io.github.finitentk.trust;

/**
 * Where a claim of the theory holds, holds in outline, and fails. The numbers are choices; these are the reasons:
 *
 * <ul>
 *   <li>Determinism by the ratio {@code E[Theta^2]/E[Theta]^2}, whose excess over 1 is the squared relative standard deviation
 *       of {@code Theta(x,x)}. It holds up to 1.1 (deviation a third of the mean): the paper's ordered networks, which it
 *       calls close to deterministic, saturate at 1.06 for M = 100. It fails above 1.5 (deviation 0.7 of the mean), where
 *       the law is so heavy-tailed that the estimate from 200 networks can no longer be trusted.
 *   <li>Constancy by the relative change of the kernel in training. The kernel enters eq. (10) through
 *       {@code exp(-t Theta/S)}, so a relative change shifts times and weights by as much. It holds up to 0.1 and fails above 0.5, where the
 *       kernel at the end has little to do with the one the prediction was made with.
 *   <li>Regression by the condition number of {@code Theta*}, which is also the number of steps, within a factor of two, that
 *       gradient descent at its largest stable rate takes for each e-fold of the slowest direction. It holds up to 1e5, the
 *       number of steps in the paper; it fails above 1e7, where single precision leaves nothing of the solution and training
 *       would take a hundred times as long.
 * </ul>
 */
public final class TrustThresholds {

    /** Default of the largest {@code E[Theta^2]/E[Theta]^2} at which determinism holds. */
    public static final double RATIO_HOLDS = 1.1;

    /** The largest at which it holds in outline. */
    public static final double RATIO_LIMITED = 1.5;

    /** The largest relative change of the kernel at which constancy holds. */
    public static final double CHANGE_HOLDS = 0.1;

    /** The largest at which it holds in outline. */
    public static final double CHANGE_LIMITED = 0.5;

    /** The largest condition number at which regression is usable. */
    public static final double CONDITION_HOLDS = 1e5;

    /** The largest at which it is usable in outline. */
    public static final double CONDITION_LIMITED = 1e7;

    private TrustThresholds() {}
}
