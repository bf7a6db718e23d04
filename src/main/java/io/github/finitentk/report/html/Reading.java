package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.Laziness;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A run in plain words, computed from its numbers: what holds for the run as a whole. */
final class Reading {

    private final FinishedCells table;
    private final Theory theory;

    Reading(FinishedCells table, Theory theory) {
        this.table = table;
        this.theory = theory;
    }

    /** What holds for the run as a whole: ranges of its numbers, and what limits their use. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        long failed = table.rows().stream()
                .filter(row -> row.status() == Status.FAILED)
                .count();
        long diverged = table.rows().stream()
                .filter(row -> row.status() == Status.DIVERGED)
                .count();
        long heavy = table.rows().stream().filter(table::heavyTailed).count();
        int missing = table.total() - table.rows().size();
        if (table.quantity().equals("track")) {
            laziness(sentences);
        } else if (table.quantity().equals("ensemble")) {
            range(EnsembleQuantity.GAP, sentences);
            range(EnsembleQuantity.KERNEL_CHANGE, sentences);
        } else if (Criterion.of(table.quantity(), 0).isEmpty()) {
            Measure.columns(table.columns()).stream().limit(6).forEach(column -> range(column, sentences));
        }
        coverage(sentences);
        if (heavy > 0) {
            sentences.add(count(heavy, "cell has", "cells have")
                    + " a heavy tail: its number is too low more often than not, and no interval can be trusted.");
        }
        long unstable = table.rows().stream()
                .filter(row -> table.number(row, KernelChangeQuantity.UNSTABLE) > 0)
                .count();
        if (unstable > 0) {
            sentences.add("In " + count(unstable, "cell", "cells")
                    + " the learning rate exceeds the largest stable one (η λ_max / S > 2) at some point of training.");
        }
        if (diverged > 0) {
            sentences.add(count(diverged, "cell", "cells") + " diverged: some number exceeds its precision.");
        }
        if (failed > 0) {
            sentences.add(count(failed, "cell", "cells") + " failed; the table says why.");
        }
        if (missing > 0) {
            sentences.add(count(missing, "cell is", "cells are") + " not computed yet; this page shows the others.");
        }
        return sentences;
    }

    private void laziness(List<String> sentences) {
        if (table.rows().stream().anyMatch(row -> row.status() != Status.FAILED)) {
            sentences.addAll(Laziness.of(table.rows()).sentences());
        }
    }

    private void range(Column<?> column, List<String> sentences) {
        Comparator<SweepRow> byValue = Comparator.comparingDouble(row -> table.number(row, column));
        List<SweepRow> known = table.rows().stream()
                .filter(row -> !Double.isNaN(table.number(row, column)))
                .toList();
        Optional<SweepRow> least = known.stream().min(byValue);
        Optional<SweepRow> largest = known.stream().max(byValue);
        if (least.isPresent() && largest.isPresent()) {
            double low = table.number(least.get(), column);
            double high = table.number(largest.get(), column);
            sentences.add(
                    low == high
                            ? Measure.label(column) + " is " + NumberText.plain(low) + " everywhere."
                            : Measure.label(column) + " ranges from " + NumberText.plain(low) + " ("
                                    + place(least.get().cell()) + ") to " + NumberText.plain(high) + " ("
                                    + place(largest.get().cell()) + ").");
        }
    }

    private void coverage(List<String> sentences) {
        int judged = 0;
        int inside = 0;
        for (SweepRow row : table.rows()) {
            double exact = theory.exactRatio(row.cell());
            double low = table.number(row, VarianceQuantity.RATIO_LOW);
            double high = table.number(row, VarianceQuantity.RATIO_HIGH);
            // An interval without width belongs to a number that is exact itself.
            if (!Double.isNaN(exact) && low < high && !table.heavyTailed(row)) {
                judged++;
                inside += low <= exact && exact <= high ? 1 : 0;
            }
        }
        if (judged > 0) {
            sentences.add("Where the exact moments of ReLU networks are known, " + inside + " of " + judged
                    + " trusted 95 % intervals contain them.");
        }
    }

    private static String place(Cell cell) {
        return Activations.displayName(cell.activation()) + ", σ_w² = " + NumberText.plain(cell.sigmaW2()) + ", σ_b² = "
                + NumberText.plain(cell.sigmaB2()) + ", L = " + cell.depth() + ", M = " + cell.width();
    }

    private static String count(long n, String one, String many) {
        return n + " " + (n == 1 ? one : many);
    }
}
