package io.github.finitentk.experiment;

import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Infinite-width theory for pairs of normalised inputs ({@code q^0 = 1}, {@code M_0 = M}): phase, kernels, {@code kappa_1} and
 * {@code kappa_2} of Lemma 2, and the largest stable learning rate, for each of several initial covariances {@code c0}.
 */
public final class TheoryQuantity implements Quantity {

    private static final class Keys {
        static final Setting<List<Double>> C0 =
                Setting.numbers("c0", List.of(0.5), -1, 1, "initial covariances of the pair of inputs");
        static final Setting<Recursion> RECURSION = Setting.choice(
                "recursion",
                Recursion.CORRECTED,
                Recursion::label,
                "the corrected recursion, or erf's as the paper prints it");
        static final Setting<Integer> SAMPLES =
                Setting.integer("samples", 128, 1, Integer.MAX_VALUE, "training inputs, for the largest learning rate");
    }

    static final QuantityType TYPE = new OwnType(
            "theory",
            "infinite-width theory: phase, kernels, kappa_1, kappa_2, largest stable learning rate",
            List.of(Keys.C0, Keys.RECURSION, Keys.SAMPLES),
            TheoryQuantity::new);

    public static final Column<String> PHASE = Column.text("phase", "ordered, edge or chaotic");
    public static final Column<Double> Q_STAR = Column.real(
                    "q_star", "fixed point of the variance that q^1, q^2, ... tend to")
            .withSymbol("$q^*$");
    public static final Column<Double> CHI1_STAR =
            Column.real("chi1_star", "chi_1 there").withSymbol("$\\chi_1(q^*)$");
    public static final Column<Double> XI_C = Column.real("xi_c", "depth scale of the correlation, at the first c0")
            .withSymbol("$\\xi_c$")
            .withUnit("layers");
    public static final Column<Double> KAPPA1 =
            Column.real("kappa1", "kappa_1 of Lemma 2").withSymbol("$\\kappa_1$");
    public static final Column<double[]> KAPPA2 = Column.reals("kappa2", "kappa_2 of Lemma 2, by c0")
            .withSymbol("$\\kappa_2$")
            .withIndex("$c_0$", Keys.C0.name());
    public static final Column<Double> ALPHA =
            Column.real("alpha", "alpha of Lemma 2").withSymbol("$\\alpha$");
    public static final Column<Double> THETA_DIAG =
            Column.real("theta_diag", "infinite-width NTK of one input").withSymbol("$\\Theta(x, x)$");
    public static final Column<double[]> THETA_OFFDIAG = Column.reals(
                    "theta_offdiag", "infinite-width NTK of the pair, by c0")
            .withSymbol("$\\Theta(x, x')$")
            .withIndex("$c_0$", Keys.C0.name());
    public static final Column<Double> NNGP_DIAG =
            Column.real("nngp_diag", "q^L").withSymbol("$q^L$");
    public static final Column<double[]> NNGP_OFFDIAG = Column.reals("nngp_offdiag", "q_sr^L, by c0")
            .withSymbol("$q_{sr}^L$")
            .withIndex("$c_0$", Keys.C0.name());
    public static final Column<double[]> ETA_MAX = Column.reals(
                    "eta_max", "mean-field estimate of the largest stable learning rate, by c0")
            .withSymbol("$\\eta_{\\mathrm{max}}$")
            .withIndex("$c_0$", Keys.C0.name());

    private static final Columns<Limit> COLUMNS = new Columns<Limit>()
            .with(PHASE, limit -> limit.phase == null ? null : label(limit.phase.phase()))
            .with(Q_STAR, limit -> limit.phase == null ? null : limit.phase.qStar())
            .with(CHI1_STAR, limit -> limit.phase == null ? null : limit.phase.chi1Star())
            .with(XI_C, limit -> limit.phase == null ? null : limit.phase.xiC())
            .with(KAPPA1, limit -> limit.kappa1)
            .with(KAPPA2, limit -> limit.kappa2)
            .with(ALPHA, limit -> limit.alpha)
            .with(THETA_DIAG, limit -> limit.thetaDiag)
            .with(THETA_OFFDIAG, limit -> limit.thetaOffdiag)
            .with(NNGP_DIAG, limit -> limit.nngpDiag)
            .with(NNGP_OFFDIAG, limit -> limit.nngpOffdiag)
            .with(ETA_MAX, limit -> limit.etaMax);

    /** What is known of a cell; what is not is null. */
    private static final class Limit {
        private PhaseAnalysis phase;
        private Double kappa1;
        private double[] kappa2;
        private Double alpha;
        private Double thetaDiag;
        private double[] thetaOffdiag;
        private Double nngpDiag;
        private double[] nngpOffdiag;
        private double[] etaMax;

