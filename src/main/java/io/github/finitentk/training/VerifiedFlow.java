package io.github.finitentk.training;

import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.model.Architecture;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * One network's training in macro steps that are checked where their own errors do not tell enough: where the activation
 * has kinks, the network is narrow, its kernel moves by as much as it is, or the rate is not far below the unstable one.
 * There small errors grow, and a sum of errors bounds nothing. The check is a second training from the start with longer
 * macro steps: where the two do not agree within the contract, a smooth network is trained with shorter ones, and if these
 * do not agree with the first either, or there are kinks, all steps are taken one by one. {@link Integrator#FLOW_COARSE}
 * checks as well, but keeps what it has; its error estimate says how far the two were apart.
 *
 * <p>Where no macro steps are taken although they might have been, the sensitivity of gradient descent itself is measured,
 * by a training at a slightly larger rate.
 */
final class VerifiedFlow {

    /** Networks with kinks up to this width are not accelerated: single flips of their units move the kernel. */
    private static final int NARROW = 64;

    /** Below this width small errors can grow, also without kinks. */
    private static final int WIDE = 128;

    /** The kernel change from which on small errors can grow. */
    private static final double LARGE_CHANGE = 1;

    /** The {@code a_max} from which on small errors can grow. */
    private static final double LARGE_RATE = 0.1;

    private static final double PERTURBED = 1.0001;

    /** Multiply-adds for the sensitivity, at most: a second or so. */
    private static final double SENSITIVITY_WORK = 2e10;

    private static final double MARK_SPACING = 1.5;

    // Trainings that agree can do so by chance; those whose kernels jump do so more often, and a sum of errors does
    // not see all of them.
    private static final double SAFETY = 2;
    private static final double MORE_SAFETY = 4;

    /** What {@link #current} is. */
    private enum Stage {
        FIRST,
        CHECK,
        FINE,
        SINGLE,
        PERTURBED,
        DONE
    }

    private final TrainingPlan plan;
    private final Targets targets;
    private final Supplier<double[]> initialParameters;
    private final double[] initialTheta;
    private final FlowAccuracy accuracy;
    private final LinearAlgebra algebra;
    private final long stepsPerCall;
    private final long perturbedSteps;

    /** Whether macro steps are checked in any case. */
    private final boolean suspect;

    private final FirstSteps start = new FirstSteps();
    private Stage stage;

    /** What is reported in the end, unless a better one replaces it. */
    private NetworkFlow reported;

    /** What it is compared with; null if there is nothing yet. */
    private NetworkFlow other;

    private TrainingResult.Pace pace;
    private double errorEstimate;
    private double sensitivity = Double.NaN;
    private long evaluations;

    /**
     * @param architecture of the network on the rotated inputs
     * @param initialParameters gives a new copy of the parameters before training
     * @param initialTheta the kernel there; kept
     */
    VerifiedFlow(
            TrainingPlan plan,
            Architecture architecture,
            Targets targets,
            Supplier<double[]> initialParameters,
            double[] initialTheta,
            FlowAccuracy accuracy,
            LinearAlgebra algebra) {
        this.plan = plan;
        this.targets = targets;
        this.initialParameters = initialParameters;
        this.initialTheta = initialTheta;
        this.accuracy = accuracy;
        this.algebra = algebra;
        stepsPerCall = StepwiseTraining.stepsPerCall(targets.count(), architecture);
        double step = 3.0 * targets.count() * architecture.parameterCount();
        perturbedSteps = (long) Math.max(1, Math.min(plan.maxSteps(), SENSITIVITY_WORK / step));
        int width = leastHiddenWidth(architecture);
        suspect = width < WIDE || !accuracy.smooth();
        if (plan.integrator() == Integrator.FLOW && !accuracy.smooth() && width <= NARROW) {
            begin(Stage.SINGLE, TrainingResult.Pace.REFUSED_NARROW);
        } else {
            begin(Stage.FIRST, TrainingResult.Pace.SINGLE_STEPS);
        }
    }

    private static int leastHiddenWidth(Architecture architecture) {
        return IntStream.range(1, architecture.depth())
                .map(architecture::width)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private void begin(Stage next, TrainingResult.Pace paceNow) {
        stage = next;
        pace = paceNow;
        switch (next) {
            case FIRST -> reported = flow(accuracy, suspect ? marks() : List.of());
            case CHECK -> other = flow(accuracy.coarser(), reported.path().steps());
            case FINE -> {
                other = reported;
                reported = flow(accuracy.finer(), other.path().steps());
            }
            case SINGLE -> {
                other = null;
                reported = flow(FlowAccuracy.SINGLE_STEPS, marks());
            }
            case PERTURBED -> other = flow(perturbed(), FlowAccuracy.SINGLE_STEPS, marks(), new FirstSteps());
            case DONE -> {
                other = null;
                start.forget();
            }
        }
    }

    private List<Long> marks() {
        return LongStream.concat(
                        LongStream.iterate(
                                10, mark -> mark < plan.maxSteps(), mark -> (long) Math.ceil(MARK_SPACING * mark)),
                        LongStream.of(perturbedSteps))
                .boxed()
                .toList();
    }

    private TrainingPlan perturbed() {
        return plan.toBuilder()
                .learningRate(PERTURBED * plan.learningRate())
                .maxSteps(perturbedSteps)
                .snapshots()
                .build();
    }

    private NetworkFlow flow(FlowAccuracy accuracyNow, List<Long> marks) {
        return flow(plan, accuracyNow, marks, start);
    }

    private NetworkFlow flow(TrainingPlan planNow, FlowAccuracy accuracyNow, List<Long> marks, FirstSteps startNow) {
        return new NetworkFlow(
                planNow,
                targets,
                initialParameters.get(),
                initialTheta,
                accuracyNow,
                algebra,
                marks,
                stepsPerCall,
                startNow);
    }

    /** Trains on in the given workspace, at least by one unit of work, until all is done or it is to stop. */
    void run(FlowWorkspace workspace, Watch watch, int network) {
        try {
            do {
                advance(workspace, watch, network);
            } while (!ended() && !watch.stops(evaluations()));
        } finally {
            current().leave(workspace);
        }
    }

    private void advance(FlowWorkspace workspace, Watch watch, int network) {
        NetworkFlow flow = current();
        long before = flow.step();
        flow.advance(workspace);
        if (flow.ended()) {
            flow.leave(workspace);
            evaluations += flow.evaluations();
            goOn();
        }
        if (flow.step() > before) {
            watch.progress(network, flow.state());
        }
        if (settled()) {
            reported.tell(watch, network);
        }
    }

    /** Whether what is reported will not be replaced any more. */
    private boolean settled() {
        return stage == Stage.SINGLE || stage == Stage.PERTURBED || stage == Stage.DONE;
    }

    private NetworkFlow current() {
        return stage == Stage.CHECK || stage == Stage.PERTURBED ? other : reported;
    }

    private void goOn() {
        switch (stage) {
            case FIRST -> judgeFirst();
            case CHECK, FINE -> judge(Disagreement.between(reported, other, plan));
            case SINGLE -> begin(Stage.PERTURBED, pace);
            case PERTURBED -> {
                sensitivity = perturbedSteps == plan.maxSteps()
                        ? Disagreement.between(reported, other, plan).kernel()
                        : Disagreement.kernels(
                                reported.path().changes(), other.path().changes());
                begin(Stage.DONE, pace);
            }
            case DONE -> throw new IllegalStateException("Nothing is left to be done.");
        }
    }

    private void judgeFirst() {
        if (reported.givenUp()) {
            begin(Stage.SINGLE, TrainingResult.Pace.REFUSED_UNVERIFIED);
        } else if (!reported.accelerated()) {
            begin(suspect ? Stage.PERTURBED : Stage.DONE, TrainingResult.Pace.SINGLE_STEPS);
        } else if (suspect || reported.largestChange() >= LARGE_CHANGE || reported.aMaxLargest() >= LARGE_RATE) {
            begin(Stage.CHECK, TrainingResult.Pace.MACRO_STEPS);
        } else {
            errorEstimate = estimate(MORE_SAFETY * reported.errorEstimate());
            begin(Stage.DONE, TrainingResult.Pace.MACRO_STEPS);
        }
    }

    private void judge(Disagreement apart) {
        if (apart.withinContract() || plan.integrator() == Integrator.FLOW_COARSE) {
            errorEstimate = accuracy.smooth()
                    ? estimate(SAFETY * apart.largest(), reported.errorEstimate())
                    : estimate(MORE_SAFETY * apart.largest());
            begin(Stage.DONE, TrainingResult.Pace.MACRO_STEPS);
        } else if (stage == Stage.CHECK && accuracy.smooth()) {
            begin(Stage.FINE, TrainingResult.Pace.MACRO_STEPS);
        } else {
            begin(Stage.SINGLE, TrainingResult.Pace.REFUSED_UNVERIFIED);
        }
    }

    private static double estimate(double... errors) {
        return Math.min(1, Arrays.stream(errors).max().orElseThrow());
    }

    boolean ended() {
        return stage == Stage.DONE;
    }

    /** The steps that the training under way has taken. */
    long step() {
        return current().step();
    }

    /** Those so far, of all that were made. */
    long evaluations() {
        return stage == Stage.DONE ? evaluations : evaluations + current().evaluations();
    }

    /** The parameters where {@link #run} left them; not to be modified. */
    double[] parameters() {
        return reported.parameters();
    }

    /** @throws IllegalStateException if not all is done */
    TrainingResult result() {
        if (stage != Stage.DONE) {
            throw new IllegalStateException("The network is still training, at step " + step() + ".");
        }
        return reported.result().with(pace, errorEstimate, sensitivity, evaluations);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(stage.ordinal());
        out.writeInt(pace.ordinal());
        out.writeDouble(errorEstimate);
        out.writeDouble(sensitivity);
        out.writeLong(evaluations);
        start.write(out);
        if (stage == Stage.FINE) {
            other.write(out);
        }
        reported.write(out);
        if (stage == Stage.CHECK || stage == Stage.PERTURBED) {
            other.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        Stage saved = Stage.values()[in.readInt()];
        TrainingResult.Pace savedPace = TrainingResult.Pace.values()[in.readInt()];
        errorEstimate = in.readDouble();
        sensitivity = in.readDouble();
        evaluations = in.readLong();
        start.read(in);
        begin(saved == Stage.SINGLE ? saved : Stage.FIRST, savedPace);
        reported.read(in);
        if (saved != Stage.FIRST && saved != Stage.SINGLE) {
            begin(saved, savedPace);
            if (saved == Stage.FINE) {
                reported.read(in);
            } else if (other != null) {
                other.read(in);
            }
        }
        if (settled()) {
            reported.skipTold();
        }
    }
}
