package io.github.finitentk.report;

import java.awt.Dimension;
import java.awt.geom.AffineTransform;
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
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Text;

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
        Page g = Fonts.checked(() -> new Page(context));
        g.setSVGCanvasSize(new Dimension((int) Math.ceil(figure.width()), (int) Math.ceil(figure.height())));
        figure.draw(g);
        Element root = g.getRoot();
        SvgPaths.shorten(root);
        root.setAttribute("width", millimetres(figure.width()));
        root.setAttribute("height", millimetres(figure.height()));
        root.setAttribute("viewBox", String.format(Locale.ROOT, "0 0 %.2f %.2f", figure.width(), figure.height()));
        root.setAttribute("role", "img");
        root.setAttribute("font-family", "'" + Fonts.FAMILY + "', Verdana, Arial, Helvetica, sans-serif");
        root.setAttribute("font-size", number(Pen.TEXT));
        root.setAttribute("text-rendering", "geometricPrecision");
        Element description = document.createElementNS(SVG, "desc");
        description.setTextContent(figure.description());
        root.insertBefore(description, root.getFirstChild());
        return root;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%." + DECIMALS + "f", value).replaceAll("\\.?0+$", "");
        return text.equals("-0") ? "0" : text;
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

    /** Sets each text as one element, so that whoever edits the file finds it whole. */
    private static final class Page extends SVGGraphics2D implements TextPage {

        Page(SVGGeneratorContext context) {
            super(context, false);
        }

        @Override
        public void text(MathText.Laid text, Pen.Align align, AffineTransform place) {
            Element element = getDOMFactory().createElementNS(SVG, "text");
            if (place.getShearX() == 0) {
                element.setAttribute("x", number(place.getTranslateX()));
                element.setAttribute("y", number(place.getTranslateY()));
            } else {
                element.setAttribute(
                        "transform",
                        "translate(" + number(place.getTranslateX()) + ' ' + number(place.getTranslateY())
                                + ") rotate(-90)");
            }
            if (align != Pen.Align.LEFT) {
                element.setAttribute("text-anchor", align == Pen.Align.CENTER ? "middle" : "end");
            }
            element.setAttributeNS(XMLConstants.XML_NS_URI, "xml:space", "preserve");
            double x = 0;
            double y = 0;
            for (MathText.Run run : text.runs()) {
                Element part = getDOMFactory().createElementNS(SVG, "tspan");
                shift(part, "dx", run.x() - x);
                shift(part, "dy", run.y() - y);
                if (run.italic()) {
                    part.setAttribute("font-style", "italic");
                }
                if (run.size() != Pen.TEXT) {
                    part.setAttribute("font-size", number(run.size()));
                }
                Text characters = getDOMFactory().createTextNode(run.text());
                if (part.hasAttributes()) {
                    part.appendChild(characters);
                    element.appendChild(part);
                } else {
                    element.appendChild(characters);
                }
                x = run.x() + run.width();
                y = run.y();
            }
            domGroupManager.addElement(element, DOMGroupManager.FILL);
        }

        /** Relative to where the text before ends: a reader without our font keeps scripts at their letters. */
        private static void shift(Element part, String attribute, double by) {
            String value = number(by);
            if (!value.equals("0")) {
                part.setAttribute(attribute, value);
            }
        }
    }
}
