package io.github.finitentk.training;

/**
 * Early stopping: training ends at the first step whose loss completes {@code patience} consecutive steps without a
 * decrease by more than {@code minDecrease} below the best loss. The best loss is the one at the last such decrease, so
 * that a slow but steady fall keeps the training going: this is the paper's "did not decrease by at least 1e-7 in 100
 * consecutive steps".
 *
 * <p>Mutable; it is shown the losses {@code loss_0, loss_1, ...} in order, each once.
 */
public final class StoppingRule {

    private final double minDecrease;
    private final int patience;
    private double best = Double.POSITIVE_INFINITY;
    private int waited;

    /**
     * A rule that has seen no loss yet.
     *
     * @param minDecrease finite, at least 0
     * @param patience at least 1
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public StoppingRule(double minDecrease, int patience) {
        if (!(minDecrease >= 0) || Double.isInfinite(minDecrease)) {
            throw new IllegalArgumentException(
                    "The least decrease of the loss must be zero or a positive finite number, not " + minDecrease
                            + ".");
        }
        if (patience < 1) {
            throw new IllegalArgumentException("The patience must be at least 1 step, not " + patience + ".");
        }
        this.minDecrease = minDecrease;
        this.patience = patience;
    }

    /**
     * Shows the rule the next loss.
     *
     * @return whether training should stop here
     */
    public boolean observe(double loss) {
        if (loss < best - minDecrease) {
            best = loss;
            waited = 0;
        } else {
            waited++;
        }
        return waited >= patience;
    }

    /** The loss at the last sufficient decrease; infinite before the first loss. */
    public double best() {
        return best;
    }

    /** Consecutive steps since then. */
    public int waited() {
        return waited;
    }

    /** Puts back a state read from {@link #best} and {@link #waited}. */
    public void restore(double best, int waited) {
        this.best = best;
        this.waited = waited;
    }

    /** An independent rule in the same state. */
    public StoppingRule copy() {
        StoppingRule copy = new StoppingRule(minDecrease, patience);
        copy.restore(best, waited);
        return copy;
    }
}
