package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.Ntk;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.store.RunReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {

    @TempDir
    static Path folder;

    private static Path ratios;
    private static Path theory;

    @BeforeAll
    static void runs() {
        ratios = folder.resolve("ratios.db");
        theory = folder.resolve("theory.db");
        try (Ntk ntk = Ntk.builder().backend("java").threads(1).build()) {
            ntk.sweep(SweepSpec.builder("variance")
                            .activations(Activations.RELU, Activations.TANH)
                            .sigmaW2(1, 2, 3)
                            .sigmaB2(0.5)
                            .depths(2, 3, 4, 5)
                            .widths(6, 8)
                            .set("draws", 50)
                            .set("method", "chain")
                            .build())
                    .to(ratios)
                    .run();
            ntk.sweep(SweepSpec.builder("theory")
                            .activations(Activations.TANH)
                            .sigmaW2(1, 2, 3)
                            .sigmaB2(0, 0.25, 0.5)
                            .depths(4)
                            .widths(100)
                            .set("c0", List.of(0.0, 0.5))
                            .build())
                    .to(theory)
                    .run();
        }
    }

    private static Plot.Drawing draw(Path run, Function<Plot, Plot> options) {
        try (RunReader reader = RunReader.open(run)) {
            return options.apply(Plot.of(reader)).draw();
        }
    }

    @Test
    void twoAxesMakeMapsAndWhatElseVariesHasPanels() {
        Plot.Drawing drawing = draw(ratios, plot -> plot);
        HeatMapFigure figure = (HeatMapFigure) drawing.figure();
        assertThat(drawing.isMap()).isTrue();
        assertThat(figure.panelCount()).isEqualTo(4);
        assertThat(figure.width() / 72 * 25.4).isCloseTo(170, within(1e-9));
        assertThat(List.of(0, 1, 2, 3))
                .extracting(k -> figure.panel(k).title())
                .containsExactly("ReLU, $M = 6$", "ReLU, $M = 8$", "tanh, $M = 6$", "tanh, $M = 8$");
        assertThat(figure.xAxis(0).label()).isEqualTo("$\\sigma_w^2$");
        assertThat(figure.yAxis(0).label()).isEqualTo("depth $L$");
        assertThat(figure.panel(2).borderX()[0])
                .isEqualTo(new PhaseBoundary(Activations.TANH).at(0.5).sigmaW2());
        assertThat(figure.panel(0).borderX()[0]).isEqualTo(2);
        assertThat(drawing.caption().toMarkdown())
                .contains("a panel for each activation and width M", "| σ\\_b² | 0.5 |", "| draws | 50 |");
    }

    @Test
    void theTableHasWhatIsDrawnAndTheExactMoments() throws Exception {
        Plot.Drawing drawing =
                draw(ratios, plot -> plot.where("activation", "relu").where("width", "8"));
        assertThat(drawing.figure().panelCount()).isEqualTo(1);
        assertThat(drawing.headings())
                .containsExactly(
                        "activation",
                        "sigma_w2",
                        "sigma_b2",
                        "depth",
                        "width",
                        "column",
                        "value",
                        "low",
                        "high",
                        "exact",
                        "status");
        assertThat(drawing.table()).hasSize(12);
        double exact = ExactMoments.of(Architecture.constant(8, 8, 3), new Initialization(2, 0.5), 8)
                .ratio();
        List<Object> row = drawing.table().stream()
                .filter(each -> each.get(1).equals(2.0) && each.get(3).equals(3L))
                .findFirst()
                .orElseThrow();
        assertThat((Double) row.get(9)).isEqualTo(exact);
        HeatMapFigure figure = (HeatMapFigure) drawing.figure();
        assertThat(figure.panel(0).cells().value(1, 1)).isEqualTo(row.get(6));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        drawing.writeCsv(out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(13)
                .first()
                .asString()
                .startsWith("activation,sigma_w2");
    }

    @Test
    void linesHaveIntervalsExactMomentsAndAKey() {
        Plot.Drawing drawing =
                draw(ratios, plot -> plot.x("depth").lines("width").panels("activation"));
        LineFigure figure = (LineFigure) drawing.figure();
        assertThat(drawing.isMap()).isFalse();
        // Of three weight variances, which nobody gave a place, each has its panels.
        assertThat(figure.panelCount()).isEqualTo(6);
        List<Series> relu = figure.series(0).stream().map(SeriesPlot::series).toList();
        assertThat(relu).extracting(Series::label).contains("$M = 6$", "exact", "$M = 8$");
        assertThat(relu.get(0).hasInterval()).isTrue();
        assertThat(relu.get(0).size()).isEqualTo(4);
        List<Series> tanh = figure.series(3).stream().map(SeriesPlot::series).toList();
        assertThat(tanh).extracting(Series::label).doesNotContain("exact");
        assertThat(drawing.caption().toMarkdown()).contains("95 % interval", "exact moments");
    }

    @Test
    void overWeightVariancesTheBorderIsALine() {
        Plot.Drawing drawing = draw(
                ratios,
                plot -> plot.x("sigma_w2")
                        .lines("depth")
                        .where("activation", "relu")
                        .where("width", "8"));
        Series border = ((LineFigure) drawing.figure()).series(0).get(0).series();
        assertThat(border.label()).contains("\\chi_1 = 1");
        assertThat(border.x(0)).isEqualTo(2).isEqualTo(border.x(1));
    }

    @Test
    void columnsMayBeEntriesOfListsAndInUnitsOfOthers() {
        Plot.Drawing map = draw(theory, plot -> plot.value("kappa2[2]", "q_star"));
        HeatMapFigure figure = (HeatMapFigure) map.figure();
        assertThat(figure.panelCount()).isEqualTo(2);
        // The border is a curve where both variances are axes.
        assertThat(figure.panel(0).borderX()).hasSizeGreaterThan(20);
        assertThat(figure.yAxis(0).label()).isEqualTo("$\\sigma_b^2$");
        Plot.Drawing lines = draw(
                ratios, plot -> plot.x("depth/width").where("sigma_w2", "2").where("activation", "relu"));
        assertThat(lines.figure().xAxis(0).label()).isEqualTo("$L$ / $M$");
        assertThat(lines.headings()).contains("depth/width");
        assertThat(((LineFigure) lines.figure()).series(0).get(0).series().x(0)).isEqualTo(2.0 / 6);
    }

    @Test
    void scalesAndLimitsAreAsWanted() {
        Plot.Drawing map = draw(
                ratios,
                plot -> plot.limits(1, 100)
                        .logarithmic(Plot.Scale.VALUE, Plot.Scale.Y)
                        .width(85));
        assertThat(map.figure().yAxis(0).log()).isTrue();
        assertThat(map.figure().width()).isCloseTo(Figure.ONE_COLUMN, within(1e-9));
        Plot.Drawing lines = draw(ratios, plot -> plot.x("depth").limits(Double.NaN, 9));
        assertThat(lines.figure().yAxis(0).high()).isEqualTo(9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draw(ratios, plot -> plot.limits(-1, 2).logarithmic(Plot.Scale.VALUE)))
                .withMessageContaining("cannot begin at -1");
        assertThatIllegalArgumentException().isThrownBy(() -> draw(ratios, plot -> plot.limits(2, 2)));
    }

    @Test
    void whatCannotBeDrawnIsSaidInOneSentence() {
        refused(ratios, plot -> plot.value("rato"), "did you mean ratio? It has activation, ");
        refused(ratios, plot -> plot.x("sigma_w"), "did you mean sigma_w2?");
        refused(ratios, plot -> plot.panels("ratio"), "The run has no axis ratio");
        refused(ratios, plot -> plot.value("method"), "holds texts");
        refused(ratios, plot -> plot.x("depth").y("depth"), "has two places");
        refused(ratios, plot -> plot.y("depth").lines("width"), "has no lines");
        refused(ratios, plot -> plot.where("width", "7"), "it has width 6, 8.");
        refused(ratios, plot -> plot.x("depth").style(FigureStyle.PAPER), "whose colours no style changes");
        refused(ratios, plot -> plot.x("mean").y("method"), "holds texts");
        refused(theory, plot -> plot.value("kappa2"), "name an entry, such as kappa2[1]");
        refused(theory, plot -> plot.value("kappa2[9]"), "no finite number");
        refused(theory, plot -> plot.value("q_star[1]"), "holds no lists");
        refused(
                theory,
                plot -> plot.y("depth").where("sigma_w2", "1").where("sigma_b2", "0"),
                "A map needs two columns");
    }

    private static void refused(Path run, Function<Plot, Plot> options, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draw(run, options))
                .withMessageContaining(words)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    @Test
    void oneCellIsAPointAndEqualNumbersHaveAColour() {
        Plot.Drawing point = draw(
                ratios,
                plot -> plot.where("activation", "relu")
                        .where("width", "8")
                        .where("sigma_w2", "2")
                        .where("depth", "3"));
        assertThat(point.isMap()).isFalse();
        assertThat(point.table()).hasSize(1);
        Plot.Drawing equal = draw(ratios, plot -> plot.value("draws"));
        assertThat(equal.isMap()).isTrue();
        for (Plot.Drawing each : List.of(point, equal)) {
            assertThat(FigureWriter.render(each.figure(), 100).getWidth()).isPositive();
        }
    }

    @Test
    void cellsThatAreNotComputedAreMissing() {
        Path begun = folder.resolve("begun.db");
        boolean[] stop = {false};
        SweepSpec spec = SweepSpec.builder("variance")
                .activations(Activations.RELU)
                .sigmaW2(1, 2, 3, 4)
                .sigmaB2(0.5)
                .depths(2, 3)
                .widths(6)
                .set("method", "exact")
                .build();
        try (Ntk ntk = Ntk.builder().backend("java").threads(1).build()) {
            ntk.sweep(spec)
                    .to(begun)
                    .listener(state -> stop[0] |= state.done() > 0)
                    .cancel(() -> stop[0])
                    .run();
        }
        try (RunReader reader = RunReader.open(begun)) {
            int finished = reader.counts().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            assertThat(finished).isBetween(1, 7);
            HeatMapFigure figure = (HeatMapFigure) Plot.of(reader).draw().figure();
            assertThat(figure.panel(0).cells().columns()).isEqualTo(4);
            int missing = 0;
            for (int k = 0; k < 8; k++) {
                missing += Double.isNaN(figure.panel(0).cells().value(k % 4, k / 4)) ? 1 : 0;
            }
            assertThat(missing).isEqualTo(8 - finished);
        }
    }
}
