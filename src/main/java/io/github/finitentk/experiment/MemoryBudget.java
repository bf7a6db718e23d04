package io.github.finitentk.experiment;

/** Lets units run side by side as far as their estimated memory allows; one that exceeds the budget runs alone. */
final class MemoryBudget {

    private final double budget;
    private double taken;

    MemoryBudget(double budget) {
        this.budget = budget;
    }

    /** Waits until there is room, then takes it; returns what to give back. */
    synchronized double take(double bytes) {
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

    synchronized void giveBack(double share) {
        taken -= share;
        notifyAll();
    }
}
