package io.github.finitentk.report;

/** Superscript and subscript characters of Unicode, for texts that cannot be typeset. */
final class UnicodeScripts {

    private static final String PLAIN_SUP = "0123456789+−-=()*LTtnik";
    private static final String SUP = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾*ᴸᵀᵗⁿⁱᵏ";
    private static final String PLAIN_SUB = "0123456789+−-=()aeoxhklmnpstijruv";
    private static final String SUB = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ";

    private UnicodeScripts() {}

    /** The text as superscript, or null if Unicode lacks one of its characters. */
    static String superscript(String text) {
        return map(text, PLAIN_SUP, SUP);
    }

    /** The text as subscript, or null if Unicode lacks one of its characters. */
    static String subscript(String text) {
        return map(text, PLAIN_SUB, SUB);
    }

    private static String map(String text, String from, String to) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int at = from.indexOf(text.charAt(i));
            if (at < 0 || at >= to.length()) {
                return null;
            }
            out.append(to.charAt(at));
        }
        return out.toString();
    }
}
