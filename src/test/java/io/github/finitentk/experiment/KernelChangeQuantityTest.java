package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
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

    @Test
    void theSettingsAreAllThatARunIsToldApartBy() {
        Quantity quantity = Quantity.of("kernel_change", Map.of());
        assertThat(quantity.settings())
                .containsEntry("data", "mnist")
                .containsEntry("targets", "digit")
                .containsEntry("learning_rate", 1e-5)
                .containsEntry("integrator", "flow");
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
