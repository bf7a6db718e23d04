package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FigureCommandTest {

    @TempDir
    Path folder;

    @Test
    void figure6WritesPictureNumbersAndCaption() throws IOException {
        Path out = folder.resolve("new/folder");
        CommandLineRun run = CommandLineRun.of("figure", "6", "--out", out.toString(), "--quiet");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains(out.resolve("6.png").toString());
        for (String name : List.of("6.png", "6.svg", "6-as-printed.png", "6.csv", "6.json", "6.md")) {
            assertThat(out.resolve(name)).isNotEmptyFile();
        }
        BufferedImage picture = ImageIO.read(out.resolve("6.png").toFile());
        assertThat(picture.getWidth()).isGreaterThan(1900);
        // Three phases of erf and ReLU and of erf as printed, 21 covariances, depths 2 to 50.
        assertThat(Files.readAllLines(out.resolve("6.csv"))).hasSize(1 + 9 * 21 * 49);
        JsonNode json = new ObjectMapper().readTree(out.resolve("6.json").toFile());
        assertThat(json.get("rows")).hasSize(9 * 21 * 49);
        assertThat(Files.readString(out.resolve("6.md"))).contains("ntk figure 6 --scale quick --seed 0");
    }

    @Test
    void otherScalesHaveNamesOfTheirOwn() throws IOException {
        for (String scale : List.of("quick", "paper")) {
            CommandLineRun run =
                    CommandLineRun.of("figure", "6", "--quiet", "--out", folder.toString(), "--scale", scale);
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
        for (String name : List.of("6", "6-scale-paper")) {
            for (String ending : List.of(
                    ".pdf", ".png", ".svg", "-as-printed.pdf", "-as-printed.tex", ".csv", ".json", ".md", ".tex")) {
                assertThat(folder.resolve(name + ending)).isNotEmptyFile();
            }
        }
        assertThat(Files.readString(folder.resolve("6.md"))).contains("--scale quick");
        assertThat(Files.readString(folder.resolve("6-scale-paper.md"))).contains("--scale paper");
    }

    @Test
    void picturesAreAsWideAsTheColumn() throws IOException {
        CommandLineRun run =
                CommandLineRun.of("figure", "6", "--quiet", "--out", folder.toString(), "--columns", "8.5cm");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(ImageIO.read(folder.resolve("6-85mm.png").toFile()).getWidth())
                .isEqualTo((int) Math.round(85 / 25.4 * 300));
        assertThat(Files.readString(folder.resolve("6-85mm.svg"))).contains("width=\"85.00mm\"");
        assertThat(folder.resolve("6-85mm.pdf")).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("6-85mm.tex")))
                .contains("\\includegraphics{6-85mm}", "--columns 85mm");
        assertThat(folder.resolve("6.png")).doesNotExist();
        for (String width : List.of("85", "1mm", "wide")) {
            CommandLineRun refused = CommandLineRun.of("figure", "6", "--out", folder.toString(), "--columns", width);
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("not " + width);
        }
    }

    @Test
    void dataAreForTheFigureThatTakesThem() {
        CommandLineRun six = CommandLineRun.of("figure", "6", "--data", folder.toString(), "--out", folder.toString());
        assertThat(six.exitCode()).isEqualTo(2);
        assertThat(six.err()).contains("Figure 6 takes no data of yours; leave out --data.");
        CommandLineRun empty =
                CommandLineRun.of("figure", "14", "--data", folder.toString(), "--out", folder.toString());
        assertThat(empty.exitCode()).isEqualTo(2);
        assertThat(empty.err()).contains(folder.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "5", "6", "12"})
    void figuresOfLinesHaveNoStyles(String figure) {
        CommandLineRun run = CommandLineRun.of("figure", figure, "--style", "paper", "--out", folder.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Figure " + figure, "--style");
        assertThat(folder).isEmptyDirectory();
    }

    // Equal inputs have kappa_2 = kappa_1 in every phase: the corrected recursion keeps that, the printed one does not.
    @Test
    void figure5ShowsTheMisprint() throws IOException {
        CommandLineRun.of("figure", "5", "--out", folder.toString(), "--quiet");
        JsonNode rows =
                new ObjectMapper().readTree(folder.resolve("5.json").toFile()).get("rows");
        double worstPrinted = 0;
        for (JsonNode row : rows) {
            if (row.get(5).doubleValue() == 1) {
                double deviation = Math.abs(row.get(9).doubleValue() - 1);
                if (row.get(0).textValue().equals("corrected")) {
                    assertThat(deviation).isLessThan(1e-12);
                } else {
                    worstPrinted = Math.max(worstPrinted, deviation);
                }
            }
        }
        assertThat(worstPrinted).isGreaterThan(0.05);
    }

    @Test
    void aFolderThatIsAFileIsRefusedBeforeAnythingIsComputed() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "x");
        CommandLineRun run = CommandLineRun.of("figure", "1", "--out", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("ntk: ").contains("is a file");
        assertThat(Files.readString(file)).isEqualTo("x");
    }
}
