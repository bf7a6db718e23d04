package io.github.finitentk.report.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureTableTest {

    /** A row whose k-th number is k, except for one that is missing. */
    private static SweepRow row(String quantity, int depth) {
        Quantity of = Quantity.of(quantity, Map.of());
        Object[] values = new Object[of.columns().size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = switch (of.columns().get(k).type()) {
                case REAL -> k == 10 ? null : (Object) (double) k;
                case INTEGER -> (long) k;
                case TEXT -> "text";
                case REALS -> new double[] {k};
            };
        }
        Cell cell = new Cell(Activations.RELU, 2, 1, depth, 50);
        return new SweepRow(cell, SweepRow.Status.OK, null, 1, of.columns(), Arrays.asList(values));
    }

    @Test
    void varianceNamesTheInputAndWritesTruthValuesAsSuch() {
        FigureTable table = FigureTable.ofVariance(List.of(row("variance", 5), row("variance", 10)));
        assertThat(String.join(",", table.columns()))
                .isEqualTo("activation,sigma_w2,sigma_b2,depth,width,input_dim,input_norm2,method,draws,mean,"
                        + "second_moment,ratio,ratio_ci_low,ratio_ci_high,heavy_tailed,tail_share");
        assertThat(new ArrayList<Object>(table.rows().get(0)))
                .isEqualTo(Arrays.asList(
                        "relu", 2.0, 1.0, 5L, 50L, 50L, 50.0, "text", 1L, 4.0, 5.0, 6.0, 7.0, 8.0, true, null));
        assertThat(table.rows().get(1).get(3)).isEqualTo(10L);
    }

    @Test
    void otherQuantitiesHaveAllColumnsButLists() {
        FigureTable table = FigureTable.of(List.of(row("theory", 5)));
        assertThat(table.columns())
                .containsExactly(
                        "activation",
                        "sigma_w2",
                        "sigma_b2",
                        "depth",
                        "width",
                        "status",
                        "phase",
                        "q_star",
                        "chi1_star",
                        "xi_c",
                        "kappa1",
                        "alpha",
                        "theta_diag",
                        "nngp_diag");
        assertThat(new ArrayList<Object>(table.rows().get(0)))
                .isEqualTo(List.of("relu", 2.0, 1.0, 5L, 50L, "ok", "text", 1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 9.0));
    }
}
