package io.github.finitentk.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command. */
@Example(does = "the paper's figure 1", line = "ntk figure 1")
@Example(
        does = "how random the kernel of one network is",
        line = "ntk variance --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 50 --width 100")
@Example(does = "what a command does and takes", line = "ntk help variance")
@Command(
        name = "ntk",
        description = "For which finite networks can Neural Tangent Kernel theory be trusted?",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        scope = picocli.CommandLine.ScopeType.INHERIT,
        footer = {
            "Exit codes: 0 success, 1 failure, 2 bad usage or input, 130 interrupted, 75 stopped by a batch system"
                    + " (SIGTERM, SIGUSR1) and to be run again."
        })
final class NtkCommand implements Runnable {

    // In the order of ntk --help.
    private static final List<Class<?>> COMMANDS = List.of(
            FigureCommand.class,
            SweepCommand.class,
            MergeCommand.class,
            RunsCommand.class,
            ReportCommand.class,
            PlotCommand.class,
            ExportCommand.class,
            VarianceCommand.class,
            MomentsCommand.class,
            TheoryCommand.class,
            PhaseCommand.class,
            KernelCommand.class,
            SpectrumCommand.class,
            TrainCommand.class,
            TrackCommand.class,
            RegressCommand.class,
            TrustCommand.class,
            DoctorCommand.class,
            HelpCommand.class,
            CompletionCommand.class);

    private static final String PAGE = "page";

    @Mixin
    GlobalOptions options = new GlobalOptions();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing; ntk --help lists them.");
    }

    /** What parses any command line and knows all commands. */
    static CommandLine parser(NtkCommand root) {
        return parser(root, COMMANDS);
    }

    /**
     * What parses one command line. Reading the declarations of all commands takes longer than most commands take: a line that
     * begins with a command's name needs but those whose names occur in it.
     */
    static CommandLine parser(NtkCommand root, String... args) {
        List<String> words = List.of(args);
        boolean named = args.length > 0
                && COMMANDS.stream().anyMatch(command -> name(command).equals(args[0]));
        return parser(
                root,
                named
                        ? COMMANDS.stream()
                                .filter(command -> words.contains(name(command)))
                                .toList()
                        : COMMANDS);
    }

    private static CommandLine parser(NtkCommand root, List<Class<?>> commands) {
        CommandLine parser = new CommandLine(root);
        commands.forEach(parser::addSubcommand);
        return OptionTypes.register(parser)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setHelpSectionKeys(List.of(PAGE))
                .setHelpSectionMap(Map.of(
                        PAGE,
                        help -> HelpText.of(CommandPage.of(help.commandSpec().commandLine()))));
    }

    /** The names of all commands. */
    static List<String> names() {
        return COMMANDS.stream().map(NtkCommand::name).toList();
    }

    /** {@code figure} for {@code FigureCommand}, without reading its declaration. */
    private static String name(Class<?> command) {
        return command.getSimpleName().replace("Command", "").toLowerCase(Locale.ROOT);
    }
}
