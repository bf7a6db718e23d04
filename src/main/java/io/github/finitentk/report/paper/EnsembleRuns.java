package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.report.Caption;
import java.util.Map;

/** What the figures of trained ensembles, 12 and 16, have in common. */
final class EnsembleRuns {

    static final double SIGMA_B2 = 1;

    private EnsembleRuns() {}

    static Quantity quantity(int samples, int tests, int networks) {
        return Quantity.of(
                "ensemble", Map.of("samples", (long) samples, "tests", (long) tests, "networks", (long) networks));
    }

    /** A caption with all settings, without its text. */
    static Caption.Builder caption(FigureContext context, FigureRecipe figure, int width, Quantity quantity) {
        Map<String, Object> settings = quantity.settings();
        return context.caption(figure.number(), figure.title())
                .parameter("$M$", width)
                .parameter("$\\sigma_b^2$", Numbers.plain(SIGMA_B2))
                .parameter("networks", settings.get("networks").toString())
                .parameter("data", quantity.conventions().get("input"))
                .parameter("loss", quantity.conventions().get("loss"))
                .parameter(
                        "training",
                        "gradient descent at " + Numbers.plain((Double) settings.get("relative_rate"))
                                + " of each network's largest stable rate, to $t \\lambda_{max}(\\Theta^*) / S = "
                                + Numbers.plain((Double) settings.get("duration")) + "$")
                .parameter("precision", "f64")
                .parameter("backend", context.backend());
    }
}
