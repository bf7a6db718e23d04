package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.store.Sweep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepSpecTest {

    private static final Path FILE = Path.of("spec.yaml");

    @Test
    void builderAndFileSayTheSame() {
        SweepSpec built = SweepSpec.builder("variance")
                .activations(Activations.RELU, Activations.leakyRelu(0.1))
                .sigmaW2(Grid.range(1, 2, 0.25))
                .sigmaB2(1)
                .depths(5, 10)
                .widths(100)
                .set("draws", 500)
                .set("method", "chain")
                .seed(7)
                .build();
        SweepSpec read = SweepSpec.parse("""
                quantity: variance
                activation: [relu, leaky-relu(0.1)]
                sigma_w2: {from: 1, to: 2, step: 0.25}
                sigma_b2: 1
                depth: [5, 1e1]
                width: 100
                draws: 500
                method: chain
                seed: 7
                """, FILE);
        assertThat(built.canonical()).isEqualTo(read.canonical());
        assertThat(built.differenceFrom(read)).isEmpty();
        assertThat(built.cells()).hasSize(20).isEqualTo(read.cells());
        String json = """
                {"quantity": "variance", "activation": ["relu", "leaky-relu(0.1)"],
                 "sigma_w2": [1, 1.25, 1.5, 1.75, 2], "sigma_b2": 1, "depth": [5, 10], "width": 100,
                 "draws": 500, "method": "chain", "seed": 7}
                """;
        assertThat(SweepSpec.parse(json, FILE).canonical()).isEqualTo(built.canonical());
    }

    // Run files of earlier versions, which Jackson quoted the labels of, must go on being resumed.
    @Test
    void labelsAreQuotedAsJacksonDoes() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            all.append((char) c);
        }
        String label = all.toString();
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(label));
        SweepSpec spec = SweepSpec.builder("variance")
                .activations(new PiecewiseLinear(label, 0.5, 1))
                .sigmaW2(1)
                .sigmaB2(1)
                .depths(2)
                .widths(10)
                .build();
        assertThat(spec.canonical())
                .startsWith("quantity: variance\nactivation: [\"" + quoted + "\"]\nsigma_w2: [1.0]\n");
    }

    @Test
    void reluIsReluUnderWhateverName() {
        List<List<Object>> ratios = new ArrayList<>();
        for (Activation relu : List.of(
                Activations.RELU,
                new PiecewiseLinear("relu", 0, 1),
                Activations.abRelu(0, 1),
                Activations.leakyRelu(0))) {
            for (String method : List.of("auto", "exact")) {
                SweepSpec spec = SweepSpec.builder("variance")
                        .activations(relu)
                        .sigmaW2(2)
                        .sigmaB2(1)
                        .depths(3)
                        .widths(10)
                        .set("method", method)
                        .build();
                SweepRow row = new Sweep(spec, Engine.single(Backend.pureJava()))
                        .run()
                        .rows()
                        .get(0);
                ratios.add(List.of(
                        row.get(VarianceQuantity.METHOD),
                        row.get(VarianceQuantity.LOG_MEAN),
                        row.get(VarianceQuantity.LOG_SECOND_MOMENT),
                        row.get(VarianceQuantity.RATIO)));
            }
        }
        assertThat(ratios.get(0)).contains("exact");
        assertThat(ratios).containsOnly(ratios.get(0));
    }

    @Test
    void canonicalFormIsReadBackAsTheSameSweep() {
        SweepSpec spec = SweepSpec.builder("trial")
                .activations(Activations.TANH)
                .sigmaW2(0.1, 1.0 / 3)
                .sigmaB2(0)
                .depths(1)
                .widths(1)
                .grid()
                .activations(Activations.RELU)
                .sigmaW2(1e-300, 1e300)
                .grid()
                .set("label", "on \"two\"\n lines: # \\ ü")
                .set("weights", List.of(1, -0.5))
                .set("together", true)
                .seed(Long.MIN_VALUE)
                .build();
        SweepSpec read = SweepSpec.parse(spec.canonical(), FILE);
        assertThat(read.canonical()).isEqualTo(spec.canonical());
        assertThat(read.cells()).isEqualTo(spec.cells()).hasSize(4);
        assertThat(read.quantity().settings()).isEqualTo(spec.quantity().settings());
        assertThat(read.seed()).isEqualTo(Long.MIN_VALUE);
        for (String word : List.of("yes", "null", "12", "1e3", "", " padded ", "~", "a: b", "-")) {
            SweepSpec labelled = new SweepSpec(Quantity.of("trial", Map.of("label", word)), spec.grids(), 0);
            assertThat(SweepSpec.parse(labelled.canonical(), FILE).quantity().settings())
                    .containsEntry("label", word);
        }
    }

    @Test
    void severalGridsAreTheirUnionInOrder() {
        SweepSpec spec = SweepSpec.parse("""
                quantity: variance
                grids:
                  - {activation: relu, sigma_w2: [1, 2], sigma_b2: 1, depth: [3, 2], width: 10}
                  - activation: relu
                    sigma_w2: [2, 5]
                    sigma_b2: 1
                    depth: 2
                    width: 10
                """, FILE);
        assertThat(spec.cells()).extracting(Cell::sigmaW2).containsExactly(1.0, 1.0, 2.0, 2.0, 5.0);
        assertThat(spec.cells()).extracting(Cell::depth).containsExactly(3, 2, 3, 2, 2);
    }

    @Test
    void depthVariesFastestThenWeightVarianceWidthBiasVarianceActivation() {
        Grid grid = new Grid(
                List.of(Activations.RELU, Activations.TANH),
                List.of(0.0, 1.0),
                List.of(10, 20),
                List.of(1.0, 2.0, 3.0),
                List.of(4, 5));
        List<Cell> cells = grid.cells();
        assertThat(cells).hasSize(48).doesNotHaveDuplicates();
        assertThat(cells.get(1)).isEqualTo(new Cell(Activations.RELU, 1, 0, 5, 10));
        assertThat(cells.get(2)).isEqualTo(new Cell(Activations.RELU, 2, 0, 4, 10));
        assertThat(cells.get(6)).isEqualTo(new Cell(Activations.RELU, 1, 0, 4, 20));
        assertThat(cells.get(12)).isEqualTo(new Cell(Activations.RELU, 1, 1, 4, 10));
        assertThat(cells.get(24)).isEqualTo(new Cell(Activations.TANH, 1, 0, 4, 10));
    }

    @Test
    void differencesNameTheKeys() {
        SweepSpec.Builder builder = SweepSpec.builder("variance")
                .activations(Activations.RELU)
                .sigmaW2(1)
                .sigmaB2(1)
                .depths(5)
                .widths(10);
        SweepSpec before = builder.build();
        SweepSpec now = builder.seed(3).build();
        assertThat(now.differenceFrom(before)).hasValue("it has \"seed: 0\", now it is \"seed: 3\"");
        SweepSpec other = new SweepSpec(Quantity.of("finite_sample", Map.of()), before.grids(), 0);
        assertThat(other.differenceFrom(before).orElseThrow())
                .contains("\"quantity: variance\"")
                .contains("\"method: auto\", now it is \"no method\"");
    }

    @Test
    void ofLongValuesTheDifferenceShowsWhereTheyDiffer() {
        List<Double> many =
                IntStream.rangeClosed(1, 200).mapToObj(i -> (double) i).toList();
        List<Double> other = new ArrayList<>(many);
        other.set(150, 150.5);
        SweepSpec before = alongWeightVariances(many);
        assertThat(alongWeightVariances(other).differenceFrom(before).orElseThrow())
                .hasSizeLessThan(300)
                .matches("it has \"sigma_w2: \\.\\.\\..* 151\\.0, 152\\.0.*\\.\\.\\.\", now it is"
                        + " \"sigma_w2: \\.\\.\\..* 150\\.5, 152\\.0.*\\.\\.\\.\"");
    }

    private static SweepSpec alongWeightVariances(List<Double> sigmaW2) {
        return SweepSpec.builder("variance")
                .activations(Activations.RELU)
                .sigmaW2(sigmaW2)
                .sigmaB2(0)
                .depths(2)
                .widths(10)
                .build();
    }

    @Test
    void mistakesOfProgramsAreSentences() {
        assertThatThrownBy(() -> SweepSpec.builder("variance").build())
                .hasMessage("The axis activation has no values.");
        assertThatThrownBy(() -> Quantity.of("variance", Map.of("drawz", 3)))
                .hasMessage(
                        "The quantity variance has no setting \"drawz\"; it has method, draws, correlation, input_norm2.");
        assertThatThrownBy(() -> Quantity.of("variance", Map.of("draws", 2.5)))
                .hasMessage("draws must be a whole number, not 2.5.");
        assertThatThrownBy(() -> Quantity.of("variance", Map.of("draws", 1)))
                .hasMessage("draws must be 2 to 2147483647, not 1.");
        assertThatThrownBy(() -> Grid.of(new Cell(Activations.RELU, 1, 1, 0, 5)))
                .hasMessage("The depth must be 1 to 65535, not 0.");
    }

    @Test
    void mistakesOfFilesAreNamedWithTheirLine() {
        String spec = """
                quantity: trial
                activation: [relu, tanh]
                sigma_w2: {from: 1, to: 6, step: 0.25}
                sigma_b2: 1
                depth: [5, 20, 40]
                width: [60, 120]
                steps: 3
                """;
        String[][] mistakes = {
            {"steps: 3", "stepz: 3", "line 7: unknown key \"stepz\""},
            {"steps: 3", "steps: 0", "line 7: steps must be 1 to 1000000, not 0"},
            {"steps: 3", "steps: 2.5", "line 7: steps must be a whole number, not 2.5"},
            {"steps: 3", "steps: [3]", "line 7: steps takes one value"},
            {"steps: 3", "steps: three", "line 7: steps must be a number, not \"three\""},
            {"steps: 3", "steps:", "line 7: steps has no value"},
            {"steps: 3", "steps: \"3\"", "line 7, column 8: steps must be a plain decimal number, but \"3\" is quoted"},
            {"steps: 3", "steps: 1_000", "line 7, column 8: steps must be a plain decimal number, but 1_000 has"},
            {"steps: 3", "together: 1", "line 7: together must be true or false, not 1"},
            {"steps: 3", "weights: [1, 11]", "line 7: weights must be -10 to 10, not 11"},
            {"steps: 3", "seed: 1.5", "line 7: seed must be a whole number, not 1.5"},
            {"steps: 3", "seed: 9223372036854775808", "line 7: seed must be a whole number"},
            {"steps: 3", "grids: []", "line 2: unknown key \"activation\""},
            {"sigma_b2: 1", "sigma_b2: -1", "bias variance sigma_b^2 must be zero or a positive finite number, not -1.0"
            },
            {"depth: [5, 20, 40]", "depth: [5, 2.5]", "line 5: depth must be a whole number, not 2.5"},
            {"depth: [5, 20, 40]", "depth: []", "line 5: the list depth is empty"},
            {"depth: [5, 20, 40]", "depth: [5, 5]", "The axis depth has a value twice"},
            {"depth: [5, 20, 40]", "depth: [5, [6]]", "line 5: the value of depth must be a number"},
            {"depth: [5, 20, 40]", "depth: 3000000000", "line 5: depth must be a whole number below 2^31"},
            {"depth: [5, 20, 40]", "depth: -9223372036854775808", "line 5: depth must be a whole number below 2^31"},
            {
                "depth: [5, 20, 40]",
                "depth: 1e400",
                "line 5, column 8: depth must be a plain decimal number, but 1e400 is"
            },
            {"depth: [5, 20, 40]", "depth: {from: 1, to: 3, step: 0.5}", "line 5: depth must be a whole number, not 1.5"
            },
            {"quantity: trial", "quantity: [trial]", "line 1: quantity must be a word, not a list"},
            {"width: [60, 120]", "width: [60, 13]", "Width 13 is unlucky"},
            {
                "step: 0.25",
                "step: -1",
                "line 3: the range of sigma_w2 from 1 to 6 in steps of -1 is empty, for its step must be above 0"
            },
            {"step: 0.25", "step: 0", "line 3: the range of sigma_w2 from 1 to 6 in steps of 0 is empty"},
            {"from: 1, to: 6", "from: 6, to: 1", "line 3: the range of sigma_w2 from 6 to 1 in steps of 0.25 is empty"},
            {"step: 0.25", "step: 1e-12", "line 3: the range of sigma_w2 from 1 to 6 in steps of 1E-12 has more than"},
            {"step: 0.25", "step: 0x1", "line 3, column 34: sigma_w2 must be a plain decimal number, but 0x1 is not"},
            {"step: 0.25", "step: small", "line 3: sigma_w2 must hold numbers, not \"small\""},
            {", step: 0.25", "", "line 3: the range of sigma_w2 must be {from: number, to: number, step: number}"},
            {"relu, tanh", "relu, thanh", "line 2: There is no activation 'thanh'"},
            {"quantity: trial", "quantity: magic", "line 1: Unknown quantity \"magic\"; allowed are variance"},
            {"quantity: trial\n", "", "the key quantity is missing"},
            {"width: [60, 120]\n", "", "the key width is missing"},
            {"width: [60, 120]", "width: [60, 120", "cannot be read as YAML"},
            {"steps: 3", "depth: 3", "line 7, column 1: the key \"depth\" appears twice, first in line 5"},
        };
        for (String[] mistake : mistakes) {
            String text = spec.replace(mistake[0], mistake[1]);
            assertThat(text).isNotEqualTo(spec);
            assertThatThrownBy(() -> SweepSpec.parse(text, FILE))
                    .as(mistake[1])
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("spec.yaml")
                    .hasMessageContaining(mistake[2])
                    .hasMessageEndingWith(".");
        }
        assertThatThrownBy(() -> SweepSpec.parse("", FILE)).hasMessageContaining("list of keys and values");
        assertThatThrownBy(() -> SweepSpec.parse("- 1", FILE)).hasMessageContaining("list of keys and values");
        String vast = spec.replace("depth: [5, 20, 40]", "depth: {from: 1, to: 60000, step: 1}")
                .replace("width: [60, 120]", "width: {from: 1, to: 60000, step: 1}");
        assertThatThrownBy(() -> SweepSpec.parse(vast, FILE)).hasMessageContaining("at most 10000000 are allowed");
    }

    @Test
    void thePapersGridsAreThoseOfItsFigures() {
        for (String name : new String[] {"tanh", "relu"}) {
            SweepSpec paper = SweepSpec.read(Path.of("docs/paper-grids", name + ".yaml"));
            assertThat(paper.size()).isEqualTo((name.equals("tanh") ? 21 : 13) * 10 * 6);
            assertThat(paper.cells()).extracting(Cell::width).contains(128, 4096);
            assertThat(paper.quantity().settings()).containsEntry("initializations", 1L);
        }
    }
}
