package io.github.finitentk.experiment;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.numeric.LargestEigenvalue;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.SpectrumEstimate.Method;
import io.github.finitentk.kernel.SpectrumEvaluation;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Network.FileLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The kernels of checkpoints on one set of inputs, read and computed when they are first asked for. The first and the last, which
 * all others are compared with, are kept; of the others as many as threads may be at work with. Safe for use by several threads.
 */
final class TrackedKernels {

    private final List<Path> files;
    private final FileLayout layout;
    private final Path inputsFile;
    private final Path targetsFile; // may be null
    private final Map<Integer, FutureTask<State>> ends = new LinkedHashMap<>();
    private final Map<Integer, FutureTask<State>> others = new LinkedHashMap<>(16, 0.75f, true);
    private Inputs inputs;
    private Targets targets;

    /** A network and its kernel, whose entries may be infinite or NaN. */
    record State(Network network, EmpiricalNtk ntk) {}

    TrackedKernels(List<Path> files, FileLayout layout, Path inputs, Path targets) {
        this.files = files;
        this.layout = layout;
        this.inputsFile = inputs;
        this.targetsFile = targets;
    }

    synchronized Inputs inputs() {
        if (inputs == null) {
            inputs = Inputs.read(inputsFile);
        }
        return inputs;
    }

    /** Those of networks with K outputs. */
    synchronized Optional<Targets> targets(int outputs) {
        if (targets == null && targetsFile != null) {
            targets = targets(targetsFile, outputs);
        }
        return Optional.ofNullable(targets);
    }

    /** Targets from a file; one number for each input is a class where there are several outputs. */
    static Targets targets(Path file, int outputs) {
        try {
            return Targets.read(file).forOutputs(outputs);
        } catch (DataFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(file + ": " + e.getMessage());
        }
    }

    /** {@code lambda_1} of the kernel of all outputs; NaN if the kernel is not finite. */
    double largestOfFull(State state, Engine engine) {
        Kernel theta = state.ntk().theta();
        if (!theta.isFinite()) {
            return Double.NaN;
        }
        if (state.network().architecture().outputs() == 1) {
            return LargestEigenvalue.of(theta.toArray(), theta.rows());
        }
        return new SpectrumEvaluation(state.network(), inputs(), engine)
                .form(KernelForm.FULL)
                .method(Method.LANCZOS)
                .top(1)
                .evaluate()
                .eigenvalues()
                .get(0);
    }

    /** The network and kernel of checkpoint k. */
    State at(int k, Activation activation, Engine engine) {
        FutureTask<State> task = task(k, activation, engine);
        task.run(); // does nothing if another thread has begun
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CellContext.StoppedException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw (Error) e.getCause();
        }
    }

    private synchronized FutureTask<State> task(int k, Activation activation, Engine engine) {
        Map<Integer, FutureTask<State>> kept = k == 0 || k == files.size() - 1 ? ends : others;
        FutureTask<State> task = kept.get(k);
        if (task == null) {
            task = new FutureTask<>(() -> {
                Network network = Network.read(files.get(k), layout).with(activation);
                return new State(network, new KernelEvaluation(network, inputs(), engine).evaluate());
            });
            kept.put(k, task);
            if (others.size() > 1 + engine.threads()) {
                others.remove(others.keySet().iterator().next());
            }
        }
        return task;
    }
}
