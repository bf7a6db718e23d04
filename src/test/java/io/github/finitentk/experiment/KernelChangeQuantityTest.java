package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelChangeQuantityTest {

    private static final Cell CELL = new Cell(Activations.TANH, 2, 1, 3, 20);
    private static final Map<String, Object> SETTINGS = Map.of(
            "samples",
            8L,
            "max_steps",
            400L,
            "initializations",
            2L,
            "snapshots",
            List.of(10L, 100L),
            "integrator",
            "gd",
            "learning_rate",
            1e-3);

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    @Test
    void aCellIsTheTrainingThatTheLibraryDoes() {
        Quantity quantity = Quantity.of("kernel_change", SETTINGS);
        SweepRow row = row(quantity, CellContext.of(ENGINE, Seed.of(7)));
        var data = Mnist.embedded().first(8).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.DIGIT);
        TrainingProblem problem = TrainingProblem.draw(
                new RandomNetwork(Architecture.constant(784, 20, 3), Activations.TANH, new Initialization(2, 1)),
                data,
                Seed.of(7).derive("training " + CELL),
                2);
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(1e-3)
                .maxSteps(400)
                .snapshots(10, 100)
                .integrator(io.github.finitentk.training.Integrator.GD)
                .build();
        List<TrainingResult> results = Training.train(problem, plan, ENGINE);
        assertThat(row.reals("min_losses"))
                .containsExactly(results.get(0).minLoss(), results.get(1).minLoss());
        assertThat(row.reals("kernel_changes")[1])
                .isEqualTo(results.get(1).kernelChange().get(2).value());
        assertThat(row.integer("initializations")).isEqualTo(2);
    }

    @Test
    void anInterruptedCellContinuesBitForBit() {
        Quantity quantity = Quantity.of("kernel_change", SETTINGS);
        SweepRow whole = row(quantity, CellContext.of(ENGINE, Seed.of(7)));
        Interrupted context = new Interrupted(1);
        assertThatThrownBy(() -> row(quantity, context)).isInstanceOf(CellContext.StoppedException.class);
        assertThat(context.saved).isNotNull();
        context.stopAfter = Integer.MAX_VALUE;
        SweepRow resumed = row(quantity, context);
        assertThat(resumed.toString()).isEqualTo(whole.toString());
    }

    private static Map<String, Object> classification() {
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.putAll(Map.of(
                "targets",
                "one-hot",
                "loss",
                "cross-entropy",
                "optimizer",
                "adam",
                "beta1",
                0.8,
                "batch",
                3L,
                "kernel_samples",
                5L,
                "max_steps",
                40L));
        return settings;
    }

    @Test
    void optimizersBatchesAndClassesAreTheLibrarys() {
        Quantity quantity = Quantity.of("kernel_change", classification());
        SweepRow row = row(quantity, CellContext.of(ENGINE, Seed.of(7)));
        Seed seed = Seed.of(7).derive("training " + CELL);
        TrainingProblem problem = TrainingProblem.draw(
                new RandomNetwork(Architecture.of(784, 20, 20, 10), Activations.TANH, new Initialization(2, 1)),
                Mnist.embedded().first(8).dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.ONE_HOT),
                seed,
                2);
        TrainingPlan plan = TrainingPlan.builder()
                .learningRate(1e-3)
                .loss(LossConvention.CROSS_ENTROPY)
                .maxSteps(40)
                .snapshots(10, 100)
                .integrator(io.github.finitentk.training.Integrator.GD)
                .optimizer(new Optimizer.Adam(0.8, 0.999, 1e-8))
                .batch(3, KernelChangeQuantity.order(seed))
                .kernelSamples(5)
                .build();
        List<TrainingResult> results = Training.train(problem, plan, ENGINE);
        assertThat(row.reals("kernel_changes")[1])
                .isEqualTo(results.get(1).kernelChange().get(1).value());
        assertThat(row.reals("min_losses"))
                .containsExactly(results.get(0).minLoss(), results.get(1).minLoss());
        assertThat(row.real("a_max")).isNaN();
        Interrupted context = new Interrupted(1);
        assertThatThrownBy(() -> row(quantity, context)).isInstanceOf(CellContext.StoppedException.class);
        context.stopAfter = Integer.MAX_VALUE;
        assertThat(row(quantity, context).toString()).isEqualTo(row.toString());
    }

    @Test
    void whatHasNoEffectIsRefused() {
        refused("momentum", 0.5, "momentum has no effect with the optimizer adam.");
        refused("optimizer", "momentum", "beta1 has no effect with the optimizer momentum.");
        refused("batch", 9L, "A step cannot see 9 inputs: there are 8.");
        refused("kernel_samples", 9L, "The kernel cannot be measured on 9 inputs: there are 8.");
        refused(
                "targets",
                "digit",
                "The loss cross-entropy needs targets of at least 2 classes, for example one-hot ones; there"
                        + " is one number for each input.");
        refused(
                "integrator",
                "flow",
                "The integrator flow is known for the optimizer gd, a squared error and steps that see all"
                        + " inputs only; use the integrator gd.");
    }

    private static void refused(String key, Object value, String sentence) {
        Map<String, Object> settings = classification();
        settings.put(key, value);
        assertThatThrownBy(() -> Quantity.of("kernel_change", settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void theSettingsAreAllThatARunIsToldApartBy() {
        Quantity quantity = Quantity.of("kernel_change", Map.of());
        assertThat(quantity.settings())
                .containsEntry("data", "mnist")
                .containsEntry("targets", "digit")
                .containsEntry("learning_rate", 1e-5)
                .containsEntry("integrator", "flow")
                .doesNotContainKeys("optimizer", "batch", "momentum", "beta1", "beta2", "epsilon", "kernel_samples");
        assertThat(quantity.conventions()).containsEntry("loss", "1/(2S) sum (f - y)^2");
        Map<String, Object> bad = new HashMap<>(SETTINGS);
        bad.put("samples", 2000L);
        assertThatThrownBy(() -> Quantity.of("kernel_change", bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }

    private static SweepRow row(Quantity quantity, CellContext context) {
        return quantity.compute(List.of(CELL), context).get(0);
    }

    /** Asks to stop at its n-th question. */
    private static final class Interrupted implements CellContext {

        private int stopAfter;
        private byte[] saved;

        Interrupted(int stopAfter) {
            this.stopAfter = stopAfter;
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
            return Optional.ofNullable(saved);
        }

        @Override
        public void checkpoint(byte[] state) {
            saved = state.clone();
        }

        @Override
        public boolean stopRequested() {
            return --stopAfter <= 0;
        }

        @Override
        public void progress(double fraction) {
            assertThat(fraction).isBetween(0.0, 1.0);
        }
    }
}
