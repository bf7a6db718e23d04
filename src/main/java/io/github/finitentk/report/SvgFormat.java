package io.github.finitentk.report;

import java.awt.Dimension;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * SVG by Batik's generator, serialised by the JDK: Batik's own serialiser names the DTD on a web server, which a
 * self-contained file must not.
 */
final class SvgFormat {

    private static final String SVG = "http://www.w3.org/2000/svg";

    /** 0.01 pt is a twentieth of a pixel at 300 dots per inch. */
    private static final int DECIMALS = 2;

    private SvgFormat() {}

    static Element draw(Figure figure) {
        Document document = newDocument();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setPrecision(DECIMALS);
        context.setComment(null);
        SVGGraphics2D g = Fonts.checked(() -> new SVGGraphics2D(context, true));
        g.setSVGCanvasSize(new Dimension((int) Math.ceil(figure.width()), (int) Math.ceil(figure.height())));
        figure.draw(g);
        Element root = g.getRoot();
        SvgPaths.shorten(root);
        root.setAttribute("width", millimetres(figure.width()));
        root.setAttribute("height", millimetres(figure.height()));
        root.setAttribute("viewBox", String.format(Locale.ROOT, "0 0 %.2f %.2f", figure.width(), figure.height()));
        root.setAttribute("role", "img");
        Element description = document.createElementNS(SVG, "desc");
        description.setTextContent(figure.description());
        root.insertBefore(description, root.getFirstChild());
        return root;
    }

    static void write(Element root, OutputStream out) throws IOException {
        try {
            TransformerFactory factory = TransformerFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            Transformer transformer = factory.newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            transformer.setOutputProperty(OutputKeys.STANDALONE, "yes");
            transformer.transform(new DOMSource(root), new StreamResult(out));
        } catch (TransformerException e) {
            throw new IOException("The SVG could not be written: " + e.getMessage(), e);
        }
    }

    private static Document newDocument() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return factory.newDocumentBuilder().getDOMImplementation().createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("This Java lacks an XML implementation: " + e.getMessage(), e);
        }
    }

    private static String millimetres(double points) {
        return String.format(Locale.ROOT, "%.2fmm", points / 72 * 25.4);
    }
}
