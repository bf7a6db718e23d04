package io.github.finitentk.experiment;

import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.meanfield.PaperErrata;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Infinite-width theory for pairs of normalised inputs ({@code q^0 = 1}, {@code M_0 = M}): phase, kernels, {@code kappa_1} and
 * {@code kappa_2} of Lemma 2, and the largest stable learning rate, for each of several initial covariances {@code c0}.
 */
public final class TheoryQuantity implements Quantity {

    static final QuantityType TYPE = new Type();

    private static final String C0 = "c0";
    private static final String RECURSION = "recursion";
    private static final String SAMPLES = "samples";

    private static final List<Column> COLUMNS = List.of(
            Column.text("phase", "ordered, edge or chaotic"),
            Column.real("q_star", "fixed point of the variance that q^1, q^2, ... tend to"),
            Column.real("chi1_star", "chi_1 there"),
            Column.real("xi_c", "depth scale of the correlation, at the first c0"),
            Column.real("kappa1", "kappa_1 of Lemma 2"),
            Column.reals("kappa2", "kappa_2 of Lemma 2, by c0"),
            Column.real("alpha", "alpha of Lemma 2"),
            Column.real("theta_diag", "infinite-width NTK of one input"),
            Column.reals("theta_offdiag", "infinite-width NTK of the pair, by c0"),
            Column.real("nngp_diag", "q^L"),
            Column.reals("nngp_offdiag", "q_sr^L, by c0"),
            Column.reals("eta_max", "mean-field estimate of the largest stable learning rate, by c0"));

    /** Which recursion gives kappa. */
    public enum Recursion {
        /** Eqs (5) to (9) as they should read. */
        CORRECTED,
        /** Erf by the formulae that Appendix E.2 of the paper prints: kappa only. */
        AS_PRINTED;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final List<Double> c0;
    private final Recursion recursion;
    private final int samples;

    /**
     * @param c0 initial covariances, -1 to 1
     * @param samples training inputs, for the learning rate
     * @throws IllegalArgumentException if there are not so many inputs with such a correlation between any two
     */
    public TheoryQuantity(List<Double> c0, Recursion recursion, int samples) {
        Settings.of(TYPE, settings(c0, recursion, samples));
        c0.forEach(c -> LearningRate.requirePossible(c, samples));
        this.c0 = List.copyOf(c0);
        this.recursion = recursion;
        this.samples = samples;
    }

    private static final class Type implements QuantityType {
        @Override
        public String name() {
            return "theory";
        }

        @Override
        public String description() {
            return "infinite-width theory: phase, kernels, kappa_1, kappa_2, largest stable learning rate";
        }

        @Override
        public List<SettingKey> keys() {
            return List.of(
                    SettingKey.numbers(C0, List.of(0.5), -1, 1, "initial covariances of the pair of inputs"),
                    SettingKey.choice(
                            RECURSION,
                            Recursion.CORRECTED,
                            Recursion::label,
                            "the corrected recursion, or erf's as the paper prints it"),
                    SettingKey.integer(
                            SAMPLES, 128L, 1, Integer.MAX_VALUE, "training inputs, for the largest learning rate"));
        }

        @Override
        public Quantity create(Settings settings) {
            String label = settings.text(RECURSION);
            Recursion recursion = Arrays.stream(Recursion.values())
                    .filter(each -> each.label().equals(label))
                    .findFirst()
                    .orElseThrow();
            return new TheoryQuantity(settings.numbers(C0), recursion, settings.integer(SAMPLES));
        }
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        return settings(c0, recursion, samples);
    }

    private static Map<String, Object> settings(List<Double> c0, Recursion recursion, int samples) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(C0, c0);
        settings.put(RECURSION, recursion.label());
        settings.put(SAMPLES, (long) samples);
        return settings;
    }

    @Override
    public List<Column> columns() {
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return Map.of("input", "q^0 = |x|^2 / M_0 = 1, M_0 = M", "loss", LossConvention.HALF_MSE.label());
    }

    @Override
    public void check(Cell cell) {
        if (recursion == Recursion.AS_PRINTED && cell.activation() != Activations.ERF) {
            throw new IllegalArgumentException("The paper prints a recursion for erf, not for "
                    + cell.activation().label() + ".");
        }
    }

    /** Cells that differ in depth only share the analysis of their phase. */
    @Override
    public List<List<Integer>> units(List<Cell> cells) {
        return new CellColumns(cells);
    }

    @Override
    public double seconds(List<Cell> unit) {
        // Closed forms take a microsecond or two for a layer and pair, quadrature a hundred times as long.
        boolean closed =
                List.of("relu", "erf", "sin").contains(unit.get(0).activation().label());
        return (closed ? 2e-6 : 2e-4)
                * c0.size()
                * unit.stream().mapToInt(Cell::depth).sum();
    }

