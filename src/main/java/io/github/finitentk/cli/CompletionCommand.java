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
        root.options.out().println(AutoComplete.bash("ntk", root.spec.commandLine()));
        return 0;
    }
}
