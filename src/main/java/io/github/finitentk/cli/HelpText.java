package io.github.finitentk.cli;

import java.util.List;

/** The page of a command as {@code --help} prints it, in lines of 80 columns that break between words only. */
final class HelpText {

    private static final int LINE = 80;
    private static final int COLUMN = 26;

    private final StringBuilder text = new StringBuilder();

    private HelpText() {}

    static String of(CommandPage page) {
        HelpText help = new HelpText();
        String usage = "Usage: " + page.name();
        help.wrap(usage, " ".repeat(usage.length() + 1), page.synopsis());
        help.text.append('\n');
        help.wrap("", "", words(page.summary()));
        help.section("", page.parameters());
        help.section("Options:", page.options());
        help.section(page.options().isEmpty() ? "Options:" : "Options of all commands:", page.common());
        if (!page.commands().isEmpty()) {
            help.text.append("\nCommands:\n");
            page.commands()
                    .forEach(command -> help.entry(
                            "  " + command.lastWord(),
                            command.brief() + (command.brief().endsWith("?") ? "" : ".")));
        }
        if (!page.examples().isEmpty()) {
            help.text.append("\nExamples:\n");
            for (Example example : page.examples()) {
                help.wrap("  #", "  # ", words(example.does() + ":"));
                help.text.append("  ").append(example.line()).append('\n');
            }
        }
        help.text.append('\n');
        help.wrap("", "", words(page.exitCodes()));
        return help.text.toString();
    }

    private void section(String heading, List<CommandPage.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        text.append('\n').append(heading).append(heading.isEmpty() ? "" : "\n");
        for (CommandPage.Entry entry : entries) {
            boolean noShortName = entry.names().size() == 1;
            entry("  " + (noShortName ? "    " : "") + entry.heading(), entry.description());
        }
    }

    private void entry(String heading, String description) {
        String indent = " ".repeat(COLUMN);
        if (heading.length() > COLUMN - 2) {
            text.append(heading).append('\n');
            heading = "";
        }
        wrap(heading + " ".repeat(COLUMN - 1 - heading.length()), indent, words(description));
    }

    private static List<String> words(String sentence) {
        return List.of(sentence.split(" +"));
    }

    /** @param first what the first line begins with; a blank follows it unless it is empty */
    private void wrap(String first, String indent, List<String> words) {
        StringBuilder line = new StringBuilder(first);
        boolean begun = !first.isBlank();
        for (String word : words) {
            if (line.length() + 1 + word.length() > LINE && begun) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
                line.append(word);
            } else {
                line.append(line.length() == 0 ? "" : " ").append(word);
            }
            begun = true;
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
