package io.github.finitentk.experiment;

import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * From the text of a specification to its nodes. YAML's syntax is SnakeYAML's matter; what a value means is decided here,
 * where readers of YAML differ: numbers are those of {@link SpecNumber}, {@code true} and {@code false} the only truth values,
 * {@code null}, {@code ~} and nothing at all no value, everything else a text. Aliases stand for the very node they name, merge
 * keys ({@code <<}) add the entries that a group does not have itself. Tags, keys that are no words, a key twice and a second
 * document are errors.
 */
final class SpecParser {

    /** What does not nest this deep by far is a specification; SnakeYAML's time grows with the square of the depth. */
    private static final int MAX_DEPTH = 20;

    /** Longer than any path. */
    private static final int MAX_CHARACTERS = 10_000;

    private static final String MERGE = "<<";

    private final Iterator<Event> events;
    private final Map<String, SpecNode> anchors = new HashMap<>();

    private SpecParser(Iterator<Event> events) {
        this.events = events;
    }

    /** A text that is no specification: what is wrong, and where. */
    static final class SyntaxException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int line;
        private final int column;

        SyntaxException(int line, int column, String message) {
            super(message);
            this.line = line;
            this.column = column;
        }

        SyntaxException(Mark mark, String message) {
            this(SpecParser.line(mark), SpecParser.column(mark), message);
        }

        int line() {
            return line;
        }

        int column() {
            return column;
        }
    }

    /**
     * The only document of a text; null if it is empty.
     *
     * @throws SyntaxException if the text is not YAML, or YAML that is not read here
     */
    static SpecNode parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // SpecText limits files; run files may hold longer specifications
        boolean[] ended = new boolean[1];
        try {
            Iterator<Event> events =
                    new Yaml(options).parse(new StringReader(jsonAsYaml(text))).iterator();
            SpecParser parser = new SpecParser(events);
            events.next(); // the start of the stream
            if (!parser.startsDocument()) {
                return null;
            }
            SpecNode root = parser.node(events.next(), 0);
            Event end = events.next();
            ended[0] = true;
            if (parser.startsDocument()) {
                throw new SyntaxException(
                        end.getEndMark(), "a second document begins here, but a specification is one document");
            }
            return root;
        } catch (MarkedYAMLException e) {
            throw syntax(e, ended[0]);
        } catch (ReaderException e) {
            String before = text.substring(0, Math.min(text.length(), Math.max(0, e.getPosition())));
            throw new SyntaxException(
                    (int) before.lines().count(),
                    before.length() - before.lastIndexOf('\n'),
                    String.format(Locale.ROOT, "the character U+%04X does not belong in a text", e.getCodePoint()));
        }
    }

    private static SyntaxException syntax(MarkedYAMLException e, boolean ended) {
        String what = ended && e instanceof ParserException
                ? "something follows the end of the specification"
                : "it cannot be read as YAML: " + e.getProblem().replaceAll("[.\\s]+$", "");
        return new SyntaxException(e.getProblemMark(), what);
    }

    private boolean startsDocument() {
        return events.next().is(Event.ID.DocumentStart);
    }

    private SpecNode node(Event event, int depth) {
        Mark start = event.getStartMark();
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        if (depth > MAX_DEPTH) {
            throw new SyntaxException(start, "lists and groups are nested more than " + MAX_DEPTH + " deep");
        }
        Object value;
        if (event instanceof ScalarEvent scalar) {
            requireNoTag(scalar.getTag(), scalar);
            value = scalar(scalar);
        } else {
            requireNoTag(((CollectionStartEvent) event).getTag(), (NodeEvent) event);
            value = event instanceof SequenceStartEvent ? list(depth) : map(depth);
        }
        SpecNode node = new SpecNode(line(start), column(start), value);
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, node);
        }
        return node;
    }

    private SpecNode aliased(AliasEvent alias) {
        SpecNode node = anchors.get(alias.getAnchor());
        if (node == null) {
            throw new SyntaxException(
                    alias.getStartMark(),
                    "*" + alias.getAnchor() + " has no anchor &" + alias.getAnchor() + " before it");
        }
        return node.at(line(alias.getStartMark()), column(alias.getStartMark()));
    }

    private static void requireNoTag(String tag, NodeEvent event) {
        if (tag != null) {
            throw new SyntaxException(
                    event.getStartMark(), "the tag " + tag.replace("tag:yaml.org,2002:", "!!") + " is not read here");
        }
    }

    private static Object scalar(ScalarEvent scalar) {
        String text = scalar.getValue();
        if (text.length() > MAX_CHARACTERS) {
            throw new SyntaxException(
                    scalar.getStartMark(),
                    "a value has " + text.length() + " characters; at most " + MAX_CHARACTERS + " are allowed");
        }
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return text;
        }
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> null;
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> {
                BigDecimal number = SpecNumber.parse(text).orElse(null);
                yield number == null ? text : number;
            }
        };
    }

    private List<SpecNode> list(int depth) {
        List<SpecNode> list = new ArrayList<>();
        for (Event event = events.next(); !event.is(Event.ID.SequenceEnd); event = events.next()) {
            list.add(node(event, depth + 1));
        }
        return list;
    }

    private Map<String, SpecNode> map(int depth) {
        Map<String, SpecNode> map = new LinkedHashMap<>();
        Map<String, SpecNode> merged = new LinkedHashMap<>();
        for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
            String key = key(event);
            Mark start = event.getStartMark();
            boolean merge = key.equals(MERGE) && ((ScalarEvent) event).isPlain();
            SpecNode value = node(events.next(), depth + 1);
            if (merge) {
                merge(value, merged);
            } else if (map.containsKey(key)) {
                throw new SyntaxException(
                        start,
                        "the key \"" + SpecNode.abbreviated(key) + "\" appears twice, first in line "
                                + map.get(key).line());
            } else {
                boolean beside = value.isScalar() && value.line() == line(start);
                map.put(key, beside ? value : value.at(line(start), column(start)));
            }
        }
        merged.forEach(map::putIfAbsent);
        return map;
    }

    // Of several groups that are merged, the first that has a key wins.
    private static void merge(SpecNode from, Map<String, SpecNode> into) {
        for (SpecNode group : from.list()) {
            if (group.map() == null) {
                throw new SyntaxException(
                        from.line(), from.column(), "the merge key << takes a group of keys or a list of them");
            }
            group.map().forEach(into::putIfAbsent);
        }
    }

    private static String key(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            throw new SyntaxException(event.getStartMark(), "keys must be words");
        }
        requireNoTag(scalar.getTag(), scalar);
        if (scalar.getAnchor() != null) {
            throw new SyntaxException(event.getStartMark(), "anchors belong to values, not to keys");
        }
        return scalar.getValue();
    }

    /** Two things of JSON that SnakeYAML does not take: tabs between tokens, and {@code \\/} in strings. */
    private static String jsonAsYaml(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return text;
        }
        StringBuilder yaml = new StringBuilder(text.length());
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                i++;
                yaml.append(text.charAt(i) == '/' ? "" : c).append(text.charAt(i));
            } else {
                quoted ^= c == '"';
                yaml.append(c == '\t' && !quoted ? ' ' : c);
            }
        }
        return yaml.toString();
    }

    private static int line(Mark mark) {
        return mark == null ? 0 : mark.getLine() + 1;
    }

    private static int column(Mark mark) {
        return mark == null ? 0 : mark.getColumn() + 1;
    }
}
