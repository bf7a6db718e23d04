package io.github.finitentk.report.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draws figures 3, 4 and 8 to 11 from made-up rows: what is where, not how it looks. */
class KernelChangeFiguresTest {

    /** Values by column: a change that grows with sigma_w^2 and depth, one unstable and one diverged cell. */
    private static SweepRow row(Cell cell, List<Column<?>> columns) {
        double change = 1e-3 * cell.sigmaW2() * cell.depth();
        boolean unstable = cell.sigmaW2() == 4 && cell.depth() == 10;
        boolean diverged = cell.sigmaW2() == 4 && cell.depth() == 20;
        List<Object> values = new ArrayList<>();
        for (Column<?> column : columns) {
            values.add(
                    switch (column.type()) {
                        case INTEGER -> 1L;
                        case TEXT -> "early-stop 1";
                        case REALS -> new double[] {change};
                        case REAL -> {
                            if (column.name().startsWith("kernel_change")) {
                                yield diverged ? Double.POSITIVE_INFINITY : change;
                            }
                            yield column.name().equals("a_max") ? (unstable ? 3.0 : 0.1) : 0.02;
                        }
                    });
        }
        return new SweepRow(cell, diverged ? SweepRow.Status.DIVERGED : SweepRow.Status.OK, null, 1, columns, values);
    }

    private static FigureContext context(FigureRecipe figure) {
        Map<String, FinishedRun> runs = new LinkedHashMap<>();
        for (FigureRun run : figure.runs(Scale.QUICK, 0)) {
            List<Column<?>> columns = run.spec().quantity().columns();
            runs.put(
                    run.name(),
                    new FinishedRun(
                            Map.of("backend", "native"),
                            run.spec().cells().stream()
                                    .map(cell -> row(cell, columns))
                                    .toList()));
        }
        return new FigureContext(Scale.QUICK, FigureStyle.STANDARD, PaperFigure.WIDTH, 0, Optional.empty(), runs);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 8, 9, 10, 11})
    void allFilesAreWrittenAndTheTableHasEveryCell(int number, @TempDir Path folder) throws Exception {
        FigureRecipe figure = FigureRecipes.of(number);
        FigureContext context = context(figure);
        figure.draw(context).write(folder, context.fileName(figure.number()), Figure.TWO_COLUMNS);
        assertThat(folder.resolve(number + ".png")).isNotEmptyFile();
        boolean byDepth = !List.of(8, 9).contains(number);
        assertThat(Files.exists(folder.resolve(number + "-by-depth.png"))).isEqualTo(byDepth);
        String svg = Files.readString(folder.resolve(number + ".svg"));
        assertThat(svg).contains("depth L over σ_w²", "learning rate = 10⁻⁵");
        int cells = context.runs().values().stream()
                .mapToInt(run -> run.rows().size())
                .sum();
        List<String> table = Files.readAllLines(folder.resolve(number + ".csv"));
        assertThat(table).hasSize(1 + cells);
        assertThat(table.get(0))
                .startsWith("activation,sigma_w2,sigma_b2,depth,width,status,")
                .contains("kernel_change");
        assertThat(Files.readString(folder.resolve(number + ".md")))
                .contains("mnist", "10⁻⁵", "initialisations per cell | 2 |")
                .doesNotContain("Drawn by");
    }

    @Test
    void valuesAreWhereTheirCellsAre() {
        FigureRecipe figure = FigureRecipes.of(4);
        List<SweepRow> rows = context(figure).rows("kernel-change-relu-256");
        List<HeatMapPanel> panels = KernelChangeHeatMap.panels(rows, KernelChangeQuantity.CHANGE);
        assertThat(panels).hasSize(1);
        HeatMapPanel panel = panels.get(0);
        assertThat(panel.title()).isEqualTo("ReLU, $M = 256$");
        assertThat(panel.cells().columns()).isEqualTo(5);
        assertThat(panel.cells().rows()).isEqualTo(4);
        assertThat(panel.cells().value(0, 0)).isEqualTo(1e-3 * 1 * 2);
        assertThat(panel.cells().value(4, 3)).isInfinite();
    }

    @Test
    void coloursAreWhiteWhereTheValueStandsOut() {
        Color tenth = KernelChangeHeatMap.changes(FigureStyle.PAPER).color(0.1);
        assertThat(Math.min(tenth.getRed(), Math.min(tenth.getGreen(), tenth.getBlue())))
                .isGreaterThan(240);
        Color constant = KernelChangeHeatMap.losses(FigureStyle.PAPER, 0.04).color(0.04);
        assertThat(Math.min(constant.getRed(), Math.min(constant.getGreen(), constant.getBlue())))
                .isGreaterThan(240);
        Color learned = KernelChangeHeatMap.losses(FigureStyle.PAPER, 0.04).color(1e-6);
        assertThat(learned.getBlue()).isGreaterThan(learned.getRed());
        Color large = KernelChangeHeatMap.losses(FigureStyle.PAPER, 0.04).color(1);
        assertThat(large.getRed()).isGreaterThan(large.getBlue());
    }
}
