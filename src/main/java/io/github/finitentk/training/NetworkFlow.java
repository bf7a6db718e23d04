package io.github.finitentk.training;

import io.github.finitentk.compute.LinearAlgebra;
import io.github.finitentk.compute.NetworkBatch;
import io.github.finitentk.numeric.LargestEigenvalue;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * One network's training in macro steps, or in single steps where these do not pay. The length of a macro step follows its
 * error estimate. Single steps are taken: the first 10, or 200 if {@code a_max >= 0.1} at the start, or 1,000 from
 * {@code a_max >= 1} on; while {@code a_max} is large ({@link FlowAccuracy}); wherever the error permits only a few
 * steps at once; and once the errors of the macro steps have added up to the budget.
 *
 * <p>Losses within a macro step are those of the frozen kernel; the stopping rule is applied to them, and a macro step in
 * which it triggers is taken again so as to end there.
 */
final class NetworkFlow {

    /** A macro step whose error exceeds the tolerance this many times is taken again, shorter. */
    private static final double REJECT = 2;

    /** A macro step costs about as much as this many single steps, so shorter ones are not worth it. */
    private static final long WORTHWHILE = 8;

    /** Single steps between two looks at the kernel. */
    private static final long PLAIN = 20;

    private final TrainingPlan plan;
    private final double[] targets;
    private final double rate;
    private final KernelHistory kernel;
    private final LossCurve curve;
    private final StoppingRule rule;
    private final MacroStep macroStep;
    private final FlowAccuracy accuracy;
    private final long plainUntil;

    private double[] parameters;
    private Residual here;
    private long step;
    private long singleUntil;
    private long length = 1;
    private StopReason stopReason;
    private double aMax;
    private double errorEstimate;
    private long evaluations;

    /**
     * @param parameters before training; kept
     * @param initialTheta the kernel there; kept
     */
    NetworkFlow(
            TrainingPlan plan,
            double[] targets,
            double[] parameters,
            double[] initialTheta,
            FlowAccuracy accuracy,
            LinearAlgebra algebra) {
        this.plan = plan;
        this.targets = targets;
        this.parameters = parameters;
        rate = plan.stepSize(1, targets.length);
        kernel = new KernelHistory(plan, targets.length, initialTheta);
        curve = new LossCurve(plan.snapshots());
        rule = plan.stoppingRule();
        macroStep = new MacroStep(algebra, plan, targets, initialTheta, accuracy);
        this.accuracy = accuracy;
        aMax = kernel.aMaxStart();
        plainUntil = aMax < 0.1 ? 10 : aMax < 1 ? 200 : 1000;
        if (!kernel.startsFinite()) {
            stopReason = StopReason.DIVERGED;
        }
    }

    /** Trains on in the given workspace until the training ends or a stop is requested; returns whether it has ended. */
    boolean run(FlowWorkspace workspace, BooleanSupplier stopRequested) {
        workspace.here().setParameters(0, parameters);
        here = Residual.withKernel(workspace.here(), targets, plan);
        if (evaluations == 0) {
            evaluations = 1;
            observe(here.loss());
        }
        while (stopReason == null && !stopRequested.getAsBoolean()) {
            if (step < singleUntil) {
                singleSteps(workspace.here(), stopRequested);
            } else if (step < plainUntil) {
                planSingleSteps(plainUntil - step);
                length = singleUntil / 2;
            } else if (aMax >= accuracy.largestRate() || length < WORTHWHILE || errorEstimate >= accuracy.budget()) {
                planSingleSteps(Math.max(PLAIN, step / 50));
                length = Math.max(WORTHWHILE, singleUntil / 50);
            } else {
                macroStep(workspace);
            }
            if (stopReason == null && step == plan.maxSteps()) {
                stopReason = StopReason.MAX_STEPS;
            }
            boolean due = stopReason != null || plan.snapshots().contains(step);
            if (due && !kernel.holds(step)) {
                kernel.record(step, here.theta());
            }
        }
        parameters = workspace.here().parameters(0);
        return stopReason != null;
    }

    private void observe(double loss) {
        curve.add(step, loss);
        if (!Double.isFinite(loss)) {
            stopReason = StopReason.DIVERGED;
        } else if (rule.observe(loss)) {
            stopReason = StopReason.EARLY_STOP;
        }
    }

    /** How many steps there are to the next one at which the kernel must be known. */
    private long stepsToCut() {
        for (long snapshot : plan.snapshots()) {
            if (snapshot > step) {
                return Math.min(snapshot, plan.maxSteps()) - step;
            }
        }
        return plan.maxSteps() - step;
    }

    private void planSingleSteps(long most) {
        singleUntil = step + Math.min(most, stepsToCut());
    }

