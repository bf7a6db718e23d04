package io.github.finitentk.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.store.RunFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {

    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);

    /** Everything that could end the data, start a script, or be taken for a place of the template. */
    static final String HOSTILE =
            "</script><script>window.hacked = 1</script><!--<script><img src=x onerror=\"window.hacked = 1\">{{script}}"
                    + "\u2028\u2029&lt;'\"\\`${window.hacked = 1}\u0000";

    @TempDir
    Path folder;

    static FinishedCells hostile() {
        FinishedCells table = Tables.varianceGrid();
        Map<String, String> manifest = new LinkedHashMap<>(table.manifest());
        manifest.put(HOSTILE, HOSTILE);
        manifest.put("backend", HOSTILE);
        List<SweepRow> rows = List.of(
                Tables.row(Activations.RELU, 1.0, 10, 50, HOSTILE, 1.5, 1.4, 1.6, 0L),
                Tables.row(Activations.RELU, 2.0, 20, 50, HOSTILE, 1.7, 1.6, 1.8, 1L));
        return new FinishedCells("variance", Map.of(), 2, manifest, table.columns(), rows);
    }

    private static String group(Pattern pattern, String html) {
        Matcher matcher = pattern.matcher(html);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void theDataComeBackAsTheyWere() throws Exception {
        FinishedCells table = Tables.changeGrid();
        JsonNode data = new ObjectMapper()
                .readTree(group(
                        DATA, RunPage.of(table, "run", "ntk report run.db").html()));
        assertThat(data.get("total").intValue()).isEqualTo(table.rows().size() + 1);
        JsonNode columns = data.get("columns");
        assertThat(columns.findValuesAsText("name")).startsWith("activation", "sigma_w2", "sigma_b2", "depth", "width");
        for (JsonNode column : columns) {
            assertThat(column.get("values")).hasSize(table.rows().size());
            if (column.get("name").textValue().equals("kernel_change")) {
                assertThat(column.get("values").get(0).doubleValue()).isEqualTo(0.03);
                assertThat(column.get("values").get(5).isNull()).isTrue();
                assertThat(column.get("values").get(8).textValue()).isEqualTo("Infinity");
            }
        }
        assertThat(data.get("borders").get(0).get("sigmaW2").doubleValue()).isBetween(3.44, 3.45);
        assertThat(data.get("exact")).isEmpty();
    }

    @Test
    void exactMomentsAndTheLimitAreThereWhereTheyExist() throws Exception {
        FinishedCells grid = Tables.varianceGrid();
        JsonNode data = new ObjectMapper()
                .readTree(group(DATA, RunPage.of(grid, "run", "c").html()));
        assertThat(data.get("exact").get(0).isNull()).isTrue();
        // ReLU comes after tanh's 40 cells; a finite ratio is never below 1.
        assertThat(data.get("exact").get(40).doubleValue()).isGreaterThan(1);
        assertThat(data.get("limit")).isEmpty();
    }

    @Test
    void nothingOfTheRunBecomesMarkup() throws Exception {
        String html = RunPage.of(hostile(), HOSTILE, HOSTILE).html();
        assertThat(html.split("<script", -1)).hasSize(1 + 2);
        assertThat(html.replaceAll("(?s)<script>.*?</script>", "")).doesNotContain("<img", "<!--");
        String json = group(DATA, html);
        assertThat(json).doesNotContain("<", ">", "&", "\u2028", "\u2029");
        JsonNode data = new ObjectMapper().readTree(json);
        assertThat(data.get("name").textValue()).isEqualTo(HOSTILE);
        assertThat(data.get("manifest").get(HOSTILE).textValue()).isEqualTo(HOSTILE);
        // Half a character, which UTF-8 cannot write.
        String half = group(DATA, RunPage.of(hostile(), "\ud800", "c").html());
        assertThat(new ObjectMapper().readTree(half).get("name").textValue()).isEqualTo("\ud800");
    }

    @Test
    void thePolicyAllowsTheseScriptsAndNothingElse() throws Exception {
        String html = RunPage.of(Tables.varianceGrid(), "run", "c").html();
        String policy = group(Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\""), html);
        assertThat(policy)
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("http");
        Matcher scripts = SCRIPT.matcher(html);
        int count = 0;
        while (scripts.find()) {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(scripts.group(1).getBytes(StandardCharsets.UTF_8));
            assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
            count++;
        }
        assertThat(count).isEqualTo(1);
        // Attributes that could load something; the scripts hold the name of an XML namespace only.
        assertThat(html.replaceAll("(?s)<script>.*?</script>", ""))
                .doesNotContain("src=")
                .doesNotContain("url(");
    }

    @Test
    void listsSayWhatTheirPlacesMean() throws Exception {
        JsonNode theory = new ObjectMapper()
                .readTree(
                        group(DATA, RunPage.of(Tables.theoryGrid(), "run", "c").html()));
        JsonNode kappa2 = column(theory.get("columns"), "kappa2");
        assertThat(kappa2.get("index").get("symbol").textValue()).isEqualTo("c₀");
        assertThat(kappa2.get("index").get("values")).hasSize(2);
        // Every list that a quantity declares says so, but for whole matrices one after the other.
        Map<String, Map<String, Object>> settings =
                Map.of("theory", Map.of(), "variance", Map.of("correlation", List.of(0.5)), "class_blocks", Map.of());
        settings.forEach((quantity, given) -> {
            for (Column<?> column : Quantity.of(quantity, given).columns()) {
                assertThat(column.index().isPresent())
                        .as(quantity + "." + column.name())
                        .isEqualTo(column.type() == Column.Type.REALS
                                && !Set.of("theta", "steps", "loss_steps").contains(column.name()));
            }
        });
    }

    @Test
    void whatAQuantityIsAboutComesFirst() throws Exception {
        JsonNode theory = new ObjectMapper()
                .readTree(
                        group(DATA, RunPage.of(Tables.theoryGrid(), "run", "c").html()));
        assertThat(theory.get("measures").get(0).get("column").textValue()).isEqualTo("kappa1_over_kappa2");
        assertThat(theory.get("measures").get(0).get("log").booleanValue()).isTrue();
        // Not in the table, which is the run's own.
        assertThat(theory.get("columns").findValuesAsText("name")).doesNotContain("kappa1_over_kappa2");
        JsonNode ratio = theory.get("derived").get(0).get("values").get(0);
        assertThat(ratio.get(0).doubleValue()).isEqualTo(5);
        assertThat(ratio.get(1).doubleValue()).isEqualTo(2);
    }

    @Test
    void codesHaveWords() {
        assertThat(Codes.all().get("stopped")).containsKeys("early-stop", "max-steps", "diverged");
        assertThat(Codes.all().get("method"))
                .hasSize(Method.values().length)
                .doesNotContainValue("")
                .containsKey("rao-blackwell");
    }

    private static JsonNode column(JsonNode columns, String name) {
        for (JsonNode column : columns) {
            if (column.get("name").textValue().equals(name)) {
                return column;
            }
        }
        throw new AssertionError("no column " + name);
    }

    @Test
    void aRunOfTooManyCellsIsRefused() {
        Grid grid = new Grid(
                List.of(Activations.RELU),
                List.of(1.0),
                List.of(10),
                Grid.range(0.01, 3.0, 0.01),
                Grid.range(1, 1000, 1));
        SweepSpec spec = SweepSpec.of(Quantity.of("variance", Map.of()), grid, 0);
        try (RunFile run = RunFile.create(folder.resolve("large.db"), spec, Map.of())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RunPage.of(run, "large", "c"))
                    .withMessageContaining("300000 cells")
                    .withMessageContaining("tables may have any size");
        }
    }

    @Test
    void measuresKnowTheirIntervalsAndTheReadersChoiceStartsWithTheOneThatMatters() {
        List<Measure> measures = Measure.of(Tables.changeGrid());
        assertThat(measures)
                .extracting(Measure::column)
                .containsExactly(
                        "kernel_change",
                        "min_loss",
                        "kernel_change_at_10",
                        "kernel_change_at_1000",
                        "kernel_changes",
                        "unstable");
        assertThat(measures.get(0).low()).isEqualTo("kernel_change_low");
        assertThat(measures.get(0).white()).isEqualTo(0.1);
        assertThat(Measure.of(Tables.varianceGrid()).get(0).high()).isEqualTo("ratio_ci_high");
        assertThat(Measure.of(Tables.varianceGrid()))
                .extracting(Measure::column)
                .doesNotContain("method", "ratio_ci_low");
    }
}
