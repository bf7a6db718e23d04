package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Scale;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.FigureStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a figure is drawn from.
 *
 * @param scale how fine its grid is
 * @param style its colours
 * @param seed of all random numbers
 * @param version of this software, for the caption
 * @param runs the figure's finished runs, by name
 */
public record FigureContext(Scale scale, FigureStyle style, long seed, String version, Map<String, FinishedRun> runs) {

    /** {@code quick} or {@code paper}. */
    public String scaleLabel() {
        return scale.name().toLowerCase(Locale.ROOT);
    }

    /** What a figure's files are called, without their endings: no choice of scale and style overwrites another's. */
    public String fileName(int number) {
        return number
                + (scale == Scale.QUICK ? "" : "-scale-" + scaleLabel())
                + (style == FigureStyle.STANDARD ? "" : "-style-" + style.name().toLowerCase(Locale.ROOT));
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
        return Caption.builder()
                .title("Figure " + number + ": " + title)
                .seed(seed)
                .version(version)
                .command("ntk figure " + number + " --scale " + scaleLabel() + " --seed " + seed
                        + (style == FigureStyle.STANDARD
                                ? ""
                                : " --style " + style.name().toLowerCase(Locale.ROOT)));
    }
}
