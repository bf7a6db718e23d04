package io.github.finitentk.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code ntk completion}. */
@Command(name = "completion", description = "Print a completion script for bash and zsh: source <(ntk completion).")
final class CompletionCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Override
    public Integer call() {
        // A parser of its own: the one that read this line knows no other commands.
        root.options.out().println(AutoComplete.bash("ntk", NtkCommand.parser(new NtkCommand())));
        return 0;
    }
}