    /** Goes on to {@link #singleUntil}, where the kernel is looked at again, or to where a stop is requested. */
    private void singleSteps(NetworkBatch batch, BooleanSupplier stopRequested) {
        while (step < singleUntil && stopReason == null) {
            if (step % PLAIN == 0 && stopRequested.getAsBoolean()) {
                return;
            }
            batch.addGradient(batch, 0, Vectors.scale(-rate, here.values()));
            here = Residual.of(batch, targets, plan);
            evaluations++;
            step++;
            observe(here.loss());
        }
        here = here.withKernelOf(batch);
        if (here.finite()) {
            aMax = rate * LargestEigenvalue.of(here.theta(), targets.length);
            kernel.observe(aMax);
        } else {
            stopReason = StopReason.DIVERGED;
        }
    }

    private void macroStep(FlowWorkspace workspace) {
        long n = Math.min(Math.min(length, step), stepsToCut());
        FrozenKernel frozen = macroStep.freeze(here.theta(), here);
        boolean shortened = false;
        for (int redone = 0; ; ) {
            MacroStep.Attempt attempt = macroStep.take(workspace, here, frozen, step, n);
            evaluations += attempt.evaluations();
            double error = attempt.error();
            if (!(error < REJECT)) {
                n = (long) (n * factor(error, attempt.order()));
                length = n;
                shortened = true;
                if (n < WORTHWHILE) {
                    return;
                }
                continue;
            }
            long stop = stoppingStep(attempt);
            if (stop < n && redone < 3) {
                redone++;
                n = Math.max(1, stop);
                shortened = true;
                continue;
            }
            accept(workspace, attempt);
            errorEstimate += attempt.residualError();
            if (n >= length || error > 1) {
                length = (long) (n * factor(error, attempt.order()));
            }
            if (stop <= n) {
                stopReason = StopReason.EARLY_STOP;
            }
            return;
        }
    }

    private static double factor(double error, int order) {
        double factor = order == 2 ? 0.9 / Math.sqrt(error) : 0.9 / Math.cbrt(error);
        return Double.isFinite(error) ? Math.max(0.3, Math.min(3, factor)) : 0.3;
    }

    /** At which of its steps the stopping rule triggers; beyond the last one if it does not. */
    private long stoppingStep(MacroStep.Attempt attempt) {
        StoppingRule copy = rule.copy();
        InnerLosses losses = new InnerLosses(here, attempt, plan);
        for (long j = 1; j <= attempt.length(); j++) {
            if (copy.observe(losses.next())) {
                return j;
            }
        }
        return attempt.length() + 1;
    }

    private void accept(FlowWorkspace workspace, MacroStep.Attempt attempt) {
        InnerLosses losses = new InnerLosses(here, attempt, plan);
        for (long j = 1; j <= attempt.length(); j++) {
            double loss = losses.next();
            rule.observe(loss);
            curve.add(step + j, loss);
        }
        step += attempt.length();
        here = attempt.end();
        workspace.moveTo(attempt.place());
        aMax = attempt.mean().largest();
        kernel.observe(aMax);
    }

    boolean ended() {
        return stopReason != null;
    }

    long step() {
        return step;
    }

    /** The parameters where {@link #run} left them; not to be modified. */
    double[] parameters() {
        return parameters;
    }

    /** @throws IllegalStateException if the training has not ended */
    TrainingResult result() {
        if (stopReason == null) {
            throw new IllegalStateException("The network is still training, at step " + step + ".");
        }
        double finalLoss = here == null ? Double.NaN : here.loss();
        return new TrainingResult(
                step,
                stopReason,
                curve.endingAt(step, finalLoss),
                curve.minimum(),
                kernel.changes(),
                finalLoss,
                kernel.aMaxStart(),
                kernel.aMaxLargest(),
                errorEstimate,
                evaluations);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(step);
        out.writeLong(singleUntil);
        out.writeLong(length);
        out.writeInt(stopReason == null ? -1 : stopReason.ordinal());
        out.writeDouble(here == null ? Double.NaN : here.loss());
        out.writeDouble(rule.best());
        out.writeInt(rule.waited());
        out.writeDouble(aMax);
        out.writeDouble(errorEstimate);
        out.writeLong(evaluations);
        curve.write(out);
        kernel.write(out);
        for (double parameter : parameters) {
            out.writeDouble(parameter);
        }
    }

    void read(DataInput in) throws IOException {
        step = in.readLong();
        singleUntil = in.readLong();
        length = in.readLong();
        int reason = in.readInt();
        stopReason = reason < 0 ? null : StopReason.values()[reason];
        here = new Residual(null, in.readDouble(), null);
        rule.restore(in.readDouble(), in.readInt());
        aMax = in.readDouble();
        errorEstimate = in.readDouble();
        evaluations = in.readLong();
        curve.read(in);
        kernel.read(in);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = in.readDouble();
        }
    }
}
