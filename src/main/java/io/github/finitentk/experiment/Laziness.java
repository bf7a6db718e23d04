package io.github.finitentk.experiment;

import io.github.finitentk.trust.Statement.Validity;
import io.github.finitentk.trust.TrustThresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Was a training lazy? Eq. (3), the kernel is constant in training, judged by the rows of a {@link TrackQuantity} with the thresholds
 * of {@code trust}: a change of at most 0.1 is lazy, one above 0.5 is not.
 *
 * @param validity of eq. (3): {@code HOLDS} is lazy, {@code LIMITED} nearly so, {@code FAILS} not; {@code UNKNOWN} for a single checkpoint
 * @param largestChange over all checkpoints; NaN if one has no finite kernel
 * @param largestAt the step of that, or of the first one without a finite kernel
 * @param leaves the first step at which the change exceeds {@link TrustThresholds#CHANGE_HOLDS}; empty if none
 * @param fails the first step at which it exceeds {@link TrustThresholds#CHANGE_LIMITED}; empty if none
 * @param lazyFrom the first step from which on all kernels are within {@link TrustThresholds#CHANGE_HOLDS} of the last one; empty if
 *     only the last is
 * @param unstable steps at which the sharpness exceeds its bound
 * @param sentences the answer in words
 */
public record Laziness(
        Validity validity,
        double largestChange,
        long largestAt,
        OptionalLong leaves,
        OptionalLong fails,
        OptionalLong lazyFrom,
        List<Long> unstable,
        List<String> sentences) {

    public Laziness {
        unstable = List.copyOf(unstable);
        sentences = List.copyOf(sentences);
    }

    /**
     * @param track rows in order of their steps; those that failed are left out
     * @throws IllegalArgumentException if there is none besides
     */
    public static Laziness of(List<SweepRow> track) {
        List<SweepRow> rows = track.stream()
                .filter(row -> row.status() != SweepRow.Status.FAILED)
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("A training without checkpoints is neither lazy nor not.");
        }
        SweepRow largest = rows.get(0);
        OptionalLong leaves = OptionalLong.empty();
        OptionalLong fails = OptionalLong.empty();
        List<Long> unstable = new ArrayList<>();
        for (SweepRow row : rows) {
            double change = change(row);
            if (!Double.isNaN(change(largest)) && !(change <= change(largest))) {
                largest = row;
            }
            if (leaves.isEmpty() && !(change <= TrustThresholds.CHANGE_HOLDS)) {
                leaves = OptionalLong.of(step(row));
            }
            if (fails.isEmpty() && !(change <= TrustThresholds.CHANGE_LIMITED)) {
                fails = OptionalLong.of(step(row));
            }
            if (row.get(TrackQuantity.SHARPNESS) > row.get(TrackQuantity.SHARPNESS_BOUND)) {
                unstable.add(step(row));
            }
        }
        Validity validity = rows.size() == 1
                ? Validity.UNKNOWN
                : fails.isPresent() ? Validity.FAILS : leaves.isPresent() ? Validity.LIMITED : Validity.HOLDS;
        OptionalLong lazyFrom = lazyFrom(rows);
        return new Laziness(
                validity,
                change(largest),
                step(largest),
                leaves,
                fails,
                lazyFrom,
                unstable,
                sentences(rows, validity, largest, leaves, fails, lazyFrom, unstable));
    }

    private static OptionalLong lazyFrom(List<SweepRow> rows) {
        int from = rows.size() - 1;
        while (from > 0 && rows.get(from - 1).get(TrackQuantity.CHANGE_TO_LAST) <= TrustThresholds.CHANGE_HOLDS) {
            from--;
        }
        return from == rows.size() - 1 ? OptionalLong.empty() : OptionalLong.of(step(rows.get(from)));
    }

    private static double change(SweepRow row) {
        return row.get(TrackQuantity.CHANGE);
    }

    private static long step(SweepRow row) {
        return row.get(TrackQuantity.STEP);
    }

    /** {@code lazy}, {@code nearly lazy}, {@code not lazy} or {@code unknown}. */
    public String label() {
        return validity.laziness();
    }

    private static List<String> sentences(
            List<SweepRow> rows,
            Validity validity,
            SweepRow largest,
            OptionalLong leaves,
            OptionalLong fails,
            OptionalLong lazyFrom,
            List<Long> unstable) {
        List<String> sentences = new ArrayList<>();
        String change = Double.isNaN(change(largest))
                ? "the kernel at step " + step(largest) + " is not finite"
                : "the kernel changes by " + percent(change(largest)) + " of its norm (at step " + step(largest) + ")";
        sentences.add(
                switch (validity) {
                    case UNKNOWN -> "Unknown: a single checkpoint shows no change.";
                    case HOLDS -> "Lazy: " + change + ", at most " + percent(TrustThresholds.CHANGE_HOLDS) + ".";
                    case LIMITED ->
                        "Nearly lazy: " + change + ", more than " + percent(TrustThresholds.CHANGE_HOLDS)
                                + " (first at step " + leaves.getAsLong() + "), not more than "
                                + percent(TrustThresholds.CHANGE_LIMITED) + ".";
                    case FAILS ->
                        "Not lazy: " + change + "; it exceeds "
                                + (leaves.equals(fails)
                                        ? ""
                                        : percent(TrustThresholds.CHANGE_HOLDS) + " from step " + leaves.getAsLong()
                                                + " and ")
                                + percent(TrustThresholds.CHANGE_LIMITED) + " from step " + fails.getAsLong() + " on.";
                });
        double turned = turned(largest.get(TrackQuantity.DISTANCE));
        if (leaves.isPresent() && turned <= TrustThresholds.CHANGE_HOLDS) {
            sentences.add("All of it but " + percent(turned)
                    + " is a rescaling of the kernel, which does what another learning rate would.");
        }
        if (leaves.isPresent() && rows.size() > 1) {
            sentences.add(
                    lazyFrom.isPresent()
                            ? "From step " + lazyFrom.getAsLong() + " on it stays within "
                                    + percent(TrustThresholds.CHANGE_HOLDS)
                                    + " of where it ends: from there the training is lazy."
                            : "It still moves at the end: from the last checkpoint but one it changes by "
                                    + percent(rows.get(rows.size() - 2).get(TrackQuantity.CHANGE_TO_LAST)) + ".");
        }
        if (!unstable.isEmpty()) {
            sentences.add("At " + unstable.size() + " of " + rows.size() + " checkpoints, the first of step "
                    + unstable.get(0) + ", the sharpness exceeds "
                    + String.format(Locale.ROOT, "%.3g", rows.get(0).get(TrackQuantity.SHARPNESS_BOUND))
                    + ", where gradient descent with a constant kernel is unstable.");
        }
        if (!Double.isNaN(rows.get(0).get(TrackQuantity.SHARPNESS))
                && Double.isNaN(rows.get(0).get(TrackQuantity.SHARPNESS_BOUND))) {
            sentences.add("No sharpness is known to be stable or unstable for cross-entropy.");
        }
        if (step(rows.get(0)) > 0) {
            sentences.add("The first checkpoint is of step " + step(rows.get(0))
                    + ": what the kernel did before does not show.");
        }
        return sentences;
    }

    // Of the change that the best rescaling leaves: the sine of the angle whose cosine is 1 - distance.
    private static double turned(double distance) {
        return Math.sqrt(distance * (2 - distance));
    }

    private static String percent(double share) {
        return share >= 0.1 ? Math.round(100 * share) + " %" : String.format(Locale.ROOT, "%.2g %%", 100 * share);
    }
}
