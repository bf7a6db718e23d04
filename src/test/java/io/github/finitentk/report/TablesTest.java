package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.finitentk.internal.files.CsvWriter;
import io.github.finitentk.internal.files.JsonWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {

    private static final double[] AWKWARD = {
        0.1, -0.0, 1 / 3.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e21, 123456789.125, Math.PI * 1e-200
    };

    @TempDir
    Path folder;

    @Test
    void doublesComeBackFromCsvBitForBitInAnyLocale() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            List<List<?>> rows = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(5);
            double[] values = Arrays.copyOf(AWKWARD, 500);
            for (int k = 0; k < values.length; k++) {
                if (k >= AWKWARD.length) {
                    values[k] = Double.longBitsToDouble(random.nextLong());
                }
                rows.add(List.of(k, values[k]));
            }
            Path file = folder.resolve("t.csv");
            CsvWriter.write(file, List.of("k", "value"), rows);
            List<String> lines = Files.readAllLines(file);
            assertThat(lines).hasSize(501);
            assertThat(lines.get(0)).isEqualTo("k,value");
            for (int k = 0; k < values.length; k++) {
                double read = Double.parseDouble(lines.get(k + 1).split(",")[1]);
                assertThat(Double.doubleToLongBits(read)).isEqualTo(Double.doubleToLongBits(values[k]));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void csvQuotesWhatNeedsIt() throws Exception {
        Path file = folder.resolve("t.csv");
        CsvWriter.write(
                file,
                List.of("name", "σ_w²"),
                List.of(
                        Arrays.asList("a,b", null),
                        List.of("say \"hi\"", true),
                        List.of("two\nlines", Double.NaN),
                        List.of(" padded", Double.NEGATIVE_INFINITY)));
        assertThat(Files.readString(file))
                .isEqualTo("name,σ_w²\n\"a,b\",\n\"say \"\"hi\"\"\",true\n\"two\nlines\",NaN\n\" padded\",-Infinity\n");
    }

    @Test
    void aFailedWriteKeepsTheOldFileAndLeavesNoOther() throws Exception {
        Path file = Files.writeString(folder.resolve("t.csv"), "old");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvWriter.write(file, List.of("a"), List.of(List.of(1), List.of(1, 2))))
                .withMessage("Row 2 of the table has 2 fields, but the heading has 1.");
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    record Document(String name, double[] values, List<Double> list, double diverged, float single, int[] counts) {}

    @Test
    void jsonRoundTripsAndTellsMissingFromDiverged() throws Exception {
        Path file = folder.resolve("d.json");
        double[] values = Arrays.copyOf(AWKWARD, AWKWARD.length + 1);
        values[AWKWARD.length] = Double.NaN;
        JsonWriter.write(
                file,
                new Document(
                        "χ₁ \"x\"",
                        values,
                        List.of(Double.NEGATIVE_INFINITY, 2.5),
                        Double.POSITIVE_INFINITY,
                        Float.NaN,
                        new int[] {1, 2}));
        JsonNode root = new ObjectMapper().readTree(file.toFile());
        for (int k = 0; k < AWKWARD.length; k++) {
            double read = root.get("values").get(k).doubleValue();
            assertThat(Double.doubleToLongBits(read)).isEqualTo(Double.doubleToLongBits(AWKWARD[k]));
        }
        assertThat(root.get("values").get(AWKWARD.length).isNull()).isTrue();
        assertThat(root.get("list").get(0).textValue()).isEqualTo("-Infinity");
        assertThat(root.get("diverged").textValue()).isEqualTo("Infinity");
        assertThat(root.get("single").isNull()).isTrue();
        assertThat(root.get("counts").get(1).intValue()).isEqualTo(2);
        assertThat(root.get("name").textValue()).isEqualTo("χ₁ \"x\"");
    }

    @Test
    void jsonTextKeepsTheOrderOfMaps() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", List.of(0.5));
        assertThat(JsonWriter.toString(map).replaceAll("\\s", "")).isEqualTo("{\"z\":1,\"a\":[0.5]}");
        assertThatIllegalArgumentException().isThrownBy(() -> JsonWriter.toString(new Object()));
    }

    @Test
    void aCaptionNamesEverythingNeededToDrawTheFigureAgain() throws Exception {
        Caption caption = Caption.builder()
                .title("Figure 1: ratio $E[\\Theta^2]$ / $E[\\Theta]^2$")
                .text("The dashed line is $\\chi_1 = 1$.")
                .parameter("$\\sigma_b^2$", 1.0)
                .parameter("draws", 200)
                .seed(0)
                .version("0.1.0")
                .command("./ntk figure 1 --scale quick")
                .build();
        assertThat(caption.parameterLine()).isEqualTo("$\\sigma_b^2$ = 1.0; draws = 200; seed = 0.");
        Path text = folder.resolve("1.txt");
        caption.write(text);
        assertThat(text)
                .content()
                .contains("Figure 1: ratio E[Θ²] / E[Θ]²", "χ₁ = 1", "σ_b²: 1.0", "draws: 200", "seed: 0")
                .contains("version: 0.1.0", "command: ./ntk figure 1 --scale quick");
        Path markdown = folder.resolve("1.md");
        caption.write(markdown);
        assertThat(markdown).content().contains("| σ\\_b² | 1.0 |", "```\n./ntk figure 1 --scale quick\n```");
        Path tex = folder.resolve("1.tex");
        caption.of("Lines & points: 95 % of a_b, σ ≥ 1; " + caption.parameterLine())
                .write(tex);
        assertThat(tex)
                .content()
                .contains(
                        "% Drawn by: ./ntk figure 1 --scale quick\n",
                        "\\includegraphics{1}",
                        "\\caption{\\textbf{Figure 1: ratio $E[\\Theta^2]$ / $E[\\Theta]^2$.} The dashed line is"
                                + " $\\chi_1 = 1$. Lines \\& points: 95 \\% of a\\_b, $\\sigma$ $\\ge$ 1. $\\sigma_b^2$ ="
                                + " 1.0; draws = 200; seed = 0.}");
        Caption withoutCommand =
                Caption.builder().title("t").seed(1).version("1").build();
        assertThat(withoutCommand.toMarkdown()).endsWith("| version | 1 |\n");
        assertThat(withoutCommand.toText()).endsWith("version: 1\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Caption.builder().title("t").seed(1).build())
                .withMessage("A caption needs the version.");
    }
}
