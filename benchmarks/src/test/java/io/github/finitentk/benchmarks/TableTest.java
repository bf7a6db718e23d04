package io.github.finitentk.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.benchmarks.Results.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {

    private static final Map<String, String> F32 = new TreeMap<>(Map.of("precision", "F32", "threads", "1"));

    @TempDir
    Path folder;

    @Test
    void backendsStandSideBySideWithTheirSharesOfTheRoofline() {
        Map<String, String> parameters = new TreeMap<>(Map.of("M", "256", "precision", "F32", "threads", "1"));
        String table = Table.of(List.of(
                new Result("Roofline.fma", F32, "java", 1, 0.01, 100e9, 0, 0, Double.NaN),
                new Result("Roofline.triad", Map.of("threads", "1"), "java", 1, 0.01, 0, 10e9, 0, Double.NaN),
                new Result("Passes.forward", parameters, "own", 80, 0.02, 80e9, 0, 0, Double.NaN),
                new Result("Passes.forward", parameters, "java", 20, Double.NaN, 20e9, 0, 0, Double.NaN),
                // more of the bandwidth than of the peak, and 3 kB for each of two items a call
                new Result("Other.items", F32, "own", 4, Double.NaN, 10e9, 6e9, 8, 6000)));
        assertThat(table)
                .contains("Peak, f32 1 thread(s): 100.0 GFLOP/s", "Bandwidth, 1 thread(s): 10.0 GB/s")
                .contains("| Passes.forward | M = 256, f32, 1 thread | GFLOP/s | 80.0 ± 2 % |  | 20.0 |  | 80 % | 20 % | 4.00 |")
                .contains("| Other.items | f32, 1 thread | 1/s | 8.00, 3.0 kB each |  |  |  | 60 % |  |  |");
    }

    @Test
    void resultsAreReadAsJmhWritesThem() throws IOException {
        Path file = folder.resolve("own.json");
        Files.writeString(
                file,
                """
                [{"benchmark": "io.github.finitentk.benchmarks.NormalsBenchmark.draw",
                  "params": {"backend": "own", "M": "200"},
                  "primaryMetric": {"score": 50.0, "scoreError": "NaN"},
                  "secondaryMetrics": {"flop": {"score": 7.0}, "bytes": {"score": 0.0}, "items": {"score": 3.0}}}]
                """);
        Result result = Results.read(List.of(file)).get(0);
        assertThat(result.name()).isEqualTo("Normals.draw");
        assertThat(result.backend()).isEqualTo("own");
        assertThat(result.parameters()).containsExactly(Map.entry("M", "200"));
        assertThat(result.score()).isEqualTo(50);
        assertThat(result.error()).isNaN();
        assertThat(result.flop()).isEqualTo(7);
        assertThat(result.items()).isEqualTo(3);
        assertThat(result.allocated()).isNaN();
    }
}
