package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.finitentk.fuzzing.Parsing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Specifications of sweeps, in YAML and JSON. */
class SpecificationFuzzTest {

    /** An axis of a million values takes the most: each is a node, an exact decimal and a number. */
    private static final Parsing PARSING = new Parsing(600L << 20, 3000, Set.of(IllegalArgumentException.class));

    // Tokens are in the notation of libFuzzer's dictionaries.
    private static final String QUANTITY = "quantity: variance\\x0A";
    private static final String RANGE = "{from: 0.5, to: 2, step: 0.5}";

    // What is accepted is written and read as the same.
    private static SweepSpec read(Path file) {
        SweepSpec spec = SweepSpec.read(file);
        if (spec.size() <= 1000) {
            String canonical = spec.canonical();
            SweepSpec again = SweepSpec.parse(canonical, file);
            assertThat(again.canonical()).isEqualTo(canonical);
            assertThat(spec.differenceFrom(again)).isEmpty();
        }
        return spec;
    }

    @DictionaryEntries(
            value = {
                QUANTITY,
                "quantity: theory\\x0A",
                "quantity: kernel_change\\x0A",
                "activation: relu\\x0A",
                "sigma_w2: " + RANGE + "\\x0A",
                "sigma_b2: 0\\x0A",
                "depth: [1, 2]\\x0A",
                "width: 100\\x0A",
                "grids:\\x0A",
                "seed: 1\\x0A",
                "<<: *a",
                "&a ",
                "!!str ",
                "---\\x0A",
                "1e308",
                "0e-999999999",
                "{\\\"quantity\\\": \\\"variance\\\", ",
                "\\\\u0041"
            })
    @FuzzTest
    void text(byte[] file) {
        PARSING.of(file, "spec.yaml", SpecificationFuzzTest::read);
    }

    /** The right keys with values of every kind, in YAML or JSON. */
    @DictionaryEntries({RANGE, "1e308", "0e-999999999", "1_000", "0x10", "~", "[", "*a", "&a 1", "relu"})
    @FuzzTest
    void entries(FuzzedDataProvider data) {
        boolean json = data.consumeBoolean();
        QuantityType type = Quantities.type(
                data.pickValue(Quantities.ALL.stream().map(QuantityType::name).toArray(String[]::new)));
        StringBuilder text = new StringBuilder(json ? "{" : "");
        List<String> keys = type.keys().stream().map(Setting::name).toList();
        add(text, json, "quantity", type.name());
        for (String axis : SweepSpecFile.AXES) {
            String usual = axis.equals("activation") ? data.pickValue(new String[] {"relu", "erf", "tanh"}) : "3";
            add(text, json, axis, data.consumeInt(0, 3) > 0 ? usual : value(data));
        }
        for (int others = data.consumeInt(0, 4); others > 0; others--) {
            add(text, json, keys.isEmpty() ? "seed" : data.pickValue(keys), value(data));
        }
        text.append(json ? "\"seed\": 0}" : "");
        PARSING.of(text.toString().getBytes(StandardCharsets.UTF_8), "spec.yaml", SpecificationFuzzTest::read);
    }

    private static void add(StringBuilder text, boolean json, String key, String value) {
        String quoted = value.matches("[a-z_]+") ? '"' + value + '"' : value;
        text.append(json ? '"' + key + "\": " + quoted + ", " : key + ": " + value + "\n");
    }

    private static String value(FuzzedDataProvider data) {
        return switch (data.consumeInt(0, 6)) {
            case 0 -> Long.toString(data.consumeLong());
            case 1 -> Double.toString(data.consumeDouble());
            case 2 -> "[" + data.consumeInt() + ", " + data.consumeRegularDouble() + "]";
            case 3 -> "{from: " + number(data) + ", to: " + number(data) + ", step: " + number(data) + "}";
            case 4 -> data.pickValue(new String[] {"true", "null", "mnist", "[]", "{}", "auto", "[1, 2, 3]", "0.5"});
            case 5 -> number(data);
            default -> data.consumeString(30);
        };
    }

    // A few digits and an exponent.
    private static String number(FuzzedDataProvider data) {
        String digits = Integer.toString(data.consumeInt(-20, 20));
        return data.consumeBoolean()
                ? digits
                : digits + "e" + data.consumeInt(-12, 12) * (data.consumeBoolean() ? 1 : 99999999);
    }
}
