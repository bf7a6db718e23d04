package io.github.finitentk.report;

/** Small checks and helpers that both kinds of figures share. */
final class Checks {

    private Checks() {}

    static double positive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " must be positive and finite, not " + value + ".");
        }
        return value;
    }

    static void positiveOnLog(Axis axis, double lowest) {
        if (axis.log() && lowest <= 0) {
            throw new IllegalArgumentException(
                    "The axis \"" + axis.label() + "\" is logarithmic, so it cannot show " + lowest + ".");
        }
    }

    /** A title with the letter of its panel: a), b), ..., z), aa), ... */
    static String lettered(String title, int index, boolean wanted) {
        if (!wanted) {
            return title;
        }
        StringBuilder letters = new StringBuilder();
        for (int k = index; k >= 0; k = k / 26 - 1) {
            letters.insert(0, (char) ('a' + k % 26));
        }
        return letters + ")" + (title.isEmpty() ? "" : " " + title);
    }
}
