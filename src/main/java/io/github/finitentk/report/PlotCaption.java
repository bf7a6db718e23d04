package io.github.finitentk.report;

import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Version;
import io.github.finitentk.store.RunReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The words beside a {@link Plot}: what is seen, and all settings behind it. */
final class PlotCaption {

    private final RunReader run;
    private final Optional<SweepSpec> spec;
    private final PlotData data;
    private final PlotRoles roles;
    private final List<PlotColumn> values;
    private final String title;
    private final String command;
    private final List<String> signs = new ArrayList<>();

    PlotCaption(
            RunReader run,
            Optional<SweepSpec> spec,
            PlotData data,
            PlotRoles roles,
            List<PlotColumn> values,
            String title,
            String command) {
        this.run = run;
        this.spec = spec;
        this.data = data;
        this.roles = roles;
        this.values = values;
        this.title = title;
        this.command = command;
    }

    /** Says what stands over maps. */
    void map(boolean borders, boolean marks) {
        if (borders) {
            signs.add("The dashed line is the border $\\chi_1 = 1$ between the ordered and the chaotic phase.");
        }
        if (marks) {
            signs.add("Rings mark cells whose interval does not contain the exact value; of 95 % intervals one in"
                    + " twenty.");
        }
        if (!data.isComplete()) {
            signs.add("The run is not finished: hatched cells are not computed.");
        }
    }

    /** Says what stands beside lines. */
    void lines(boolean intervals, boolean exact) {
        if (intervals) {
            signs.add(values.stream()
                    .filter(value -> value.column().low().isPresent())
                    .map(value -> "Bands and bars of " + value.column().symbol() + ": from "
                            + literal(value.column().low().orElseThrow().description()) + " to "
                            + literal(value.column().high().orElseThrow().description()) + ".")
                    .collect(Collectors.joining(" ")));
        }
        if (exact) {
            signs.add("Dashed: exact moments of the finite network.");
        }
        if (!data.isComplete()) {
            signs.add("The run is not finished.");
        }
    }

    Caption build() {
        Caption.Builder caption = Caption.builder()
                .title(
                        title != null
                                ? title
                                : values.stream().map(PlotColumn::label).collect(Collectors.joining(" and ")))
                .text(text())
                .seed(spec.map(SweepSpec::seed)
                        .orElseGet(() -> Long.parseLong(run.manifest().getOrDefault("seed", "0"))))
                .version(run.manifest().getOrDefault("version", Version.text()));
        data.counts().forEach((axis, count) -> {
            if (count == 1) {
                caption.parameter(
                        axis.column().symbol(), literal(shown(data.places(axis).get(0))));
            }
        });
        spec.ifPresent(known -> {
            caption.parameter("quantity", literal(known.quantity().name()));
            for (Map.Entry<String, Object> setting : known.quantity().settings().entrySet()) {
                if (setting.getValue() != null) {
                    caption.parameter(literal(setting.getKey().replace('_', ' ')), literal(shown(setting.getValue())));
                }
            }
            known.quantity()
                    .conventions()
                    .forEach((name, value) -> caption.parameter(literal(name.replace('_', ' ')), literal(value)));
        });
        caption.parameter("backend", literal(run.manifest().getOrDefault("backend", "unknown")));
        return command == null ? caption.build() : caption.command(command).build();
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        out.append(roles.isMap() ? "Maps of " : "Lines of ");
        out.append(values.stream()
                .map(value -> value.label() + " (" + literal(value.column().description()) + ")")
                .collect(Collectors.joining(", ")));
        out.append(" over ").append(roles.x().label());
        if (roles.isMap()) {
            out.append(" and ").append(roles.y().label());
        }
        if (!roles.lines().isEmpty()) {
            out.append(", a line for each ").append(names(roles.lines()));
        }
        if (!roles.panels().isEmpty()) {
            out.append(", a panel for each ").append(names(roles.panels()));
        }
        out.append('.');
        signs.forEach(sign -> out.append(' ').append(sign));
        return out.toString();
    }

    private static String names(List<PlotColumn> columns) {
        return columns.stream().map(PlotColumn::label).collect(Collectors.joining(" and "));
    }

    private static String shown(Object value) {
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString(number.longValue())
                : String.valueOf(value);
    }

    /** Text that is no markup. */
    private static String literal(String text) {
        return text.replace("$", "\\$");
    }
}
