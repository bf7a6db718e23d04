package io.github.finitentk.report.paper;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.WorkerPool;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Scale;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.FigureStyle;
import java.util.Locale;

/**
 * What a figure is computed with.
 *
 * @param scale how fine its grid is
 * @param style its colours
 * @param seed of all random numbers
 * @param backend that computes networks
 * @param workers that cells are spread over
 * @param progress hears how far it is
 * @param version of this software, for the caption
 */
public record FigureContext(
        Scale scale,
        FigureStyle style,
        long seed,
        Backend backend,
        WorkerPool workers,
        Progress progress,
        String version) {

    /** {@code quick} or {@code paper}. */
    public String scaleLabel() {
        return scale.name().toLowerCase(Locale.ROOT);
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
