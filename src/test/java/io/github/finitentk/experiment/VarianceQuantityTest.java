package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import io.github.finitentk.store.Sweep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VarianceQuantityTest {

    // A chaotic corner, so that AUTO uses both of its methods.
    private static final Grid GRID =
            new Grid(List.of(Activations.TANH), List.of(1.0), List.of(20, 30), List.of(1.0, 5.0), List.of(2, 5, 12));

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"AUTO", "RAO_BLACKWELL", "SMC", "CHAIN", "CONDITIONAL", "WEIGHTS"})
    void aCellDependsOnSeedAndParametersOnlyNeverOnItsCompanyOrTheThreads(Method method) {
        Map<Cell, String> reference = values(Engine.single(Backend.fastest()), method, List.of(GRID));
        List<Cell> shuffled = new ArrayList<>(GRID.cells());
        Collections.shuffle(shuffled, new Random(1));
        List<Grid> some = shuffled.subList(0, 7).stream().map(Grid::of).toList();
        try (Engine two = Engine.of(Backend.fastest(), 2)) {
            values(two, method, some)
                    .forEach((cell, values) -> assertThat(values).isEqualTo(reference.get(cell)));
            Cell cell = GRID.cells().get(4);
            int width = cell.width();
            RandomNetwork network = cell.network(width);
            RatioEstimate alone = new VarianceEstimation(two, network)
                    .method(method)
                    .draws(60)
                    .seed(VarianceQuantity.seed(Seed.of(3), method, network, width, width))
                    .estimate();
            assertThat(reference.get(cell))
                    .contains(
                            " ratio=" + alone.ratio(),
                            " log_mean=" + alone.mean().log());
        }
    }

    private static Map<Cell, String> values(Engine engine, Method method, List<Grid> grids) {
        SweepSpec spec = new SweepSpec(new VarianceQuantity(method, 60), grids, 3);
        return new Sweep(spec, engine)
                .run().rows().stream().collect(Collectors.toMap(SweepRow::cell, SweepRow::toString));
    }

    @Test
    void pairsAreColumnsOfTheirOwnBesideTheSameNumbers() {
        List<Double> correlations = List.of(1.0, 0.5, -1.0);
        List<SweepRow> alone = rows(new VarianceQuantity(Method.AUTO, 60));
        List<SweepRow> rows = rows(new VarianceQuantity(Method.AUTO, 60, correlations, null));
        assertThat(alone.get(0).columns()).doesNotContain(VarianceQuantity.PAIR_RATIO);
        for (int k = 0; k < rows.size(); k++) {
            SweepRow row = rows.get(k);
            for (Column<?> column : alone.get(k).columns()) {
                assertThat(row.get(column))
                        .as(column.name())
                        .isEqualTo(alone.get(k).get(column));
            }
            assertThat(row.get(VarianceQuantity.PAIR_RATIO)[0]).isEqualTo(row.get(VarianceQuantity.RATIO));
            assertThat(row.get(VarianceQuantity.PAIR_MEAN)[0]).isEqualTo(row.get(VarianceQuantity.MEAN));
            Cell cell = row.cell();
            RandomNetwork network = cell.network(cell.width());
            VarianceEstimation.Pair pair = new VarianceEstimation(Engine.single(Backend.fastest()), network)
                    .draws(60)
                    .seed(VarianceQuantity.pairSeed(Seed.of(3), network, cell.width(), cell.width(), 0.5))
                    .pair(0.5);
            assertThat(row.get(VarianceQuantity.PAIR_RATIO)[1])
                    .isEqualTo(pair.ratio().ratio());
            assertThat(row.get(VarianceQuantity.PAIR_RATIO_HIGH)[1])
                    .isEqualTo(pair.ratio().interval().upper());
            assertThat(row.get(VarianceQuantity.PAIR_MEAN_LOW)[1])
                    .isEqualTo(pair.mean().lower());
            assertThat(row.get(VarianceQuantity.PAIR_INFINITE_WIDTH)[1]).isEqualTo(pair.infiniteWidth());
            assertThat(row.get(VarianceQuantity.PAIR_HEAVY_TAILED)[1])
                    .isEqualTo(pair.ratio().heavyTailed() ? 1 : 0);
        }
    }

    private static List<SweepRow> rows(VarianceQuantity quantity) {
        try (Engine two = Engine.of(Backend.fastest(), 2)) {
            return new Sweep(new SweepSpec(quantity, List.of(GRID), 3), two)
                    .run()
                    .rows();
        }
    }

    @Test
    void specificationsAskForPairsAndNorms() {
        SweepSpec spec = SweepSpec.parse("""
                quantity: variance
                activation: relu
                sigma_w2: 2
                sigma_b2: 0
                depth: 3
                width: 60
                correlation: {from: 0, to: 1, step: 0.5}
                input_norm2: 1
                """, Path.of("spec.yaml"));
        assertThat(spec.quantity().settings())
                .containsEntry("correlation", List.of(0.0, 0.5, 1.0))
                .containsEntry("input_norm2", 1.0);
        assertThat(spec.quantity().conventions()).containsEntry("input", "|x|^2 = 1.0, M_0 = M");
        SweepRow row =
                new Sweep(spec, Engine.single(Backend.fastest())).run().rows().get(0);
        // The mean of ReLU's Theta(x,x) is that of infinitely wide networks unless a layer dies.
        assertThat(row.get(VarianceQuantity.PAIR_INFINITE_WIDTH)[2])
                .isEqualTo(row.get(VarianceQuantity.MEAN), within(1e-13));
        assertThat(SweepSpec.parse(spec.canonical(), Path.of("again.yaml"))
                        .quantity()
                        .settings())
                .isEqualTo(spec.quantity().settings());
    }

    @Test
    void whatPairsCannotBeIsRefusedBeforeAnyCell() {
        assertThatThrownBy(() -> new VarianceQuantity(Method.CHAIN, 60, List.of(1.0, 0.5), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Method chain knows one input only");
        VarianceQuantity pairs = new VarianceQuantity(Method.AUTO, 60, List.of(0.5), null);
        assertThatThrownBy(() -> pairs.check(new Cell(Activations.RELU, 2, 0, 3, 1)))
                .hasMessageContaining("need an input dimension, and so a width, of at least 2");
        assertThatThrownBy(() -> Quantity.of("variance", Map.of("correlation", List.of(1.5))))
                .hasMessage("correlation must be -1 to 1, not 1.5.");
    }
}
