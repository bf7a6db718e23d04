package io.github.finitentk.examples.embedding;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.SyntheticInputs;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** What an application does with the library, from one network's kernel to a sweep. JavaCPP and EJML are all it needs. */
public final class Embedding {

    private static final int SAMPLES = 8;
    private static final Architecture ARCHITECTURE = Architecture.of(4, 64, 64, 1);
    private static final Activation ACTIVATION = Activations.TANH;
    private static final Initialization INITIALIZATION = new Initialization(1.5, 0.5);

    private final Engine engine;

    private Embedding(Engine engine) {
        this.engine = engine;
    }

    public static void main(String[] args) {
        try (Engine engine = Engine.fastest(WorkerPool.ofAllProcessors())) {
            Backend backend = engine.backend();
            System.out.println("backend: " + backend.name() + " (" + backend.description() + ")");
            Embedding embedding = new Embedding(engine);
            Network network = network();
            Inputs x = SyntheticInputs.onSphere(SAMPLES, ARCHITECTURE.inputDim(), Seed.of(0));
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
        double[] parameters = new double[Math.toIntExact(ARCHITECTURE.parameterCount())];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = 0.2 * random.nextGaussian();
        }
        return new Network(ARCHITECTURE, parameters).with(ACTIVATION);
    }

    private void kernel(Network network, Inputs x) {
        EmpiricalNtk ntk = EmpiricalNtk.of(network, x, Precision.F64, engine);
        System.out.println("Theta(x_0, x_1) = " + ntk.theta().get(0, 1));
    }

    private void infiniteWidth(Inputs x) {
        RandomNetwork law = new RandomNetwork(ARCHITECTURE, ACTIVATION, INITIALIZATION);
        InfiniteWidth limit = InfiniteWidth.of(law, x, engine);
        System.out.println("Theta*(x_0, x_1) = " + limit.ntk().get(0, 1) + ", NNGP " + limit.nngp().get(0, 1));
    }

    private void variance() {
        RandomNetwork law = new RandomNetwork(ARCHITECTURE, ACTIVATION, INITIALIZATION);
        RatioEstimate ratio = new VarianceEstimation(engine, law).draws(200).seed(0).estimate();
        System.out.println("E[Theta^2]/E[Theta]^2 = " + ratio.ratio());
    }

    /** Trains in pieces, so that the application may look at the training or end it in between. */
    private void train(Network network, Inputs x) {
        double[] y = new double[SAMPLES];
        for (int s = 0; s < SAMPLES; s++) {
            y[s] = s / 10.0;
        }
        Dataset data = new Dataset(x, y);
        TrainingProblem problem = new TrainingProblem(data, List.of(network));
        try (Training training = Training.start(problem, TrainingPlan.PAPER, engine)) {
            while (!runFor(training, 200_000_000)) {
                System.out.println("step " + training.step());
            }
            TrainingResult result = training.results().get(0);
            System.out.println(result.stopReason() + " after " + result.steps() + " steps: loss " + result.finalLoss()
                    + ", kernel change " + result.kernelChange());
        }
    }

    private static boolean runFor(Training training, long nanoseconds) {
        long begin = System.nanoTime();
        return training.run(() -> System.nanoTime() - begin > nanoseconds);
    }

    /** Stops a sweep after two cells and goes on with it: what is finished is kept in the store. */
    private void sweep() {
        SweepSpec spec = SweepSpec.builder("variance")
                .activations(Activations.RELU, Activations.TANH)
                .sigmaW2(1.5, 2, 3)
                .sigmaB2(0)
                .depths(5)
                .widths(50)
                .build();
        CellStore store = CellStore.inMemory();
        AtomicBoolean stop = new AtomicBoolean();
        Progress listener = state -> {
            System.out.println(state.done() + " of " + state.cells() + " cells");
            stop.set(state.done() >= 2);
        };
        boolean finished = spec.compute(store, engine, listener, stop::get);
        System.out.println("finished: " + finished + ", " + store.finished().cardinality() + " cells are kept");
        spec.compute(store, engine, Progress.NONE, () -> false);
        for (SweepRow row : store.rows()) {
            System.out.println(row.cell() + ": " + row.real("ratio"));
        }
    }
}
