package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.model.Activations;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import io.github.finitentk.sampling.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code E[Theta^2]/E[Theta]^2} over {@code sigma_w^2} and depth for tanh and ReLU: by the best method for each cell, by the
 * paper's 200 networks, and the error of the latter.
 */
final class Figure1 implements FigureRecipe {

    static final int PAPER_DRAWS = 200;

    private static final String BEST = "1";
    private static final String SAMPLED = "1-200-draws";

    @Override
    public int number() {
        return 1;
    }

    @Override
    public String title() {
        return "randomness of the NTK at initialisation";
    }

    static Grid grid(Scale scale) {
        boolean quick = scale == Scale.QUICK;
        return new Grid(
                List.of(Activations.TANH, Activations.RELU),
                List.of(1.0),
                quick ? List.of(50, 100) : List.of(50, 100, 200, 500),
                Grid.range(1, 6, quick ? 0.5 : 0.25),
                quick ? Grid.range(5, 50, 5) : Grid.range(2, 50, 2));
    }

    private static int draws(Scale scale) {
        return scale == Scale.QUICK ? 1000 : 2000;
    }

    @Override
    public List<FigureRun> runs(Scale scale, long seed) {
        List<FigureRun> runs = new ArrayList<>();
        runs.add(new FigureRun(BEST, sweep(scale, Method.AUTO, draws(scale), seed)));
        runs.add(new FigureRun(SAMPLED, sweep(scale, Method.CHAIN, PAPER_DRAWS, seed)));
        runs.addAll(SamplingErrorFigure.runs(scale, seed));
        return runs;
    }

    private static SweepSpec sweep(Scale scale, Method method, int draws, long seed) {
        return SweepSpec.of(new VarianceQuantity(method, draws), grid(scale), seed);
    }

    @Override
    public FigureResult draw(FigureContext context) {
        List<SweepRow> best = context.rows(BEST);
        List<SweepRow> sampled = context.rows(SAMPLED);
        List<Integer> widths = grid(context.scale()).widths();
        Caption caption = context.caption(number(), title())
                .text("Variance of the neural tangent kernel $\\Theta(x, x)$ over its squared mean (in the paper's"
                        + " style: second moment over squared mean) for random fully-connected networks of"
                        + " constant width $M$ and depth $L$. Dark red (in the paper's style black): the kernel is"
                        + " close to deterministic, its standard deviation a tenth of its mean or less. White:"
                        + " they are equal. Blue: the standard deviation exceeds the mean; darkest: tenfold (in"
                        + " the paper's style from 1.4 times on). Dots: the tail is so heavy that the number is"
                        + " too low more often than not. Dashed: $\\chi_1 = 1$. The picture with the suffix"
                        + " -200-draws is what the paper's 200 networks per cell show; the one with the suffix"
                        + " -error says how far they are from the truth.")
                .parameter("$\\sigma_b^2$", "1")
                .parameter("$|x|^2$", "$M_0 = M$")
                .parameter("widths $M$", Numbers.list(widths))
                .parameter(
                        "method",
                        "ReLU exact; tanh Rao-Blackwell with " + draws(context.scale())
                                + " forward passes, sequential Monte Carlo where the tail is heavy")
                .parameter("precision", "f64")
                .parameter("backend", context.backend())
                .build();
        Map<String, Figure> pictures = new LinkedHashMap<>();
        String networks = "Fully-connected networks of constant width at initialisation; ";
        pictures.put("", VarianceHeatMap.of(best, widths.size(), context.style(), networks + caption.parameterLine()));
        pictures.put(
                "-200-draws",
                VarianceHeatMap.of(
                        sampled,
                        widths.size(),
                        context.style(),
                        networks
                                + "$\\sigma_b^2 = 1$; $|x|^2 = M_0 = M$; the ratio of moments of 200 networks per cell,"
                                + " as in the paper; seed = " + context.seed() + "."));
        pictures.put("-error", SamplingErrorFigure.of(context));
        List<SweepRow> rows = new ArrayList<>(best);
        rows.addAll(sampled);
        return new FigureResult(number(), caption, pictures, FigureTable.ofVariance(rows), context.backendLine());
    }
}
