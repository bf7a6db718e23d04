package io.github.finitentk.report.paper;

import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.meanfield.PaperErrata;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kappa_1} and {@code kappa_2} of Lemma 2 by depth, for erf and ReLU in the ordered phase, at the edge of chaos and in
 * the chaotic phase: the numbers of figures 5 and 6. Normalised inputs ({@code q^0 = 1}), constant width.
 */
final class KappaCurves {

    static final double SIGMA_B2 = 1;
    static final int MAX_DEPTH = 50;

    /** Initial covariances of the lines. */
    static final double[] COVARIANCES = covariances();

    static final List<String> COLUMNS = List.of(
            "recursion", "activation", "phase", "sigma_w2", "sigma_b2", "c0", "depth", "kappa1", "kappa2", "ratio");

    /**
     * One panel of lines.
     *
     * @param recursion {@code corrected} or {@code as printed}
     * @param phase name of the column
     * @param kappa1 by depth 2 ... 50
     * @param kappa2 by covariance, then by depth
     */
    record Panel(
            String recursion, Activation activation, String phase, double sigmaW2, double[] kappa1, double[][] kappa2) {

        String title() {
            String name = activation == Activations.RELU ? "ReLU" : activation.label();
            return name + ", " + phase + ", $\\sigma_w^2 = " + shortNumber(sigmaW2) + "$";
        }
    }

    private KappaCurves() {}

    /** Three phases of an activation. */
    static List<Panel> corrected(Activation activation) {
        List<Panel> panels = new ArrayList<>();
        for (Setting setting : settings(activation)) {
            MeanField theory = new MeanField(activation, new Initialization(setting.sigmaW2, SIGMA_B2));
            double[] kappa1 = new double[MAX_DEPTH - 1];
            double[][] kappa2 = new double[COVARIANCES.length][MAX_DEPTH - 1];
            for (int depth = 2; depth <= MAX_DEPTH; depth++) {
                // kappa does not depend on the width of a constant-width network.
                Architecture architecture = Architecture.constant(100, 100, depth);
                for (int c = 0; c < COVARIANCES.length; c++) {
                    PairPropagation pair = theory.propagate(1, 1, COVARIANCES[c], depth);
                    kappa1[depth - 2] = pair.first().kappa1(architecture);
                    kappa2[c][depth - 2] = pair.kappa2(architecture);
                }
            }
            panels.add(new Panel("corrected", activation, setting.phase, setting.sigmaW2, kappa1, kappa2));
        }
        return panels;
    }

    /** The same for erf by the recursion that the paper prints in Appendix E.2. */
    static List<Panel> asPrinted() {
        List<Panel> panels = new ArrayList<>();
        for (Setting setting : settings(Activations.ERF)) {
            double[] kappa1 = new double[MAX_DEPTH - 1];
            double[][] kappa2 = new double[COVARIANCES.length][MAX_DEPTH - 1];
            for (int depth = 2; depth <= MAX_DEPTH; depth++) {
                for (int c = 0; c < COVARIANCES.length; c++) {
                    PaperErrata.Recursion printed = PaperErrata.erf(setting.sigmaW2, SIGMA_B2, COVARIANCES[c], depth);
                    kappa1[depth - 2] = printed.kappa1();
                    kappa2[c][depth - 2] = printed.kappa2();
                }
            }
            panels.add(new Panel("as printed", Activations.ERF, setting.phase, setting.sigmaW2, kappa1, kappa2));
        }
        return panels;
    }

    static List<List<?>> table(List<Panel> panels) {
        List<List<?>> rows = new ArrayList<>();
        for (Panel panel : panels) {
            for (int c = 0; c < COVARIANCES.length; c++) {
                for (int k = 0; k < panel.kappa1.length; k++) {
                    rows.add(List.of(
                            panel.recursion,
                            panel.activation.label(),
                            panel.phase,
                            panel.sigmaW2,
                            SIGMA_B2,
                            COVARIANCES[c],
                            k + 2,
                            panel.kappa1[k],
                            panel.kappa2[c][k],
                            panel.kappa1[k] / panel.kappa2[c][k]));
                }
            }
        }
        return rows;
    }

    static double[] depths() {
        double[] depths = new double[MAX_DEPTH - 1];
        for (int k = 0; k < depths.length; k++) {
            depths[k] = k + 2;
        }
        return depths;
    }

    private record Setting(String phase, double sigmaW2) {}

    private static List<Setting> settings(Activation activation) {
        double edge = new PhaseBoundary(activation).at(SIGMA_B2).sigmaW2();
        boolean relu = activation == Activations.RELU;
        return List.of(
                new Setting("ordered", relu ? 1 : 1.5),
                new Setting("edge of chaos", edge),
                new Setting("chaotic", relu ? 3 : 5));
    }

    private static double[] covariances() {
        double[] covariances = new double[21];
        for (int c = 0; c < covariances.length; c++) {
            covariances[c] = c / 20.0;
        }
        return covariances;
    }

    private static String shortNumber(double value) {
        return value == Math.rint(value)
                ? Integer.toString((int) value)
                : String.format(java.util.Locale.ROOT, "%.4g", value).replaceAll("0+$", "");
    }
}
