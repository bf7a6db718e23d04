package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.compute.Backends;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.model.Activations;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VarianceExperimentTest {

    // A chaotic corner, so that AUTO uses both of its methods.
    private static final VarianceGrid GRID = new VarianceGrid(
            List.of(Activations.TANH), new double[] {1}, new int[] {20, 30}, new double[] {1, 5}, new int[] {2, 5, 12});

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"AUTO", "RAO_BLACKWELL", "SMC", "CHAIN", "CONDITIONAL", "WEIGHTS"})
    void aCellDependsOnSeedAndParametersOnlyNeverOnItsCompanyOrTheThreads(Method method) {
        List<VarianceCell> cells = GRID.cells();
        List<VarianceCell> shuffled = new ArrayList<>(cells);
        Collections.shuffle(shuffled, new Random(1));
        try (WorkerPool two = WorkerPool.of(2)) {
            List<VarianceRow> reference = experiment(WorkerPool.SINGLE, method).run(cells, Progress.NONE);
            List<VarianceRow> other = experiment(two, method).run(shuffled.subList(0, 7), Progress.NONE);
            for (VarianceRow row : other) {
                assertThat(row.estimate())
                        .isEqualTo(reference.get(cells.indexOf(row.cell())).estimate());
            }
            RatioEstimate alone = experiment(two, method).run(cells.get(4)).estimate();
            assertThat(alone).isEqualTo(reference.get(4).estimate());
        }
    }

    private static VarianceExperiment experiment(WorkerPool workers, Method method) {
        return new VarianceExperiment(Backends.fastest(), workers, 3, method, 60);
    }
}
