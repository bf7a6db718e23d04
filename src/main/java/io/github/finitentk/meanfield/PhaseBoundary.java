package io.github.finitentk.meanfield;

import io.github.finitentk.internal.numeric.RootFinder;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Initialization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * The border between the ordered and the chaotic phase in the plane of the two variances: where {@code chi_1} at the fixed point
 * that q tends to passes 1. It is of one of three kinds ({@link Kind}).
 *
 * <p>A smooth border is a curve with {@code q*} as parameter: {@code sigmaW2 = 1 / E[phi'(sqrt(q*) z)^2]},
 * {@code sigmaB2 = q* - sigmaW2 E[phi(sqrt(q*) z)^2]}; for a given sigmaB2 the second equation is solved for q*. But a point of
 * that curve is a border only where q tends to that fixed point, which it does not where the slope of the map of q exceeds 1
 * (gelu and silu at small sigmaB2). There the border is a jump: the ordered fixed point ends, or the start leaves what it
 * attracts. Activations that are linear far out have their border at {@code sigmaW2 = 2 / (a^2 + b^2)} if q* is
 * infinite there (ReLU and softplus: 2, whatever sigmaB2). Each of these points is a candidate; those stay on whose two sides
 * {@link PhaseAnalysis} finds different phases.
 */
public final class PhaseBoundary {

    private static final double SMALLEST = 1e-8;
    private static final double LARGEST = 1e24;
    /** Without biases the curve starts at q* = 0, where sigmaB2 of the curve is a difference of equals. */
    private static final double SMALLEST_WITHOUT_BIAS = 1e-3;

    /** Relative distance from a candidate at which the two phases are looked at. */
    private static final double ASIDE = 1e-6;
    /** The same for the fixed point on the ordered side of a jump. */
    private static final double JUST_ASIDE = 1e-9;

    /** What happens at the border. */
    public enum Kind {
        /** {@code chi_1} passes 1 smoothly, at a fixed point of q that attracts: the edge of chaos of the literature. */
        STABLE,
        /** q goes to another fixed point, or diverges: {@code chi_1} jumps. Where, depends on the start. */
        JUMP,
        /** q* is infinite on the border: {@code chi_1} passes 1 where {@code q^l} begins to diverge. */
        INFINITY
    }

    /**
     * One point of the border.
     *
     * @param sigmaB2 the bias variance asked for
     * @param sigmaW2 the weight variance on the border; NaN if there is none at this sigmaB2
     * @param qStar the fixed point there, at a jump that of the ordered side; infinite if q diverges
     * @param kind null if there is no border
     * @param branchEnd at a jump, the largest sigmaW2 for which the ordered fixed point exists, from whatever start; else NaN
     */
    public record Point(double sigmaB2, double sigmaW2, double qStar, Kind kind, double branchEnd) {

        /** Whether there is a border at this sigmaB2. */
        public boolean exists() {
            return kind != null;
        }
    }

    private record Candidate(Kind kind, double sigmaW2, double qStar) {}

    private final Activation activation;
    private final GaussianExpectation expectation;
    private final Homogeneity homogeneity;

    public PhaseBoundary(Activation activation) {
        this.activation = activation;
        this.expectation = GaussianExpectation.forActivation(activation);
        this.homogeneity = Homogeneity.of(activation);
    }

    /** The lowest border of networks on inputs of the paper's norm, {@code q0 = 1}. */
    public Point at(double sigmaB2) {
        return at(sigmaB2, 1);
    }

    /** The lowest border of networks on inputs with {@code |x|^2 / M_0 = q0}. */
    public Point at(double sigmaB2, double q0) {
        return ofInputs(sigmaB2, q0).stream()
                .findFirst()
                .orElse(new Point(sigmaB2, Double.NaN, Double.NaN, null, Double.NaN));
    }

    /**
     * The borders of networks on inputs with {@code |x|^2 / M_0 = q0}, which start at {@code q^1 = sigmaW2 q0 + sigmaB2}, to
     * about 1e-12 relative, in increasing order.
     *
     * @throws IllegalArgumentException if an argument is negative or not finite
     */
    public List<Point> ofInputs(double sigmaB2, double q0) {
        requireVariance("bias variance sigma_b^2", sigmaB2);
        requireVariance("input variance q0", q0);
        List<Double> starts = new ArrayList<>();
        if (q0 > 0) {
            // V(q^1) = q^1 if E[phi^2] = q0 there
            for (double q : roots(q -> expectation.square(q) - q0, SMALLEST)) {
                starts.add((q - sigmaB2) / q0);
            }
        }
        return borders(sigmaB2, sigmaW2 -> sigmaW2 * q0 + sigmaB2, starts);
    }

    /** The borders seen by a recursion that starts at the variance {@code q^1 = q1}, whatever sigmaW2. */
    public List<Point> ofVariance(double sigmaB2, double q1) {
        requireVariance("bias variance sigma_b^2", sigmaB2);
        requireVariance("first variance q^1", q1);
        return borders(sigmaB2, sigmaW2 -> q1, q1 > 0 ? List.of((q1 - sigmaB2) / expectation.square(q1)) : List.of());
    }

    private static void requireVariance(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "The " + what + " must be zero or a positive finite number, not " + value + ".");
        }
    }

    private List<Point> borders(double sigmaB2, DoubleUnaryOperator start, List<Double> unstableStarts) {
        List<Candidate> candidates = new ArrayList<>();
        Homogeneity.Slopes infinity = homogeneity.infinity();
        if (infinity != null) {
            candidates.add(new Candidate(Kind.INFINITY, 1 / infinity.lambda(), Double.NaN));
        }
        List<Double> folds = List.of();
        if (!homogeneity.everywhere()) {
            candidates.addAll(smooth(sigmaB2));
            unstableStarts.forEach(w -> candidates.add(new Candidate(Kind.JUMP, w, Double.NaN)));
            folds = folds(sigmaB2);
            folds.forEach(q -> candidates.add(new Candidate(Kind.JUMP, fixedPointWeight(q, sigmaB2), Double.NaN)));
        }
        List<Point> points = new ArrayList<>();
        for (Candidate candidate : candidates) {
            double w = candidate.sigmaW2;
            if (w > 0
                    && Double.isFinite(w)
                    && points.stream().noneMatch(p -> Math.abs(p.sigmaW2 - w) <= 3 * ASIDE * w)
                    && order(w * (1 - ASIDE), sigmaB2, start) * order(w * (1 + ASIDE), sigmaB2, start) < 0) {
                point(candidate, sigmaB2, start, folds).ifPresent(points::add);
            }
        }
        points.sort(Comparator.comparingDouble(Point::sigmaW2));
        return points;
    }

    private Optional<Point> point(Candidate candidate, double sigmaB2, DoubleUnaryOperator start, List<Double> folds) {
        double w = candidate.sigmaW2;
        switch (candidate.kind) {
            case STABLE:
                double reached = limit(w * (1 - ASIDE), sigmaB2, start).qStar();
                boolean there = Math.abs(reached - candidate.qStar) <= 1e-2 * candidate.qStar + 1e-4;
                return there
                        ? Optional.of(new Point(sigmaB2, w, candidate.qStar, Kind.STABLE, Double.NaN))
                        : Optional.empty();
            case INFINITY:
                return Optional.of(
                        new Point(sigmaB2, w, limit(w, sigmaB2, start).qStar(), Kind.INFINITY, Double.NaN));
            default:
                double ordered = limit(w * (1 - JUST_ASIDE), sigmaB2, start).qStar();
                double end = ordered == 0
                        ? homogeneity.zero() == null
                                ? Double.NaN
                                : 1 / homogeneity.zero().lambda()
                        : folds.stream()
                                .filter(q -> q > ordered)
                                .findFirst()
                                .map(q -> fixedPointWeight(q, sigmaB2))
                                .orElse(Double.NaN);
                return Optional.of(new Point(sigmaB2, w, ordered, Kind.JUMP, end));
        }
    }

    private VarianceLimit limit(double sigmaW2, double sigmaB2, DoubleUnaryOperator start) {
        return VarianceLimit.of(theory(sigmaW2, sigmaB2), start.applyAsDouble(sigmaW2));
    }

    /** The sign of {@code chi_1 - 1}. */
    private double order(double sigmaW2, double sigmaB2, DoubleUnaryOperator start) {
        return Math.signum(PhaseAnalysis.chi1(theory(sigmaW2, sigmaB2), limit(sigmaW2, sigmaB2, start)) - 1);
    }

    private MeanField theory(double sigmaW2, double sigmaB2) {
        return new MeanField(activation, new Initialization(sigmaW2, sigmaB2), expectation);
    }

    /** The points with {@code chi_1 = 1} at a fixed point. */
    private List<Candidate> smooth(double sigmaB2) {
        List<Candidate> points = new ArrayList<>();
        boolean fixedAtZero = sigmaB2 == 0 && activation.value(0) == 0;
        double slope = activation.derivative(0);
        if (fixedAtZero && slope != 0) {
            // q* -> 0, where phi is linear
            points.add(new Candidate(Kind.STABLE, 1 / (slope * slope), 0));
        }
        for (double q : roots(q -> biasVariance(q) - sigmaB2, fixedAtZero ? SMALLEST_WITHOUT_BIAS : SMALLEST)) {
            points.add(new Candidate(Kind.STABLE, weightVariance(q), q));
        }
        return points;
    }

    /** The fixed points at which the slope of the map of q is 1: two of them meet there. */
    private List<Double> folds(double sigmaB2) {
        DoubleUnaryOperator excess = q -> (q - sigmaB2) * expectation.squareSlope(q) / expectation.square(q) - 1;
        return roots(excess, Math.max(sigmaB2, sigmaB2 == 0 ? SMALLEST_WITHOUT_BIAS : SMALLEST));
    }

    /** The weight variance for which q is a fixed point. */
    private double fixedPointWeight(double q, double sigmaB2) {
        return (q - sigmaB2) / expectation.square(q);
    }

    /** The sign changes of a function of q. */
    private static List<Double> roots(DoubleUnaryOperator f, double from) {
        List<Double> roots = new ArrayList<>();
        double low = from;
        double value = f.applyAsDouble(low);
        while (low < LARGEST) {
            double high = low * 1.5;
            double next = f.applyAsDouble(high);
            if (value <= 0 && next > 0 || value >= 0 && next < 0) {
                roots.add(RootFinder.find(f, low, high));
            }
            low = high;
            value = next;
        }
        return roots;
    }

    /** {@code sigmaW2(q*) = 1 / E[phi'(sqrt(q*) z)^2]}. */
    public double weightVariance(double qStar) {
        return 1 / expectation.derivativeSquare(qStar);
    }

    /** {@code sigmaB2(q*) = q* - sigmaW2(q*) E[phi(sqrt(q*) z)^2]}; negative where there is no such network. */
    public double biasVariance(double qStar) {
        return qStar - weightVariance(qStar) * expectation.square(qStar);
    }
}
