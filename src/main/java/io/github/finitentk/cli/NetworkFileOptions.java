package io.github.finitentk.cli;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Network.FileLayout;
import io.github.finitentk.model.Network.WeightLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say about files of networks what names and shapes may leave open. */
final class NetworkFileOptions {

    /** Those that have no effect where no file is read. */
    static final List<String> NAMES = List.of("--layer-names", "--weight-layout");

    @Option(
            names = "--layer-names",
            split = ",",
            paramLabel = "N1,N2,...",
            description =
                    "In files of networks: the layers to read, in the order in which inputs go through them, for example fc1,fc2,head"
                            + " (default: all, in the order of the numbers in their names and as their shapes fit).")
    private List<String> layerNames = List.of();

    @Option(
            names = "--weight-layout",
            completionCandidates = OptionTypes.WeightLayouts.class,
            paramLabel = "out-in|in-out",
            description =
                    "In files of networks: weights lie as in PyTorch (out-in) or as in Keras, Flax and scikit-learn (in-out)"
                            + " (default: as their shapes allow and their names say).")
    private WeightLayout weightLayout;

    /** The network in a file, and on standard error how it was read, unless it is one of ours with all biases. */
    Network read(Path file, Activation activation, GlobalOptions options) {
        Network network = Network.read(file, layout());
        network.origin()
                .filter(origin -> !origin.startsWith("W1 ")
                        || !origin.endsWith(WeightLayout.OUT_IN.label())
                        || origin.contains("no biases"))
                .ifPresent(origin -> options.message(file + ": " + origin));
        return network.with(activation);
    }

    /** What they say. */
    FileLayout layout() {
        return new FileLayout(layerNames, Optional.ofNullable(weightLayout));
    }

    /** Refuses these options where no file is read. */
    static void refuse(CommandSpec command, String because) {
        GlobalOptions.refuseWithoutEffect(command, because, NAMES);
    }
}