    @Override
    public double bytes(List<Cell> unit) {
        return 100.0 * unit.stream().mapToInt(Cell::depth).max().orElse(1) + 32.0 * unit.size() * c0.size();
    }

    @Override
    public List<CellResult> compute(List<Cell> unit, CellContext context) {
        Cell first = unit.get(0);
        MeanField theory = new MeanField(first.activation(), first.initialization());
        PhaseAnalysis phase = recursion == Recursion.CORRECTED ? PhaseAnalysis.of(theory, 1, c0.get(0)) : null;
        List<CellResult> results = new ArrayList<>();
        for (Cell cell : unit) {
            long start = System.nanoTime();
            results.add(
                    recursion == Recursion.CORRECTED
                            ? corrected(cell, theory, phase, start)
                            : result(start, null, printed(cell)));
        }
        return results;
    }

    private static CellResult result(long start, String problem, Object... values) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return problem == null
                ? CellResult.ok(seconds, values)
                : new CellResult(CellResult.Status.DIVERGED, problem, Arrays.asList(values), seconds);
    }

    /** A cell whose kernels exceed the range of a double, or vanish below it, has diverged; it keeps what fits. */
    private CellResult corrected(Cell cell, MeanField theory, PhaseAnalysis phase, long start) {
        try {
            Object[] values = corrected(cell, theory, phase);
            String problem = vanished(cell, values);
            if (problem != null) {
                Arrays.setAll(values, k -> missing(values[k]) ? null : values[k]);
            }
            return result(start, problem, values);
        } catch (ArithmeticException e) {
            Object[] values = new Object[COLUMNS.size()];
            values[0] = phase.phase().name().toLowerCase(Locale.ROOT);
            values[1] = phase.qStar();
            values[2] = phase.chi1Star();
            values[3] = phase.xiC();
            values[6] = architecture(cell).alpha();
            return result(start, e.getMessage(), values);
        }
    }

    /** What to say if a number is not 0 but below the range of a double, else null; kappa has no value at L = 1. */
    private static String vanished(Cell cell, Object[] values) {
        List<String> names = new ArrayList<>();
        for (int k = 4; k < values.length; k++) {
            if (missing(values[k])
                    && (cell.depth() > 1 || !COLUMNS.get(k).name().startsWith("kappa"))) {
                names.add(COLUMNS.get(k).name());
            }
        }
        return names.isEmpty()
                ? null
                : "Not 0, but below the range of a double (4.9e-324): " + String.join(", ", names) + ".";
    }

    private static boolean missing(Object value) {
        return value instanceof Double number && number.isNaN()
                || value instanceof double[] numbers && Arrays.stream(numbers).anyMatch(Double::isNaN);
    }

    private static Architecture architecture(Cell cell) {
        return Architecture.constant(cell.width(), cell.width(), cell.depth());
    }

    private Object[] corrected(Cell cell, MeanField theory, PhaseAnalysis phase) {
        Architecture architecture = architecture(cell);
        int n = c0.size();
        double[] kappa2 = new double[n];
        double[] theta = new double[n];
        double[] nngp = new double[n];
        double[] rate = new double[n];
        PairPropagation pair = null;
        for (int k = 0; k < n; k++) {
            pair = theory.propagate(1, 1, c0.get(k), cell.depth());
            kappa2[k] = pair.kappa2(architecture);
            theta[k] = pair.ntk(architecture);
            nngp[k] = pair.nngp();
            rate[k] =
                    LearningRate.meanField(pair.first().ntk(architecture), theta[k], samples, LossConvention.HALF_MSE);
        }
        return new Object[] {
            phase.phase().name().toLowerCase(Locale.ROOT),
            phase.qStar(),
            phase.chi1Star(),
            phase.xiC(),
            pair.first().kappa1(architecture),
            kappa2,
            architecture.alpha(),
            pair.first().ntk(architecture),
            theta,
            pair.first().nngp(),
            nngp,
            rate
        };
    }

    private Object[] printed(Cell cell) {
        double[] kappa2 = new double[c0.size()];
        double kappa1 = Double.NaN;
        for (int k = 0; k < kappa2.length; k++) {
            PaperErrata.Recursion printed = PaperErrata.erf(cell.sigmaW2(), cell.sigmaB2(), c0.get(k), cell.depth());
            kappa1 = printed.kappa1();
            kappa2[k] = printed.kappa2();
        }
        Object[] values = new Object[COLUMNS.size()];
        values[4] = kappa1;
        values[5] = kappa2;
        return values;
    }
}
