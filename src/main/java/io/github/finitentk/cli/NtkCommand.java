package io.github.finitentk.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command. */
@Command(
        name = "ntk",
        description = "For which finite networks can Neural Tangent Kernel theory be trusted?",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        scope = picocli.CommandLine.ScopeType.INHERIT,
        subcommands = {
            FigureCommand.class,
            SweepCommand.class,
            RunsCommand.class,
            ReportCommand.class,
            ExportCommand.class,
            VarianceCommand.class,
            MomentsCommand.class,
            TheoryCommand.class,
            PhaseCommand.class,
            KernelCommand.class,
            TrainCommand.class,
            RegressCommand.class,
            TrustCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        },
        footer = {"", "Exit codes: 0 success, 1 failure, 2 bad usage or input, 130 interrupted."})
final class NtkCommand implements Runnable {

    @Mixin
    GlobalOptions options = new GlobalOptions();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing; ntk --help lists them.");
    }

    /** What parses command lines. */
    static CommandLine parser(NtkCommand root) {
        return OptionTypes.register(new CommandLine(root))
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
