package io.github.finitentk.examples.module;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;

/** One kernel, and which backend computed it. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        RandomNetwork distribution =
                new RandomNetwork(Architecture.of(2, 100, 100, 1), Activations.RELU, new Initialization(2, 0));
        Network network = distribution.sample(Seed.of(0));
        try (Ntk ntk = Ntk.fastest()) {
            System.out.println("backend: " + ntk.backend() + " " + ntk.whyNotNative().orElse(""));
            Kernel theta = ntk.kernel(network, Inputs.of(new double[][] {{1, 0}, {0, 1}}));
            System.out.println("Theta(x_0, x_1) = " + theta.get(0, 1));
            System.out.println("in " + Ntk.class.getModule());
        }
    }
}
