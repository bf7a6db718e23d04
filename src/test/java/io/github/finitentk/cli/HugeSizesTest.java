package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes beyond what an int, an array or the memory holds are refused with a sentence before any work. */
class HugeSizesTest {

    private static final String LAW = " --activation tanh --sigma-w2 1.5 --sigma-b2 1";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "variance --depth 2000000000 --width 10                          | The depth must be 1 to 1000000",
                "theory --depth 2000000000 --width 10                            | The depth must be 1 to 1000000",
                "trust --depth 2000000000 --width 10                             | The depth must be 1 to 1000000",
                "regress --data mnist --depth 2000000000 --width 8               | The depth must be 1 to 1000000",
                "train --data mnist --depth 2000000000 --width 8 --learning-rate 1 --max-steps 1 | The depth must be",
                "theory --depth 9 --width 2000000000                             | more than 2^63 parameters",
                "trust --depth 3 --width 2000000000                              | are more numbers than one array holds",
                "trust --depth 3 --width 10 --input-dim 2000000000               | are more numbers than one array holds",
                "trust --depth 3 --width 10 --input-dim 15000000                 | carried to dimension 15000000 needs 46.1 GB",
                "variance --depth 3 --width 2000000000                           | of memory, but only",
                "variance --depth 3 --width 10 --input-dim 2000000000 --method weights     | An input of dimension 2000000000",
                "variance --depth 3 --width 10 --input-dim 2000000000 --method conditional | An input of dimension 2000000000",
                "variance --depth 3 --width 10 --draws 2000000000                | of memory, but only",
                "regress --data mnist --depth 3 --width 8 --networks 2000000000  | An ensemble of 2000000000 networks",
                "regress --data mnist --depth 3 --width 8 --samples 2000000000 --tests 2000000000 | from 1 to 1024",
            })
    void areRefusedInOneSentence(String command, String sentence) {
        CommandLineRun run = CommandLineRun.of((command + LAW + " --quiet").split(" +"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(sentence);
        assertThat(run.err().lines()).hasSize(1);
    }
}
