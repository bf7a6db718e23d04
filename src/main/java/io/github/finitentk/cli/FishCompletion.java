package io.github.finitentk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Completion for fish: a line for each option and command, with what it is. */
final class FishCompletion {

    private final StringBuilder text = new StringBuilder();

    private FishCompletion() {}

    static String of(CommandPage root) {
        FishCompletion fish = new FishCompletion();
        fish.text.append("# Completion of ntk for fish: ntk completion fish > ~/.config/fish/completions/ntk.fish\n");
        fish.text.append("complete -c ntk -f\n");
        root.common().forEach(option -> fish.option("", option));
        fish.below(root, List.of());
        return fish.text.toString();
    }

    private void below(CommandPage page, List<String> above) {
        List<String> words = page.commands().stream().map(CommandPage::lastWord).toList();
        String here = seen(above)
                + (words.isEmpty()
                        ? ""
                        : (above.isEmpty() ? "" : "; and ") + "not " + seen(List.of(String.join(" ", words))));
        for (CommandPage command : page.commands()) {
            line(here, "-a " + command.lastWord() + " -d " + quoted(command.brief()));
        }
        for (CommandPage command : page.commands()) {
            List<String> path = new ArrayList<>(above);
            path.add(command.lastWord());
            command.options().forEach(option -> option(seen(path), option));
            for (CommandPage.Entry parameter : command.parameters()) {
                if (parameter.isFile()) {
                    line(seen(path), "-F");
                } else if (!parameter.words().isEmpty()) {
                    line(seen(path), "-a " + quoted(String.join(" ", parameter.words())));
                }
            }
            if (!command.commands().isEmpty()) {
                below(command, path);
            }
        }
    }

    private void option(String condition, CommandPage.Entry option) {
        String names = option.names().stream()
                .map(name -> name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
                .collect(Collectors.joining(" "));
        String value = !option.takesValue()
                ? ""
                : option.isFile()
                        ? " -r -F"
                        : option.words().isEmpty() ? " -x" : " -x -a " + quoted(String.join(" ", option.words()));
        line(condition, names + value + " -d " + quoted(CommandPage.clause(option.description())));
    }

    private void line(String condition, String rest) {
        text.append("complete -c ntk ");
        if (!condition.isEmpty()) {
            text.append("-n ").append(quoted(condition)).append(' ');
        }
        text.append(rest).append('\n');
    }

    // All these commands stand in the line.
    private static String seen(List<String> commands) {
        return commands.stream()
                .map(command -> "__fish_seen_subcommand_from " + command)
                .collect(Collectors.joining("; and "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
