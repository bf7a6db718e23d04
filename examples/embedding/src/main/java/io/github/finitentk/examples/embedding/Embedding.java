package io.github.finitentk.examples.embedding;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingResult;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What an application does with the library, from one network's kernel to a sweep. JavaCPP and EJML are all it needs. */
public final class Embedding {

    private static final RandomNetwork RANDOM =
            new RandomNetwork(Architecture.of(4, 64, 64, 1), Activations.TANH, new Initialization(1.5, 0.5));

    private final Ntk ntk;

    private Embedding(Ntk ntk) {
        this.ntk = ntk;
    }

    public static void main(String[] args) {
        try (Ntk ntk = Ntk.fastest()) {
            System.out.println("backend: " + ntk.backend() + " (" + ntk.description() + ")");
            ntk.whyNotNative().ifPresent(why -> System.out.println("not native: " + why));
            Embedding embedding = new Embedding(ntk);
            Network network = network();
            Inputs x = inputs();
            embedding.kernel(network, x);
            embedding.infiniteWidth(x);
            embedding.variance();
            embedding.train(network, x);
            embedding.sweep();
        }
    }

    /** A network built in memory: its weights may come from anywhere. */
    private static Network network() {
        Random random = new Random(1);
        double[] parameters = new double[Math.toIntExact(RANDOM.architecture().parameterCount())];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = 0.2 * random.nextGaussian();
        }
        return new Network(RANDOM.architecture(), parameters).with(Activations.TANH);
    }

    private static Inputs inputs() {
        double[][] rows = new double[8][4];
        for (int s = 0; s < rows.length; s++) {
            rows[s] = new double[] {Math.cos(s), Math.sin(s), 1, s / 8.0};
        }
        return Inputs.of(rows);
    }

    private void kernel(Network network, Inputs x) {
        Kernel theta = ntk.kernel(network, x);
        System.out.println(theta + ", Theta(x_0, x_1) = " + theta.get(0, 1));
    }

    private void infiniteWidth(Inputs x) {
        InfiniteWidth limit = ntk.infiniteWidth(RANDOM, x);
        System.out.println("Theta*(x_0, x_1) = " + limit.ntk().get(0, 1) + ", NNGP " + limit.nngp().get(0, 1));
    }

    private void variance() {
        RatioEstimate ratio = ntk.variance(RANDOM).draws(200).seed(0).estimate();
        System.out.println(ratio);
    }

    /** Watches a training, and cancels another one. */
    private void train(Network network, Inputs x) {
        Dataset data = new Dataset(x, new double[] {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7});
        TrainingPlan plan =
                TrainingPlan.builder().learningRate(1e-3).maxSteps(2000).snapshots(10L, 1000L).build();
        TrainingResult result = ntk.train(
                network,
                data,
                plan,
                (step, loss, change) ->
                        System.out.println("step " + step + ": loss " + loss + ", kernel change " + change),
                () -> false);
        System.out.println(result.stopReason() + " after " + result.steps() + " steps: loss " + result.finalLoss());
        try {
            ntk.train(network, data, plan, (step, loss, change) -> {}, () -> true);
        } catch (CancellationException e) {
            System.out.println(e.getMessage());
        }
    }

    /** Watches a sweep and cancels it after two cells; a run with a file, to(path).resume(), would go on from there. */
    private void sweep() {
        SweepSpec spec = SweepSpec.builder("variance")
                .activations(Activations.RELU, Activations.TANH)
                .sigmaW2(1.5, 2, 3)
                .sigmaB2(0)
                .depths(5)
                .widths(50)
                .build();
        AtomicBoolean cancel = new AtomicBoolean();
        RunResult begun = ntk.sweep(spec)
                .listener(state -> {
                    System.out.println(state.done() + " of " + state.cells() + " cells");
                    cancel.set(state.done() >= 2);
                })
                .cancel(cancel::get)
                .run();
        System.out.println("cancelled: " + !begun.isComplete());
        for (SweepRow row : ntk.sweep(spec).run().rows()) {
            System.out.println(row.cell() + ": " + row.get(VarianceQuantity.RATIO));
        }
    }
}
