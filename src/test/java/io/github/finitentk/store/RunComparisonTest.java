package io.github.finitentk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {

    @TempDir
    Path folder;

    private Path run(String name, long seed, int... depths) {
        SweepSpec spec = SweepSpec.builder("variance")
                .activations(Activations.TANH)
                .sigmaW2(1, 2)
                .sigmaB2(1)
                .depths(depths)
                .widths(10)
                .seed(seed)
                .build();
        Path path = folder.resolve(name);
        try (RunFile run = RunFile.create(path, spec, new HashMap<>(Map.of("backend", "java")))) {
            spec.compute(run, Engine.single(Backend.pureJava()), Progress.NONE, () -> false);
        }
        return path;
    }

    private static RunComparison compare(Path a, Path b) {
        try (RunReader first = RunReader.open(a);
                RunReader second = RunReader.open(b)) {
            return RunComparison.of(first, second);
        }
    }

    @Test
    void equalRunsAreEqualAndOthersAreComparedNumberByNumber() {
        Path a = run("a.db", 0, 3, 5);
        RunComparison same = compare(a, run("b.db", 0, 3, 5));
        assertThat(same.equal()).isTrue();
        assertThat(same.common()).isEqualTo(4);
        assertThat(same.columns()).isEmpty();

        Path c = run("c.db", 1, 5, 7);
        RunComparison other = compare(a, c);
        assertThat(other.equal()).isFalse();
        assertThat(List.of(other.common(), other.onlyFirst(), other.onlySecond(), other.different()))
                .containsExactly(2, 2, 2, 2);
        RunComparison.Difference ratio = other.columns().stream()
                .filter(column -> column.column().equals("ratio"))
                .findFirst()
                .orElseThrow();
        assertThat(ratio.cells()).isEqualTo(2);
        double largest = 0;
        try (RunReader first = RunReader.open(a);
                RunReader second = RunReader.open(c)) {
            for (SweepRow x : first.rows()) {
                for (SweepRow y : second.rows()) {
                    if (x.cell().equals(y.cell())) {
                        double scale = Math.max(x.real("ratio"), y.real("ratio"));
                        largest = Math.max(largest, Math.abs(x.real("ratio") - y.real("ratio")) / scale);
                    }
                }
            }
        }
        assertThat(ratio.largest()).isCloseTo(largest, within(1e-15));
        assertThat(other.columns()).noneMatch(column -> column.column().equals("status"));
    }
}
