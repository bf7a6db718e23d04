package io.github.finitentk.report.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaperFiguresTest {

    @Test
    void numbersInTitlesHaveFourDigits() {
        assertThat(List.of(2.0, 1.5, Math.E, 2.0000000001, 1200.4, 0.1))
                .extracting(Numbers::plain)
                .containsExactly("2", "1.5", "2.718", "2", "1200", "0.1");
    }

    @ParameterizedTest
    @EnumSource(Scale.class)
    void runsCanBeDeclaredAndReadBackAndSharedOnesAreEqual(Scale scale) {
        Map<String, String> specs = new HashMap<>();
        for (FigureRecipe figure : FigureRecipes.ALL) {
            for (FigureRun run : figure.runs(scale, 3)) {
                String canonical = run.spec().canonical();
                SweepSpec read = SweepSpec.parse(canonical, Path.of("spec.yaml"));
                assertThat(read.canonical()).isEqualTo(canonical);
                assertThat(specs.getOrDefault(run.name(), canonical))
                        .as(run.name())
                        .isEqualTo(canonical);
                specs.put(run.name(), canonical);
            }
        }
        assertThat(FigureRecipes.ALL)
                .extracting(FigureRecipe::number)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void otherScalesAndStylesHaveNamesOfTheirOwn() {
        assertThat(context(Scale.PAPER, FigureStyle.PAPER).fileName(1)).isEqualTo("1-scale-paper-style-paper");
        assertThat(context(Scale.QUICK, FigureStyle.PAPER).fileName(1)).isEqualTo("1-style-paper");
        assertThat(context(Scale.QUICK, FigureStyle.STANDARD).fileName(1)).isEqualTo("1");
    }

    private static FigureContext context(Scale scale, FigureStyle style) {
        return new FigureContext(scale, style, PaperFigure.WIDTH, 0, Optional.empty(), Map.of());
    }
}
