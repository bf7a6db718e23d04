package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnsembleQuantityTest {

    private static final Cell CELL = new Cell(Activations.TANH, 1.5, 1, 2, 16);
    private static final Quantity QUANTITY =
            Quantity.of("ensemble", Map.of("samples", 8L, "tests", 6L, "networks", 4L, "duration", 100.0));

    /** Stops after a number of questions, and remembers the checkpoint. */
    private static final class Context implements CellContext {

        private final int patience;
        private int asked;
        private byte[] saved;

        Context(int patience, byte[] saved) {
            this.patience = patience;
            this.saved = saved;
        }

        @Override
        public Engine engine() {
            return Engine.single(Backend.fastest());
        }

        @Override
        public Seed seed() {
            return Seed.of(3);
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
            saved = state;
        }

        @Override
        public boolean stopRequested() {
            return asked++ >= patience;
        }

        @Override
        public void progress(double fraction) {
            // Nobody watches.
        }
    }

    private static SweepRow row(CellContext context) {
        return QUANTITY.compute(List.of(CELL), context).get(0);
    }

    @Test
    void aCellHasAllItsNumbers() {
        SweepRow row = row(new Context(Integer.MAX_VALUE, null));
        assertThat(row.status()).isEqualTo(SweepRow.Status.OK);
        assertThat(row.columns()).hasSize(23).isEqualTo(QUANTITY.columns());
        for (Column<?> column : row.columns()) {
            assertThat(row.get(column)).as(column.name()).isNotIn(null, Double.NaN);
        }
        assertThat(row.integer("networks")).isEqualTo(4);
        assertThat(row.real("trained_variance")).isBetween(row.real("trained_ci_low"), row.real("trained_ci_high"));
        assertThat(row.real("initial_variance")).isGreaterThan(row.real("exact_variance"));
        assertThat(row.real("final_loss")).isLessThan(0.1 * row.real("initial_loss"));
    }

    @Test
    void anInterruptedCellEndsWithTheSameNumbers() {
        Context uninterrupted = new Context(Integer.MAX_VALUE, null);
        String whole = row(uninterrupted).toString();
        byte[] saved = null;
        String resumed = null;
        int interruptions = 0;
        while (resumed == null) {
            Context context = new Context(uninterrupted.asked / 2, saved);
            try {
                resumed = row(context).toString();
            } catch (CellContext.StoppedException e) {
                interruptions++;
                assertThat(interruptions).isLessThan(100);
                saved = context.saved;
            }
        }
        assertThat(interruptions).isPositive();
        assertThat(resumed).isEqualTo(whole);
    }

    @Test
    void badSettingsGetOneSentence() {
        assertThatThrownBy(() -> Quantity.of("ensemble", Map.of("networks", 1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("networks must be 2 to");
        assertThatThrownBy(() -> Quantity.of("ensemble", Map.of("samples", 1000L, "tests", 100L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1100");
    }
}
