package io.github.finitentk.experiment;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.kernel.InfiniteWidthRegression;
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
 * Trains independent draws of one random network on the same data, and compares each with eq. (10) for its own kernel:
 * the second half of NTK theory, eq. (3), without the first, eq. (4).
 *
 * <p>Networks are spread over threads, one each; network i is that of random stream i, so results depend on the key only.
 * Everything is f64.
 */
final class EnsembleTraining {

    private final RandomNetwork network;
    private final TrainTestData data;
    private final Settings settings;
    private final double time;
    private final Engine engine;

    /**
     * @param network of the networks, with the data's input dimension
     * @param settings how they are trained
     * @param time how long, see {@link Settings#time}
     * @param engine who computes, and the threads that networks are spread over; not closed here
     */
    EnsembleTraining(RandomNetwork network, TrainTestData data, Settings settings, double time, Engine engine) {
        this.network = network;
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
    Member[] train(Seed seed, int first, int count, BooleanSupplier stop) {
        // Four outputs at each test input are kept.
        Memory.requireHeap(count * (32.0 * data.tests() + 200), 0, "An ensemble of " + count + " networks", "networks");
        Member[] members = new Member[count];
        engine.forEach(count, (i, slot) -> members[i] = member(seed, first + i, stop));
        return members;
    }

    private Member member(Seed seed, int index, BooleanSupplier stop) {
        int samples = data.train().samples();
        int all = samples + data.tests();
        double[] targets = data.train().targets().scalars("An ensemble");
        BatchShape shape = new BatchShape(network.architecture(), network.activation(), Precision.F64, 1, all);
        try (NetworkBatch batch = engine.single().allocate(shape)) {
            batch.setInputs(data.jointInputs().toArray());
            batch.initialize(network.initialization(), seed, index);
            Network initial = new Network(network.architecture(), batch.parameters(0)).with(network.activation());
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
                return new Member(
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

    /**
     * How the networks of an ensemble are trained: by gradient descent on 1/(2S) for the same time t, each in steps that suit its
     * own kernel. In units of the infinite-width kernel the time is {@code t lambda_max(Theta*(X)) / S = duration}; directions
     * with more than {@code lambda_max/duration} are learnt by then.
     *
     * @param networks how many, at least 2
     * @param duration positive and finite
     * @param relativeRate the learning rate in units of the largest stable one of the network's own initial kernel,
     *     {@code 2 S/lambda_max(Theta^0(X))}, in (0, 1); small ones approach gradient flow
     */
    record Settings(int networks, double duration, double relativeRate) {

        public static final int NETWORKS = 16;
        public static final double RELATIVE_RATE = 0.2;

        /** @throws IllegalArgumentException if an argument is out of its range */
        public Settings {
            if (networks < 2) {
                throw new IllegalArgumentException(
                        "A variance over networks needs at least 2 of them, not " + networks + ".");
            }
            if (!(duration > 0) || Double.isInfinite(duration)) {
                throw new IllegalArgumentException(
                        "The duration of training must be a positive finite number, not " + duration + ".");
            }
            if (!(relativeRate > 0 && relativeRate < 1)) {
                throw new IllegalArgumentException(
                        "The learning rate must be between 0 and 1 times the largest stable one, not " + relativeRate
                                + ".");
            }
        }

        /** So many networks, everything else by default. */
        public static Settings of(int networks) {
            return new Settings(networks, TrainingPlan.DURATION, RELATIVE_RATE);
        }

        /** The training time t for networks with this infinite-width kernel. */
        public double time(InfiniteWidthRegression theory) {
            double[] eigenvalues = theory.regression().eigenvalues();
            return duration * eigenvalues.length / eigenvalues[eigenvalues.length - 1];
        }

        /**
         * The plan for one network: as few equal steps as the relative rate allows.
         *
         * @param time t
         * @param largestStableRate of the network's initial kernel
         */
        TrainingPlan plan(double time, double largestStableRate) {
            long steps = Math.max(1, (long) Math.ceil(time / (relativeRate * largestStableRate)));
            return TrainingPlan.TO_THE_END.toBuilder()
                    .learningRate(time / steps)
                    .maxSteps(steps)
                    .build();
        }
    }

    /**
     * One trained network of an ensemble, and what eq. (10) predicts for it from its own initial kernel and outputs.
     *
     * @param initial {@code f_0(x)} at the T test inputs
     * @param trained {@code f_t(x)} of the trained network; NaN if it diverged
     * @param predicted eq. (10) with its own {@code Theta^0} at the same time t
     * @param converged eq. (10) with its own {@code Theta^0} for {@code t = infinity}
     * @param conditionNumber of its {@code Theta^0(X)}
     * @param steps of gradient descent until training ended
     * @param initialLoss before training
     * @param finalLoss after it
     * @param kernelChange {@code ||Theta^t - Theta^0||_F / ||Theta^0||_F}; NaN if it diverged
     */
    record Member(
            double[] initial,
            double[] trained,
            double[] predicted,
            double[] converged,
            double conditionNumber,
            long steps,
            double initialLoss,
            double finalLoss,
            double kernelChange) {

        /** Whether all outputs are finite. */
        public boolean finite() {
            return finite(trained) && finite(predicted) && finite(converged);
        }

        private static boolean finite(double[] outputs) {
            return Arrays.stream(outputs).allMatch(Double::isFinite);
        }

        /** The same numbers. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Member that
                    && Arrays.equals(initial, that.initial)
                    && Arrays.equals(trained, that.trained)
                    && Arrays.equals(predicted, that.predicted)
                    && Arrays.equals(converged, that.converged)
                    && Double.compare(conditionNumber, that.conditionNumber) == 0
                    && steps == that.steps
                    && Double.compare(initialLoss, that.initialLoss) == 0
                    && Double.compare(finalLoss, that.finalLoss) == 0
                    && Double.compare(kernelChange, that.kernelChange) == 0;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(trained);
        }

        @Override
        public String toString() {
            return "network trained for " + steps + " steps from loss " + initialLoss + " to " + finalLoss;
        }
    }
}
