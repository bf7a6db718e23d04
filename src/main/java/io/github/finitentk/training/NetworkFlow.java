package io.github.finitentk.training;

import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.internal.numeric.LargestEigenvalue;
import io.github.finitentk.training.TrainingResult.KernelChange;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * One network's training in macro steps, or in single steps where these do not pay. The length of a macro step follows its
 * error estimate. Single steps are taken: the first 10, or 200 if {@code a_max >= 0.1} at the start, or 1,000 from
 * {@code a_max >= 1} on; while {@code a_max} is large ({@link FlowAccuracy}); wherever the error permits only a few
 * steps at once; and once the errors of the macro steps have added up to the budget, unless they are due to kinks: then the
 * training is given up.
 *
 * <p>Losses within a macro step are those of the frozen kernel; the stopping rule is applied to them, and a macro step in
 * which it triggers is taken again so as to end there.
 */
final class NetworkFlow {

    /** A macro step whose error exceeds the tolerance this many times is taken again, shorter. */
    private static final double REJECT = 2;

    /** A macro step costs about as much as this many single steps, so shorter ones are not worth it (times the growth). */
    private static final double WORTHWHILE = 8;

    /** Single steps before a macro step is tried again; more after it failed more than once. */
    private static final long PLAIN = 20;

    private static final double[] NONE = {};

    private final TrainingPlan plan;
    private final double[] targets;
    private final int samples;
    private final double rate;
    private final FlowAccuracy accuracy;
    private final DescentRule rule;
    private final long stepsPerCall;
    private final TrainingCurves curves;
    private final KernelPath path;
    private final MacroStep macroStep;
    private final long plainUntil;
    private final long worthwhile;
    private final FirstSteps start;

    private double[] parameters;
    private DescentState state = DescentState.START;
    private long singleUntil;
    private long length = 1;
    private long pause = PLAIN;
    private double aMax;
    private boolean accelerated;
    private double residualError;
    private double kernelError;
    private double kernelEstimate;
    private long evaluations = 1;

    /** Where the workspace's network stands, with kernel; null while the parameters are here only. */
    private Residual here;

    /**
     * @param parameters before training; kept
     * @param initialTheta the kernel there; kept
     * @param marks steps at which the kernel is measured for {@link #path}, besides the plan's snapshots
     * @param stepsPerCall the most single steps at once
     * @param start the single steps at the start of an earlier training of this network, which are the same at any accuracy;
     *     if there is none yet, this one leaves its own there
     */
    NetworkFlow(
            TrainingPlan plan,
            Targets targets,
            double[] parameters,
            double[] initialTheta,
            FlowAccuracy accuracy,
            LinearAlgebra algebra,
            List<Long> marks,
            long stepsPerCall,
            FirstSteps start) {
        this.plan = plan;
        this.targets = targets.toArray();
        samples = targets.count();
        this.parameters = parameters;
        this.accuracy = accuracy;
        this.stepsPerCall = stepsPerCall;
        rate = plan.stepSize(1, samples);
        rule = plan.descentRule();
        curves = new TrainingCurves(plan, samples, FlowPlace.measured(initialTheta, samples));
        path = new KernelPath(marks, FlowPlace.measured(initialTheta, samples));
        macroStep = new MacroStep(algebra, plan, targets, initialTheta, accuracy);
        aMax = curves.kernel().aMaxStart();
        worthwhile = (long) Math.ceil(WORTHWHILE * accuracy.growth());
        plainUntil = aMax < 0.1 ? 10 : aMax < 1 ? 200 : 1000;
        this.start = start;
        if (start.areKnown()) {
            start.restore(this);
            length = firstLength();
            evaluations = 0;
        }
    }

    private long firstLength() {
        return (long) (accuracy.growth() * singleUntil / 2);
    }

    /**
     * Trains on in the given workspace by one unit of work: a macro step, a stretch of single steps, or what there is to decide
     * between them. There must be a call of {@link #leave} before the workspace is used for anything else.
     */
    void advance(FlowWorkspace workspace) {
        if (here == null && (state.step() >= singleUntil || kernelIsDue())) {
            enter(workspace);
        }
        if (state.runs() && state.step() < singleUntil) {
            leave(workspace);
            singleSteps(workspace.descent());
        } else if (state.runs()) {
            goOn(workspace);
        }
        if (!state.runs() && here == null) {
            enter(workspace);
        }
    }

