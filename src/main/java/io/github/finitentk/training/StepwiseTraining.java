package io.github.finitentk.training;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.InputRotation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Training step by step in the backend; all networks go through the snapshots together. */
final class StepwiseTraining extends Training {

    /** Multiply-adds of the single steps that are taken at once: a fraction of a second in the native core. */
    private static final double WORK = 2e10;

    private static final long MOST_STEPS = 100_000;

    private final TrainingProblem problem;
    private final TrainingPlan plan;
    private final DescentRule rule;
    private final InputRotation rotation;
    private final Checkpoint checkpoint;
    private final GradientDescent descent;
    private final KernelMeter meter;
    private final int epoch;
    private final long chunk;
    private final List<TrainingCurves> curves = new ArrayList<>();

    StepwiseTraining(TrainingProblem problem, TrainingPlan plan, Engine engine) {
        this.problem = problem;
        this.plan = plan;
        rule = plan.descentRule();
        // Adam looks at single weights: rotated ones would go other ways.
        rotation = plan.optimizer() instanceof Optimizer.Adam
                ? InputRotation.none(problem.data())
                : InputRotation.of(problem.data());
        checkpoint = new Checkpoint(problem, plan);
        Architecture architecture = rotation.rotated(problem.architecture());
        int samples = problem.data().samples();
        BatchShape shape = new BatchShape(
                architecture,
                problem.activation(),
                plan.precision(),
                problem.networks().size(),
                samples);
        epoch = rule.epochSteps(samples);
        chunk = stepsPerCall(rule.batchOf(samples), architecture);
        descent = engine.gradientDescent(shape, rule);
        int measured = plan.kernelSamples(samples);
        double[] inputs = rotation.inputs();
        try {
            meter = new KernelMeter(
                    architecture,
                    problem.activation(),
                    Arrays.copyOf(inputs, measured * architecture.inputDim()),
                    measured,
                    engine);
        } catch (RuntimeException e) {
            descent.close();
            throw e;
        }
        descent.setData(inputs, problem.data().targets().toArray());
        for (int index = 0; index < shape.networks(); index++) {
            double[] parameters = rotation.rotate(
                    problem.architecture(), problem.networks().get(index).parameters());
            descent.setParameters(index, parameters);
            curves.add(new TrainingCurves(plan, measured, meter.theta(parameters)));
            if (!curves.get(index).kernel().startsFinite()) {
                descent.markDiverged(index);
            } else if (epoch > 1) {
                curves.get(index).losses().keep(0, descent.loss(rule, index));
            }
        }
    }

    /** Single steps that are taken at once. */
    static long stepsPerCall(int samples, Architecture architecture) {
        return Math.max(1, Math.min(MOST_STEPS, (long) (WORK / (3.0 * samples * architecture.parameterCount()))));
    }

