package io.github.finitentk.report;

import io.github.finitentk.internal.files.OutputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands beside a figure, never in it: title, description, every hyper-parameter, seed, version, and, if there is one, the
 * command that draws it again. Texts may use {@link MathText} markup; it is written as plain Unicode. Immutable.
 */
public final class Caption {

    private final String title;
    private final String text;
    private final Map<String, String> parameters;
    private final long seed;
    private final String version;
    private final String command;

    private Caption(Caption other, String more) {
        this.title = other.title;
        this.text = other.text + (other.text.isEmpty() || more.isEmpty() ? "" : " ") + more;
        this.parameters = other.parameters;
        this.seed = other.seed;
        this.version = other.version;
        this.command = other.command;
        MathText.parse(text);
    }

    private Caption(Builder builder) {
        this.title = required(builder.title, "title");
        this.text = builder.text;
        this.parameters = new LinkedHashMap<>(builder.parameters);
        if (builder.seed == null) {
            throw new IllegalArgumentException("A caption needs the seed.");
        }
        this.seed = builder.seed;
        this.version = required(builder.version, "version");
        this.command = builder.command;
        MathText.parse(title);
        MathText.parse(text);
    }

    private static String required(String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("A caption needs the " + name + ".");
        }
        return value;
    }

    /** Starts a caption. */
    public static Builder builder() {
        return new Builder();
    }

    /** Hyper-parameters as one line for the foot of a figure: {@code name = value; ...}, in markup. */
    public String parameterLine() {
        StringBuilder line = new StringBuilder();
        parameters.forEach((name, value) -> line.append(line.isEmpty() ? "" : "; ")
                .append(name)
                .append(" = ")
                .append(value));
        return line.append(line.isEmpty() ? "" : "; ")
                .append("seed = ")
                .append(seed)
                .append('.')
                .toString();
    }

    /**
     * The caption of one picture of several: what is said of all, then what is said of it.
     *
     * @param words markup; if they end in the {@link #parameterLine}, which a caption has anyway, it is not repeated
     */
    public Caption of(String words) {
        String line = parameterLine();
        String own = words.endsWith(line) ? words.substring(0, words.length() - line.length()) : words;
        return new Caption(this, own.strip().replaceAll("[;,]$", "."));
    }

    /**
     * LaTeX: a figure with the picture and the caption, to be read by {@code \\input}.
     *
     * @param picture the picture's name without its ending; {@code \\includegraphics} takes the PDF
     */
    public String toTex(String picture) {
        StringBuilder out = new StringBuilder();
        out.append("% Needs \\usepackage{graphicx,amssymb}. Finite NTK ")
                .append(version)
                .append('\n');
        if (command != null) {
            // A command of several lines is a comment in each of them.
            out.append("% Drawn by: ").append(command.replaceAll("\\R", "\n% ")).append('\n');
        }
        out.append("\\begin{figure}\n  \\centering\n  \\includegraphics{")
                .append(picture)
                .append("}\n  \\caption{\\textbf{")
                .append(TexText.of(title))
                .append(".} ");
        if (!text.isEmpty()) {
            out.append(TexText.of(text)).append(' ');
        }
        return out.append(TexText.of(parameterLine()))
                .append("}\n\\end{figure}\n")
                .toString();
    }

    /** Markdown: a heading, the description, a table of parameters, and the command as a code block. */
    public String toMarkdown() {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(plain(title)).append("\n\n");
        if (!text.isEmpty()) {
            out.append(escape(plain(text))).append("\n\n");
        }
        out.append("| parameter | value |\n|---|---|\n");
        parameters.forEach((name, value) -> row(plain(name), plain(value), out));
        row("seed", Long.toString(seed), out);
        row("version", version, out);
        if (command != null) {
            out.append("\nDrawn by\n\n```\n").append(command).append("\n```\n");
        }
        return out.toString();
    }

    /** Plain text with the same content. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        out.append(plain(title)).append("\n\n");
        if (!text.isEmpty()) {
            out.append(plain(text)).append("\n\n");
        }
        parameters.forEach((name, value) ->
                out.append(plain(name)).append(": ").append(plain(value)).append('\n'));
        out.append("seed: ").append(seed).append('\n');
        out.append("version: ").append(version).append('\n');
        if (command != null) {
            out.append("command: ").append(command).append('\n');
        }
        return out.toString();
    }

    /**
     * Writes the caption, as Markdown if the file's name ends in {@code .md}, as LaTeX about the picture of the same name if it
     * ends in {@code .tex}, and as text otherwise; the file appears whole or not at all.
     *
     * @throws IllegalArgumentException if the target is a folder
     * @throws IOException if writing fails
     */
    public void write(Path target) throws IOException {
        String name = target.getFileName().toString();
        String content = name.endsWith(".md")
                ? toMarkdown()
                : name.endsWith(".tex") ? toTex(name.substring(0, name.length() - 4)) : toText();
        OutputFile.write(target, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static void row(String name, String value, StringBuilder out) {
        out.append("| ")
                .append(escape(name))
                .append(" | ")
                .append(escape(value))
                .append(" |\n");
    }

    /**
     * Markup of titles and labels in plain Unicode: {@code σ_w²} for {@code $\sigma_w^2$}.
     *
     * @throws IllegalArgumentException if it cannot be parsed
     */
    public static String plain(String markup) {
        return MathText.parse(markup).plain();
    }

    /** Keeps σ_w² and E[Θ²] from turning into emphasis, links or table borders. */
    private static String escape(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>|])", "\\\\$1");
    }

    /** Collects the parts; title, seed and version are required. */
    public static final class Builder {

        private String title;
        private String text = "";
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private Long seed;
        private String version;
        private String command;

        private Builder() {}

        /** One line that names the figure. */
        public Builder title(String title) {
            this.title = title;
            return this;
        }

        /** What is seen and how it was computed. */
        public Builder text(String text) {
            this.text = text;
            return this;
        }

        /** Adds a hyper-parameter; the order of the calls is kept. */
        public Builder parameter(String name, Object value) {
            MathText.parse(name);
            MathText.parse(String.valueOf(value));
            parameters.put(name, String.valueOf(value));
            return this;
        }

        /** The seed of all random numbers. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /** The version of the software. */
        public Builder version(String version) {
            this.version = version;
            return this;
        }

        /** The command that draws the figure again; taken literally. */
        public Builder command(String command) {
            this.command = command;
            return this;
        }

        /**
         * @throws IllegalArgumentException if a required part is missing or markup cannot be parsed
         */
        public Caption build() {
            return new Caption(this);
        }
    }
}
