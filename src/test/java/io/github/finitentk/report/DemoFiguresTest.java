package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Draws every demo figure into target/report-demo, for people to look at: both files show what the figure draws. */
class DemoFiguresTest {

    private static final Path FOLDER = Path.of("target", "report-demo");
    private static final Pattern FILL = Pattern.compile("rgb\\((\\d+),\\s*(\\d+),\\s*(\\d+)\\)");

    private static Figure figure(String name) {
        return switch (name) {
            case "heat-map-paper" -> DemoFigures.heatMap(ColorScale.paper());
            case "heat-map-viridis" ->
                DemoFigures.heatMap(ColorScale.viridis(1, 100).logarithmic().open(false, true));
            case "ratio-curves" -> DemoFigures.ratioCurves();
            case "covariances" -> DemoFigures.covariances();
            case "change" -> DemoFigures.change();
            default -> DemoFigures.bands();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"heat-map-paper", "heat-map-viridis", "ratio-curves", "covariances", "change", "bands"})
    void pngAndSvgShowWhatTheFigureDraws(String name) throws Exception {
        Figure figure = figure(name);
        Path png = FOLDER.resolve(name + ".png");
        Path svg = FOLDER.resolve(name + ".svg");
        FigureWriter.write(figure, png);
        FigureWriter.write(figure, svg);
        assertThat(Files.size(png)).isLessThan(1_000_000);
        assertThat(Files.size(svg)).isLessThan(1_000_000);

        BufferedImage image = ImageIO.read(png.toFile());
        BufferedImage drawn = FigureWriter.render(figure, 300);
        assertThat(pixels(image)).isEqualTo(pixels(drawn));
        for (int panel = 0; panel < figure.panelCount(); panel++) {
            var area = figure.dataArea(panel);
            Set<Integer> colours = new HashSet<>();
            for (double x = area.getMinX(); x < area.getMaxX(); x += 0.25) {
                for (double y = area.getMinY(); y < area.getMaxY(); y += 0.25) {
                    colours.add(image.getRGB((int) (x / 72 * 300), (int) (y / 72 * 300)));
                }
            }
            assertThat(colours.size()).as("colours of panel %s", panel).isGreaterThan(2);
        }

        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                .isEqualTo(figure.description());
        if (figure instanceof HeatMapFigure) {
            requireColours(document, image);
        }
    }

    private static int[] pixels(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).map(rgb -> rgb & 0xffffff).toArray();
    }

    /** What is filled in vectors is in the picture, too. */
    private static void requireColours(Document document, BufferedImage image) {
        Set<Integer> seen = Arrays.stream(pixels(image)).boxed().collect(Collectors.toSet());
        NodeList all = document.getElementsByTagName("*");
        int filled = 0;
        for (int k = 0; k < all.getLength(); k++) {
            var fill = all.item(k).getAttributes().getNamedItem("fill");
            Matcher colour = FILL.matcher(fill == null ? "" : fill.getNodeValue());
            if (colour.matches() && all.item(k).getAttributes().getNamedItem("fill-opacity") == null) {
                int rgb = Integer.parseInt(colour.group(1)) << 16
                        | Integer.parseInt(colour.group(2)) << 8
                        | Integer.parseInt(colour.group(3));
                assertThat(seen).as("colour %s", colour.group()).contains(rgb);
                filled++;
            }
        }
        assertThat(filled).isGreaterThan(20);
    }
}
