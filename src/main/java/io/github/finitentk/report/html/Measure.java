package io.github.finitentk.report.html;

import io.github.finitentk.experiment.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A column that can be drawn.
 *
 * @param column its name
 * @param label how pictures name it, in plain Unicode
 * @param low the column with the lower end of its interval, or null
 * @param high the column with the upper end, or null
 * @param white the value that stands out and is white in maps, or null
 * @param range the limits of colours that saturate beyond, or null: those of the data
 * @param log whether its colours and axis are logarithmic unless the reader says otherwise
 */
record Measure(String column, String label, String low, String high, Double white, double[] range, boolean log) {

    private static final String CHANGE = "kernel_change";

    /** All of a run, those that the quantity is about first. */
    static List<Measure> of(List<Column> columns) {
        Set<String> names = columns.stream().map(Column::name).collect(Collectors.toSet());
        List<Measure> measures = new ArrayList<>();
        for (Column column : columns) {
            if (column.type() != Column.Type.TEXT && !isEnd(column.name(), names)) {
                measures.add(of(column.name(), names));
            }
        }
        measures.sort((a, b) -> Integer.compare(rank(a.column), rank(b.column)));
        return measures;
    }

    private static boolean isEnd(String name, Set<String> names) {
        // A median names its quantiles without repeating itself.
        if (names.contains("median") && (name.equals("lower") || name.equals("upper"))) {
            return true;
        }
        return name.matches(".*_(low|high)") && names.contains(name.replaceAll("(_ci)?_(low|high)$", ""));
    }

    private static int rank(String name) {
        return name.equals("ratio") || name.equals(CHANGE)
                ? 0
                : name.startsWith(CHANGE) || name.equals("min_loss") ? 1 : 2;
    }

    private static Measure of(String name, Set<String> names) {
        String infix = names.contains(name + "_ci_low") ? "_ci" : "";
        boolean interval = names.contains(name + infix + "_low") && names.contains(name + infix + "_high");
        String low = interval ? name + infix + "_low" : null;
        String high = interval ? name + infix + "_high" : null;
        if (name.equals("median") && names.contains("lower") && names.contains("upper")) {
            return new Measure(
                    name, "median of estimates of E[Θ²] / E[Θ]²", "lower", "upper", 2.0, new double[] {1, 3}, false);
        }
        if (name.equals("ratio")) {
            return new Measure(name, "E[Θ²] / E[Θ]²", low, high, 2.0, new double[] {1, 3}, false);
        }
        if (name.equals(CHANGE) || name.startsWith(CHANGE + "_at_")) {
            return new Measure(name, "‖Θᵗ − Θ⁰‖ / ‖Θ⁰‖", low, high, 0.1, null, true);
        }
        String label = switch (name) {
            case "mean" -> "E[Θ]";
            case "second_moment" -> "E[Θ²]";
            case "log_mean" -> "log E[Θ]";
            case "log_second_moment" -> "log E[Θ²]";
            case "q_star" -> "q*";
            case "chi1_star" -> "χ₁(q*)";
            case "xi_c" -> "ξ_c";
            case "kappa1" -> "κ₁";
            case "kappa2" -> "κ₂";
            case "theta_diag" -> "Θ(x, x)";
            case "theta_offdiag" -> "Θ(x, x′)";
            case "eta_max" -> "η_max";
            case "a_max" -> "largest η λ_max / S";
            case "a_max_start" -> "η λ_max / S at the start";
            case "min_loss" -> "smallest training loss";
            default -> name.replace('_', ' ');
        };
        return new Measure(name, label, low, high, null, null, name.equals("mean") || name.equals("second_moment"));
    }
}
