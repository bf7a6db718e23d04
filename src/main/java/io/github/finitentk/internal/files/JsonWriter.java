package io.github.finitentk.internal.files;

import static io.github.finitentk.internal.OptionalDependency.JACKSON;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * JSON documents from records, maps, lists and arrays. Finite doubles are written so that they round-trip. JSON has no
 * other numbers: NaN (missing) becomes {@code null}, and the infinities (diverged) become the texts {@code "Infinity"} and
 * {@code "-Infinity"}, which {@code Number(...)}, {@code float(...)} and {@link Double#parseDouble} read.
 */
public final class JsonWriter {

    private JsonWriter() {}

    /**
     * Writes a document; the file appears whole or not at all.
     *
     * @param target replaced if it exists; missing folders are created
     * @param document maps keep their order
     * @throws IllegalArgumentException if the target is a folder
     * @throws IOException if writing fails or the document holds something Jackson cannot write
     */
    public static void write(Path target, Object document) throws IOException {
        OutputFile.write(target, out -> write(out, document));
    }

    /**
     * Writes a document in UTF-8, number by number, to a stream that is flushed and left open.
     *
     * @throws IOException if writing fails or the document holds something Jackson cannot write
     */
    public static void write(OutputStream out, Object document) throws IOException {
        JACKSON.require();
        Documents.write(out, document);
        out.flush();
    }

    /**
     * The same document as text.
     *
     * @throws IllegalArgumentException if the document holds something Jackson cannot write
     */
    public static String toString(Object document) {
        JACKSON.require();
        try {
            return Documents.text(document);
        } catch (IOException e) {
            throw new IllegalArgumentException("This cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    /** What needs Jackson's classes: they are loaded with this one, once it is known that they are there. */
    private static final class Documents {

        private static final ObjectMapper MAPPER = new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

        private Documents() {}

        static void write(OutputStream out, Object document) throws IOException {
            try (JsonGenerator json = MAPPER.getFactory().createGenerator(out, JsonEncoding.UTF8)) {
                MAPPER.writeValue(new Strict(json), document);
                json.writeRaw('\n');
            }
        }

        static String text(Object document) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = MAPPER.getFactory().createGenerator(text)) {
                MAPPER.writeValue(new Strict(json), document);
            }
            return text.toString();
        }
    }

    /** Replaces the numbers JSON lacks, which Jackson would write in a way that mixes up missing and diverged. */
    private static final class Strict extends JsonGeneratorDelegate {

        Strict(JsonGenerator json) {
            super(json, false);
        }

        @Override
        public void writeNumber(double value) throws IOException {
            if (Double.isNaN(value)) {
                writeNull();
            } else if (Double.isInfinite(value)) {
                writeString(Double.toString(value));
            } else {
                delegate.writeNumber(value);
            }
        }

        @Override
        public void writeNumber(float value) throws IOException {
            if (Float.isFinite(value)) {
                delegate.writeNumber(value);
            } else {
                writeNumber((double) value);
            }
        }

        @Override
        public void writeArray(double[] values, int offset, int length) throws IOException {
            writeStartArray(values, length);
            for (int k = offset; k < offset + length; k++) {
                writeNumber(values[k]);
            }
            writeEndArray();
        }
    }
}
