package io.github.finitentk.training;

import io.github.finitentk.compute.DescentRule;
import io.github.finitentk.compute.DescentState;
import io.github.finitentk.compute.GradientDescent;
import io.github.finitentk.compute.LinearAlgebra;
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

    /** Single steps before a macro step is tried again; more after it failed more than once. */
    private static final long PLAIN = 20;

    private static final double[] NONE = {};

    private final TrainingPlan plan;
    private final double[] targets;
    private final double rate;
    private final FlowAccuracy accuracy;
    private final DescentRule rule;
    private final long stepsPerCall;
    private final KernelHistory kernel;
    private final LossCurve curve;
    private final MacroStep macroStep;
    private final long plainUntil;

    private double[] parameters;
    private DescentState state = DescentState.START;
    private long singleUntil;
    private long length = 1;
    private long pause = PLAIN;
    private double aMax;
    private double errorEstimate;
    private long evaluations = 1;

    /** Where the workspace's network stands, with kernel; null while the parameters are here only. */
    private Residual here;

    /**
     * @param parameters before training; kept
     * @param initialTheta the kernel there; kept
     * @param stepsPerCall the most single steps between two looks at a stop request
     */
    NetworkFlow(
            TrainingPlan plan,
            double[] targets,
            double[] parameters,
            double[] initialTheta,
            FlowAccuracy accuracy,
            LinearAlgebra algebra,
            long stepsPerCall) {
        this.plan = plan;
        this.targets = targets;
        this.parameters = parameters;
        this.accuracy = accuracy;
        this.stepsPerCall = stepsPerCall;
        rate = plan.stepSize(1, targets.length);
        rule = plan.descentRule();
        kernel = new KernelHistory(plan, targets.length, initialTheta);
        curve = new LossCurve(plan.snapshots());
        macroStep = new MacroStep(algebra, plan, targets, initialTheta, accuracy);
        aMax = kernel.aMaxStart();
        plainUntil = aMax < 0.1 ? 10 : aMax < 1 ? 200 : 1000;
    }

    /** Trains on in the given workspace until the training ends or a stop is requested; returns whether it has ended. */
    boolean run(FlowWorkspace workspace, BooleanSupplier stopRequested) {
        while (state.runs() && !stopRequested.getAsBoolean()) {
            if (state.step() < singleUntil) {
                leave(workspace);
                singleSteps(workspace.descent());
            } else if (here == null) {
                enter(workspace);
            } else {
                goOn(workspace);
            }
        }
        if (!state.runs() && here == null) {
            enter(workspace);
        }
        leave(workspace);
        return !state.runs();
    }

    private void enter(FlowWorkspace workspace) {
        workspace.here().setParameters(0, parameters);
        here = Residual.withKernel(workspace.here(), targets, plan);
        if (!here.finite()) {
            DescentState judged = state.runs() ? state.observe(rule, here.loss()) : state;
            state = judged.with(DescentState.Status.DIVERGED);
            return;
        }
        // After a macro step a_max is that of its mean kernel.
        if (state.step() == singleUntil) {
            aMax = rate * LargestEigenvalue.of(here.theta(), targets.length);
            kernel.observe(aMax);
        }
        recordKernel();
    }

    private void leave(FlowWorkspace workspace) {
        if (here != null) {
            parameters = workspace.here().parameters(0);
            here = null;
        }
    }

    private void recordKernel() {
        long step = state.step();
        if ((!state.runs() || plan.snapshots().contains(step)) && !kernel.holds(step)) {
            kernel.record(step, here.theta());
        }
    }

    // As in single steps, the loss of a step is judged before the next one is taken.
    private void goOn(FlowWorkspace workspace) {
        long step = state.step();
        DescentState judged = state.observe(rule, here.loss());
        if (!judged.runs()) {
            curve.add(step, here.loss());
            state = judged;
            recordKernel();
        } else if (step < plainUntil) {
            singleUntil = Math.min(plainUntil, nextCut());
            length = singleUntil / 2;
        } else if (errorEstimate >= accuracy.budget()) {
            singleUntil = nextCut();
        } else if (aMax >= accuracy.largestRate() || length < WORTHWHILE) {
            pause = Math.max(pause, Math.max(PLAIN, step / 50));
            singleUntil = Math.min(step + pause, nextCut());
            length = Math.max(WORTHWHILE, singleUntil / 50);
        } else {
            macroStep(workspace, judged);
        }
    }

    /** The next step at which the kernel must be known. */
    private long nextCut() {
        for (long snapshot : plan.snapshots()) {
            if (snapshot > state.step()) {
                return Math.min(snapshot, plan.maxSteps());
            }
        }
        return plan.maxSteps();
    }

    private void singleSteps(GradientDescent descent) {
        descent.restore(0, parameters, NONE, state);
        descent.advance(rule, Math.min(singleUntil, state.step() + stepsPerCall));
        double[] losses = descent.losses(0);
        for (int i = 0; i < losses.length; i++) {
            curve.add(state.step() + i, losses[i]);
        }
        evaluations += descent.state(0).step() - state.step();
        state = descent.state(0);
        parameters = descent.values(0);
        if (state.step() == singleUntil || !state.runs()) {
            evaluations++;
        }
    }

    private void macroStep(FlowWorkspace workspace, DescentState judged) {
        long step = state.step();
        long n = Math.min(Math.min(length, step), nextCut() - step);
        FrozenKernel frozen = macroStep.freeze(here.theta(), here);
        for (int redone = 0; ; ) {
            MacroStep.Attempt attempt = macroStep.take(workspace, here, frozen, step, n);
            evaluations += attempt.evaluations();
            double error = attempt.error();
            if (!(error < REJECT)) {
                n = (long) (n * factor(error, attempt.order()));
                length = n;
                if (n < WORTHWHILE) {
                    pause = Math.min(2 * pause, step / 4);
                    return;
                }
                continue;
            }
            long stop = stoppingStep(attempt, judged);
            if (stop < n && redone < 3) {
                redone++;
                n = stop;
                continue;
            }
            accept(workspace, attempt, judged);
            pause = PLAIN;
            errorEstimate += attempt.residualError();
            if (n >= length || error > 1) {
                length = (long) (n * factor(error, attempt.order()));
            }
            if (stop < n) {
                state = state.observe(rule, here.loss()).with(DescentState.Status.EARLY_STOP);
                curve.add(state.step(), here.loss());
            }
            recordKernel();
            return;
        }
    }

    private static double factor(double error, int order) {
        double factor = order == 2 ? 0.9 / Math.sqrt(error) : 0.9 / Math.cbrt(error);
        return Double.isFinite(error) ? Math.max(0.3, Math.min(3, factor)) : 0.3;
    }

    /** At which of its inner steps the stopping rule triggers; its length if it does not. */
    private long stoppingStep(MacroStep.Attempt attempt, DescentState judged) {
        InnerLosses losses = new InnerLosses(here, attempt, plan);
        DescentState inner = judged;
        for (long j = 1; j < attempt.length(); j++) {
            inner = inner.stepped().observe(rule, losses.next());
            if (!inner.runs()) {
                return j;
            }
        }
        return attempt.length();
    }

    private void accept(FlowWorkspace workspace, MacroStep.Attempt attempt, DescentState judged) {
        InnerLosses losses = new InnerLosses(here, attempt, plan);
        long step = state.step();
        curve.add(step, here.loss());
        DescentState inner = judged;
        for (long j = 1; j < attempt.length(); j++) {
            double loss = losses.next();
            inner = inner.stepped().observe(rule, loss);
            curve.add(step + j, loss);
        }
        state = inner.stepped().with(DescentState.Status.RUNNING);
        here = attempt.end();
        workspace.moveTo(attempt.place());
        aMax = attempt.mean().largest();
        kernel.observe(aMax);
    }

    boolean ended() {
        return !state.runs();
    }

    long step() {
        return state.step();
    }

    long evaluations() {
        return evaluations;
    }

    /** The parameters where {@link #run} left them; not to be modified. */
    double[] parameters() {
        return parameters;
    }

    /** @throws IllegalStateException if the training has not ended */
    TrainingResult result() {
        return new TrainingResult(
                state.step(),
                StopReason.of(state),
                curve.endingAt(state.step(), state.lastLoss()),
                state.leastLoss(),
                kernel.changes(),
                state.lastLoss(),
                kernel.aMaxStart(),
                kernel.aMaxLargest(),
                errorEstimate,
                evaluations);
    }

    void write(DataOutput out) throws IOException {
        Checkpoint.write(out, state);
        out.writeLong(singleUntil);
        out.writeLong(length);
        out.writeLong(pause);
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
        state = Checkpoint.readState(in);
        singleUntil = in.readLong();
        length = in.readLong();
        pause = in.readLong();
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
