package io.github.finitentk.report.paper;

import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Axis;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.ColorScale;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.LineFigure;
import io.github.finitentk.report.Series;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What figures 5 and 6 share: rows a) erf, b) ReLU; columns of phases; one line per initial covariance. */
abstract class KappaFigure implements FigureRecipe {

    /** The label of the vertical axis, in markup. */
    abstract String quantity();

    /** The value shown, by depth 2 ... 50. */
    abstract double[] values(KappaCurves.Panel panel, int covariance);

    /** Whether a panel spans orders of magnitude. */
    abstract boolean logarithmic(KappaCurves.Panel panel);

    /** Figures 5 and 6 share their runs. */
    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        return KappaCurves.runs(seed);
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<KappaCurves.Panel> erf = KappaCurves.corrected(context, Activations.ERF);
        List<KappaCurves.Panel> relu = KappaCurves.corrected(context, Activations.RELU);
        List<KappaCurves.Panel> printed = KappaCurves.asPrinted(context);
        Caption caption = context.caption(number(), title())
                .text("Infinite-width theory (Lemma 2) for two normalised inputs; one line per initial covariance of"
                        + " the inputs, dashed for equal ones. The picture with the suffix -as-printed compares"
                        + " the erf recursion of Appendix E.2 as the paper prints it with the corrected one.")
                .parameter("$\\sigma_b^2$", "1")
                .parameter("$q^0$", "1")
                .parameter("precision", "f64, closed forms")
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        String setting = "Infinite-width theory, constant width, normalised inputs ($q^0 = 1$), $\\sigma_b^2 = 1$. ";
        pictures.put(
                "", figure(concat(erf, relu), "", setting + "Columns: $\\chi_1 < 1$, $\\chi_1 = 1$, $\\chi_1 > 1$."));
        pictures.put(
                "-as-printed",
                figure(
                        concat(erf, printed),
                        " (as printed)",
                        setting + "Upper row: the corrected erf recursion. Lower row: the recursion of Appendix E.2 as"
                                + " printed, whose $q_{sr}$ does not reach $q$ even for equal inputs."));
        return new FigureResult(
                number(), caption, pictures, KappaCurves.table(concat(concat(erf, relu), printed)), "closed forms");
    }

    private static List<KappaCurves.Panel> concat(List<KappaCurves.Panel> first, List<KappaCurves.Panel> second) {
        List<KappaCurves.Panel> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private Figure figure(List<KappaCurves.Panel> panels, String printedSuffix, String caption) {
        LineFigure.Builder figure = LineFigure.builder()
                .columns(3)
                .xAxis(Axis.linear("depth $L$").between(0, KappaCurves.MAX_DEPTH), Axis.Sharing.ALL)
                .yAxis(Axis.linear(quantity()), Axis.Sharing.NONE)
                .scale(ColorScale.viridis(0, 1).darkest(0.9), "initial covariance $x_s \\cdot x_r / M_0$")
                .caption(caption);
        double[] depths = KappaCurves.depths();
        for (KappaCurves.Panel panel : panels) {
            List<Series> lines = new ArrayList<>();
            for (int c = 0; c < KappaCurves.COVARIANCES.size(); c++) {
                double covariance = KappaCurves.COVARIANCES.get(c);
                lines.add(
                        covariance < 1
                                ? Series.line("", depths, values(panel, c)).withParameter(covariance)
                                : Series.line("equal inputs, $x_s \\cdot x_r / M_0 = 1$", depths, values(panel, c))
                                        .withLine(Series.Line.DASHED)
                                        .withColor(Color.BLACK));
            }
            String title = panel.title() + (panel.recursion().equals("as printed") ? printedSuffix : "");
            LineFigure.Panel lined = LineFigure.Panel.of(title, lines);
            figure.panel(logarithmic(panel) ? lined.withY(Axis.log(quantity())) : lined);
        }
        return figure.build();
    }
}
