package io.github.finitentk.internal.compute;

/** Lets units run side by side as far as their estimated memory allows; one that exceeds the budget runs alone. */
public final class MemoryBudget {

    private final double budget;
    private double taken;

    /** @param budget in bytes */
    public MemoryBudget(double budget) {
        this.budget = budget;
    }

    /** Waits until there is room, then takes it; returns what to give back. */
    public synchronized double take(double bytes) {
        double share = Math.min(bytes, budget);
        boolean interrupted = false;
        while (taken > 0 && taken + share > budget) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        taken += share;
        return share;
    }

    /** @param share what {@link #take} has returned */
    public synchronized void giveBack(double share) {
        taken -= share;
        notifyAll();
    }
}
