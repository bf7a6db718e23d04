package io.github.finitentk.training;

import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.LinearAlgebra;

/**
 * {@code n} steps of gradient descent at once. While the kernel stays what it is, the residuals of the steps are known
 * ({@link FrozenKernel}), and so is the sum of their gradients. With {@code c = eta factor / S}, {@code J_0} the Jacobian at
 * the start {@code w_0} and {@code r_j} the frozen residuals:
 *
 * <ol>
 *   <li>predictor, with the kernel at the start: {@code w_p = w_0 - c J_0^T sum_{j<n} r_j};
 *   <li>corrector, with the Jacobian moving from {@code J_0} to that at {@code w_p} as far as the weights have moved
 *       ({@link FrozenKernel#progress}), and its mean kernel:
 *       {@code w_1 = w_0 - c sum_{j<n} ((1 - p_j) J_0 + p_j J_p)^T r_j};
 *   <li>the corrector once more with {@code w_1} for {@code w_p}, unless the first one moved the network only a little.
 * </ol>
 *
 * <p>For {@code n = 1} all are the step of gradient descent. The error estimate is the distance between the last two of
 * these places, in the kernel and in the residual.
 */
final class MacroStep {

    /** Below this share of the tolerance the first correction is enough. */
    private static final double ENOUGH = 0.3;

    /** The distance of the residual from what the mean kernel expects matters for the losses in between only. */
    private static final double EXPECTATION_WEIGHT = 0.3;

    private final LinearAlgebra algebra;
    private final TrainingPlan plan;
    private final double[] targets;
    private final double rate;
    private final double[] initialTheta;
    private final double initialNorm;
    private final FlowAccuracy accuracy;

    /**
     * @param targets {@code y}
     * @param initialTheta the kernel before training; not modified
     */
    MacroStep(LinearAlgebra algebra, TrainingPlan plan, Targets targets, double[] initialTheta, FlowAccuracy accuracy) {
        this.algebra = algebra;
        this.plan = plan;
        this.targets = targets.toArray();
        this.rate = plan.stepSize(1, targets.count());
        this.initialTheta = initialTheta;
        this.accuracy = accuracy;
        initialNorm = Math.sqrt(Vectors.squaredNorm(initialTheta));
    }

    /**
     * What came of it.
     *
     * @param length {@code n}
     * @param place where the corrector arrived, propagated backward
     * @param end the residual and kernel there; null if anything on the way was not finite
     * @param mean the frozen mean kernel
     * @param progress how far along the way each step is
     * @param error of the estimate relative to the tolerance; infinite if anything was not finite
     * @param moved the distance between the last two approximations
     * @param order the power of the length that the error goes with
     * @param evaluations passes it took
     */
    record Attempt(
            long length,
            FlowPlace place,
            Residual end,
            FrozenKernel mean,
            FrozenKernel.Progress progress,
            double error,
            Distance moved,
            int order,
            int evaluations) {

        static Attempt failed(long length, int evaluations) {
            return new Attempt(length, null, null, null, null, Double.POSITIVE_INFINITY, null, 2, evaluations);
        }
    }

    /** The dynamics with the kernel frozen where it is. */
    FrozenKernel freeze(double[] theta, Residual start) {
        return new FrozenKernel(algebra.symmetricEigen(targets.length, theta), start.values(), rate);
    }

