package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.finitentk.internal.files.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SpecSchemaTest {

    private static final Path SHIPPED = Path.of("docs/sweep.schema.json");

    private static final String GOOD = """
            quantity: variance
            activation: [relu, leaky-relu(0.2)]
            sigma_w2: {from: 1, to: 6, step: 0.25}
            sigma_b2: 1
            depth: [5, 20]
            width: 60
            method: chain
            draws: 3000
            seed: 3
            """;

    @Test
    void theShippedSchemaIsTheOneOfTheQuantities() throws IOException {
        String text = JsonWriter.toString(SpecSchema.of(Quantities.OURS)) + "\n";
        if (Boolean.getBoolean("ntk.schema.write")) {
            Files.writeString(SHIPPED, text);
        }
        assertThat(Files.readString(SHIPPED))
                .as("regenerate it with: mvn test -Dtest=SpecSchemaTest -Dntk.schema.write=true")
                .isEqualTo(text);
        JsonNode meta = new ObjectMapper().readTree(text);
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                        .getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema#"))
                        .validate(meta))
                .isEmpty();
    }

    @Test
    void everyQuantityAndKeyIsDescribed() throws IOException {
        String guide = Files.readString(Path.of("docs/sweeps.md"));
        for (QuantityType quantity : Quantities.OURS) {
            assertThat(guide).contains("`" + quantity.name() + "`");
            for (Setting<?> key : quantity.keys()) {
                assertThat(guide)
                        .as("docs/sweeps.md, quantity " + quantity.name())
                        .contains("`" + key.name() + "`");
            }
        }
    }

    @Test
    void theExamplesOfTheDocumentationAreAccepted() throws IOException {
        List<String> examples = new ArrayList<>();
        for (Path page : List.of(Path.of("README.md"), Path.of("docs/sweeps.md"))) {
            Matcher block =
                    Pattern.compile("(?m)^    (quantity: .*\n(    .*\n)*)").matcher(Files.readString(page));
            while (block.find()) {
                examples.add(block.group(1).replaceAll("(?m)^    ", ""));
            }
        }
        assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
        examples.add(GOOD);
        for (String example : examples) {
            assertThat(errors(example)).as(example).isEmpty();
            SweepSpec spec = SweepSpec.parse(example, Path.of("example.yaml"));
            assertThat(errors(spec.canonical())).as(spec.canonical()).isEmpty();
        }
    }

    @Test
    void whatTheReaderRefusesTheSchemaRefuses() throws IOException {
        String[][] mistakes = {
            {"draws: 3000", "drawz: 3000"},
            {"draws: 3000", "draws: 1"},
            {"draws: 3000", "draws: 2.5"},
            {"draws: 3000", "draws: [300]"},
            {"method: chain", "method: magic"},
            {"sigma_b2: 1", "sigma_b2: low"},
            {"depth: [5, 20]", "depth: []"},
            {"depth: [5, 20]", "depth: [5, 2.5]"},
            {"depth: [5, 20]", "depth: [5, 5]"},
            {"step: 0.25", "step: -1"},
            {", step: 0.25", ""},
            {"relu, ", "thanh, "},
            {"quantity: variance", "quantity: magic"},
            {"quantity: variance\n", ""},
            {"width: 60\n", ""},
            {"seed: 3", "seed: x"},
            {"seed: 3", "grids: [{activation: relu, sigma_w2: 1, sigma_b2: 1, depth: 2, width: 3}]"},
            {"seed: 3", "c0: 0.5"},
        };
        for (String[] mistake : mistakes) {
            String text = GOOD.replace(mistake[0], mistake[1]);
            assertThat(text).isNotEqualTo(GOOD);
            assertThat(errors(text)).as(mistake[1]).isNotEmpty();
            assertThatThrownBy(() -> SweepSpec.parse(text, Path.of("x.yaml")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void quantitiesOfAnApplicationHaveTheirSchema() {
        Map<String, Object> all = SweepSpec.schema();
        assertThat(JsonWriter.toString(all)).contains("failing_depth");
    }

    private static List<?> errors(String yaml) throws IOException {
        try (InputStream in = SweepSpec.class.getResourceAsStream("sweep.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(in)
                    .validate(new YAMLMapper().readTree(yaml));
        }
    }
}
