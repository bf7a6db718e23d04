package io.github.finitentk.report.paper;

import io.github.finitentk.report.Caption;

/** What the figures of trained ensembles, 12 and 16, say of their runs. */
final class EnsembleRuns {

    private EnsembleRuns() {}

    /** A caption with all settings, without its text. */
    static Caption.Builder caption(
            FigureContext context, FigureRecipe figure, int width, int samples, int tests, int networks) {
        return context.caption(figure.number(), figure.title())
                .parameter("$M$", width)
                .parameter("$\\sigma_b^2$", "1")
                .parameter("networks", networks)
                .parameter(
                        "data",
                        "MNIST, trained on images 1 to " + samples + ", tested on the next " + tests
                                + ", each scaled to $|x|^2 = M_0 = 784$, targets digit/10")
                .parameter(
                        "training",
                        "gradient descent on the loss $1/(2S) |f - y|^2$ at 0.2 of each network's largest stable rate, to"
                                + " $t \\lambda_{max}(\\Theta^*) / S = 1000$")
                .parameter("precision", "f64")
                .parameter("backend", context.backend());
    }
}
