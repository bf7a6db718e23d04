package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What specifications mean where readers of YAML differ, and what text they may be. */
class SpecParserTest {

    private static final Path FILE = Path.of("spec.yaml");

    private static final String SPEC = """
            quantity: trial
            activation: relu
            sigma_w2: 1.5
            sigma_b2: 1
            depth: 3
            width: 10
            """;

    @TempDir
    private Path folder;

    private static Object value(String yaml) {
        return SpecParser.parse("key: " + yaml + "\n").map().get("key").value();
    }

    private static SweepSpec spec(String replaced, String by) {
        assertThat(SPEC).contains(replaced);
        return SweepSpec.parse(SPEC.replace(replaced, by), FILE);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 8",
        "-8, -8",
        "+8, 8",
        "0, 0",
        "1e-5, 1e-5",
        "1E5, 1e5",
        "1.0E-300, 1e-300",
        "1e+5, 1e5",
        ".5, 0.5",
        "5., 5",
        "0.1, 0.1",
        "0.1000000000000000055511151231257827, 0.1000000000000000055511151231257827"
    })
    void numbersArePlainDecimalsExactlyAsWritten(String text, BigDecimal number) {
        assertThat((BigDecimal) value(text)).isEqualByComparingTo(number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "010      | 010 has leading zeros, which make it octal for some readers of YAML; write 10",
                "-007     | -007 has leading zeros, which make it octal for some readers of YAML; write -7",
                "00.5     | 00.5 has leading zeros, which make it octal for some readers of YAML; write 0.5",
                "0o10     | 0o10 is not in base 10; write 8",
                "0x1f     | 0x1f is not in base 10; write 31",
                "0b11     | 0b11 is not in base 10; write 3",
                "-0b11    | -0b11 is not in base 10; write -3",
                "1_000    | 1_000 has underscores, which not every reader of YAML drops; write 1000",
                "1:30     | 1:30 counts in sixties",
                "1:30.5   | 1:30.5 counts in sixties",
                ".inf     | .inf is not a finite number",
                "-.INF    | -.INF is not a finite number",
                ".nan     | .nan is not a finite number",
                "Infinity | Infinity is not a finite number",
                "1e400    | 1e400 is beyond the range of a double",
                "1e-400   | 1e-400 is beyond the range of a double",
                "'\"10\"' | \"10\" is quoted, and so a text",
            })
    void whatReadersTakeForDifferentNumbersIsNoNumberAndSaysWhy(String text, String why) {
        assertThatThrownBy(() -> spec("width: 10", "width: " + text))
                .hasMessageStartingWith("spec.yaml, line 6, column 8: width must be a plain decimal number, but ")
                .hasMessageContaining(why);
        assertThatThrownBy(() -> spec("sigma_w2: 1.5", "sigma_w2: [1, " + text + "]"))
                .hasMessageStartingWith("spec.yaml, line 3, column 15: sigma_w2 must be a plain decimal number, but ");
        assertThatThrownBy(() -> spec("sigma_w2: 1.5", "sigma_w2: {from: 1, to: " + text + ", step: 1}"))
                .hasMessageContaining(why);
        assertThatThrownBy(() -> spec("width: 10", "width: 10\nseed: " + text)).hasMessageContaining(why);
        assertThatThrownBy(() -> spec("width: 10", "width: 10\nweights: " + text))
                .hasMessageContaining(why);
        // where a text belongs it is the text that is written there
        assertThat(spec("width: 10", "width: 10\nlabel: " + text).quantity().settings())
                .containsEntry("label", text.replace("\"", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "no", "on", "off", "y", "1,000", "1d", "0.1f", "１２", "--1", "1.2.3", "e5", "."})
    void wordsAreNoNumbers(String text) {
        assertThat(value(text)).isEqualTo(text);
        assertThatThrownBy(() -> spec("width: 10", "width: " + text))
                .hasMessage("spec.yaml, line 6: width must hold numbers, not \"" + text + "\".");
        assertThatThrownBy(() -> spec("width: 10", "width: 10\ntogether: " + text))
                .hasMessageContaining("together must be true or false");
    }

    @Test
    void truthValuesAndNothing() {
        assertThat(value("true")).isEqualTo(true);
        assertThat(value("False")).isEqualTo(false);
        assertThat(value("\"true\"")).isEqualTo("true");
        assertThat(value("")).isNull();
        assertThat(value("~")).isNull();
        assertThat(value("null")).isNull();
        assertThat(value("\"\"")).isEqualTo("");
    }

    @Test
    void aliasesStandForWhatTheyName() {
        assertThat(spec("sigma_w2: 1.5\nsigma_b2: 1", "sigma_w2: &a 1.5\nsigma_b2: *a")
                        .cells())
                .containsExactlyElementsOf(spec("sigma_b2: 1", "sigma_b2: 1.5").cells());
        assertThat(spec("sigma_w2: 1.5\nsigma_b2: 1", "sigma_w2: &a [1, 2]\nsigma_b2: *a")
                        .cells())
                .hasSize(4);
        assertThat(spec("sigma_w2: 1.5\nsigma_b2: 1", "sigma_w2: &a {from: 1, to: 3, step: 1}\nsigma_b2: *a")
                        .cells())
                .hasSize(9);
        assertThatThrownBy(() -> spec("sigma_b2: 1", "sigma_b2: *a"))
                .hasMessage("spec.yaml, line 4, column 11: *a has no anchor &a before it.");
        assertThatThrownBy(() -> spec("sigma_b2: 1", "sigma_b2: &a [*a]")).hasMessageContaining("*a has no anchor");
    }

    @Test
    void mergeKeysAddWhatAGroupDoesNotHave() {
        SweepSpec merged = SweepSpec.parse("""
                quantity: trial
                grids:
                  - &base {activation: relu, sigma_w2: 1, sigma_b2: 1, depth: 2, width: 10}
                  - {<<: *base, depth: 3}
                  - <<: [{depth: 5}, *base]
                    width: 20
                """, FILE);
        assertThat(merged.cells()).extracting(Cell::depth).containsExactly(2, 3, 5);
        assertThat(merged.cells()).extracting(Cell::width).containsExactly(10, 10, 20);
        assertThatThrownBy(() -> spec("sigma_b2: 1", "<<: 1"))
                .hasMessageContaining("line 4, column 5: the merge key << takes a group of keys or a list of them");
    }

    @Test
    @Timeout(20)
    void aliasesThatMultiplyAreNotExpanded() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [1, 1]\n");
        for (int k = 1; k < 60; k++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(k, k, k - 1, k - 1));
        }
        assertThatThrownBy(() -> SweepSpec.parse(bomb + "quantity: *a59\n", FILE))
                .hasMessageContaining("quantity must be a word, not a list");
        assertThatThrownBy(() -> SweepSpec.parse(bomb + SPEC, FILE)).hasMessageContaining("unknown key");
        assertThatThrownBy(() -> spec("sigma_w2: 1.5\nsigma_b2: 1", "sigma_w2: &a [1, 1]\nsigma_b2: [*a, *a]"))
                .hasMessageContaining("line 4: the value of sigma_b2 must be a number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "---                 | line 7, column 1: a second document begins here",
                "---\\n{a: 1}        | line 7, column 1: a second document begins here",
                "...\\nquantity: a   | line 8, column 1: something follows the end",
                "width: 11           | line 7, column 1: the key \"width\" appears twice, first in line 6",
                "\\tsteps: 3         | line 7, column 1: it cannot be read as YAML: found character '\\t(TAB)'",
                "steps: !!int 3      | line 7, column 8: the tag !!int is not read here",
                "? [a]\\n: 3         | line 7, column 3: keys must be words",
                "steps: [1           | it cannot be read as YAML",
                "label: a\u0007b     | line 7, column 9: the character U+0007 does not belong in a text",
            })
    void whatIsNotReadIsNamedWithItsPlace(String more, String message) {
        String text = SPEC + more.replace("\\n", "\n").replace("\\t", "\t");
        assertThatThrownBy(() -> SweepSpec.parse(text, FILE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("spec.yaml, line ")
                .hasMessageContaining(message.replace("\\t(", "\\t("));
    }

    @Test
    void jsonIsReadWithItsTabsAndNothingMayFollowIt() {
        String json =
                "{\t\"quantity\": \"trial\",\n\t\t\"activation\":\t\"relu\", \"label\": \"a\\tb\\\"\\/\\ud83d\\ude00\",\t\"sigma_w2\": 1.5,"
                        + "\"sigma_b2\": 1, \"depth\": 3, \"width\": 10}\n";
        SweepSpec spec = SweepSpec.parse(json, FILE);
        assertThat(spec.cells()).isEqualTo(SweepSpec.parse(SPEC, FILE).cells());
        assertThat(spec.quantity().settings()).containsEntry("label", "a\tb\"/😀");
        for (String garbage : List.of("x", "}", "{\"depth\": 4}", ", 1", "]")) {
            assertThatThrownBy(() -> SweepSpec.parse(json + garbage, FILE))
                    .as(garbage)
                    .hasMessageContaining("line 3, column 1: something follows the end of the specification");
        }
    }

    @Test
    void deepNestingAndLongValuesAreRefusedAtOnce() {
        assertTimeout(Duration.ofSeconds(20), () -> {
            assertThatThrownBy(() -> spec("width: 10", "width: " + "[".repeat(100_000) + "]".repeat(100_000)))
                    .hasMessageContaining("nested more than 20 deep");
            assertThatThrownBy(() -> spec("relu", "\"" + "a b ".repeat(10_000) + "\""))
                    .hasMessageContaining("a value has 40000 characters; at most 10000 are allowed");
            assertThatThrownBy(() -> spec("width: 10", "width: " + "9".repeat(9_000)))
                    .hasMessageContaining("has more than 400 digits")
                    .hasMessageMatching("(?s).{1,300}");
            assertThatThrownBy(() -> spec("width: 10", "width: 0x" + "f".repeat(9_000)))
                    .hasMessageMatching("(?s).{1,300}");
            assertThatThrownBy(() -> spec("quantity: trial", "quantity: " + "9a".repeat(4_000)))
                    .hasMessageMatching("(?s).{1,300}");
        });
    }

    @Test
    void encodings() throws Exception {
        String text = SPEC + "label: \"Größe 😀\"\n";
        for (String lineEnd : List.of("\n", "\r\n", "\r")) {
            byte[] utf8 = text.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
            assertLabel(utf8);
            assertLabel(("\uFEFF" + text.replace("\n", lineEnd)).getBytes(StandardCharsets.UTF_8));
        }
        assertLabel(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE));
        assertLabel(("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE));
        assertRefused(text.getBytes(Charset.forName("windows-1252")), "line 7: byte 0xF6 is not UTF-8 text");
        assertRefused(text.getBytes(StandardCharsets.UTF_16LE), "line 7: byte 0x", "U+0000");
        assertRefused(new byte[0], "list of keys and values");
        byte[] large = new byte[4_000_000];
        Arrays.fill(large, (byte) 'a');
        assertRefused(large, "has more than 1048576 bytes");
        assertThatThrownBy(() -> SweepSpec.read(folder)).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> SweepSpec.read(folder.resolve("none"))).hasMessageContaining("does not exist");
    }

    private void assertLabel(byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve("spec.yaml"), bytes);
        assertThat(SweepSpec.read(file).quantity().settings()).containsEntry("label", "Größe 😀");
    }

    private void assertRefused(byte[] bytes, String... oneOf) throws Exception {
        Path file = Files.write(folder.resolve("spec.yaml"), bytes);
        assertThatThrownBy(() -> SweepSpec.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(oneOf).anyMatch(e.getMessage()::contains));
    }
}