    /**
     * Takes {@code n} steps from where the workspace is, which has been propagated backward and keeps its state.
     *
     * @param start there, with kernel
     * @param frozen {@link #freeze} of that kernel
     * @param step how many steps have been taken before
     */
    Attempt take(FlowWorkspace workspace, Residual start, FrozenKernel frozen, long step, long n) {
        FlowPlace from = workspace.here();
        FlowPlace predictedPlace = workspace.other(0);
        predictedPlace.copyParameters(from);
        predictedPlace.addGradient(from, Vectors.scale(-rate, frozen.sum(n)));
        Residual predicted = Residual.withKernel(predictedPlace, targets, plan);
        if (!predicted.finite()) {
            return Attempt.failed(n, 1);
        }
        FrozenKernel.Progress progress = frozen.progress(n);
        FlowPlace place = workspace.other(1);
        FrozenKernel mean = mean(start, predicted, progress);
        Residual corrected = correct(from, predictedPlace, mean, progress, place);
        if (!corrected.finite()) {
            return Attempt.failed(n, 2);
        }
        Distance moved = distance(predicted, corrected, mean.residual(n));
        double tolerance = accuracy.residualTolerance(step, n, plan.maxSteps());
        double error = moved.relativeTo(accuracy, tolerance);
        if (error <= ENOUGH) {
            return new Attempt(n, place, corrected, mean, progress, error, moved, 2, 2);
        }
        mean = mean(start, corrected, progress);
        Residual end = correct(from, place, mean, progress, predictedPlace);
        if (!end.finite()) {
            return Attempt.failed(n, 3);
        }
        moved = distance(corrected, end, mean.residual(n));
        error = moved.relativeTo(accuracy, tolerance);
        return new Attempt(n, predictedPlace, end, mean, progress, error, moved, 3, 3);
    }

    private FrozenKernel mean(Residual start, Residual end, FrozenKernel.Progress progress) {
        double share = progress.mean();
        return freeze(Vectors.combine(1 - share, start.theta(), share, end.theta()), start);
    }

    private Residual correct(
            FlowPlace from, FlowPlace to, FrozenKernel mean, FrozenKernel.Progress progress, FlowPlace place) {
        advance(from, to, mean, progress, progress.steps(), place);
        return Residual.withKernel(place, targets, plan);
    }

    /** Puts a place where the first {@code m} of a macro step's steps lead. */
    private void advance(
            FlowPlace from, FlowPlace to, FrozenKernel mean, FrozenKernel.Progress progress, long m, FlowPlace place) {
        double[] late = mean.weightedSum(progress, m);
        double[] early = Vectors.combine(1, mean.sum(m), -1, late);
        place.copyParameters(from);
        place.addGradient(from, Vectors.scale(-rate, early));
        place.addGradient(to, Vectors.scale(-rate, late));
    }

    /**
     * The kernel after the first {@code m} of a macro step's steps, from the Jacobians at both its ends. It leaves these
     * places alone, so that what is measured on the way does not change the way.
     *
     * @param attempt the macro step, from where the workspace is
     */
    double[] thetaWithin(FlowWorkspace workspace, Attempt attempt, long m) {
        FlowPlace place = workspace.otherThan(attempt.place());
        advance(workspace.here(), attempt.place(), attempt.mean(), attempt.progress(), m, place);
        return Residual.withKernel(place, targets, plan).theta();
    }

    /**
     * How far an approximation is from a better one.
     *
     * @param kernel relative to the initial kernel
     * @param change the better one's kernel change since the start, at least the floor; relative to the initial kernel
     * @param residual relative to the better one's residual
     * @param surprise the distance of that residual from what the mean kernel expects, relative to it
     */
    record Distance(double kernel, double change, double residual, double surprise) {

        double relativeTo(FlowAccuracy accuracy, double residualTolerance) {
            double other = Math.max(accuracy.kernelWeight() * kernel / change, EXPECTATION_WEIGHT * surprise);
            return Math.max(residual / residualTolerance, other / accuracy.tolerance());
        }
    }

    private Distance distance(Residual approximate, Residual better, double[] expected) {
        double size = Math.sqrt(Vectors.squaredNorm(better.values()));
        return new Distance(
                Vectors.distance(approximate.theta(), better.theta()) / initialNorm,
                Math.max(Vectors.distance(better.theta(), initialTheta) / initialNorm, accuracy.floor()),
                Vectors.distance(approximate.values(), better.values()) / size,
                Vectors.distance(expected, better.values()) / size);
    }
}
