package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CapacityTest {

    /** 60 cells of 2 s each, by their estimate. */
    private static SweepSpec equal() {
        return trial(2000).build();
    }

    private static SweepSpec.Builder trial(int millis) {
        return SweepSpec.builder("trial")
                .activations(Activations.TANH)
                .sigmaW2(Grid.range(1.0, 20, 1))
                .sigmaB2(1)
                .depths(1, 2, 3)
                .widths(10)
                .set("millis", millis);
    }

    private static SweepSpec columns() {
        return SweepSpec.builder("variance")
                .activations(Activations.TANH)
                .sigmaW2(Grid.range(1, 4, 0.25))
                .sigmaB2(1)
                .depths(5, 20, 60)
                .widths(10, 40, 160, 640)
                .set("method", "weights")
                .build();
    }

    // Rows with times of one's choice.
    private static List<SweepRow> rows(SweepSpec spec, double[] seconds) {
        List<SweepRow> rows = new ArrayList<>();
        List<Column<?>> columns = spec.quantity().columns().stream().toList();
        List<Cell> cells = spec.cells();
        for (int k = 0; k < cells.size(); k++) {
            List<Object> values = new ArrayList<>();
            columns.forEach(column -> values.add(null));
            rows.add(new SweepRow(cells.get(k), SweepRow.Status.OK, null, seconds[k], columns, values));
        }
        return rows;
    }

    @Test
    void equalUnitsFillWholeRounds() {
        Capacity capacity = Capacity.of(equal());
        assertThat(capacity.units()).isEqualTo(60);
        assertThat(capacity.work()).isCloseTo(120, within(1e-9));
        assertThat(capacity.longest()).isCloseTo(2, within(1e-12));
        assertThat(capacity.ratios()).isEmpty();
        for (int cores : new int[] {1, 2, 7, 30, 59, 60, 61, 1000}) {
            Capacity.Forecast forecast = capacity.on(cores);
            double rounds = Math.ceil(60.0 / cores);
            assertThat(forecast.jobArray()).isCloseTo(2 * rounds, within(1e-9));
            assertThat(forecast.queue()).isCloseTo(2 * rounds, within(1e-9));
            assertThat(forecast.queueEfficiency()).isCloseTo(60 / (cores * rounds), within(1e-9));
            assertThat(forecast.jobArrayEfficiency()).isCloseTo(60 / (cores * rounds), within(1e-9));
        }
    }

    /** Against a simulation that looks at all cores for each unit, and shards that are added up cell by cell. */
    @Test
    void measuredTimesAreSimulated() {
        SweepSpec spec = columns();
        SplittableRandom random = new SplittableRandom(5);
        double[] times = random.doubles(spec.size(), 0.1, 3).toArray();
        Capacity capacity = Capacity.of(spec, List.of(new Capacity.Measured(spec, rows(spec, times))));
        assertThat(capacity.measuredUnits()).isEqualTo(capacity.units()).isEqualTo(52);
        assertThat(capacity.work()).isCloseTo(Arrays.stream(times).sum(), within(1e-9));
        for (int cores : new int[] {1, 3, 10, 52, 70}) {
            double slowest = 0;
            for (int k = 1; k <= cores; k++) {
                slowest = Math.max(
                        slowest,
                        new Shard(k, cores)
                                .cells(spec).stream()
                                        .mapToDouble(place -> times[place])
                                        .sum());
            }
            double[] busyUntil = new double[cores];
            for (List<Integer> unit : Shard.deal(spec, new BitSet(), 1).get(0)) {
                int first = 0;
                for (int core = 1; core < cores; core++) {
                    first = busyUntil[core] < busyUntil[first] ? core : first;
                }
                busyUntil[first] +=
                        unit.stream().mapToDouble(place -> times[place]).sum();
            }
            assertThat(capacity.on(cores).jobArray()).isCloseTo(slowest, within(1e-9));
            assertThat(capacity.on(cores).queue())
                    .isCloseTo(Arrays.stream(busyUntil).max().orElseThrow(), within(1e-9));
        }
    }

    /** A run of another grid and other settings scales the estimates, each by that of its neighbour, and brings its stragglers. */
    @Test
    void whatIsNotMeasuredIsScaledByWhatIsNearest() {
        SweepSpec small = SweepSpec.builder("trial")
                .activations(Activations.TANH)
                .sigmaW2(2, 15)
                .sigmaB2(1)
                .depths(1, 3)
                .widths(12)
                .set("millis", 500)
                .build();
        // Estimated at half a second each; at sigma_w^2 = 15, depth 3 it took ten times as long.
        double[] times = {1, 0.5, 2, 5};
        Capacity capacity = Capacity.of(equal(), List.of(new Capacity.Measured(small, rows(small, times))));
        assertThat(capacity.measuredUnits()).isZero();
        assertThat(capacity.ratios()).containsExactly(1, 2, 4, 10);
        assertThat(capacity.longest()).isCloseTo(20, within(1e-9));
        // The border in log(1 + sigma_w^2) lies at sqrt(3 * 16) - 1 = 5.9, that of log depth at sqrt(3) < 2: 5 and 15
        // of 20.
        assertThat(capacity.work()).isCloseTo(2 * (5 * (2 + 2 * 1) + 15 * (4 + 2 * 10)), within(1e-9));
    }

    @Test
    void timesOfAnotherQuantityAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Capacity.of(equal(), List.of(new Capacity.Measured(columns(), List.of()))))
                .withMessage("Times of the quantity variance say nothing about those of trial.");
    }
}
