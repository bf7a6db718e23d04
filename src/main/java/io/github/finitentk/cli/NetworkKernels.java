package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.model.Network;

/** The empirical kernel of a given network, whose outputs are where regression begins. */
final class NetworkKernels implements SolvedRegression.Kernels {

    private final Network network;
    private final TrainTestData data;
    private final KernelForm form;
    private final double[][] initialTest;
    private final Targets residual;
    private Ntk ntk;

    /** @param data with targets for the network's outputs */
    NetworkKernels(Ntk ntk, Network network, TrainTestData data, KernelForm form) {
        this.network = network;
        this.data = data;
        this.form = form;
        this.initialTest = ntk.outputs(network, data.testInputs());
        this.residual = LinearizedAnswer.residual(
                data.train().targets(), ntk.outputs(network, data.train().inputs()));
    }

    /** {@code Y - f_0(X)}: what is to be learnt. */
    Targets residual() {
        return residual;
    }

    @Override
    public KernelSolver train(Ntk cancellable) {
        ntk = cancellable;
        return ntk.solver(of(data.train().inputs()).stream());
    }

    @Override
    public KernelSolver products(Ntk cancellable) {
        ntk = cancellable;
        return of(data.train().inputs()).solver();
    }

    private KernelEvaluation of(Inputs inputs) {
        return ntk.empirical(network, inputs).form(form);
    }

    @Override
    public double[][] predict(KernelSolution solution) {
        double[][] predictions =
                solution.predict(of(data.testInputs()).versus(data.train().inputs()).stream());
        for (int x = 0; x < predictions.length; x++) {
            for (int k = 0; k < predictions[x].length; k++) {
                predictions[x][k] += initialTest[x][k];
            }
        }
        return predictions;
    }
}
