package io.github.finitentk.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed to a run file is what is read from it, for every type and for what is missing. */
class RowRoundTripTest {

    private static final SweepSpec SPEC = SweepSpec.builder("trial")
            .activations(Activations.TANH, Activations.abRelu(-0.5, 1))
            .sigmaW2(0.1)
            .sigmaB2(0)
            .depths(1, 2, 3, 4)
            .widths(7)
            .build();

    private static SweepRow row(int index, SweepRow.Status status, String reason, double seconds, Object... values) {
        return new SweepRow(
                SPEC.cells().get(index),
                status,
                reason,
                seconds,
                SPEC.quantity().columns(),
                Arrays.asList(values));
    }

    @Test
    void everyRowComesBack(@TempDir Path folder) {
        List<SweepRow> rows = List.of(
                row(0, SweepRow.Status.OK, null, 0.1, 1.0 / 3, 5L, "TANH", new double[] {1, Double.NaN, -0.0}),
                row(
                        1,
                        SweepRow.Status.OK,
                        "\"quoted\", a\nline",
                        0,
                        -Double.MIN_VALUE,
                        Long.MIN_VALUE,
                        "",
                        new double[0]),
                row(2, SweepRow.Status.DIVERGED, "κ₁", 1e-300, Double.POSITIVE_INFINITY, 0L, "x", new double[] {
                    Double.NEGATIVE_INFINITY, Double.MAX_VALUE
                }),
                row(3, SweepRow.Status.FAILED, "no numbers", 2, null, null, null, null),
                row(5, SweepRow.Status.OK, null, 3, Double.NEGATIVE_INFINITY, Long.MAX_VALUE, null, null));
        Path file = folder.resolve("run.db");
        try (RunFile run = RunFile.create(file, SPEC, Map.of())) {
            run.commit(List.of(0, 1, 2), rows.subList(0, 3));
            run.commit(List.of(3), rows.subList(3, 4));
            run.commit(List.of(5), rows.subList(4, 5));
        }
        try (RunReader run = RunReader.open(file)) {
            assertThat(run.columns()).isEqualTo(SPEC.quantity().columns());
            List<SweepRow> read = new ArrayList<>();
            run.rows().forEach(read::add);
            assertThat(read).isEqualTo(rows);
        }
    }

    @Test
    void aMissingRealIsNaNHoweverItWasSaid(@TempDir Path folder) {
        Path file = folder.resolve("run.db");
        try (RunFile run = RunFile.create(file, SPEC, Map.of())) {
            run.commit(List.of(0), List.of(row(0, SweepRow.Status.OK, null, 0, Double.NaN, 1L, "x", new double[0])));
        }
        try (RunReader run = RunReader.open(file)) {
            SweepRow read = run.rows().iterator().next();
            assertThat(read.real("value")).isNaN();
            assertThat(read.get(Column.real("value", ""))).isNaN();
            double sigmaW2 = read.get(Cell.SIGMA_W2);
            assertThat(sigmaW2).isEqualTo(0.1);
        }
    }
}
