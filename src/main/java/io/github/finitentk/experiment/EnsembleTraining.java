package io.github.finitentk.experiment;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Trains independently initialised networks of one law on the same data, and compares each with eq. (10) for its own kernel:
 * the second half of NTK theory, eq. (3), without the first, eq. (4).
 *
 * <p>Networks are spread over threads, one each; network i is that of random stream i, so results depend on the key only.
 * Everything is f64.
 */
public final class EnsembleTraining {

    private final RandomNetwork law;
    private final TrainTestData data;
    private final EnsembleSettings settings;
    private final double time;
    private final Engine engine;

    /**
     * @param law of the networks, with the data's input dimension
     * @param settings how they are trained
     * @param time how long, see {@link EnsembleSettings#time}
     * @param engine who computes, and the threads that networks are spread over; not closed here
     */
    public EnsembleTraining(
            RandomNetwork law, TrainTestData data, EnsembleSettings settings, double time, Engine engine) {
        this.law = law;
        this.data = data;
        this.settings = settings;
        this.time = time;
        this.engine = engine;
    }

    /**
     * Networks {@code first} to {@code first + count - 1}.
     *
     * @param key of the random streams
     * @param stop asked between steps; networks that are not done when it says yes are null in the result
     */
    public EnsembleMember[] train(Seed seed, int first, int count, BooleanSupplier stop) {
        // Four outputs at each test input are kept.
        Memory.requireHeap(count * (32.0 * data.tests() + 200), 0, "An ensemble of " + count + " networks");
        EnsembleMember[] members = new EnsembleMember[count];
        engine.forEach(count, (i, slot) -> members[i] = member(seed, first + i, stop));
        return members;
    }

    private EnsembleMember member(Seed seed, int index, BooleanSupplier stop) {
        int samples = data.train().samples();
        int all = samples + data.tests();
        double[] targets = data.train().targets();
        BatchShape shape = new BatchShape(law.architecture(), law.activation(), Precision.F64, 1, all);
        try (NetworkBatch batch = engine.single().allocate(shape)) {
            batch.setInputs(data.jointInputs().toArray());
            batch.initialize(law.initialization(), seed, index);
            Network initial = new Network(law.architecture(), batch.parameters(0)).with(law.activation());
            batch.forward();
            batch.backward();
            batch.computeNtk();
            double[] outputs = batch.outputs(0);
            double[] initialTrain = Arrays.copyOf(outputs, samples);
            double[] initialTest = Arrays.copyOfRange(outputs, samples, all);
            KernelRegression regression =
                    KernelRegression.of(TrainTestKernel.split(Kernel.wrap(all, all, batch.ntk(0)), samples), engine);
            double largest = regression.eigenvalues()[samples - 1] / samples;
            TrainingPlan plan = settings.plan(time, LearningRate.ofEigenvalue(largest, LossConvention.HALF_MSE));
            TrainingProblem problem = new TrainingProblem(data.train(), List.of(initial));
            try (Training training = Training.start(problem, plan, engine.single())) {
                if (!training.run(stop)) {
                    return null;
                }
                TrainingResult result = training.results().get(0);
                double[] trained = new double[data.tests()];
                Arrays.fill(trained, Double.NaN);
                if (result.stopReason() != StopReason.DIVERGED) {
                    batch.setParameters(0, training.network(0).parameters());
                    batch.forward();
                    trained = Arrays.copyOfRange(batch.outputs(0), samples, all);
                }
                return new EnsembleMember(
                        initialTest,
                        trained,
                        regression.at(plan.learningRate() * result.steps()).predict(initialTest, initialTrain, targets),
                        regression.converged().predict(initialTest, initialTrain, targets),
                        regression.conditionNumber(),
                        result.steps(),
                        result.losses().get(0).loss(),
                        result.finalLoss(),
                        kernelChange(result));
            }
        }
    }

    private static double kernelChange(TrainingResult result) {
        return result.stopReason() == StopReason.DIVERGED
                ? Double.NaN
                : result.kernelChange().get(result.kernelChange().size() - 1).value();
    }
}
