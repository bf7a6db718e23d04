package io.github.finitentk.cli;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Network;
import io.github.finitentk.trust.NetworkReport;
import io.github.finitentk.trust.NetworkReport.Movement;
import io.github.finitentk.trust.Statement;
import io.github.finitentk.trust.Statement.Assumption;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** The answer of {@code ntk trust --network}, as a document and for reading. */
final class NetworkTrust {

    private final NetworkReport report;

    NetworkTrust(NetworkReport report) {
        this.report = report;
    }

    record Document(
            String laziness,
            String verdict,
            String phase,
            Iterable<String> reasons,
            String determinism,
            String constancy,
            String regression,
            double sigmaW2,
            double sigmaB2,
            boolean estimated,
            double sigmaW2Error,
            double[] sigmaW2ByLayer,
            double chi1,
            double borderSigmaW2,
            double distanceToBorder,
            double ratio,
            double[] ratioCi,
            String ratioMethod,
            double conditionNumber,
            double etaMax,
            Optional<Movement> movement,
            double tolerance,
            String loss,
            int samples,
            int tests,
            String data,
            int[] widths) {}

    Document document() {
        return new Document(
                report.laziness(),
                report.verdict().label(),
                phase(),
                report.statements().stream().map(Statement::toString).toList(),
                validity(Assumption.DETERMINISM),
                validity(Assumption.CONSTANCY),
                validity(Assumption.REGRESSION),
                report.initialization().sigmaW2(),
                report.initialization().sigmaB2(),
                report.estimated(),
                report.sigmaW2Error(),
                byLayer(),
                report.analysis().chi1Star(),
                report.borderSigmaW2(),
                report.distanceToBorder(),
                report.randomness().ratio(),
                new double[] {
                    report.randomness().interval().lower(),
                    report.randomness().interval().upper()
                },
                report.randomness().method().label(),
                report.conditionNumber(),
                report.largestStableRate(),
                report.movement(),
                report.question().tolerance(),
                LossConvention.HALF_MSE.label(),
                report.question().data().samples(),
                report.question().testInputs().map(Inputs::count).orElse(0),
                report.question().data().source(),
                report.question().network().architecture().widths());
    }

    private String phase() {
        return report.phase().name().toLowerCase(Locale.ROOT);
    }

    private String validity(Assumption assumption) {
        return report.on(assumption).validity().label();
    }

    private double[] byLayer() {
        Network start = report.question().initial().orElse(report.question().network());
        return IntStream.rangeClosed(1, start.architecture().depth())
                .mapToDouble(start::layerWeightVariance)
                .toArray();
    }

    String text() {
        StringBuilder text = new StringBuilder(report.laziness().toUpperCase(Locale.ROOT))
                .append("; NTK theory: ")
                .append(TrustText.headline(report.verdict()))
                .append('\n');
        TrustText.row(
                text, "phase", phase(), "chi_1 = " + number(report.analysis().chi1Star()) + ", " + border());
        for (Statement statement : report.statements()) {
            TrustText.row(
                    text,
                    statement.assumption().label(),
                    statement.validity().label(),
                    statement.assumption().equation() + ", "
                            + statement.assumption().sentence());
            TrustText.wrap(text, statement.reason());
        }
        text.append('\n');
        report.movement().ifPresent(movement -> table(text, movement));
        TrustText.wrap(text.append('\n'), layers(), "  ");
        return text.toString().stripTrailing();
    }

    private String border() {
        String variance = "sigma_w^2 = " + number(report.initialization().sigmaW2())
                + (report.estimated() ? " +- " + String.format(Locale.ROOT, "%.2g", report.sigmaW2Error()) : "");
        if (Double.isNaN(report.borderSigmaW2())) {
            return variance + ", no edge of chaos at this sigma_b^2";
        }
        return variance + ", " + number(Math.abs(report.distanceToBorder()))
                + (report.distanceToBorder() < 0 ? " below" : " above") + " the edge of chaos ("
                + number(report.borderSigmaW2()) + ")";
    }

    private void table(StringBuilder text, Movement movement) {
        line(text, "kernel change", movement.kernelChange(), "|Theta^t - Theta^0| / |Theta^0|");
        line(text, "kernel distance", movement.kernelDistance(), "1 - cosine of the two: 0 for a mere rescaling");
        line(text, "weight change", movement.weightChange(), "|w - w_0| / |w_0|");
        line(
                text,
                "linearised at w",
                movement.linearizationError(),
                "|f_t - f_lin| / |f_t - f_0|, f_lin = f_0 + J_0 (w - w_0)");
        line(
                text,
                "predicted",
                movement.predictionError(),
                "the same of eq. (10) with Theta^0, from f_0 and the targets" + at());
        line(text, "loss before", movement.initialLoss(), "1/(2S) sum |f_0 - y|^2");
        line(text, "loss", movement.loss(), "of the trained network");
        line(
                text,
                "accuracy before",
                movement.initialAccuracy(),
                "share of inputs whose largest output is their class's");
        line(text, "accuracy", movement.accuracy(), "of the trained network");
    }

    private String at() {
        return report.question()
                .testInputs()
                .map(inputs -> ", at " + inputs.count() + " test inputs")
                .orElse("");
    }

    private static void line(StringBuilder text, String name, double value, String meaning) {
        if (!Double.isNaN(value)) {
            text.append(String.format(Locale.ROOT, "  %-17s%-11s%s\n", name, number(value), meaning));
        }
    }

    private String layers() {
        String each = IntStream.of(report.question().network().architecture().widths())
                .mapToObj(Integer::toString)
                .reduce((left, right) -> left + ", " + right)
                .orElseThrow();
        StringBuilder variances = new StringBuilder();
        for (double variance : byLayer()) {
            variances.append(variances.isEmpty() ? "" : ", ").append(number(variance));
        }
        return "widths " + each + ", " + report.question().data() + ", n_{l-1} <W^2> by layer " + variances;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
