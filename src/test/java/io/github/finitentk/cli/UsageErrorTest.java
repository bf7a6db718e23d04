package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a command line is named, with the word that was most likely meant. */
class UsageErrorTest {

    private static final String POINT = " --activation relu --sigma-b2 0 --depth 5 --width ";

    private static String error(String line) {
        CommandLineRun run = CommandLineRun.of(line.split(" "));
        assertThat(run.exitCode()).as(line).isEqualTo(Main.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("ntk: ").endsWith("\n").containsOnlyOnce("\n");
        return run.err().substring("ntk: ".length()).strip();
    }

    @ParameterizedTest
    @CsvSource({
        "figur, There is no command figur; did you mean figure?",
        "figur 1, There is no command figur; did you mean figure?",
        "var --depth 3, There is no command var; did you mean variance?",
        "runs comapre a b, There is no command comapre; did you mean compare?",
        "help runs shwo, There is no command shwo; did you mean show?",
        "frobnicate, There is no command frobnicate; ntk --help lists them.",
        "variance --widht 100, There is no option --widht; did you mean --width?",
        "variance --sigma_w2 2, There is no option --sigma_w2; did you mean --sigma-w2?",
        "variance --sigma-w=2, There is no option --sigma-w; did you mean --sigma-w2?",
        "train --optimizr adam, There is no option --optimizr; did you mean --optimizer?",
        "doctor --frobnicate, There is no option --frobnicate; ntk doctor --help lists them.",
        "doctor -x, There is no option -x; ntk doctor --help lists them.",
        "'sweep a b', 'There is a word too many, ''b'': ntk sweep [OPTIONS] [SPEC.yaml].'",
        "'figure 1 --scale papr', '--scale takes quick or paper, not ''papr''; did you mean paper?'",
        "'export r.db --format cvs', '--format takes csv, json or npy, not ''cvs''; did you mean csv?'",
    })
    void theSlipIsNamed(String line, String sentence) {
        assertThat(error(line)).isEqualTo(sentence);
    }

    @Test
    void aSlipInARequiredOptionIsNotCalledAnOmission() {
        assertThat(error("variance --sigma-w 2" + POINT + 100))
                .isEqualTo("There is no option --sigma-w; did you mean --sigma-w2?");
        assertThat(error("variance" + POINT + 100)).isEqualTo("Missing required option: '--sigma-w2=X'");
    }

    @Test
    void aValueIsNotTakenForAnOption() {
        assertThat(error("variance --distribution --x.csv" + POINT + 100)).doesNotContain("There is no option --x.csv");
    }

    @Test
    void integersAreTakenInEveryNotation() {
        String reference = null;
        for (String width : List.of("1000", "1e3", "1E3", "1000.0", "0.1e4", "+1000")) {
            CommandLineRun run =
                    CommandLineRun.of(("variance --json --sigma-w2 2 --seed 1e0" + POINT + width).split(" "));
            assertThat(run.exitCode()).as(width + run.err()).isZero();
            String ratio = run.json().get("ratio").toString();
            reference = reference == null ? ratio : reference;
            assertThat(ratio).as(width).isEqualTo(reference);
        }
        assertThat(CommandLineRun.of("moments --widths 1e1,1e2,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 10".split(" "))
                        .out())
                .isEqualTo(CommandLineRun.of(
                                "moments --widths 10,100,1 --sigma-w2 2 --sigma-b2 0 --input-norm2 10".split(" "))
                        .out());
    }

    @ParameterizedTest
    @CsvSource({
        "2.5, is not an integer",
        "ten, is not an integer",
        "1e-1, is not an integer",
        "1e10, is too large",
        "1e999999999, is too large",
        "0x10, is not an integer"
    })
    void whatIsNoIntegerIsNone(String width, String what) {
        assertThat(error("variance --sigma-w2 2" + POINT + width))
                .isEqualTo("Invalid value for option '--width': '" + width + "' " + what);
    }

    @Test
    void theDistanceCountsSlips() {
        assertThat(Nearest.distance("figure", "figure")).isZero();
        assertThat(Nearest.distance("figur", "figure")).isEqualTo(1);
        assertThat(Nearest.distance("fgiure", "figure")).isEqualTo(1);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    }
}