    @Override
    boolean run(Watch watch) {
        requireOpen();
        while (runs()) {
            advance(watch);
            if (runs() && watch.stops(step() + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean runs() {
        for (int index = 0; index < curves.size(); index++) {
            if (descent.state(index).runs()) {
                return true;
            }
        }
        return false;
    }

    // The networks that still run are all at the same step.
    private void advance(Watch watch) {
        List<DescentState> before = new ArrayList<>();
        long step = 0;
        for (int index = 0; index < curves.size(); index++) {
            before.add(descent.state(index));
            if (before.get(index).runs()) {
                step = before.get(index).step();
            }
        }
        long until = Math.min(step + chunk, plan.maxSteps());
        for (long snapshot : plan.snapshots()) {
            if (snapshot > step) {
                until = Math.min(until, snapshot);
            }
        }
        descent.advance(rule, until);
        for (int index = 0; index < curves.size(); index++) {
            if (before.get(index).runs()) {
                record(index, before.get(index).step());
            }
        }
        for (int index = 0; index < curves.size(); index++) {
            if (before.get(index).runs()) {
                DescentState state = descent.state(index);
                watch.progress(index, state);
                curves.get(index).tell(watch, index, state);
            }
        }
    }

    private void record(int index, long firstStep) {
        double[] losses = descent.losses(index);
        DescentState state = descent.state(index);
        for (int i = 0; i < losses.length; i++) {
            long lastOfEpoch = (firstStep / epoch + 1 + i) * epoch - 1;
            curves.get(index).losses().add(Math.min(lastOfEpoch, state.step()), losses[i]);
        }
        KernelHistory kernel = curves.get(index).kernel();
        boolean due = !state.runs() || plan.snapshots().contains(state.step());
        if (due && epoch > 1 && state.runs()) {
            curves.get(index).losses().keep(state.step(), descent.loss(rule, index));
        }
        if (due
                && !kernel.holds(state.step())
                && !kernel.record(state.step(), meter.theta(descent.parameters(index)))) {
            descent.markDiverged(index);
        }
    }

    @Override
    public long step() {
        requireOpen();
        long most = 0;
        for (int index = 0; index < curves.size(); index++) {
            most = Math.max(most, descent.state(index).step());
        }
        return most;
    }

    @Override
    public long evaluations() {
        requireOpen();
        long sum = 0;
        for (int index = 0; index < curves.size(); index++) {
            sum += evaluations(descent.state(index));
        }
        return sum;
    }

    /** One for each step, and that of the kernel at the start. */
    private static long evaluations(DescentState state) {
        return state.step() + 1;
    }

    @Override
    public List<TrainingResult> results() {
        requireOpen();
        List<TrainingResult> results = new ArrayList<>();
        for (int index = 0; index < curves.size(); index++) {
            DescentState state = descent.state(index);
            results.add(curves.get(index).result(state, TrainingResult.Pace.SINGLE_STEPS, 0, evaluations(state)));
        }
        return results;
    }

    @Override
    public Network network(int index) {
        requireOpen();
        double[] initial = problem.networks().get(index).parameters();
        return new Network(
                        problem.architecture(),
                        rotation.restore(problem.architecture(), initial, descent.parameters(index)))
                .with(problem.activation());
    }

    @Override
    public byte[] checkpoint() {
        requireOpen();
        return checkpoint.write(out -> {
            for (int index = 0; index < curves.size(); index++) {
                Checkpoint.write(out, descent.state(index));
                write(out, descent.values(index));
                write(out, descent.pending(index));
                write(out, descent.moments(index));
                if (epoch > 1) {
                    out.writeDouble(descent.state(index).epochSum());
                }
                curves.get(index).write(out);
            }
        });
    }

    @Override
    void restore(byte[] saved) {
        checkpoint.read(saved, in -> {
            int parameters = Math.toIntExact(descent.shape().architecture().parameterCount());
            int pending = plan.precision() == Precision.F32 ? parameters : 0;
            for (int index = 0; index < curves.size(); index++) {
                DescentState state = Checkpoint.readState(in);
                double[] values = readNumbers(in, parameters);
                double[] rest = readNumbers(in, pending);
                double[] moments = readNumbers(in, rule.optimizer().method().moments() * parameters);
                if (epoch > 1) {
                    state = state.withLosses(in.readDouble());
                }
                descent.restore(index, values, rest, moments, state);
                curves.get(index).read(in);
                curves.get(index).skip(state);
            }
        });
    }

    private void write(DataOutput out, double[] numbers) throws IOException {
        for (double number : numbers) {
            if (plan.precision() == Precision.F32) {
                out.writeFloat((float) number);
            } else {
                out.writeDouble(number);
            }
        }
    }

    private double[] readNumbers(DataInput in, int count) throws IOException {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = plan.precision() == Precision.F32 ? in.readFloat() : in.readDouble();
        }
        return numbers;
    }

    @Override
    void release() {
        descent.close();
        meter.close();
    }
}
