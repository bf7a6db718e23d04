package io.github.finitentk.report;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/**
 * PDF by PDFBox: one page of the figure's size, text as text, fonts embedded as far as they are used. The same figure gives the
 * same bytes: nothing in the file is a date or random.
 */
final class PdfFormat {

    /** Figures are put into documents by programs that know no later one. */
    private static final float VERSION = 1.4f;

    private PdfFormat() {}

    static void write(Figure figure, OutputStream out) throws IOException {
        try (PDDocument document = new PDDocument()) {
            float width = (float) figure.width();
            float height = (float) figure.height();
            PDPage page = new PDPage(new PDRectangle(width, height));
            document.addPage(page);
            Page graphics = Fonts.checked(() -> page(document, width, height));
            figure.draw(graphics);
            graphics.dispose();
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawForm(graphics.getXFormObject());
            }
            PDDocumentInformation about = new PDDocumentInformation();
            about.setSubject(figure.description());
            about.setProducer("Finite NTK");
            document.setDocumentInformation(about);
            document.getDocumentCatalog().setLanguage("en");
            // What PDFBox makes the file's identifier of, instead of the time.
            document.setDocumentId(0L);
            document.setVersion(VERSION);
            document.save(out, CompressParameters.NO_COMPRESSION);
        }
    }

    private static Page page(PDDocument document, float width, float height) {
        try {
            Page page = new Page(document, width, height);
            PdfBoxGraphics2DFontTextDrawer texts = new PdfBoxGraphics2DFontTextDrawer();
            for (boolean slanted : new boolean[] {false, true}) {
                try (InputStream font = Fonts.file(slanted)) {
                    texts.registerFont(Fonts.of("", slanted, 1).getFontName(), PDType0Font.load(document, font, true));
                }
            }
            page.setFontTextDrawer(texts);
            return page;
        } catch (IOException e) {
            throw new IllegalStateException("A page of PDF cannot be begun: " + e.getMessage(), e);
        }
    }

    private static final class Page extends PdfBoxGraphics2D implements TextPage {

        Page(PDDocument document, float width, float height) throws IOException {
            super(document, width, height);
        }

        @Override
        public void text(MathText.Laid text, Pen.Align align, AffineTransform place) {
            AffineTransform before = getTransform();
            transform(place);
            for (MathText.Run run : text.runs()) {
                setFont(run.font());
                drawString(run.text(), (float) (run.x() - align.part() * text.width()), (float) run.y());
            }
            setTransform(before);
        }
    }
}
