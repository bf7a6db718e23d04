package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelStatistics;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassBlocksQuantityTest {

    private static final Cell CELL = new Cell(Activations.RELU, 2, 0, 4, 20);
    private static final Engine ENGINE = Engine.single(Backend.fastest());
    private static final Quantity QUANTITY = quantity("f64", 100);

    private static Quantity quantity(String precision, int samples) {
        return Quantity.of(
                "class_blocks",
                Map.of(
                        "samples",
                        samples,
                        "images_per_class",
                        3,
                        "snapshots",
                        List.of(5, 40),
                        "learning_rate",
                        1e-3,
                        "precision",
                        precision));
    }

    @Test
    void aCellIsTheTrainingAndTheKernelsThatTheLibraryGives() {
        SweepRow row = QUANTITY.compute(List.of(CELL), CellContext.of(ENGINE, Seed.of(7)))
                .get(0);
        Mnist images = Mnist.embedded().first(100);
        int[] labels = IntStream.range(0, 100).map(images::label).toArray();
        Inputs inputs = images.inputs(Mnist.Normalization.PIXELS);
        RandomNetwork random = new RandomNetwork(
                Architecture.constant(784, 20, 4).withOutputs(10), Activations.RELU, CELL.initialization());
        TrainingProblem problem = TrainingProblem.draw(
                random,
                new Dataset(inputs, Targets.oneHot(labels, 10)),
                Seed.of(7).derive("training of classes " + CELL),
                1);
        int[] ofClasses = IntStream.range(0, 10)
                .flatMap(digit ->
                        IntStream.range(0, 100).filter(s -> labels[s] == digit).limit(3))
                .toArray();
        Inputs chosen = Inputs.of(Arrays.stream(ofClasses)
                .mapToObj(s -> inputs.slice(s, s + 1).toArray())
                .toArray(double[][]::new));
        Targets classes = Targets.oneHot(IntStream.range(0, 30).map(s -> s / 3).toArray(), 10);
        List<Long> steps = List.of(0L, 5L, 40L);
        double[] first = null;
        for (int k = 0; k < 3; k++) {
            Kernel theta = trained(problem, steps.get(k), chosen);
            first = first == null ? theta.toArray() : first;
            KernelStatistics.Blocks blocks = KernelStatistics.blocks(theta, classes);
            assertThat(row.get(ClassBlocksQuantity.STEPS)[k])
                    .isEqualTo(steps.get(k).doubleValue());
            assertThat(row.get(ClassBlocksQuantity.SAME_CLASS)[k]).isEqualTo(blocks.sameOverDiagonal());
            assertThat(row.get(ClassBlocksQuantity.DIFFERENT_CLASS)[k]).isEqualTo(blocks.differentOverDiagonal());
            assertThat(Arrays.copyOfRange(row.get(ClassBlocksQuantity.THETA), 900 * k, 900 * (k + 1)))
                    .isEqualTo(theta.toArray());
            assertThat(row.get(ClassBlocksQuantity.CHANGE)[k]).isCloseTo(change(first, theta.toArray()), within(1e-13));
        }
        double[] losses = row.get(ClassBlocksQuantity.LOSSES);
        assertThat(losses[losses.length - 1]).isLessThan(0.8 * losses[0]);
        assertThat(row.get(ClassBlocksQuantity.SAME_CLASS)[2])
                .isGreaterThan(row.get(ClassBlocksQuantity.DIFFERENT_CLASS)[2]);
    }

    private static Kernel trained(TrainingProblem problem, long steps, Inputs chosen) {
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(1e-3)
                .maxSteps(Math.max(1, steps))
                .snapshots()
                .minDecrease(0)
                .patience(Integer.MAX_VALUE)
                .integrator(Integrator.GD)
                .optimizer(Optimizer.ADAM)
                .build();
        try (Training training = Training.start(problem, plan, ENGINE)) {
            boolean ended = steps == 0;
            while (!ended) {
                ended = training.run(() -> false);
            }
            return new KernelEvaluation(training.network(0), chosen, ENGINE)
                    .form(KernelForm.TRACE)
                    .evaluate()
                    .theta();
        }
    }

    private static double change(double[] from, double[] to) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < from.length; i++) {
            difference += (to[i] - from[i]) * (to[i] - from[i]);
            norm += from[i] * from[i];
        }
        return Math.sqrt(difference / norm);
    }

    /** Stopped after each unit of work and taken up from what it saved, a cell has the same numbers. */
    @Test
    void interruptionsChangeNoBit() {
        Quantity quantity = quantity("f32", 100);
        SweepRow whole = quantity.compute(List.of(CELL), CellContext.of(ENGINE, Seed.of(7)))
                .get(0);
        Optional<byte[]> saved = Optional.empty();
        int stops = 0;
        while (true) {
            Interrupting context = new Interrupting(saved);
            try {
                SweepRow row = quantity.compute(List.of(CELL), context).get(0);
                for (Column<?> column : whole.columns()) {
                    assertThat(row.get(column)).as(column.name()).isEqualTo(whole.get(column));
                }
                break;
            } catch (CellContext.StoppedException e) {
                stops++;
                saved = context.saved;
            }
        }
        assertThat(stops).isPositive();
    }

    private static final class Interrupting implements CellContext {

        private Optional<byte[]> saved;

        Interrupting(Optional<byte[]> saved) {
            this.saved = saved;
        }

        @Override
        public Engine engine() {
            return ENGINE;
        }

        @Override
        public Seed seed() {
            return Seed.of(7);
        }

        @Override
        public int place(int k) {
            return k;
        }

        @Override
        public Optional<byte[]> checkpoint() {
            return saved;
        }

        @Override
        public void checkpoint(byte[] state) {
            saved = Optional.of(state);
        }

        @Override
        public boolean stopRequested() {
            return true;
        }

        @Override
        public void progress(double fraction) {
            // Nobody watches.
        }
    }

    @Test
    void aClassOfTooFewImagesIsNamed() {
        assertThatThrownBy(() -> quantity("f32", 12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "The first 12 images hold [0-2] of class \\d, not the 3 that the kernel is measured on\\.");
    }

    @Test
    void aTrainingThatOverflowsHasDiverged() {
        Quantity wild = Quantity.of(
                "class_blocks",
                Map.of(
                        "samples",
                        100,
                        "images_per_class",
                        2,
                        "snapshots",
                        List.of(3, 60),
                        "optimizer",
                        "gd",
                        "learning_rate",
                        1e6));
        SweepRow row =
                wild.compute(List.of(CELL), CellContext.of(ENGINE, Seed.of(7))).get(0);
        assertThat(row.get(SweepRow.STATUS)).isEqualTo("diverged");
    }
}