    private void enter(FlowWorkspace workspace) {
        workspace.here().setParameters(parameters);
        here = Residual.withKernel(workspace.here(), targets, plan);
        if (!here.finite()) {
            DescentState judged = state.runs() ? state.observe(rule, here.loss()) : state;
            state = judged.with(DescentState.Status.DIVERGED);
            return;
        }
        // After a macro step a_max is that of its mean kernel.
        if (state.step() == singleUntil) {
            aMax = rate * LargestEigenvalue.of(here.theta(), targets.length);
            curves.kernel().observe(aMax);
        }
        recordKernel();
    }

    /** Takes the parameters out of the workspace, where it has been since {@link #advance}. */
    void leave(FlowWorkspace workspace) {
        if (here != null) {
            parameters = workspace.here().parameters();
            here = null;
        }
    }

    private void recordKernel() {
        recordKernel(state.step(), FlowPlace.measured(here.theta(), samples));
    }

    private void recordKernel(long step, double[] theta) {
        boolean end = !state.runs() && step == state.step();
        KernelHistory kernel = curves.kernel();
        if ((end || plan.snapshots().contains(step)) && !kernel.holds(step)) {
            kernel.record(step, theta);
        }
        path.addIfDue(step, theta);
    }

    private boolean kernelIsDue() {
        long step = state.step();
        return plan.snapshots().contains(step) && !curves.kernel().holds(step) || path.isDue(step);
    }

    // As in single steps, the loss of a step is judged before the next one is taken.
    private void goOn(FlowWorkspace workspace) {
        long step = state.step();
        DescentState judged = state.observe(rule, here.loss());
        if (!judged.runs()) {
            curves.losses().add(step, here.loss());
            state = judged;
            recordKernel();
        } else if (step < plainUntil) {
            singleUntil = Math.min(plainUntil, plan.maxSteps());
            length = firstLength();
        } else {
            if (!start.areKnown()) {
                start.keep(this);
            }
            goOnFromStart(workspace, judged);
        }
    }

    private void goOnFromStart(FlowWorkspace workspace, DescentState judged) {
        long step = state.step();
        if (residualError >= accuracy.budget()) {
            singleUntil = plan.maxSteps();
        } else if (aMax >= accuracy.largestRate() || length < worthwhile) {
            pause = Math.max(pause, Math.max(PLAIN, step / 50));
            singleUntil = Math.min(step + pause, plan.maxSteps());
            length = Math.max(worthwhile, (long) (accuracy.growth() * singleUntil / 50));
        } else {
            macroStep(workspace, judged);
        }
    }

    /** The steps after the present one and up to another at which the kernel must be known, in ascending order. */
    private long[] measuredUntil(long last) {
        return LongStream.concat(plan.snapshots().stream().mapToLong(step -> step), path.marks())
                .filter(step -> step > state.step() && step <= last)
                .sorted()
                .distinct()
                .toArray();
    }

    private void singleSteps(GradientDescent descent) {
        long until = Math.min(singleUntil, state.step() + stepsPerCall);
        long[] measured = measuredUntil(until);
        descent.restore(0, parameters, NONE, NONE, state);
        descent.advance(rule, measured.length > 0 ? measured[0] : until);
        double[] losses = descent.losses(0);
        for (int i = 0; i < losses.length; i++) {
            curves.losses().add(state.step() + i, losses[i]);
        }
        evaluations += descent.state(0).step() - state.step();
        state = descent.state(0);
        parameters = descent.values(0);
        if (state.step() == singleUntil || !state.runs() || kernelIsDue()) {
            evaluations++;
        }
    }

