package io.github.finitentk.training;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.InputRotation;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Gradient descent with many steps at once while the kernel hardly changes ({@link NetworkFlow}) and checked where that is
 * needed ({@link VerifiedFlow}). The learning rates of the paper are tiny for most networks
 * ({@code a_max = eta lambda_max / S} well below 0.1), so thousands of consecutive steps see nearly the same kernel; 1e5
 * steps then take some hundred passes. It is not the continuous-time limit: what is approximated are the discrete steps.
 * Always in f64: small differences between kernels steer it.
 *
 * <p>Networks have nothing in common; they are spread over the threads one by one.
 */
final class FlowTraining extends Training {

    /** Numbers that networks of several outputs may give: from there on macro steps cost more than they save. */
    private static final int MOST_OUTPUTS = 1500;

    private final TrainingProblem problem;
    private final InputRotation rotation;
    private final Checkpoint checkpoint;
    private final Engine engine;
    private final List<FlowWorkspace> workspaces = new ArrayList<>();
    private final List<VerifiedFlow> flows = new ArrayList<>();

    FlowTraining(TrainingProblem problem, TrainingPlan plan, Engine engine) {
        if (plan.precision() != Precision.F64) {
            throw new IllegalArgumentException("The integrator flow works in f64 only: it is steered by differences"
                    + " between kernels that f32 cannot resolve. Use precision f64 or the integrator gd.");
        }
        long size = (long) problem.data().samples() * problem.architecture().outputs();
        if (problem.architecture().outputs() > 1 && size > MOST_OUTPUTS) {
            throw new IllegalArgumentException(
                    "The integrator " + plan.integrator().label() + " decomposes the kernel of"
                            + " all outputs at all inputs, S K = " + size + " here; above " + MOST_OUTPUTS
                            + " steps cost less: use the integrator gd.");
        }
        this.problem = problem;
        this.engine = engine;
        rotation = InputRotation.of(problem.data());
        checkpoint = new Checkpoint(problem, plan);
        LinearAlgebra algebra = engine.linearAlgebra();
        Architecture architecture = rotation.rotated(problem.architecture());
        int samples = problem.data().samples();
        int networks = problem.networks().size();
        BatchShape shape = new BatchShape(architecture, problem.activation(), Precision.F64, 1, samples);
        FlowAccuracy accuracy = FlowAccuracy.of(problem.activation(), plan.integrator());
        try {
            for (int i = 0; i < Math.min(engine.threads(), networks); i++) {
                workspaces.add(new FlowWorkspace(
                        shape,
                        plan.descentRule(),
                        rotation.inputs(),
                        problem.data().targets().toArray(),
                        engine));
            }
            for (Network network : problem.networks()) {
                Supplier<double[]> parameters = () -> rotation.rotate(problem.architecture(), network.parameters());
                double[] theta = workspaces.get(0).initialTheta(parameters.get());
                flows.add(new VerifiedFlow(
                        plan, architecture, problem.data().targets(), parameters, theta, accuracy, algebra));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    @Override
    boolean run(Watch watch) {
        requireOpen();
        int first = 0;
        while (first < flows.size() && flows.get(first).ended()) {
            first++;
        }
        int certain = first;
        engine.forEach(flows.size(), (index, slot) -> {
            VerifiedFlow flow = flows.get(index);
            try {
                if (!flow.ended() && (index == certain || !watch.stops(flow.evaluations()))) {
                    flow.run(workspaces.get(slot), watch, index);
                }
            } catch (Throwable e) {
                watch.fail();
                throw e;
            }
        });
        return flows.stream().allMatch(VerifiedFlow::ended);
    }

    @Override
    public long step() {
        requireOpen();
        return flows.stream().mapToLong(VerifiedFlow::step).max().orElseThrow();
    }

    @Override
    public long evaluations() {
        requireOpen();
        return flows.stream().mapToLong(VerifiedFlow::evaluations).sum();
    }

    @Override
    public List<TrainingResult> results() {
        requireOpen();
        return flows.stream().map(VerifiedFlow::result).toList();
    }

    @Override
    public Network network(int index) {
        requireOpen();
        double[] initial = problem.networks().get(index).parameters();
        return new Network(
                        problem.architecture(),
                        rotation.restore(
                                problem.architecture(),
                                initial,
                                flows.get(index).parameters()))
                .with(problem.activation());
    }

    @Override
    public byte[] checkpoint() {
        requireOpen();
        return checkpoint.write(out -> {
            for (VerifiedFlow flow : flows) {
                flow.write(out);
            }
        });
    }

    @Override
    void restore(byte[] saved) {
        checkpoint.read(saved, in -> {
            for (VerifiedFlow flow : flows) {
                flow.read(in);
            }
        });
    }

    @Override
    void release() {
        workspaces.forEach(FlowWorkspace::close);
    }
}
