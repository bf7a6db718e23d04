package io.github.finitentk.cli;

import java.util.List;
import java.util.Locale;

/** The page of a command as source of a manual page, in the macros man(7). */
final class ManualPage {

    private final StringBuilder text = new StringBuilder();

    private ManualPage() {}

    static String of(CommandPage page) {
        ManualPage manual = new ManualPage();
        String name = page.name().replace(' ', '-');
        manual.text.append(String.format(
                Locale.ROOT,
                ".TH %s 1 \"\" \"%s\" \"Finite NTK\"\n",
                name.toUpperCase(Locale.ROOT),
                new VersionProvider().getVersion()[0]));
        // What is as long as a file's name is not cut into two, and no line is stretched.
        manual.text.append(".nh\n.ad l\n");
        manual.section("NAME").line(escaped(name) + " \\- " + escaped(page.brief()));
        manual.section("SYNOPSIS")
                .line("\\fB" + escaped(page.name()) + "\\fR " + escaped(String.join(" ", page.synopsis())));
        manual.section("DESCRIPTION").line(escaped(page.summary()));
        manual.entries("ARGUMENTS", page.parameters());
        manual.entries("OPTIONS", page.options());
        manual.entries(page.options().isEmpty() ? "OPTIONS" : "OPTIONS OF ALL COMMANDS", page.common());
        if (!page.commands().isEmpty()) {
            manual.section("COMMANDS");
            page.commands()
                    .forEach(command -> manual.entry("\\fB" + escaped(command.lastWord()) + "\\fR", command.summary()));
        }
        if (!page.examples().isEmpty()) {
            manual.section("EXAMPLES");
            for (Example example : page.examples()) {
                manual.line(".PP")
                        .line(escaped(example.does()) + ":")
                        .line(".PP")
                        .line(".RS 4")
                        .line(".nf");
                manual.line(escaped(example.line())).line(".fi").line(".RE");
            }
        }
        manual.section("EXIT STATUS").line(escaped(page.exitCodes()));
        manual.section("SEE ALSO").line(seeAlso(page));
        return manual.text.toString();
    }

    private static String seeAlso(CommandPage page) {
        if (page.commands().isEmpty()) {
            String above = page.name().substring(0, page.name().lastIndexOf(' '));
            return reference(above);
        }
        return String.join(
                ", ",
                page.commands().stream()
                        .map(command -> reference(command.name()))
                        .toList());
    }

    private static String reference(String name) {
        return "\\fB" + escaped(name.replace(' ', '-')) + "\\fR(1)";
    }

    private ManualPage section(String title) {
        return line(".SH " + (title.contains(" ") ? '"' + title + '"' : title));
    }

    private ManualPage line(String line) {
        text.append(line).append('\n');
        return this;
    }

    private void entries(String title, List<CommandPage.Entry> entries) {
        if (!entries.isEmpty()) {
            section(title);
            for (CommandPage.Entry entry : entries) {
                String names = escaped(String.join(", ", entry.names()));
                entry(
                        (names.isEmpty() ? "" : "\\fB" + names + "\\fR ") + "\\fI" + escaped(entry.label()) + "\\fR",
                        entry.description());
            }
        }
    }

    private void entry(String heading, String description) {
        line(".TP").line(heading).line(escaped(description));
    }

    /** Text that the formatter takes as it is: its escape character, minus signs, and what would begin a request. */
    private static String escaped(String plain) {
        String text = plain.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("`", "\\(ga")
                .replace("'", "\\(aq");
        return text.startsWith(".") ? "\\&" + text : text;
    }
}
