package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.KernelChangeQuantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.report.paper.DrawnFigure;
import io.github.finitentk.store.Sweep;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paper's figures: panels, axes, series, and the colours of cells whose numbers are known. */
class PaperFigureStructureTest {

    /** What is exact is cheap to compute; what is sampled is made up. */
    private static List<SweepRow> exactOrMadeUp(SweepSpec spec) {
        boolean sampled = "chain".equals(spec.quantity().settings().get("method"));
        return sampled
                ? madeUp(spec)
                : new Sweep(spec, Engine.single(Backend.pureJava())).run().rows();
    }

    /** Ratios from 1 to beyond 3; changes and losses from small to large. */
    private static double ratio(Cell cell) {
        return 1 + cell.sigmaW2() * cell.depth() / (2.0 * cell.width());
    }

    private static double change(Cell cell) {
        return 1.2e-2 * Math.exp(cell.sigmaW2() * cell.depth() / (double) cell.width() * 4);
    }

    /** From 0.024 to 0.82. */
    private static double error(Cell cell) {
        return 0.02 + cell.sigmaW2() * cell.depth() / 250;
    }

    private static List<SweepRow> madeUp(SweepSpec spec) {
        List<SweepRow> rows = new ArrayList<>();
        for (Cell cell : spec.cells()) {
            Object[] values = spec.quantity().columns().stream()
                    .map(column -> value(column, cell))
                    .toArray();
            rows.add(new SweepRow(
                    cell, SweepRow.Status.OK, null, 1, spec.quantity().columns(), Arrays.asList(values)));
        }
        return rows;
    }

