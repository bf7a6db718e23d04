package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.finitentk.Ntk;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void run() {
        run = folder.resolve("theory.db");
        try (Ntk ntk = Ntk.builder().backend("java").threads(1).build()) {
            ntk.sweep(SweepSpec.builder("theory")
                            .activations(Activations.RELU, Activations.TANH)
                            .sigmaW2(1, 2, 3)
                            .sigmaB2(0.5)
                            .depths(2, 4)
                            .widths(100)
                            .build())
                    .to(run)
                    .run();
        }
    }

    private CommandLineRun plot(String... options) {
        String[] line = new String[options.length + 2];
        line[0] = "plot";
        line[1] = run.toString();
        System.arraycopy(options, 0, line, 2, options.length);
        return CommandLineRun.of(line);
    }

    @Test
    void withoutOptionsAPdfItsCaptionsAndItsNumbersStandBesideTheRun() throws Exception {
        CommandLineRun plot = plot("--json");
        assertThat(plot.exitCode()).as(plot.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(plot.out());
        assertThat(json.get("pictures").get(0).asText())
                .isEqualTo(folder.resolve("theory-plot.pdf").toString());
        assertThat(json.get("kind").asText()).isEqualTo("map");
        assertThat(json.get("panels").asInt()).isEqualTo(2);
        assertThat(json.get("numbers").asInt()).isEqualTo(12);
        assertThat(Files.readString(folder.resolve("theory-plot.tex"))).contains("\\includegraphics{theory-plot}");
        assertThat(Files.readString(folder.resolve("theory-plot.md"))).contains("ntk plot ");
        assertThat(Files.readAllLines(folder.resolve("theory-plot.csv"))).hasSize(13);
        byte[] once = Files.readAllBytes(folder.resolve("theory-plot.pdf"));
        CommandLineRun again = plot();
        assertThat(again.err()).contains("Replaced " + folder.resolve("theory-plot.pdf"));
        assertThat(Files.readAllBytes(folder.resolve("theory-plot.pdf"))).isEqualTo(once);
    }

    @Test
    void oneCommandWritesSeveralFormatsAtAWidthAndAResolution() throws Exception {
        CommandLineRun plot = plot(
                "--x",
                "sigma_w2",
                "--lines",
                "depth",
                "--panels",
                "activation",
                "--columns",
                "85mm",
                "--dpi",
                "600",
                "--limits",
                "0,",
                "--output",
                folder.resolve("q.svg") + "," + folder.resolve("q.png"));
        assertThat(plot.exitCode()).as(plot.err()).isZero();
        assertThat(ImageIO.read(folder.resolve("q.png").toFile()).getWidth())
                .isEqualTo((int) Math.round(85 / 25.4 * 600));
        assertThat(Files.readString(folder.resolve("q.svg"))).contains("width=\"85.00mm\"", "<text ");
    }

    @Test
    void whatIsThereIsNotLost() throws Exception {
        byte[] before = Files.readAllBytes(run);
        refused(
                "is used by this command otherwise",
                "--output",
                folder.resolve("theory.db.pdf") + "," + folder.resolve("theory.db.pdf"));
        refused(".pdf, .svg or .png", "--output", run.toString());
        Path notes = Files.writeString(folder.resolve("mine.md"), "notes");
        refused("is there already", "--output", folder.resolve("mine.pdf").toString());
        assertThat(notes).hasContent("notes");
        assertThat(Files.readAllBytes(run)).isEqualTo(before);
        assertThat(folder.resolve("mine.pdf")).doesNotExist();
    }

    @Test
    void mistakesAreSaid() {
        refused("did you mean q_star?", "--value", "q_sta");
        refused("--log takes x, y, value or none", "--log", "z");
        refused("--limits takes two numbers", "--limits", "a,b");
        refused("--limits takes two numbers", "--limits", "1");
        refused("--where takes an axis", "--where", "width");
        refused("not 30", "--dpi", "30");
        refused("not wide", "--columns", "wide");
        assertThat(folder.resolve("theory-plot.pdf")).doesNotExist();
    }

    private void refused(String words, String... options) {
        CommandLineRun plot = plot(options);
        assertThat(plot.exitCode()).isEqualTo(2);
        assertThat(plot.err()).contains(words);
    }
}