        void dropVanishedLists() {
            kappa2 = missing(kappa2) ? null : kappa2;
            thetaOffdiag = missing(thetaOffdiag) ? null : thetaOffdiag;
            nngpOffdiag = missing(nngpOffdiag) ? null : nngpOffdiag;
            etaMax = missing(etaMax) ? null : etaMax;
        }
    }

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

    private final Settings settings;
    private final List<Double> c0;
    private final Recursion recursion;
    private final int samples;

    /**
     * @param c0 initial covariances, -1 to 1
     * @param samples training inputs, for the learning rate
     * @throws IllegalArgumentException if there are not so many inputs with such a correlation between any two
     */
    public TheoryQuantity(List<Double> c0, Recursion recursion, int samples) {
        this(Settings.of(
                TYPE,
                Map.of(
                        Keys.C0.name(),
                        Objects.requireNonNull(c0, "c0"),
                        Keys.RECURSION.name(),
                        recursion.label(),
                        Keys.SAMPLES.name(),
                        samples)));
    }

    private TheoryQuantity(Settings settings) {
        this.settings = settings;
        c0 = settings.get(Keys.C0);
        recursion = settings.get(Keys.RECURSION);
        samples = settings.get(Keys.SAMPLES);
        c0.forEach(c -> LearningRate.requirePossible(c, samples));
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public Map<String, Object> settings() {
        return settings.values();
    }

    @Override
    public Columns<?> columns() {
        return COLUMNS;
    }

    @Override
    public Map<String, String> conventions() {
        return new TreeMap<>(
                Map.of("input", "q^0 = |x|^2 / M_0 = 1, M_0 = M", "loss", LossConvention.HALF_MSE.label()));
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
        return new DepthUnits(cells);
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
    public List<SweepRow> compute(List<Cell> unit, CellContext context) {
        Cell first = unit.get(0);
        MeanField theory = new MeanField(first.activation(), first.initialization());
        PhaseAnalysis phase = recursion == Recursion.CORRECTED ? PhaseAnalysis.of(theory, 1, c0.get(0)) : null;
        return unit.stream()
                .map(cell -> recursion == Recursion.CORRECTED ? corrected(cell, theory, phase) : printed(cell))
                .toList();
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** A cell whose kernels exceed the range of a double, or vanish below it, has diverged; it keeps what fits. */
    private SweepRow corrected(Cell cell, MeanField theory, PhaseAnalysis phase) {
        long start = System.nanoTime();
        Limit limit = new Limit();
        limit.phase = phase;
        try {
            addKernels(limit, cell, theory);
        } catch (ArithmeticException e) {
            return COLUMNS.row(cell, SweepRow.Status.DIVERGED, e.getMessage(), limit, since(start));
        }
        SweepRow row = COLUMNS.row(cell, limit, since(start));
        List<String> vanished = vanished(row);
        if (vanished.isEmpty()) {
            return row;
        }
        limit.dropVanishedLists();
        String problem = "Not 0, but below the range of a double (4.9e-324): " + String.join(", ", vanished) + ".";
        return COLUMNS.row(cell, SweepRow.Status.DIVERGED, problem, limit, since(start));
    }

    /** The columns whose numbers are not 0 but below the range of a double; kappa has no value at L = 1. */
    private static List<String> vanished(SweepRow row) {
        return COLUMNS.stream()
                .filter(column -> !List.of(PHASE, Q_STAR, CHI1_STAR, XI_C).contains(column))
                .filter(column ->
                        row.cell().depth() > 1 || !List.of(KAPPA1, KAPPA2).contains(column))
                .filter(column -> missing(row.get(column)))
                .map(Column::name)
                .toList();
    }

    private static boolean missing(Object value) {
        return value instanceof Double number && number.isNaN()
                || value instanceof double[] numbers && Arrays.stream(numbers).anyMatch(Double::isNaN);
    }

    private static String label(PhaseAnalysis.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private void addKernels(Limit limit, Cell cell, MeanField theory) {
        Architecture architecture = Architecture.constant(cell.width(), cell.width(), cell.depth());
        limit.alpha = architecture.alpha();
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
        limit.kappa1 = pair.first().kappa1(architecture);
        limit.thetaDiag = pair.first().ntk(architecture);
        limit.nngpDiag = pair.first().nngp();
        limit.kappa2 = kappa2;
        limit.thetaOffdiag = theta;
        limit.nngpOffdiag = nngp;
        limit.etaMax = rate;
    }

    private SweepRow printed(Cell cell) {
        long start = System.nanoTime();
        Limit limit = new Limit();
        limit.kappa2 = new double[c0.size()];
        for (int k = 0; k < limit.kappa2.length; k++) {
            PaperErrata.Recursion printed = PaperErrata.erf(cell.sigmaW2(), cell.sigmaB2(), c0.get(k), cell.depth());
            limit.kappa1 = printed.kappa1();
            limit.kappa2[k] = printed.kappa2();
        }
        return COLUMNS.row(cell, limit, since(start));
    }
}