    private static Object value(Column<?> column, Cell cell) {
        return switch (column.type()) {
            case TEXT -> "exact";
            case INTEGER -> 0L;
            case REALS -> new double[] {1};
            case REAL ->
                column.name().startsWith("ratio")
                        ? ratio(cell)
                        : column.name().startsWith("kernel_change")
                                ? change(cell)
                                : column.name().endsWith("_accuracy") ? 1 - error(cell) : 0.5;
        };
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "7, 6"})
    void randomnessOfTheKernel(int number, int panels) throws IOException {
        for (FigureStyle style : FigureStyle.values()) {
            DrawnFigure result = DrawnFigure.of(number, style, PaperFigureStructureTest::madeUp);
            Figure figure = result.pictures().get("");
            assertThat(figure.panelCount()).isEqualTo(panels);
            assertThat(figure.description()).contains("tanh", "ReLU", "depth L over σ_w²", "𝔼[Θ(x, x)²]");
            List<Cell> cells = DrawnFigure.spec(number).cells();
            // Ours shows the ratio less 1 over four decades, the paper's style what the paper shows.
            boolean papers = style == FigureStyle.PAPER;
            ColorScale scale =
                    papers ? style.ratio() : style.aroundLog(1, 1e-2, 1e2).open(true, true);
            assertThat(coloursAgree(figure, cells, scale, cell -> ratio(cell) - (papers ? 0 : 1)))
                    .isGreaterThan(cells.size() / 2);
            assertThat(result.caption().toMarkdown())
                    .contains("seed", "version", "draw figure " + number + " again", "σ\\_b²");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3, 2, kernel change",
        "4, 2, kernel change",
        "8, 4, t = 10",
        "9, 4, t = 10",
        "10, 3, M = 128",
        "11, 3, M = 512"
    })
    void changeOfTheKernel(int number, int panels, String title) throws IOException {
        for (FigureStyle style : FigureStyle.values()) {
            DrawnFigure result = DrawnFigure.of(number, style, PaperFigureStructureTest::madeUp);
            Figure figure = result.pictures().get("");
            assertThat(figure.panelCount()).isEqualTo(panels);
            assertThat(figure.description()).contains(title, "depth L over σ_w²", "‖Θᵗ − Θ⁰‖");
            List<Cell> cells = DrawnFigure.spec(number).cells();
            double least = number == 8 || number == 9 ? 1e-3 : 1e-2;
            ColorScale changes = style.aroundLog(0.1, least, 1).open(true, true);
            assertThat(coloursAgree(figure, cells, changes, PaperFigureStructureTest::change))
                    .isGreaterThan(cells.size() / 2);
            assertThat(result.caption().toMarkdown()).contains("seed", "learning rate", "draw figure " + number);
        }
    }

    /** A cell that diverged has a cross and no triangle, in the map of losses too; the key has both where both occur. */
    @Test
    void cellsThatDivergedBearOneSign() throws IOException {
        DrawnFigure result = DrawnFigure.of(
                4,
                FigureStyle.STANDARD,
                spec -> madeUp(spec).stream()
                        .map(PaperFigureStructureTest::tooFastInTheCorner)
                        .toList());
        HeatMapFigure figure = (HeatMapFigure) result.pictures().get("");
        for (int panel = 0; panel < 2; panel++) {
            CellGrid cells = figure.panel(panel).cells();
            int column = cells.columns() - 1;
            int row = cells.rows() - 1;
            assertThat(cells.value(column, row)).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(figure.panel(panel).mark(column, row)).isNull();
            assertThat(cells.value(column, 0)).isFinite();
            assertThat(figure.panel(panel).mark(column, 0)).isNotNull();
        }
    }

    /** At the largest weight variance the learning rate is unstable, in the deepest network the training diverges. */
    private static SweepRow tooFastInTheCorner(SweepRow row) {
        Cell cell = row.cell();
        boolean lost = cell.sigmaW2() == 4 && cell.depth() == 20;
        Object[] values = row.columns().stream()
                .map(column -> column.equals(KernelChangeQuantity.A_MAX)
                        ? Double.valueOf(cell.sigmaW2() == 4 ? 3 : 1)
                        : lost && column.equals(KernelChangeQuantity.CHANGE)
                                ? Double.valueOf(Double.POSITIVE_INFINITY)
                                : row.get(column))
                .toArray();
        return new SweepRow(
                cell,
                lost ? SweepRow.Status.DIVERGED : SweepRow.Status.OK,
                lost ? "made up" : null,
                1,
                row.columns(),
                Arrays.asList(values));
    }

    /** Made-up rows have risk 1 and rest on no network, so that no trained bias is resolved. */
    @Test
    void riskAndBias() throws IOException {
        DrawnFigure result = DrawnFigure.of(16, FigureStyle.STANDARD, PaperFigureStructureTest::madeUp);
        for (String suffix : List.of("", "-relu")) {
            HeatMapFigure figure = (HeatMapFigure) result.pictures().get(suffix);
            assertThat(figure.panelCount()).isEqualTo(4);
            assertThat(figure.description())
                    .contains("risk, trained", "risk, theory", "bias², trained", "bias², theory", "depth L over σ_w²");
            // The mean of 32 training targets misses 128 test targets by 0.0913 in the mean square.
            Rectangle2D area = figure.dataArea(0);
            Color corner =
                    new Color(FigureWriter.render(figure, 72).getRGB((int) area.getMaxX() - 4, (int) area.getY() + 4));
            assertThat(corner)
                    .isEqualTo(FigureStyle.STANDARD
                            .aroundLog(1, 1.0 / 30, 30)
                            .reversed()
                            .color(1 / 0.09130859375));
        }
        assertThat(result.caption().toMarkdown()).contains("seed", "draw figure 16 again");
    }

    @Test
    void errorsOfKernels() throws IOException {
        for (FigureStyle style : FigureStyle.values()) {
            DrawnFigure result = DrawnFigure.of(17, style, PaperFigureStructureTest::madeUp);
            Figure figure = result.pictures().get("");
            assertThat(figure.panelCount()).isEqualTo(4);
            assertThat(figure.description())
                    .contains("NTK, tanh", "NTK, ReLU", "NNGP, tanh", "NNGP, ReLU", "depth L over σ_w²");
            List<Cell> cells = DrawnFigure.spec(17).cells();
            ColorScale errors = style.sequential(0.02, 0.9).logarithmic();
            assertThat(coloursAgree(figure, cells, errors, PaperFigureStructureTest::error))
                    .isGreaterThan(cells.size() / 2);
            assertThat(result.caption().toMarkdown()).contains("seed", "ridge", "draw figure 17 again");
        }
    }

    /** Lists of made-up rows grow with their place; every correlation and every step is drawn. */
    @ParameterizedTest
    @CsvSource({
        "13, '', 4, chaotic",
        "13, -mean, 4, edge",
        "13, -map, 3, correlation 0.5",
        "14, '', 6, mean entry / Θ_d over step t",
        "14, -kernel, 9, t = 3000"
    })
    void figuresOfTheSequel(int number, String suffix, int panels, String words) throws IOException {
        DrawnFigure result = DrawnFigure.of(number, FigureStyle.STANDARD, PaperFigureStructureTest::madeUpLists);
        Figure figure = result.pictures().get(suffix);
        assertThat(figure.panelCount()).isEqualTo(panels);
        assertThat(figure.description()).contains(words);
        assertThat(FigureWriter.render(figure, 40).getWidth()).isPositive();
        assertThat(result.caption().toMarkdown()).contains("seed", "biases trained", "draw figure " + number);
    }

    private static List<SweepRow> madeUpLists(SweepSpec spec) {
        List<SweepRow> rows = new ArrayList<>();
        for (Cell cell : spec.cells()) {
            Object[] values = spec.quantity().columns().stream()
                    .map(column -> column.type() == Column.Type.REALS ? list(column.name()) : value(column, cell))
                    .toArray();
            rows.add(new SweepRow(
                    cell, SweepRow.Status.OK, null, 1, spec.quantity().columns(), Arrays.asList(values)));
        }
        return rows;
    }

    private static double[] list(String column) {
        double[] list = new double[column.equals("theta") ? 6 * 100 * 100 : 6];
        double offset = column.endsWith("_low") ? 0.9 : column.endsWith("_high") ? 1.1 : 1;
        Arrays.setAll(list, k -> offset + k);
        return column.endsWith("steps") ? new double[] {0, 100, 500, 1000, 2000, 3000} : list;
    }

    /**
     * Compares the colours of cells with those of their numbers, in panels in the order of the cells' maps; all panels must
     * have equal axes and sizes.
     *
     * @return how many cells were compared: those that no border or edge of the picture hides
     */
    private static int coloursAgree(Figure figure, List<Cell> cells, ColorScale scale, Function<Cell, Double> number) {
        int dpi = 200;
        BufferedImage image = FigureWriter.render(figure, dpi);
        List<Object> maps = cells.stream()
                .<Object>map(cell -> List.of(cell.activation(), cell.sigmaB2(), cell.width()))
                .distinct()
                .toList();
        int compared = 0;
        for (Cell cell : cells) {
            int panel = maps.indexOf(List.of(cell.activation(), cell.sigmaB2(), cell.width()));
            assertThat(figure.xAxis(panel)).isEqualTo(figure.xAxis(0));
            assertThat(figure.yAxis(panel)).isEqualTo(figure.yAxis(0));
            Rectangle2D area = figure.dataArea(panel);
            assertThat(area.getWidth()).isEqualTo(figure.dataArea(0).getWidth());
            double x = area.getX() + area.getWidth() * Ticks.position(figure.xAxis(panel), cell.sigmaW2());
            double y = area.getMaxY() - area.getHeight() * Ticks.position(figure.yAxis(panel), cell.depth());
            Color seen = new Color(image.getRGB((int) (x * dpi / 72), (int) (y * dpi / 72)));
            Color expected = scale.color(number.apply(cell));
            boolean underBorder = seen.equals(Color.WHITE) || seen.equals(Pen.INK) || nearBorder(cell);
            if (!underBorder) {
                assertThat(seen).as(cell.toString()).isEqualTo(expected);
                compared++;
            }
        }
        return compared;
    }

    private static boolean nearBorder(Cell cell) {
        double border = new PhaseBoundary(cell.activation()).at(cell.sigmaB2()).sigmaW2();
        return Math.abs(cell.sigmaW2() - border) < 0.15;
    }

    @Test
    void figure2HasExactLinesPointsWithIntervalsAndTheLimit() throws IOException {
        DrawnFigure result = DrawnFigure.of(2, FigureStyle.STANDARD, PaperFigureStructureTest::exactOrMadeUp);
        LineFigure figure = (LineFigure) result.pictures().get("");
        assertThat(figure.panelCount()).isEqualTo(8);
        for (int panel = 0; panel < 8; panel++) {
            assertThat(figure.yAxis(panel).log()).isTrue();
            assertThat(figure.yAxis(panel)).isEqualTo(figure.yAxis(panel % 4));
            assertThat(figure.xAxis(panel)).isEqualTo(figure.xAxis(panel / 4 * 4));
            assertThat(figure.xAxis(panel).label()).isEqualTo(panel < 4 ? "depth $L$" : "$L / M$");
        }
        // The exact line of width 50 at (2, 0): every depth from 1 to 100.
        double last = Double.NaN;
        for (Series line : lines(figure, 2)) {
            if (line.size() == 100 && Double.isNaN(last)) {
                assertThat(line.x(99)).isEqualTo(100);
                last = line.y(99);
            }
        }
        double exact = ExactMoments.of(Architecture.constant(50, 50, 100), new Initialization(2, 0), 50)
                .ratio();
        assertThat(last).isCloseTo(exact, within(1e-9 * exact));
        // The limit at fixed L/M stands in panel g) alone.
        assertThat(lines(figure, 6)).hasSizeGreaterThan(lines(figure, 7).size());
        assertThat(figure.description()).contains("σ_w² = 2, σ_b² = 0", "over L / M");
    }

    @ParameterizedTest
    @CsvSource({"5", "6"})
    void kappaByDepth(int number) throws IOException {
        DrawnFigure result = DrawnFigure.of(number, FigureStyle.STANDARD, PaperFigureStructureTest::exactOrMadeUp);
        LineFigure figure = (LineFigure) result.pictures().get("");
        assertThat(figure.panelCount()).isEqualTo(6);
        for (int panel = 0; panel < 6; panel++) {
            assertThat(figure.xAxis(panel)).isEqualTo(figure.xAxis(0));
            List<Series> lines = lines(figure, panel);
            assertThat(lines)
                    .hasSize(21)
                    .allSatisfy(line -> assertThat(line.size()).isEqualTo(49));
            if (number == 6) {
                // Equal inputs: kappa_1 = kappa_2 at every depth.
                Series equal = lines.get(20);
                for (int k = 0; k < 49; k++) {
                    assertThat(equal.y(k)).isCloseTo(1, within(1e-9));
                }
            }
        }
        assertThat(result.pictures()).containsKey("-as-printed");
    }

    private static List<Series> lines(LineFigure figure, int panel) {
        return figure.series(panel).stream().map(SeriesPlot::series).toList();
    }
}
