package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.internal.Version;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a figure is drawn from.
 *
 * @param scale how fine its grid is
 * @param style its colours
 * @param millimetres the width of its pictures
 * @param seed of all random numbers
 * @param command what draws it again, for the caption; empty if no command does
 * @param runs the figure's finished runs, by name
 */
record FigureContext(
        Scale scale,
        FigureStyle style,
        double millimetres,
        long seed,
        Optional<String> command,
        Map<String, FinishedRun> runs) {

    /** What a figure's files are called, without their endings: no choice of scale, style and width overwrites another's. */
    String fileName(int number) {
        return number
                + (scale == Scale.QUICK ? "" : "-scale-" + scale.label())
                + (style == FigureStyle.STANDARD ? "" : "-style-" + style.name().toLowerCase(Locale.ROOT))
                + (millimetres == PaperFigure.WIDTH ? "" : "-" + Numbers.plain(millimetres) + "mm");
    }

    /** The cells of a run in grid order. */
    List<SweepRow> rows(String run) {
        return runs.get(run).rows();
    }

    /** The backend that computed the runs: {@code native} or {@code java}. */
    String backend() {
        return manifest("backend");
    }

    /** Name and description of the backend. */
    String backendLine() {
        return backend() + ": " + manifest("backend_description");
    }

    private String manifest(String key) {
        return runs.values().stream()
                .map(run -> run.manifest().getOrDefault(key, "unknown"))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** A caption with seed, version and the command that draws the figure again. */
    Caption.Builder caption(int number, String title) {
        Caption.Builder caption = Caption.builder()
                .title("Figure " + number + ": " + title)
                .seed(seed)
                .version(Version.text());
        return command.map(caption::command).orElse(caption);
    }
}
