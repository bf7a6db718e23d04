package io.github.finitentk.cli;

import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.trust.Statement;
import io.github.finitentk.trust.TrustReport;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.util.Locale;

/** The answer of {@code ntk trust} for reading: a verdict, then a line for each assumption with its reason under it. */
final class TrustText {

    private static final int LINE = 110;
    private static final String INDENT = " ".repeat(24);

    private TrustText() {}

    static String of(TrustReport report, long seed, boolean explain) {
        StringBuilder text = new StringBuilder(headline(report.verdict())).append('\n');
        row(
                text,
                "phase",
                TrustCommand.phase(report),
                format("chi_1 = %.6g, %s", report.phase().chi1Star(), border(report)));
        for (Statement statement : report.statements()) {
            row(
                    text,
                    statement.assumption().label(),
                    statement.validity().label(),
                    statement.assumption().equation() + ", "
                            + statement.assumption().sentence());
            wrap(text, statement.reason());
        }
        row(
                text,
                "width",
                report.smallestWidth().isPresent()
                        ? format("%,d", report.smallestWidth().getAsLong())
                        : "-",
                format(
                        "the smallest with E[Theta^2]/E[Theta]^2 <= %s (first order in 1/width: %s)",
                        report.question().tolerance(),
                        report.leadingOrderWidth().isPresent()
                                ? format("%,d", report.leadingOrderWidth().getAsInt())
                                : "-"));
        wrap(
                text.append('\n'),
                format(
                        "%s, %s, |x|^2 = %.6g, loss 1/(2S), budget %s, seed %d",
                        widths(report.question().network().architecture()),
                        report.data(),
                        report.inputNorm2(),
                        report.question().budget(),
                        seed),
                "  ");
        return text.append(explain ? TrustExplanation.TEXT : "").toString().stripTrailing();
    }

    static String headline(Verdict verdict) {
        return verdict == Verdict.UNKNOWN
                ? "NOT ANSWERED"
                : verdict.label().toUpperCase(Locale.ROOT).replace('-', ' ');
    }

    static void row(StringBuilder text, String name, String value, String meaning) {
        text.append(format("  %-13s%-9s%s\n", name, value, meaning));
    }

    static void wrap(StringBuilder text, String sentence) {
        wrap(text, sentence, INDENT);
    }

    static void wrap(StringBuilder text, String sentence, String indent) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : sentence.split(" ")) {
            if (line.length() + word.length() > LINE && !line.toString().isBlank()) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static String border(TrustReport report) {
        if (Double.isNaN(report.borderSigmaW2())) {
            return "no edge of chaos at this sigma_b^2";
        }
        return report.phase().phase() == PhaseAnalysis.Phase.EDGE
                ? "on the edge of chaos"
                : String.format(
                        Locale.ROOT,
                        "sigma_w^2 is %.4g %s the edge of chaos (%.6g)",
                        Math.abs(report.distanceToBorder()),
                        report.distanceToBorder() < 0 ? "below" : "above",
                        report.borderSigmaW2());
    }

    /** {@code widths 784, 19 x 256, 1}. */
    private static String widths(Architecture architecture) {
        StringBuilder text = new StringBuilder("widths " + architecture.inputDim());
        for (int l = 1; l < architecture.depth(); ) {
            int end = l;
            while (end < architecture.depth() && architecture.width(end) == architecture.width(l)) {
                end++;
            }
            text.append(", ").append(end - l > 1 ? end - l + " x " : "").append(architecture.width(l));
            l = end;
        }
        return text.append(", 1").toString();
    }
}
