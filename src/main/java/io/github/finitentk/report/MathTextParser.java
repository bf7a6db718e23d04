package io.github.finitentk.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the markup of {@link MathText} into atoms, left to right, in one pass. */
final class MathTextParser {

    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("alpha", "α"),
            Map.entry("beta", "β"),
            Map.entry("gamma", "γ"),
            Map.entry("delta", "δ"),
            Map.entry("epsilon", "ε"),
            Map.entry("eta", "η"),
            Map.entry("theta", "θ"),
            Map.entry("kappa", "κ"),
            Map.entry("lambda", "λ"),
            Map.entry("mu", "μ"),
            Map.entry("nu", "ν"),
            Map.entry("xi", "ξ"),
            Map.entry("pi", "π"),
            Map.entry("rho", "ρ"),
            Map.entry("sigma", "σ"),
            Map.entry("tau", "τ"),
            Map.entry("phi", "φ"),
            Map.entry("chi", "χ"),
            Map.entry("psi", "ψ"),
            Map.entry("omega", "ω"),
            Map.entry("Theta", "Θ"),
            Map.entry("Lambda", "Λ"),
            Map.entry("Sigma", "Σ"),
            Map.entry("Phi", "Φ"),
            Map.entry("Delta", "Δ"),
            Map.entry("le", "≤"),
            Map.entry("ge", "≥"),
            Map.entry("approx", "≈"),
            Map.entry("times", "×"),
            Map.entry("cdot", "·"),
            Map.entry("infty", "∞"),
            Map.entry("pm", "±"),
            Map.entry("Vert", "‖"),
            Map.entry("to", "→"),
            Map.entry("in", "∈"),
            Map.entry("sum", "∑"),
            Map.entry("ldots", "…"));

    private static final Map<String, String> COMMANDS = SYMBOLS.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, symbol -> "\\" + symbol.getKey()));

    private final String source;
    private int at;

    MathTextParser(String source) {
        if (source == null) {
            throw new IllegalArgumentException("A label must not be null; use an empty text for none.");
        }
        this.source = source;
    }

    /** The command of a symbol, null if it has none. */
    static String command(char symbol) {
        return COMMANDS.get(Character.toString(symbol));
    }

    List<MathText.Atom> parse() {
        List<MathText.Atom> atoms = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (at < source.length()) {
            char c = source.charAt(at++);
            if (c == '\\' && at < source.length() && source.charAt(at) == '$') {
                text.append(source.charAt(at++));
            } else if (c == '$') {
                flush(text, false, atoms);
                math(atoms, '$', false);
            } else {
                text.append(c);
            }
        }
        flush(text, false, atoms);
        return atoms;
    }

    /** Reads up to the closing character, which is consumed. */
    private void math(List<MathText.Atom> atoms, char end, boolean upright) {
        int start = at;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == end) {
                at++;
                return;
            }
            if (c == '_' || c == '^') {
                at++;
                script(atoms, c);
            } else {
                one(atoms, upright);
            }
        }
        throw new IllegalArgumentException("The label \"" + source + "\" lacks a closing '" + end
                + "' for what starts at character " + start + ".");
    }

    /** One character, command or group. */
    private void one(List<MathText.Atom> atoms, boolean upright) {
        if (at >= source.length()) {
            throw new IllegalArgumentException("The label \"" + source + "\" ends where a symbol is expected.");
        }
        int point = source.codePointAt(at);
        at += Character.charCount(point);
        if (point == '{') {
            math(atoms, '}', upright);
        } else if (point == '\\') {
            command(atoms, upright);
        } else {
            String text = point == '-' ? "−" : Character.toString(point);
            add(text, !upright && isVariable(point), atoms);
        }
    }

    private void command(List<MathText.Atom> atoms, boolean upright) {
        int start = at;
        while (at < source.length() && isLatin(source.charAt(at))) {
            at++;
        }
        String name = source.substring(start, at);
        if (name.equals("mathrm") || name.equals("text")) {
            one(atoms, true);
        } else if (name.equals("mathbb") && source.startsWith("{E}", at)) {
            at += 3;
            add("𝔼", false, atoms);
        } else if (SYMBOLS.containsKey(name)) {
            String symbol = SYMBOLS.get(name);
            add(symbol, !upright && isVariable(symbol.codePointAt(0)), atoms);
        } else {
            throw new IllegalArgumentException(
                    "The label \"" + source + "\" uses \\" + name + ", which is not a known symbol.");
        }
    }

    private void script(List<MathText.Atom> atoms, char sign) {
        List<MathText.Atom> script = new ArrayList<>();
        one(script, false);
        MathText.Atom base =
                atoms.isEmpty() ? new MathText.Atom("", false, List.of(), List.of()) : atoms.remove(atoms.size() - 1);
        boolean sub = sign == '_';
        if (!(sub ? base.sub() : base.sup()).isEmpty()) {
            throw new IllegalArgumentException(
                    "The label \"" + source + "\" gives the same symbol two '" + sign + "'.");
        }
        atoms.add(new MathText.Atom(base.text(), base.italic(), sub ? script : base.sub(), sub ? base.sup() : script));
    }

    private static void flush(StringBuilder text, boolean italic, List<MathText.Atom> atoms) {
        if (!text.isEmpty()) {
            add(text.toString(), italic, atoms);
            text.setLength(0);
        }
    }

    private static void add(String text, boolean italic, List<MathText.Atom> atoms) {
        atoms.add(new MathText.Atom(text, italic, List.of(), List.of()));
    }

    private static boolean isLatin(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isVariable(int c) {
        return isLatin(c) || c >= 'α' && c <= 'ω';
    }
}
