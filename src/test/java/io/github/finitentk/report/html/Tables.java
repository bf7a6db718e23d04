package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.EnsembleQuantity;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRow.Status;
import io.github.finitentk.experiment.TheoryQuantity;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs with known numbers. */
final class Tables {

    static final List<Column<?>> VARIANCE = List.of(
            VarianceQuantity.METHOD,
            VarianceQuantity.RATIO,
            VarianceQuantity.RATIO_LOW,
            VarianceQuantity.RATIO_HIGH,
            VarianceQuantity.HEAVY_TAILED);

    static final List<Column<?>> CHANGE = List.of(
            KernelChangeQuantity.CHANGE,
            KernelChangeQuantity.CHANGE_LOW,
            KernelChangeQuantity.CHANGE_HIGH,
            KernelChangeQuantity.MIN_LOSS,
            KernelChangeQuantity.UNSTABLE,
            KernelChangeQuantity.changeAt(10),
            KernelChangeQuantity.changeAt(1000),
            Column.reals("kernel_changes", "one by one").withIndex("network"));

    private Tables() {}

    static SweepRow row(Activation activation, double sigmaW2, int depth, int width, Object... values) {
        return row(VARIANCE, Status.OK, activation, sigmaW2, depth, width, values);
    }

    static SweepRow row(
            List<Column<?>> columns,
            Status status,
            Activation activation,
            double sigmaW2,
            int depth,
            int width,
            Object... values) {
        return new SweepRow(
                new Cell(activation, sigmaW2, 1, depth, width),
                status,
                status == Status.OK ? null : "a reason",
                0.5,
                columns,
                Arrays.asList(values));
    }

    static FinishedCells variance(List<SweepRow> rows) {
        return new FinishedCells("variance", Map.of(), rows.size(), manifest(), VARIANCE, rows);
    }

    static Map<String, String> manifest() {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put("spec", "quantity: variance\nseed: 7\n");
        manifest.put("seed", "7");
        manifest.put("backend", "java");
        return manifest;
    }

    /**
     * Ratios of tanh and ReLU at two widths: 1 + sigmaW2 depth / (10 width), with intervals of 1 % on both sides; the last
     * cell of each map has a heavy tail.
     */
    static FinishedCells varianceGrid() {
        List<SweepRow> rows = new ArrayList<>();
        for (Activation activation : List.of(Activations.TANH, Activations.RELU)) {
            for (int width : new int[] {50, 200}) {
                for (double sigmaW2 : new double[] {1, 2, 3, 4}) {
                    for (int depth : new int[] {5, 10, 20, 40, 80}) {
                        double ratio = 1 + sigmaW2 * depth / (10 * width);
                        boolean heavy = sigmaW2 == 4 && depth == 80;
                        rows.add(row(
                                activation,
                                sigmaW2,
                                depth,
                                width,
                                "chain",
                                ratio,
                                0.99 * ratio,
                                1.01 * ratio,
                                heavy ? 1L : 0L));
                    }
                }
            }
        }
        return variance(rows);
    }

    /** Changes of the kernel that grow with depth, snapshot and sigmaW2; one cell diverged, one failed, one is missing. */
    static FinishedCells changeGrid() {
        List<SweepRow> rows = new ArrayList<>();
        for (double sigmaW2 : new double[] {1, 2, 3}) {
            for (int depth : new int[] {3, 10, 30}) {
                double end = 0.01 * sigmaW2 * depth;
                if (sigmaW2 == 3 && depth == 30) {
                    rows.add(row(
                            CHANGE,
                            Status.DIVERGED,
                            Activations.TANH,
                            sigmaW2,
                            depth,
                            256,
                            Double.POSITIVE_INFINITY,
                            end,
                            Double.POSITIVE_INFINITY,
                            0.05,
                            1L,
                            end / 10,
                            Double.POSITIVE_INFINITY,
                            new double[] {end, Double.POSITIVE_INFINITY}));
                } else if (sigmaW2 == 2 && depth == 30) {
                    rows.add(row(
                            CHANGE,
                            Status.FAILED,
                            Activations.TANH,
                            sigmaW2,
                            depth,
                            256,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
                } else {
                    rows.add(row(
                            CHANGE,
                            Status.OK,
                            Activations.TANH,
                            sigmaW2,
                            depth,
                            256,
                            end,
                            0.9 * end,
                            1.1 * end,
                            0.01,
                            sigmaW2 == 3 && depth == 10 ? 1L : 0L,
                            end / 10,
                            end / 2,
                            new double[] {0.9 * end, 1.1 * end}));
                }
            }
        }
        return new FinishedCells("kernel_change", Map.of(), rows.size() + 1, manifest(), CHANGE, rows);
    }

    /** kappa_1 = 10 depth, kappa_2 = 2 depth and 5 depth at the covariances 0 and 0.5. */
    static FinishedCells theoryGrid() {
        List<Column<?>> columns = List.of(TheoryQuantity.PHASE, TheoryQuantity.KAPPA1, TheoryQuantity.KAPPA2);
        List<SweepRow> rows = new ArrayList<>();
        for (double sigmaW2 : new double[] {1, 2}) {
            for (int depth : new int[] {2, 4, 8}) {
                rows.add(row(
                        columns,
                        Status.OK,
                        Activations.ERF,
                        sigmaW2,
                        depth,
                        100,
                        "ordered",
                        10.0 * depth,
                        new double[] {2 * depth, 5 * depth}));
            }
        }
        return new FinishedCells("theory", Map.of("c0", List.of(0.0, 0.5)), rows.size(), manifest(), columns, rows);
    }

    /**
     * Trained variances of networks whose theory says 0.1: in agreement, in doubt, and off by a factor of three, at depths 2,
     * 4 and 8.
     */
    static FinishedCells ensembleGrid() {
        List<Column<?>> columns = List.of(
                EnsembleQuantity.TRAINED_VARIANCE,
                EnsembleQuantity.TRAINED_LOW,
                EnsembleQuantity.TRAINED_HIGH,
                EnsembleQuantity.EXACT_VARIANCE,
                EnsembleQuantity.GAP);
        double[][] variances = {{0.1, 0.095, 0.105}, {0.12, 0.08, 0.16}, {0.3, 0.25, 0.35}};
        List<SweepRow> rows = new ArrayList<>();
        for (double sigmaW2 : new double[] {1, 2}) {
            for (int k = 0; k < 3; k++) {
                double[] v = variances[k];
                rows.add(
                        row(columns, Status.OK, Activations.TANH, sigmaW2, 2 << k, 64, v[0], v[1], v[2], 0.1, 0.2 * k));
            }
        }
        return new FinishedCells("ensemble", Map.of(), rows.size(), manifest(), columns, rows);
    }

    /** A hundred thousand cells: ten widths of a map of 100 times 100. */
    static FinishedCells hugeGrid() {
        List<SweepRow> rows = new ArrayList<>();
        for (int width = 100; width <= 1000; width += 100) {
            for (int w = 1; w <= 100; w++) {
                for (int depth = 1; depth <= 100; depth++) {
                    double ratio = 1 + 0.04 * w * depth / width;
                    rows.add(row(
                            Activations.RELU, 0.04 * w, depth, width, "chain", ratio, 0.9 * ratio, 1.1 * ratio, 0L));
                }
            }
        }
        return variance(rows);
    }
}
