package io.github.finitentk.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activations;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Cells of which several results come. */
class FirstResultsTest {

    private static final List<Column<?>> COLUMNS = List.of(
            Column.real("ratio", "a number"), Column.reals("losses", "numbers"), Column.text("method", "a text"));

    private static SweepRow row(int depth, double seconds, Double ratio, double... losses) {
        return new SweepRow(
                new Cell(Activations.TANH, 1, 1, depth, 10),
                SweepRow.Status.OK,
                null,
                seconds,
                COLUMNS,
                Arrays.asList(ratio, losses, "chain"));
    }

    private static BitSet set(int... places) {
        BitSet set = new BitSet();
        Arrays.stream(places).forEach(set::set);
        return set;
    }

    @Test
    void theFirstOneIsKept() {
        CellStore store = CellStore.inMemory();
        store.commit(List.of(1), List.of(row(2, 0.5, 1.25, 1, 2)));
        FirstResults results = new FirstResults(store, 3);
        assertThat(results.finished()).isEqualTo(set(1));
        assertThat(results.commit(List.of(1, 2), List.of(row(2, 0.7, 1.25, 1, 2), row(3, 0.1, null))))
                .isEqualTo(set(2));
        assertThat(results.commit(List.of(2), List.of(row(3, 0.2, Double.NaN)))).isEqualTo(set());
        assertThat(results.holds(1, row(2, 0.9, 1.25, 1, 2))).isTrue();
        assertThat(results.holds(1, row(2, 0.9, 1.5, 1, 2))).isFalse();
        assertThat(results.holds(0, row(2, 0.9, 1.25, 1, 2))).isFalse();
        assertThat(StreamSupport.stream(store.rows().spliterator(), false).map(SweepRow::seconds))
                .containsExactly(0.5, 0.1);
    }

    @Test
    void anotherOneIsRefused() {
        for (SweepRow other : List.of(
                row(2, 0.5, Math.nextUp(1.25), 1, 2),
                row(2, 0.5, null, 1, 2),
                row(2, 0.5, 1.25, 1, Math.nextDown(2.0)),
                row(2, 0.5, 1.25, 1),
                row(3, 0.5, 1.25, 1, 2))) {
            FirstResults results = new FirstResults(CellStore.inMemory(), 3);
            results.commit(List.of(1), List.of(row(2, 0.5, 1.25, 1, 2)));
            assertThatThrownBy(() -> results.commit(List.of(1), List.of(other)))
                    .isInstanceOf(CellStore.StoreException.class)
                    .hasMessageStartingWith("The cell " + other.cell()
                            + " has two results that are not the same bit for bit; the later one is ");
        }
    }
}
