package io.github.finitentk.cli;

import java.util.List;

/** The page of a command in Markdown, for the reference of the documentation. */
final class MarkdownPage {

    private final StringBuilder text = new StringBuilder();

    private MarkdownPage() {}

    static String of(CommandPage page) {
        MarkdownPage markdown = new MarkdownPage();
        markdown.line("# " + page.name()).line("").line(escaped(page.summary())).line("");
        markdown.line("```text")
                .line(page.name() + " " + String.join(" ", page.synopsis()))
                .line("```")
                .line("");
        if (!page.commands().isEmpty()) {
            markdown.line("## Commands").line("");
            markdown.line("| command | |").line("|---|---|");
            for (CommandPage command : page.commands()) {
                markdown.line("| [`" + command.name() + "`](" + command.name().replace(' ', '-') + ".md) | "
                        + escaped(command.summary()) + " |");
            }
            markdown.line("");
        }
        if (!page.examples().isEmpty()) {
            markdown.line("## Examples").line("");
            for (Example example : page.examples()) {
                String does = example.does();
                markdown.line(escaped(Character.toUpperCase(does.charAt(0)) + does.substring(1)) + ":")
                        .line("");
                markdown.line("```sh").line(example.line()).line("```").line("");
            }
        }
        markdown.entries("Arguments", page.parameters());
        markdown.entries("Options", page.options());
        markdown.entries(page.options().isEmpty() ? "Options" : "Options of all commands", page.common());
        return markdown.line("## Exit codes")
                .line("")
                .line(escaped(page.exitCodes()))
                .text
                .toString();
    }

    private MarkdownPage line(String line) {
        text.append(line).append('\n');
        return this;
    }

    private void entries(String title, List<CommandPage.Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        line("## " + title).line("").line("| | |").line("|---|---|");
        for (CommandPage.Entry entry : entries) {
            String heading = entry.heading().replace("|", "\\|");
            line("| `" + heading + "`" + (entry.required() && !entry.names().isEmpty() ? " (required)" : "") + " | "
                    + escaped(entry.description()) + " |");
        }
        line("");
    }

    /** Text of which nothing is markup. */
    private static String escaped(String plain) {
        return plain.replaceAll("([\\\\`*_\\[\\]<>|$~^{}])", "\\\\$1");
    }
}
