package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import io.github.finitentk.store.Sweep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
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
}