    private void macroStep(FlowWorkspace workspace, DescentState judged) {
        long step = state.step();
        long n = Math.min(Math.min(length, (long) (accuracy.growth() * step)), within(plan.maxSteps() - step));
        FrozenKernel frozen = macroStep.freeze(here.theta(), here);
        for (int redone = 0; ; ) {
            MacroStep.Attempt attempt = macroStep.take(workspace, here, frozen, step, n);
            evaluations += attempt.evaluations();
            double error = attempt.error();
            if (!(error < REJECT)) {
                n = (long) (n * factor(error, attempt.order()));
                length = n;
                if (n < worthwhile) {
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
            if (n >= length || error > 1) {
                length = (long) (n * factor(error, attempt.order()));
            }
            if (stop < n) {
                state = state.observe(rule, here.loss()).with(DescentState.Status.EARLY_STOP);
                curves.losses().add(state.step(), here.loss());
            }
            recordKernel();
            return;
        }
    }

    private long within(long left) {
        return left <= 2 * worthwhile ? left : (long) Math.ceil(accuracy.reach() * left);
    }

    private static double factor(double error, int order) {
        double factor = order == 2 ? 0.9 / Math.sqrt(error) : 0.9 / StrictMath.cbrt(error);
        return Double.isFinite(error) ? Math.max(0.3, Math.min(3, factor)) : 0.3;
    }

    /** At which of its inner steps the stopping rule triggers; its length if it does not. */
    private long stoppingStep(MacroStep.Attempt attempt, DescentState judged) {
        InnerLosses losses = new InnerLosses(here, attempt, plan, samples);
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
        InnerLosses losses = new InnerLosses(here, attempt, plan, samples);
        long step = state.step();
        curves.losses().add(step, here.loss());
        DescentState inner = judged;
        for (long j = 1; j < attempt.length(); j++) {
            double loss = losses.next();
            inner = inner.stepped().observe(rule, loss);
            curves.losses().add(step + j, loss);
        }
        for (long measured : measuredUntil(step + attempt.length() - 1)) {
            recordKernel(
                    measured, FlowPlace.measured(macroStep.thetaWithin(workspace, attempt, measured - step), samples));
            evaluations++;
        }
        state = inner.stepped().with(DescentState.Status.RUNNING);
        here = attempt.end();
        accelerated = true;
        residualError += attempt.moved().residual();
        kernelError += attempt.moved().kernel();
        kernelEstimate =
                Math.max(kernelEstimate, kernelError / Math.max(attempt.moved().change(), Disagreement.LEAST_CHANGE));
        path.addEndOfMacroStep(state.step(), FlowPlace.measured(here.theta(), samples));
        workspace.moveTo(attempt.place());
        aMax = attempt.mean().largest();
        curves.kernel().observe(aMax);
    }

    /** Whether the training has ended or is given up. */
    boolean ended() {
        return !state.runs() || givenUp();
    }

    /** Whether errors due to kinks have spent the budget. What comes after them would not be the network's training. */
    boolean givenUp() {
        return !accuracy.smooth() && residualError >= accuracy.budget();
    }

    /** Whether any macro steps were taken. */
    boolean accelerated() {
        return accelerated;
    }

    long step() {
        return state.step();
    }

    DescentState state() {
        return state;
    }

    long evaluations() {
        return evaluations;
    }

    /** The parameters where {@link #leave} left them; not to be modified. */
    double[] parameters() {
        return parameters;
    }

    /** Tells of the kernel changes that were not told before. */
    void tell(Watch watch, int network) {
        curves.tell(watch, network, state);
    }

    /** Takes for told what {@link #tell} would tell now. */
    void skipTold() {
        curves.skip(state);
    }

    /** @throws IllegalStateException if the training has not ended */
    TrainingResult result() {
        TrainingResult.Pace pace = accelerated ? TrainingResult.Pace.MACRO_STEPS : TrainingResult.Pace.SINGLE_STEPS;
        return curves.result(state, pace, errorEstimate(), evaluations);
    }

    /** What the macro steps' errors come to, for the residual and the kernel; 0 if all steps were single ones. */
    double errorEstimate() {
        return Math.max(residualError, kernelEstimate);
    }

    KernelPath path() {
        return path;
    }

    /** The largest kernel change on the {@link #path} and at the end. */
    double largestChange() {
        return Stream.concat(path.changes().stream(), curves.kernel().changes().stream())
                .mapToDouble(KernelChange::value)
                .max()
                .orElse(0);
    }

    double aMaxLargest() {
        return curves.kernel().aMaxLargest();
    }

    void write(DataOutput out) throws IOException {
        Checkpoint.write(out, state);
        out.writeLong(singleUntil);
        out.writeLong(length);
        out.writeLong(pause);
        out.writeDouble(aMax);
        out.writeBoolean(accelerated);
        out.writeDouble(residualError);
        out.writeDouble(kernelError);
        out.writeDouble(kernelEstimate);
        out.writeLong(evaluations);
        curves.write(out);
        path.write(out);
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
        accelerated = in.readBoolean();
        residualError = in.readDouble();
        kernelError = in.readDouble();
        kernelEstimate = in.readDouble();
        evaluations = in.readLong();
        curves.read(in);
        path.read(in);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = in.readDouble();
        }
    }
}
