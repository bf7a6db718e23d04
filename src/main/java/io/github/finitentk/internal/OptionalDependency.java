package io.github.finitentk.internal;

/**
 * A library that an application which does not use one part of this one may leave out. Whoever is about to load a class of
 * one asks for it first, so that what is missing is said in a sentence and not by a {@link NoClassDefFoundError}.
 */
public enum OptionalDependency {
    SNAKEYAML("Specification files are read by SnakeYAML", "org.yaml:snakeyaml", "org.yaml.snakeyaml.Yaml"),
    SQLITE("Run files are written and read by SQLite", "org.xerial:sqlite-jdbc", "org.sqlite.SQLiteConfig"),
    JACKSON(
            "JSON documents are written by Jackson",
            "com.fasterxml.jackson.core:jackson-databind",
            "com.fasterxml.jackson.databind.ObjectMapper"),
    BATIK(
            "SVG pictures are written by Batik",
            "org.apache.xmlgraphics:batik-svggen",
            "org.apache.batik.svggen.SVGGraphics2D"),
    PDFBOX(
            "PDF pictures are written by PDFBox",
            "de.rototor.pdfbox:graphics2d",
            "de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D");

    private final String use;
    private final String coordinates;
    private final String probe;

    OptionalDependency(String use, String coordinates, String probe) {
        this.use = use;
        this.coordinates = coordinates;
        this.probe = probe;
    }

    /** @throws UnsupportedOperationException with the sentence that says what to add if the library is not there */
    public void require() {
        Module ours = OptionalDependency.class.getModule();
        Throwable cause = null;
        try {
            Class<?> found = Class.forName(probe, false, OptionalDependency.class.getClassLoader());
            // As a module, this library reads an optional one if some module requires it.
            if (ours.canRead(found.getModule())) {
                return;
            }
        } catch (ClassNotFoundException e) {
            cause = e;
        }
        throw new UnsupportedOperationException(
                use
                        + (ours.isNamed()
                                ? ", which is not among the modules: add " + coordinates + " and require its module."
                                : ", which is not on the class path: add " + coordinates + "."),
                cause);
    }
}
