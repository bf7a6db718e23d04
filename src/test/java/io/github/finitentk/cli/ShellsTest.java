package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completion in the shells themselves, and the manual pages in man: skipped where one is not installed, unless all must be there (CI). */
class ShellsTest {

    @TempDir
    Path folder;

    private static void require(String program) throws IOException, InterruptedException {
        boolean there = new ProcessBuilder("sh", "-c", "command -v " + program + " >/dev/null")
                        .start()
                        .waitFor()
                == 0;
        if (!Boolean.getBoolean("ntk.shells.required")) {
            assumeTrue(there, program + " is not installed");
        }
        assertThat(there).as(program + " is installed").isTrue();
    }

    private String output(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TERM", "dumb");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private Path script(String shell) throws IOException {
        CommandLineRun run = CommandLineRun.of("completion", shell);
        assertThat(run.exitCode()).isZero();
        return Files.writeString(folder.resolve("completion." + shell), run.out());
    }

    @Test
    void bash() throws IOException, InterruptedException {
        require("bash");
        String ask = "source " + script("bash")
                + "; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_ntk 2>/dev/null; echo \"${COMPREPLY[@]}\"";
        assertThat(output("bash", "-c", ask.formatted("ntk swe", 1)).strip()).isEqualTo("sweep");
        assertThat(output("bash", "-c", ask.formatted("ntk runs comp", 2)).strip())
                .isEqualTo("compare");
        assertThat(output("bash", "-c", ask.formatted("ntk train --integ", 2)).strip())
                .isEqualTo("--integrator");
        assertThat(output("bash", "-c", ask.formatted("ntk train --integrator \"\"", 3))
                        .strip()
                        .split("\\s+"))
                .containsExactlyInAnyOrder("gd", "flow", "flow-coarse");
        // Without a name it is this one.
        assertThat(CommandLineRun.of("completion").out())
                .isEqualTo(Files.readString(folder.resolve("completion.bash")));
    }

    private List<String> fish(Path script, String line) throws IOException, InterruptedException {
        return output("fish", "--no-config", "-c", "source " + script + "; complete -C '" + line + "'")
                .lines()
                .toList();
    }

    @Test
    void fish() throws IOException, InterruptedException {
        require("fish");
        Path script = script("fish");
        assertThat(fish(script, "ntk swe")).containsExactly("sweep\tCompute a grid of cells into a run file");
        assertThat(fish(script, "ntk runs comp")).singleElement().asString().startsWith("compare\t");
        assertThat(fish(script, "ntk runs compare comp")).noneMatch(line -> line.startsWith("compare\t"));
        assertThat(fish(script, "ntk train --integ")).singleElement().asString().startsWith("--integrator\t");
        assertThat(fish(script, "ntk train --integrator ").stream().map(line -> line.split("\t")[0]))
                .containsExactlyInAnyOrder("gd", "flow", "flow-coarse");
        assertThat(fish(script, "ntk variance --backend ").stream().map(line -> line.split("\t")[0]))
                .containsExactlyInAnyOrder("auto", "native", "java");
        Files.createFile(folder.resolve("run-of-mine.db"));
        assertThat(fish(script, "ntk report run-of")).containsExactly("run-of-mine.db");
        assertThat(fish(script, "ntk sweep --out run-of")).containsExactly("run-of-mine.db");
        assertThat(fish(script, "ntk variance run-of")).isEmpty();
        assertThat(output("fish", "--no-config", "-n", script.toString())).isEmpty();
    }

    /** Types a line and the tab key into an interactive zsh and returns what the line has become. */
    private String zsh(String typed) throws IOException, InterruptedException {
        Path session = Files.writeString(folder.resolve("session.zsh"), """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1=; fpath=($PWD \\$fpath); autoload -U compinit; compinit -D -u"
            zpty -w shell "show() { print -r -- \\"<\\$BUFFER>\\"; BUFFER=; zle accept-line }; zle -N show"
            zpty -w shell "bindkey '^X' show; bindkey '^I' complete-word; print ready-\\$((1 + 1))"
            zpty -r shell output '*ready-2*'
            zpty -n -w shell "$1"$'\\t\\x18'
            zpty -r shell output $'*<*>*' && print -r -- $output
            zpty -d shell
            """);
        String output = output("zsh", "-f", session.toString(), typed);
        return output.replaceAll("(?s).*<([^<>]*)>.*", "$1").stripTrailing();
    }

    @Test
    void zsh() throws IOException, InterruptedException {
        require("zsh");
        Files.move(script("zsh"), folder.resolve("_ntk"));
        assertThat(zsh("ntk swe")).isEqualTo("ntk sweep");
        assertThat(zsh("ntk runs comp")).isEqualTo("ntk runs compare");
        assertThat(zsh("ntk train --integ")).isEqualTo("ntk train --integrator");
        assertThat(zsh("ntk train --integrator flow-")).isEqualTo("ntk train --integrator flow-coarse");
        assertThat(zsh("ntk --quiet export --form")).isEqualTo("ntk --quiet export --format");
        Files.createFile(folder.resolve("run-of-mine.db"));
        assertThat(zsh("ntk report run-of")).isEqualTo("ntk report run-of-mine.db");
        assertThat(output("zsh", "-n", folder.resolve("_ntk").toString())).isEmpty();
    }

    @Test
    void manualPages() throws IOException, InterruptedException {
        require("man");
        Path pages = folder.resolve("man1");
        assertThat(CommandLineRun.of("help", "--format", "man", "--out", pages.toString())
                        .exitCode())
                .isZero();
        List<CommandPage> all =
                CommandPage.of(NtkCommand.parser(new NtkCommand())).all().toList();
        assertThat(all).hasSizeGreaterThan(20);
        StringBuilder script = new StringBuilder("export MANWIDTH=80 MAN_KEEP_FORMATTING=;\n");
        for (CommandPage page : all) {
            String file = pages.resolve(page.name().replace(' ', '-') + ".1").toString();
            // Warnings go to standard error, and so to the beginning of what is read here.
            script.append("echo \"== ")
                    .append(page.name())
                    .append("\"; man --warnings=w -E UTF-8 -l '")
                    .append(file)
                    .append("' | col -b -p -x\n");
        }
        String[] rendered = output("sh", "-c", script.toString()).split("(?m)^== ");
        assertThat(rendered[0]).isEmpty();
        for (int i = 0; i < all.size(); i++) {
            CommandPage page = all.get(i);
            String text = rendered[i + 1];
            assertThat(text)
                    .as(page.name())
                    .startsWith(page.name() + "\n"
                            + page.name().replace(' ', '-').toUpperCase(java.util.Locale.ROOT) + "(1)");
            assertThat(text).doesNotContain("warning").contains("EXIT STATUS");
            for (CommandPage.Entry option : page.options()) {
                assertThat(text).as(page.name()).contains(option.longName());
            }
            for (Example example : page.examples()) {
                assertThat(text.replaceAll("\\s+", " ")).as(page.name()).contains(example.line());
            }
        }
    }
}
