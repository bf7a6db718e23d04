package io.github.finitentk.cli;

import io.github.finitentk.meanfield.ExactReluMoments;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ntk moments}. */
@Command(
        name = "moments",
        description = "E[Theta], E[Theta^2] and their ratio for a finite ReLU network, exactly and without sampling.")
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
        ExactReluMoments moments = ExactReluMoments.of(
                Architecture.of(widths), new Initialization(sigmaW2, sigmaB2), inputNorm2, !noBiasGradients);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("mean", moments.mean().doubleOrNaN());
        document.put("second_moment", moments.secondMoment().doubleOrNaN());
        document.put("ratio", moments.scaledRatio().doubleOrNaN());
        document.put("log_mean", moments.logMean());
        document.put("log_second_moment", moments.logSecondMoment());
        document.put("log_ratio", moments.logRatio());
        if (root.options.json) {
            root.options.print(document);
        } else {
            document.put("mean", moments.mean().toDecimal(15));
            document.put("second_moment", moments.secondMoment().toDecimal(15));
            document.put("ratio", moments.scaledRatio().toDecimal(15));
            document.forEach((key, value) -> root.options
                    .out()
                    .printf(
                            Locale.ROOT,
                            "%-18s %s%n",
                            key,
                            value instanceof Double number ? String.format(Locale.ROOT, "%.15g", number) : value));
        }
        return 0;
    }
}
