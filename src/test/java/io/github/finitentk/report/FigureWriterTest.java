package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.text.PDFTextStripper;
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
        FigureWriter.write(figure, file);
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
        FigureWriter.write(figure, file);
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
        for (String forbidden : new String[] {"image", "script", "use", "style", "foreignObject", "a"}) {
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
    void textsOfAnSvgAreWhole() throws Exception {
        Path file = folder.resolve("figure.svg");
        FigureWriter.write(DemoFigures.heatMap(ColorScale.paper()), file);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        NodeList texts = document.getElementsByTagName("text");
        List<String> contents = new ArrayList<>();
        for (int k = 0; k < texts.getLength(); k++) {
            contents.add(texts.item(k).getTextContent());
        }
        assertThat(contents)
                .contains(
                        "a) tanh, M = 50",
                        "depth L",
                        "border between ordered and chaotic phase, χ1 = 1",
                        "40",
                        "≥ 3",
                        "not computed");
        assertThat(document.getDocumentElement().getAttribute("font-family")).startsWith("'DejaVu Sans', ");
        assertThat(document.getDocumentElement().getAttribute("font-size")).isEqualTo("8");
        // The scripts of sigma_w^2: the subscript below, the superscript as far above, moved back over it.
        Element sigma = (Element) texts.item(contents.indexOf("σw2"));
        NodeList parts = sigma.getElementsByTagName("tspan");
        assertThat(parts.getLength()).isEqualTo(3);
        assertThat(((Element) parts.item(1)).getAttribute("dy")).isEqualTo("1.92");
        assertThat(((Element) parts.item(2)).getAttribute("dy")).isEqualTo("-5.28");
        assertThat(((Element) parts.item(2)).getAttribute("dx")).startsWith("-");
        assertThat(sigma.getAttribute("text-anchor")).isEqualTo("middle");
    }

    @Test
    void pdfHasTextAndItsFontsAndTheSizeOfTheFigure() throws Exception {
        Figure figure = DemoFigures.heatMap(ColorScale.paper()).atWidth(Figure.ONE_COLUMN);
        Path file = folder.resolve("figure.pdf");
        FigureWriter.write(figure, file);
        try (PDDocument document = Loader.loadPDF(file.toFile())) {
            PDPage page = document.getPage(0);
            assertThat(document.getNumberOfPages()).isEqualTo(1);
            assertThat((double) page.getMediaBox().getWidth() / 72 * 25.4).isCloseTo(85, within(1e-4));
            assertThat(page.getMediaBox().getHeight()).isEqualTo((float) figure.height());
            // Words that read upwards are extracted letter by letter.
            String text = new PDFTextStripper().getText(document);
            assertThat(text).contains("a) tanh, M = 50", "not computed");
            assertThat(text.replaceAll("\\s", "")).contains("depthL", "𝔼[Θ(x,x)2]/𝔼[Θ(x,x)]2");
            assertThat(document.getDocumentInformation().getSubject()).isEqualTo(figure.description());
            assertThat(document.getDocumentInformation().getCreationDate()).isNull();
            List<String> fonts = new ArrayList<>();
            PDResources resources = page.getResources();
            for (COSName form : resources.getXObjectNames()) {
                PDResources inner = ((PDFormXObject) resources.getXObject(form)).getResources();
                for (COSName name : inner.getFontNames()) {
                    PDFont font = inner.getFont(name);
                    assertThat(font.isEmbedded()).isTrue();
                    fonts.add(font.getName().replaceFirst("^[A-Z]{6}\\+", "subset of "));
                }
            }
            assertThat(fonts).containsExactlyInAnyOrder("subset of DejaVuSans", "subset of DejaVuSans-Oblique");
        }
        assertThat(Files.size(file)).isLessThan(150_000);
    }

    @Test
    void oneFigureGivesTheSameBytesAlways() throws Exception {
        for (String format : FigureWriter.FORMATS) {
            ByteArrayOutputStream once = new ByteArrayOutputStream();
            FigureWriter.write(DemoFigures.change(), format, 100, once);
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            FigureWriter.write(DemoFigures.change(), format, 100, again);
            assertThat(again.toByteArray()).as(format).isEqualTo(once.toByteArray());
            if (!format.equals("png")) {
                assertThat(once.toString(StandardCharsets.ISO_8859_1))
                        .doesNotContain(Integer.toString(java.time.Year.now().getValue()));
            }
        }
    }

    @Test
    void resolutionAndWidthAreAsWanted() throws Exception {
        Path file = folder.resolve("figure.png");
        FigureWriter.write(DemoFigures.bands().atWidth(Figure.ONE_COLUMN), file, 600);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo((int) Math.round(85 / 25.4 * 600));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FigureWriter.write(DemoFigures.bands(), folder.resolve("figure.gif")))
                .withMessageContaining(".pdf, .svg or .png");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoFigures.bands().atWidth(50))
                .withMessageContaining("18 mm wide has no room");
    }

    @Test
    void panelsMoveBelowEachOtherWhereThePageIsNarrow() {
        Figure wide = DemoFigures.heatMap(ColorScale.paper());
        Figure narrow = wide.atWidth(Figure.ONE_COLUMN);
        assertThat(wide.dataArea(3).getY()).isEqualTo(wide.dataArea(0).getY());
        assertThat(narrow.dataArea(1).getY()).isEqualTo(narrow.dataArea(0).getY());
        assertThat(narrow.dataArea(2).getY()).isGreaterThan(narrow.dataArea(0).getMaxY());
        assertThat(narrow.dataArea(2).getX()).isEqualTo(narrow.dataArea(0).getX());
        for (int k = 0; k < narrow.panelCount(); k++) {
            assertThat(narrow.dataArea(k).getMaxX()).isLessThan(Figure.ONE_COLUMN);
            assertThat(narrow.dataArea(k).getWidth()).isGreaterThanOrEqualTo(60);
        }
        assertThat(narrow.atWidth(wide.width()).dataArea(3)).isEqualTo(wide.dataArea(3));
        // A colour bar between two panels belongs to the left one: the right one has its own axis.
        Figure pair = DemoFigures.change();
        assertThat(pair.dataArea(1).getX() - pair.dataArea(0).getMaxX()).isGreaterThan(60);
    }

    @Test
    void aHundredThousandMissingCellsAreDrawnInSeconds() throws Exception {
        double[] axis = new double[320];
        double[][] values = new double[320][320];
        for (int j = 0; j < 320; j++) {
            axis[j] = j;
            for (int i = 0; i < 320; i++) {
                values[j][i] = (i + j) % 2 == 0 ? Double.NaN : i;
            }
        }
        Figure figure = HeatMapFigure.builder()
                .columns(1)
                .scale(ColorScale.viridis(0, 320), "")
                .panel(HeatMapPanel.of("", new CellGrid(axis, axis, values)))
                .build();
        for (String format : FigureWriter.FORMATS) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(60),
                    () -> FigureWriter.write(figure, folder.resolve("large." + format)),
                    format);
        }
    }

    @Test
    void aLetterThatTheFontLacksIsTakenFromAnother() throws Exception {
        assertThat(Fonts.of("σ", true, 8).getFamily()).isEqualTo(Fonts.FAMILY);
        assertThat(Fonts.of("漢", false, 8).getFamily()).isNotEqualTo(Fonts.FAMILY);
        Figure figure = LineFigure.builder()
                .panel(LineFigure.Panel.of(
                        "漢 and a", List.of(Series.line("", new double[] {1, 2}, new double[] {1, 2}))))
                .build();
        for (String format : FigureWriter.FORMATS) {
            FigureWriter.write(figure, folder.resolve("figure." + format));
        }
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
        FigureWriter.write(
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
                .isThrownBy(() -> FigureWriter.write(figure, Files.createDirectory(folder.resolve("folder.png"))))
                .withMessageContaining("is a folder");
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FigureWriter.write(figure, file.resolve("figure.svg")))
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
