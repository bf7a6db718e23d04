/**
 * For which finite networks can Neural Tangent Kernel theory be trusted? What is exported is for applications; {@code internal}
 * packages and the command line are not. What is required {@code static} may be missing: a class that needs it then says so.
 *
 * <p>EJML's jars have no module descriptor and name none in their manifest: their names are those of their files.
 */
@SuppressWarnings("requires-automatic")
module io.github.finitentk {
    requires java.desktop;
    requires java.sql;
    requires org.bytedeco.javacpp;
    requires ejml.core;
    requires ejml.ddense;
    requires static com.fasterxml.jackson.core;
    requires static com.fasterxml.jackson.databind;
    requires static de.rototor.pdfbox.graphics2d;
    requires static info.picocli;
    requires static me.tongfei.progressbar;
    requires static org.apache.pdfbox;
    requires static org.apache.xmlgraphics.batik.svggen;
    requires static org.jline.terminal;
    requires static org.xerial.sqlitejdbc;
    requires static org.yaml.snakeyaml;

    exports io.github.finitentk;
    exports io.github.finitentk.compute;
    exports io.github.finitentk.data;
    exports io.github.finitentk.experiment;
    exports io.github.finitentk.kernel;
    exports io.github.finitentk.meanfield;
    exports io.github.finitentk.model;
    exports io.github.finitentk.report;
    exports io.github.finitentk.report.html;
    exports io.github.finitentk.report.paper;
    exports io.github.finitentk.sampling;
    exports io.github.finitentk.store;
    exports io.github.finitentk.training;
    exports io.github.finitentk.trust;

    // Commands are made, and their options set, by picocli; documents are records that Jackson reads.
    opens io.github.finitentk.cli to
            com.fasterxml.jackson.databind,
            info.picocli;
    opens io.github.finitentk.report.html to
            com.fasterxml.jackson.databind;

    uses io.github.finitentk.experiment.QuantityType;
}
