package io.github.finitentk.cli;

import io.github.finitentk.data.ScaledDouble;
import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk moments}. */
@Example(
        does = "of a network with two hidden layers",
        line = "ntk moments --widths 10,100,100,1 --sigma-w2 2 --sigma-b2 0.1 --input-norm2 10")
@Example(
        does = "to first order in 1/width",
        line = "ntk moments --activation tanh --widths 10,100,100,1 --sigma-w2 2 --sigma-b2 0.1 --input-norm2 10")
@Command(
        name = "moments",
        description =
                "E[Theta], E[Theta^2] and their ratio for a finite network without sampling: exactly for ReLU and its"
                        + " relatives, to first order in 1/width (with C of 1 + C/M) for every other activation.")
final class MomentsCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Option(
            names = "--widths",
            required = true,
            split = ",",
            paramLabel = "n0,n1,...,1",
            description = "Widths from the input dimension to the scalar output.")
    private int[] widths;

    @Option(
            names = "--activation",
            paramLabel = "A",
            defaultValue = "relu",
            description =
                    "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ... (default: ${DEFAULT-VALUE}).")
    private Activation activation;

    @Option(names = "--sigma-w2", required = true, paramLabel = "X", description = "Weight variance sigma_w^2.")
    private double sigmaW2;

    @Option(names = "--sigma-b2", required = true, paramLabel = "Y", description = "Bias variance sigma_b^2.")
    private double sigmaB2;

    @Option(
            names = "--input-norm2",
            required = true,
            paramLabel = "Z",
            description = "Squared norm |x|^2 of the input.")
    private double inputNorm2;

    @Option(names = "--no-bias-gradients", description = "Leave the derivatives by the biases out of Theta.")
    private boolean noBiasGradients;

    @Override
    public Integer call() {
        Architecture network = Architecture.of(widths);
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        if (ExactMoments.known(activation, initialization)) {
            ExactMoments exact = ExactMoments.of(
                    new RandomNetwork(network, activation, initialization), inputNorm2, !noBiasGradients);
            print("exact", exact.mean(), exact.secondMoment(), exact.scaledRatio(), exact.logRatio(), Optional.empty());
            return 0;
        }
        LeadingOrder.Moments law = LeadingOrder.of(
                        new MeanField(activation, initialization), inputNorm2 / network.inputDim(), network.depth())
                .moments(network, !noBiasGradients);
        double logRatio = StrictMath.log1p(law.relativeVariance());
        print("1/M", law.mean(), law.secondMoment(), law.scaledRatio(), logRatio, Optional.of(law));
        return 0;
    }

    private record Document(
            String order,
            double mean,
            double secondMoment,
            double ratio,
            double logMean,
            double logSecondMoment,
            double logRatio,
            Optional<Double> constant,
            Optional<Double> lognormalRatio,
            Optional<Double> meanCorrection) {}

    private void print(
            String order,
            ScaledDouble mean,
            ScaledDouble secondMoment,
            ScaledDouble ratio,
            double logRatio,
            Optional<LeadingOrder.Moments> law) {
        Document document = new Document(
                order,
                mean.doubleOrNaN(),
                secondMoment.doubleOrNaN(),
                ratio.doubleOrNaN(),
                mean.log(),
                secondMoment.log(),
                logRatio,
                law.map(LeadingOrder.Moments::constant),
                law.map(LeadingOrder.Moments::lognormalRatio),
                law.map(LeadingOrder.Moments::meanCorrection));
        if (root.options.json) {
            root.options.print(document);
            return;
        }
        Map<String, Object> shown = Documents.entries(document);
        shown.put("mean", mean.toDecimal(15));
        shown.put("second_moment", secondMoment.toDecimal(15));
        shown.put("ratio", ratio.toDecimal(15));
        shown.forEach((key, value) -> root.options
                .out()
                .printf(
                        Locale.ROOT,
                        "%-18s %s%n",
                        key,
                        value instanceof Double number ? String.format(Locale.ROOT, "%.15g", number) : value));
    }
}
