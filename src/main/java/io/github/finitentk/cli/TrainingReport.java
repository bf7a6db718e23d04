package io.github.finitentk.cli;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What {@code ntk train} says of a training, as a document and as text. */
final class TrainingReport {

    private TrainingReport() {}

    record Document(
            long steps,
            String stopReason,
            boolean diverged,
            List<TrainingResult.LossPoint> losses,
            double minLoss,
            double finalLoss,
            List<TrainingResult.KernelChange> kernelChange,
            String loss,
            double learningRate,
            double largestStableRate,
            double aMaxStart,
            double aMaxLargest,
            String optimizer,
            int batch,
            int kernelSamples,
            String integrator,
            String pace,
            double errorEstimate,
            double sensitivity,
            boolean chaotic,
            long evaluations,
            String precision,
            String data,
            double seconds) {

        static Document of(TrainingResult result, TrainingPlan plan, Dataset dataset, double seconds) {
            return new Document(
                    result.steps(),
                    result.stopReason().label(),
                    result.stopReason() == StopReason.DIVERGED,
                    result.losses(),
                    result.minLoss(),
                    result.finalLoss(),
                    result.kernelChange(),
                    plan.loss().label(),
                    plan.learningRate(),
                    largestStable(result, plan),
                    result.aMaxStart(),
                    result.aMaxLargest(),
                    plan.optimizer().label(),
                    plan.batch() == TrainingPlan.ALL ? dataset.samples() : plan.batch(),
                    plan.kernelSamples() == TrainingPlan.ALL ? dataset.samples() : plan.kernelSamples(),
                    plan.integrator().label(),
                    result.pace().label(),
                    result.errorEstimate(),
                    result.sensitivity(),
                    result.chaotic(),
                    result.evaluations(),
                    plan.precision().label(),
                    dataset.toString(),
                    seconds);
        }
    }

    private static double largestStable(TrainingResult result, TrainingPlan plan) {
        return 2 * plan.learningRate() / result.aMaxStart();
    }

    static void print(TrainingResult result, TrainingPlan plan, Dataset dataset, double seconds, PrintWriter out) {
        out.printf(Locale.ROOT, "%12s %14s%n", "step", "kernel change");
        result.kernelChange()
                .forEach(change -> out.printf(Locale.ROOT, "%12d %14.6g%n", change.step(), change.value()));
        out.printf(
                Locale.ROOT,
                "%d steps (%s), loss %.6g to %.6g, smallest %.6g; loss = %s%n",
                result.steps(),
                result.stopReason().label(),
                result.losses().get(0).loss(),
                result.finalLoss(),
                result.minLoss(),
                plan.loss().formula());
        boolean bounded = !Double.isNaN(result.aMaxStart());
        if (bounded) {
            out.printf(
                    Locale.ROOT,
                    "learning rate %.3g, largest stable at the start %s%.3g (eta lambda_max(Theta)/%s = %.3g, at most %.3g)%n",
                    plan.learningRate(),
                    dataset.outputs() == 1 ? "" : "at most ",
                    largestStable(result, plan),
                    plan.optimizer() instanceof Optimizer.Momentum heavy ? "(S (1 + " + heavy.momentum() + "))" : "S",
                    result.aMaxStart(),
                    result.aMaxLargest());
        } else {
            out.printf(Locale.ROOT, "learning rate %.3g%n", plan.learningRate());
        }
        if (!plan.isPlain()) {
            out.printf(
                    Locale.ROOT,
                    "optimizer %s, %s%n",
                    plan.optimizer(),
                    plan.batch() == TrainingPlan.ALL
                            ? "steps see all inputs"
                            : "steps see " + plan.batch() + " inputs");
        }
        if (plan.kernelSamples() != TrainingPlan.ALL) {
            out.printf(Locale.ROOT, "kernel of the first %d inputs%n", plan.kernelSamples());
        }
        out.printf(
                Locale.ROOT,
                "data: %s%nintegrator %s, %s, %d evaluations, %.3g s%n",
                dataset,
                plan.integrator().label(),
                plan.precision().label(),
                result.evaluations(),
                seconds);
        if (result.stopReason() == StopReason.DIVERGED) {
            out.printf(
                    Locale.ROOT,
                    "DIVERGED after %d steps: the loss or the kernel is no longer finite (learning rate %.3g%s)%n",
                    result.steps(),
                    plan.learningRate(),
                    bounded
                            ? String.format(
                                    Locale.ROOT, ", largest stable at the start %.3g", largestStable(result, plan))
                            : "");
        }
        if (plan.integrator() != Integrator.GD) {
            out.printf(
                    Locale.ROOT,
                    "steps taken %s; error estimate %.2g%n",
                    result.pace().description(),
                    result.errorEstimate());
        }
        if (!Double.isNaN(result.sensitivity())) {
            out.printf(
                    Locale.ROOT,
                    "%sa learning rate 1.0001 times as large moves the kernel change by %.2g %%%n",
                    result.chaotic() ? "chaotic: " : "",
                    100 * result.sensitivity());
        }
    }
}
