package io.github.finitentk.cli;

import java.util.List;

/** Completion for zsh: a function for each command, with what its options are. */
final class ZshCompletion {

    private final StringBuilder text = new StringBuilder();

    private ZshCompletion() {}

    static String of(CommandPage root) {
        ZshCompletion zsh = new ZshCompletion();
        zsh.text.append(
                "#compdef ntk\n# Completion of ntk for zsh: ntk completion zsh > DIR/_ntk, where DIR is in fpath\n");
        root.all().forEach(zsh::function);
        // Autoloaded, this file is the function; sourced, it says for what the function is.
        zsh.text.append("if [ \"$funcstack[1]\" = _ntk ]; then _ntk \"$@\"; else compdef _ntk ntk; fi\n");
        return zsh.text.toString();
    }

    private static String function(String command) {
        return "_" + command.replace(' ', '_');
    }

    private void function(CommandPage page) {
        text.append("\n").append(function(page.name())).append("() {\n");
        if (!page.commands().isEmpty()) {
            text.append("  local state line\n  local -a commands\n  commands=(\n");
            page.commands()
                    .forEach(command -> text.append("    ")
                            .append(quoted(command.lastWord() + ":" + command.brief()))
                            .append('\n'));
            text.append("  )\n");
        }
        text.append("  _arguments -s ")
                .append(page.commands().isEmpty() ? "" : "-C ")
                .append("\\\n");
        page.options().forEach(this::option);
        page.common().forEach(this::option);
        if (page.commands().isEmpty()) {
            page.parameters().forEach(parameter -> line("*" + argument(parameter)));
            text.append("    && return\n");
        } else {
            line("1:command:->command");
            line("*::argument:->argument");
            text.append("    && return\n  case $state in\n    command) _describe -t commands command commands ;;\n");
            text.append("    argument)\n      case $words[1] in\n");
            for (CommandPage command : page.commands()) {
                text.append("        ")
                        .append(command.lastWord())
                        .append(") ")
                        .append(function(command.name()))
                        .append(" ;;\n");
            }
            text.append("      esac ;;\n  esac\n");
        }
        text.append("}\n");
    }

    private void option(CommandPage.Entry option) {
        for (String name : option.names()) {
            List<String> others = option.names();
            String excluded = others.size() > 1 ? "(" + String.join(" ", others) + ")" : "";
            String what =
                    CommandPage.clause(option.description()).replace("[", "\\[").replace("]", "\\]");
            line(excluded + name + "[" + what + "]" + (option.takesValue() ? argument(option) : ""));
        }
    }

    /** {@code :RUN.db:_files}. */
    private static String argument(CommandPage.Entry entry) {
        String action =
                entry.isFile() ? "_files" : entry.words().isEmpty() ? " " : "(" + String.join(" ", entry.words()) + ")";
        return ":" + entry.label().replace(":", "\\:") + ":" + action;
    }

    private void line(String specification) {
        text.append("    ").append(quoted(specification)).append(" \\\n");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
