package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FigureWriterTest {

    @TempDir
    Path folder;

    @Test
    void pngHasTheSizeAndResolutionOfTheFigure() throws Exception {
        Figure figure = DemoFigures.bands();
        Path file = folder.resolve("new").resolve("figure.png");
        FigureWriter.writePng(figure, file);
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            BufferedImage image = reader.read(0);
            assertThat(image.getWidth()).isEqualTo((int) Math.round(figure.width() / 72 * 300));
            assertThat(image.getHeight()).isEqualTo((int) Math.round(figure.height() / 72 * 300));
            Element tree = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
            Element resolution = (Element) tree.getElementsByTagName("pHYs").item(0);
            assertThat(resolution.getAttribute("pixelsPerUnitXAxis")).isEqualTo("11811");
            assertThat(resolution.getAttribute("unitSpecifier")).isEqualTo("meter");
            reader.dispose();
        }
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void svgIsWellFormedAndNeedsNothingElse() throws Exception {
        Figure figure = DemoFigures.heatMap(ColorScale.paper());
        Path file = folder.resolve("figure.svg");
        FigureWriter.writeSvg(figure, file);
        String source = Files.readString(file);
        assertThat(source).doesNotContain("<!DOCTYPE", "<!ENTITY");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(file.toFile());
        Element root = document.getDocumentElement();
        assertThat(root.getAttribute("width")).isEqualTo("170.00mm");
        assertThat(root.getAttribute("viewBox")).startsWith("0 0 481.89 ");
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                .contains("tanh, M = 50");
        for (String forbidden : new String[] {"text", "image", "script", "use", "style", "foreignObject", "a"}) {
            assertThat(document.getElementsByTagName(forbidden).getLength())
                    .as(forbidden)
                    .isZero();
        }
        NodeList all = document.getElementsByTagName("*");
        for (int k = 0; k < all.getLength(); k++) {
            var attributes = all.item(k).getAttributes();
            for (int a = 0; a < attributes.getLength(); a++) {
                String name = attributes.item(a).getNodeName();
                String value = attributes.item(a).getNodeValue();
                assertThat(name).doesNotContain("href").doesNotStartWith("on");
                if (!name.startsWith("xmlns")) {
                    assertThat(value).doesNotContain("//");
                }
                if (value.contains("url(")) {
                    assertThat(value).startsWith("url(#");
                }
            }
        }
        // The blue of "3 and more", which many cells have.
        assertThat(source).contains("fill=\"rgb(11,69,184)\"");
    }

    @Test
    void aLargeSweepStaysBelowOneMegabyte() throws Exception {
        java.util.SplittableRandom random = new java.util.SplittableRandom(3);
        double[] axis = new double[100];
        double[][] values = new double[100][100];
        for (int j = 0; j < 100; j++) {
            axis[j] = j;
            for (int i = 0; i < 100; i++) {
                values[j][i] = 1 + 2 * random.nextDouble();
            }
        }
        Path file = folder.resolve("large.svg");
        FigureWriter.writeSvg(
                HeatMapFigure.builder()
                        .columns(1)
                        .scale(ColorScale.paper(), "noise: the worst case")
                        .panel(HeatMapPanel.of("", new CellGrid(axis, axis, values)))
                        .build(),
                file);
        assertThat(Files.size(file)).isLessThan(1_000_000);
    }

    @Test
    void aFolderIsNotOverwritten() throws Exception {
        Figure figure = DemoFigures.bands();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FigureWriter.writePng(figure, folder))
                .withMessageContaining("is a folder");
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FigureWriter.writeSvg(figure, file.resolve("figure.svg")))
                .withMessageContaining("is a file");
        assertThatIllegalArgumentException().isThrownBy(() -> FigureWriter.render(figure, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> FigureWriter.render(figure, 20_000));
    }

    @Test
    void aMachineWithoutFontsIsToldWhatToInstall() {
        for (Throwable failure : new Throwable[] {
            new InternalError("java.lang.reflect.InvocationTargetException"),
            new NullPointerException("Fontconfig head is null"),
            new UnsatisfiedLinkError("libfreetype.so.6"),
            new NoClassDefFoundError("Could not initialize class sun.awt.X11FontManager")
        }) {
            assertThatThrownBy(() -> Fonts.checked(() -> {
                        throw sneaky(failure);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("apt-get install fontconfig fonts-dejavu-core")
                    .hasCause(failure);
        }
    }

    @Test
    void aBrokenDisplayIsNotMistakenForMissingFonts() {
        assertThatThrownBy(() -> Fonts.checked(() -> {
                    throw new java.awt.AWTError("Can't connect to X11 window server");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("-Djava.awt.headless=true");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }
}
