package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A figure of the paper at quick scale, drawn from given rows.
 *
 * @param pictures by the suffix of the file's name
 * @param caption its words
 */
public record DrawnFigure(Map<String, Figure> pictures, Caption caption) {

    private static final Map<String, String> MANIFEST = Map.of("backend", "java", "backend_description", "made up");

    public static DrawnFigure of(int number, FigureStyle style, Function<SweepSpec, List<SweepRow>> rows)
            throws IOException {
        FigureRecipe figure = FigureRecipes.of(number);
        Map<String, FinishedRun> runs = new HashMap<>();
        figure.runs(Scale.QUICK, 0)
                .forEach(run -> runs.put(run.name(), new FinishedRun(MANIFEST, rows.apply(run.spec()))));
        FigureResult result = figure.draw(new FigureContext(
                Scale.QUICK, style, PaperFigure.WIDTH, 0, Optional.of("draw figure " + number + " again"), runs));
        return new DrawnFigure(result.pictures(), result.caption());
    }

    /** What its first run computes. */
    public static SweepSpec spec(int number) {
        return FigureRecipes.of(number).runs(Scale.QUICK, 0).get(0).spec();
    }
}
