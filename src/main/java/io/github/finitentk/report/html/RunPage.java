package io.github.finitentk.report.html;

import io.github.finitentk.internal.files.AtomicFile;
import io.github.finitentk.internal.files.JsonWriter;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A run as one HTML page that works offline: it holds its data, styles and scripts, and its content security
 * policy forbids any request and any script but these. Nothing of the run becomes markup: the data are JSON
 * without a character that HTML could read, and the scripts put them on the page as text only. Immutable.
 */
public final class RunPage {

    // In this order: each uses those before it only.
    private static final List<String> SCRIPTS = List.of(
            "text.js",
            "data.js",
            "colours.js",
            "svg.js",
            "signs.js",
            "picture.js",
            "view.js",
            "controls.js",
            "heatmap.js",
            "lines.js",
            "table.js",
            "summary.js",
            "page.js");

    private final String html;

    private RunPage(String html) {
        this.html = html;
    }

    /**
     * Reads a run.
     *
     * @param run open; not closed
     * @param name what the page calls the run
     * @throws IllegalArgumentException if the run has more cells than a page can show
     */
    public static RunPage of(RunReader run, String name) {
        return of(run, name, "an application");
    }

    /**
     * Reads a run.
     *
     * @param run open; not closed
     * @param name what the page calls the run
     * @param command that makes the page again
     * @throws IllegalArgumentException if the run has more cells than a page can show
     */
    public static RunPage of(RunReader run, String name, String command) {
        return of(FinishedCells.read(run), name, command);
    }

    static RunPage of(FinishedCells table, String name, String command) {
        String style = resource("page.css");
        String script = SCRIPTS.stream()
                .map(RunPage::resource)
                .collect(Collectors.joining("\n", "(() => {\n'use strict';\n", "\n})();\n"));
        String policy = "default-src 'none'; img-src data:; style-src '" + sha256(style) + "'; script-src '"
                + sha256(script) + "'; base-uri 'none'; form-action 'none'";
        // Each place is filled from left to right in one pass: what was filled in is never searched for places again.
        String[] parts = resource("page.html").split("\\{\\{(?=[a-z]+\\}\\})");
        StringBuilder html = new StringBuilder(parts[0]);
        for (int k = 1; k < parts.length; k++) {
            int end = parts[k].indexOf("}}");
            html.append(
                    switch (parts[k].substring(0, end)) {
                        case "policy" -> policy;
                        case "title" -> escape(name);
                        case "style" -> style;
                        case "data" -> inert(JsonWriter.toString(PageData.of(table, name, command)));
                        case "script" -> script;
                        default -> throw new IllegalStateException("The template has an unknown place.");
                    });
            html.append(parts[k].substring(end + 2));
        }
        return new RunPage(html.toString());
    }

    /** The page. */
    public String html() {
        return html;
    }

    /**
     * Writes the page; the file appears whole or not at all.
     *
     * @throws UncheckedIOException with one sentence if that fails
     */
    public void write(Path target) {
        AtomicFile.write(target.toAbsolutePath(), out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
    }

    /** Escapes what HTML or a script could take for the end of the data; JSON has these characters within strings only. */
    private static String inert(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int k = 0; k < json.length(); k++) {
            char c = json.charAt(k);
            if (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String sha256(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java lacks SHA-256.", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = RunPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("This build lacks the resource " + name + ".");
            }
            // HTML knows no carriage returns, and a hash is taken of what the browser sees.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the resource " + name + ".", e);
        }
    }
}
