package io.github.finitentk.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk completion}. */
@Command(
        name = "completion",
        description = "Print a script with which a shell completes the commands and options of ntk.")
@Example(does = "for this session of bash (or zsh)", line = "source <(ntk completion)")
@Example(does = "for zsh, in a folder of its fpath", line = "ntk completion zsh > _ntk")
@Example(does = "for fish, where it looks", line = "ntk completion fish > ~/.config/fish/completions/ntk.fish")
final class CompletionCommand implements Callable<Integer> {

    /** A shell. */
    enum Shell {
        /** Its script works in zsh, too, there without descriptions. */
        BASH(commands -> AutoComplete.bash("ntk", commands)),
        ZSH(commands -> ZshCompletion.of(CommandPage.of(commands))),
        FISH(commands -> FishCompletion.of(CommandPage.of(commands)));

        private final Function<CommandLine, String> script;

        Shell(Function<CommandLine, String> script) {
            this.script = script;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParentCommand
    private NtkCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "bash|zsh|fish",
            defaultValue = "bash",
            description = "The shell (default: ${DEFAULT-VALUE}).")
    private Shell shell;

    @Override
    public Integer call() {
        // A parser of its own: the one that read this line knows no other commands.
        root.options
                .out()
                .println(shell.script.apply(NtkCommand.parser(new NtkCommand())).stripTrailing());
        return 0;
    }
}
