package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of columns in docs/sweeps.md are those that the quantities declare. */
class ColumnsGuideTest {

    private static final Path GUIDE = Path.of("docs/sweeps.md");

    @Test
    void theGuideHasTheTablesOfAllQuantities() throws IOException {
        Map<String, List<? extends Column<?>>> tables = new LinkedHashMap<>();
        tables.put("every run", SweepRow.COMMON);
        for (String name : List.of(
                "variance", "finite_sample", "theory", "kernel_change", "class_blocks", "regression", "ensemble")) {
            tables.put(name, Quantity.of(name, Map.of()).columns());
        }
        tables.put(
                "pairs",
                Quantity.of("variance", Map.of("correlation", 0.5)).columns().stream()
                        .filter(column -> column.name().startsWith("pair_"))
                        .toList());
        String guide = Files.readString(GUIDE);
        String written = guide;
        for (Map.Entry<String, List<? extends Column<?>>> table : tables.entrySet()) {
            String begin = "<!-- columns of " + table.getKey() + " -->\n";
            String end = "<!-- end -->\n";
            assertThat(written).contains(begin);
            int from = written.indexOf(begin) + begin.length();
            int to = written.indexOf(end, from);
            assertThat(to).as(begin).isPositive();
            written = written.substring(0, from) + markdown(table.getValue()) + written.substring(to);
        }
        if (Boolean.getBoolean("ntk.schema.write")) {
            Files.writeString(GUIDE, written);
        }
        assertThat(Files.readString(GUIDE))
                .as("regenerate it with: mvn test -Dtest=ColumnsGuideTest -Dntk.schema.write=true")
                .isEqualTo(written);
    }

    private static String markdown(List<? extends Column<?>> columns) {
        StringBuilder text = new StringBuilder("| column | symbol | type | |\n|---|---|---|---|\n");
        for (Column<?> column : columns) {
            String symbol = MathText.parse(column.symbol()).plain();
            text.append("| `")
                    .append(column.name())
                    .append("` | ")
                    .append(symbol.equals(column.name().replace('_', ' ')) ? "" : symbol)
                    .append(" | ")
                    .append(column.type().label())
                    .append(column.unit().isEmpty() ? "" : ", " + column.unit())
                    .append(" | ")
                    .append(column.description().replace("|", "\\|"))
                    .append(" |\n");
        }
        return text.toString();
    }

    /** Symbols are markup that figures can set: a mistake in one would end a report. */
    @ParameterizedTest
    @ValueSource(
            strings = {"variance", "finite_sample", "theory", "kernel_change", "class_blocks", "regression", "ensemble"
            })
    void everySymbolCanBeSet(String name) {
        for (Column<?> column : Quantity.of(name, Map.of()).columns()) {
            assertThat(MathText.parse(column.symbol()).plain())
                    .as(column.name())
                    .isNotBlank();
            assertThat(column.description()).matches("[ -~]+");
        }
    }
}
