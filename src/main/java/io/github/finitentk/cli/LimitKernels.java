package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.RandomNetwork;

/** NTK or NNGP kernel in the limit of infinite width, each entry computed when it is needed. */
final class LimitKernels implements SolvedRegression.Kernels {

    private final RandomNetwork network;
    private final TrainTestData data;
    private final InfiniteWidth.Limit limit;
    private KernelSource joint;

    LimitKernels(RandomNetwork network, TrainTestData data, InfiniteWidth.Limit limit) {
        this.network = network;
        this.data = data;
        this.limit = limit;
    }

    @Override
    public KernelSolver train(Ntk ntk) {
        joint = ntk.infiniteWidth(network, data.jointInputs(), limit);
        int samples = data.train().samples();
        return ntk.solver(joint.part(0, samples, 0, samples));
    }

    @Override
    public double[][] predict(KernelSolution solution) {
        int samples = data.train().samples();
        return solution.predict(joint.part(samples, joint.rows(), 0, samples));
    }
}
