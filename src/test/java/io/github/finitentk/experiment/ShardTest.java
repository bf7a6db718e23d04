package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.finitentk.model.Activations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTest {

    /** Units of depths 5 to 60 at widths that differ by a factor of 64: costs differ by a factor of 4,096. */
    private static SweepSpec columns() {
        return SweepSpec.builder("variance")
                .activations(Activations.TANH, Activations.RELU)
                .sigmaW2(Grid.range(1, 3, 0.25))
                .sigmaB2(1)
                .depths(5, 20, 60)
                .widths(10, 40, 160, 640)
                .set("method", "weights")
                .build();
    }

    private static SweepSpec trial(int cells) {
        return SweepSpec.builder("trial")
                .activations(Activations.TANH)
                .sigmaW2(Grid.range(1.0, cells / 10.0, 1))
                .sigmaB2(1)
                .depths(Grid.range(1, 10, 1))
                .widths(10)
                .build();
    }

    @Test
    void everyCellIsInExactlyOneShardAndUnitsStayTogether() {
        SweepSpec spec = columns();
        for (int count : new int[] {1, 2, 7, 20, 72, 100}) {
            List<Integer> all = new ArrayList<>();
            for (int k = 1; k <= count; k++) {
                BitSet cells = new Shard(k, count).cells(spec);
                cells.stream().forEach(all::add);
                for (List<Integer> unit : spec.quantity().units(spec.cells())) {
                    assertThat(unit.stream().filter(cells::get).count()).isIn(0L, (long) unit.size());
                }
            }
            assertThat(all)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, spec.size()).boxed().toList());
        }
    }

    /** Dealing the dearest first ends at most 4/3 - 1/(3n) times as late as the best there is (Graham 1969); here it is within that of two lower bounds. */
    @Test
    void shardsTakeAboutTheSameTime() {
        SweepSpec spec = columns();
        List<Cell> cells = spec.cells();
        List<Double> costs = spec.quantity().units(cells).stream()
                .map(unit ->
                        spec.quantity().seconds(unit.stream().map(cells::get).toList()))
                .toList();
        double total = costs.stream().mapToDouble(Double::doubleValue).sum();
        double longest = costs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        for (int count : new int[] {2, 5, 12, 40}) {
            double slowest = Shard.deal(spec, new BitSet(), count).stream()
                    .mapToDouble(shard -> seconds(spec, shard))
                    .max()
                    .orElseThrow();
            assertThat(slowest)
                    .isLessThanOrEqualTo((4.0 / 3 - 1.0 / (3 * count)) * Math.max(total / count, longest) * (1 + 1e-9));
        }
    }

    private static double seconds(SweepSpec spec, List<List<Integer>> shard) {
        return shard.stream()
                .mapToDouble(unit -> spec.quantity()
                        .seconds(unit.stream().map(spec.cells()::get).toList()))
                .sum();
    }

    /** Whoever changes the rule changes what the shards of a sweep under way are. The numbers are from a second implementation, in Python. */
    @Test
    void theRuleIsOnRecord() {
        assertThat(new Shard(1, 3).cells(trial(30))).hasToString("{3, 6, 8, 10, 15, 16, 19, 25, 26, 27}");
        assertThat(new Shard(3, 20).cells(columns())).hasToString("{93, 94, 95}");
    }

    /** Twenty shards of a grid of ten depths: were they dealt in grid order, each would have one depth alone. */
    @Test
    void cellsOfOneCostAreDealtWithoutPattern() {
        SweepSpec spec = trial(1000);
        for (int k = 1; k <= 20; k++) {
            BitSet cells = new Shard(k, 20).cells(spec);
            assertThat(cells.cardinality()).isEqualTo(50);
            assertThat(cells.stream().map(place -> place % 10).distinct().count())
                    .isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void whatIsFinishedIsNotDealtOut() {
        SweepSpec spec = columns();
        BitSet finished = new BitSet();
        finished.set(0, 100);
        finished.set(101);
        List<List<List<Integer>>> shards = Shard.deal(spec, finished, 4);
        List<Integer> left =
                shards.stream().flatMap(List::stream).flatMap(List::stream).toList();
        assertThat(new HashSet<>(left)).hasSize(left.size());
        assertThat(left)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, spec.size())
                        .filter(place -> !finished.get(place))
                        .boxed()
                        .toList());
        shards.forEach(shard -> assertThat(shard.stream().map(unit -> seconds(spec, List.of(unit))))
                .isSortedAccordingTo((a, b) -> Double.compare(b, a)));
    }

    @Test
    void namesAreReadAndWritten() {
        assertThat(Shard.parse("3/20")).isEqualTo(new Shard(3, 20)).hasToString("3/20");
        assertThat(new Shard(3, 20).file(Path.of("runs", "a.b.db"))).isEqualTo(Path.of("runs", "a.b.shard-3-of-20.db"));
        assertThat(new Shard(3, 20).file(Path.of("run"))).isEqualTo(Path.of("run.shard-3-of-20"));
        assertThat(Shard.WHOLE.file(Path.of("run.db"))).isEqualTo(Path.of("run.db"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shard.parse("three"))
                .withMessage("A shard is written k/n, such as 3/20 for the third of twenty, not \"three\".");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shard.parse("0/20"))
                .withMessage("The shards of 20 are numbered from 1 to 20; there is no shard 0.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shard.parse("1/0"))
                .withMessage("A sweep can be cut into 1 to 100000 shards, not 0.");
    }
}
