package io.github.finitentk.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** PNG with its resolution and a description in the file. */
final class PngFormat {

    private static final String FORMAT = "javax_imageio_png_1.0";
    private static final double INCHES_PER_METRE = 1 / 0.0254;

    private PngFormat() {}

    static void write(BufferedImage image, int dpi, String description, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            IIOMetadata metadata =
                    writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), parameters);
            metadata.mergeTree(FORMAT, tree(dpi, description));
            writer.setOutput(stream);
            writer.write(metadata, new IIOImage(image, null, metadata), parameters);
        } finally {
            writer.dispose();
        }
    }

    private static IIOMetadataNode tree(int dpi, String description) {
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        String perMetre = Long.toString(Math.round(dpi * INCHES_PER_METRE));
        IIOMetadataNode resolution = new IIOMetadataNode("pHYs");
        resolution.setAttribute("pixelsPerUnitXAxis", perMetre);
        resolution.setAttribute("pixelsPerUnitYAxis", perMetre);
        resolution.setAttribute("unitSpecifier", "meter");
        root.appendChild(resolution);

        // iTXt, because the plain text chunk of PNG knows Latin-1 only.
        IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
        entry.setAttribute("keyword", "Description");
        entry.setAttribute("compressionFlag", "FALSE");
        entry.setAttribute("compressionMethod", "0");
        entry.setAttribute("languageTag", "en");
        entry.setAttribute("translatedKeyword", "Description");
        entry.setAttribute("text", description);
        IIOMetadataNode texts = new IIOMetadataNode("iTXt");
        texts.appendChild(entry);
        root.appendChild(texts);
        return root;
    }
}
