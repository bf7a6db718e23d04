package io.github.finitentk.cli;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/** The names that a word which is none was most likely meant to be. */
final class Nearest {

    private static final int MOST = 3;

    private Nearest() {}

    /**
     * The names in the fewest slips from a word: a character too many, too few or wrong, two that changed places. A word that begins
     * names counts as a slip for each of them. Empty if the nearest takes more slips than a third of the word, and two at least.
     */
    static List<String> names(String word, Collection<String> names) {
        OptionalInt fewest = names.stream().mapToInt(name -> slips(word, name)).min();
        int letters = word.replaceAll("^-+", "").length();
        if (fewest.isEmpty() || fewest.getAsInt() > Math.max(2, letters / 3) || fewest.getAsInt() >= letters) {
            return List.of();
        }
        List<String> nearest = names.stream()
                .filter(name -> slips(word, name) == fewest.getAsInt())
                .sorted()
                .distinct()
                .toList();
        return nearest.size() > MOST ? List.of() : nearest;
    }

    private static int slips(String word, String name) {
        boolean begins = word.replaceAll("^-+", "").length() > 1 && name.startsWith(word);
        return begins ? 1 : distance(word.replace('_', '-'), name);
    }

    /** Optimal string alignment: the edit distance with exchanges of neighbours. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
