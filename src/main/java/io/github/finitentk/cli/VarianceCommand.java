package io.github.finitentk.cli;

import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk variance}. */
@Example(
        does = "of Theta(x, x), with a 95 % interval",
        line = "ntk variance --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 50 --width 100")
@Example(
        does = "exact, for ReLU",
        line = "ntk variance --activation relu --sigma-w2 2 --sigma-b2 0 --depth 20 --width 100 --json")
@Example(
        does = "of Theta(x, x') of two inputs with inner product 0.5",
        line = "ntk variance --activation tanh --sigma-w2 2 --sigma-b2 1 --depth 10 --width 100 --correlation 0.5")
@Command(
        name = "variance",
        description = "How random is the NTK at initialisation? Estimates E[Theta(x,x)^2] / E[Theta(x,x)]^2.")
final class VarianceCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "200",
            description = "Networks, or forward passes, to draw (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
            names = "--method",
            completionCandidates = OptionTypes.Methods.class,
            paramLabel = "METHOD",
            defaultValue = "auto",
            description =
                    "auto, exact, leading-order, chain, conditional, rao-blackwell, smc or weights; the result says"
                            + " which was used (default: ${DEFAULT-VALUE}).")
    private Method method;

    @Option(
            names = "--distribution",
            paramLabel = "FILE.csv|FILE.json",
            description = "Also write quantiles and a histogram of Theta(x,x), or Theta(x,x'), from that many draws.")
    private Path distribution;

    @Option(
            names = "--input-norm2",
            paramLabel = "Z",
            description = "Squared norm |x|^2 of the input (default: its dimension).")
    private Double inputNorm2;

    @Option(
            names = "--correlation",
            paramLabel = "C",
            description = "Look at Theta(x,x') of two inputs of that norm with x.x'/|x|^2 = C, instead of Theta(x,x).")
    private Double correlation;

    @Override
    public Integer call() {
        if ((method == Method.EXACT || method == Method.LEADING_ORDER) && distribution == null) {
            GlobalOptions.refuseWithoutEffect(
                    spec, "with --method " + method.label() + ", which draws nothing", List.of("--draws"));
        }
        GlobalOptions options = root.options;
        RandomNetwork random = network.network();
        double norm2 = inputNorm2 == null ? network.inputDim() : inputNorm2;
        boolean pair = correlation != null && correlation != 1;
        VarianceEstimation estimation = options.ntk()
                .variance(random)
                .inputNorm2(norm2)
                .method(method)
                .draws(draws)
                .seed(
                        pair
                                ? VarianceQuantity.pairSeed(options.seed(), random, network.width(), norm2, correlation)
                                : VarianceQuantity.seed(options.seed(), method, random, network.width(), norm2));
        DistributionFile file = distribution == null ? null : new DistributionFile(distribution, options);
        long start = System.nanoTime();
        VarianceEstimation.Pair both = correlation == null ? null : estimation.pair(correlation);
        RatioEstimate estimate = both == null ? estimation.estimate() : both.ratio();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!Double.isFinite(estimate.ratio())) {
            throw new ArithmeticException(estimate.problem());
        }
        if (file != null) {
            file.write(
                    pair
                            ? estimation.distribution(correlation)
                            : estimation
                                    .method(Method.AUTO)
                                    .seed(VarianceQuantity.seed(
                                            options.seed(), Method.CHAIN, random, network.width(), norm2))
                                    .distribution());
        }
        if (options.json) {
            options.print(document(estimate, Optional.ofNullable(both), norm2, seconds));
        } else {
            print(estimate, norm2, seconds);
            if (both != null) {
                print(both);
            }
        }
        return 0;
    }

    private record Document(
            String method,
            String reason,
            long draws,
            double mean,
            double secondMoment,
            double ratio,
            double[] ratioCi,
            boolean heavyTailed,
            double tailShare,
            double effectiveDraws,
            double logMean,
            double logSecondMoment,
            double inputNorm2,
            Optional<Double> correlation,
            Optional<double[]> meanCi,
            Optional<Double> infiniteWidth,
            double seconds) {}

    private static Document document(
            RatioEstimate estimate, Optional<VarianceEstimation.Pair> both, double norm2, double seconds) {
        double upper = estimate.interval().upper();
        return new Document(
                estimate.method().label(),
                estimate.reason(),
                estimate.draws(),
                estimate.mean().doubleOrNaN(),
                estimate.secondMoment().doubleOrNaN(),
                estimate.ratio(),
                new double[] {estimate.interval().lower(), Double.isFinite(upper) ? upper : Double.NaN},
                estimate.heavyTailed(),
                estimate.tailShare(),
                estimate.effectiveDraws(),
                estimate.mean().log(),
                estimate.secondMoment().log(),
                norm2,
                both.map(VarianceEstimation.Pair::correlation),
                both.map(pair -> new double[] {pair.mean().lower(), pair.mean().upper()}),
                both.map(VarianceEstimation.Pair::infiniteWidth),
                seconds);
    }

    private void print(VarianceEstimation.Pair pair) {
        root.options
                .out()
                .printf(
                        Locale.ROOT,
                        "Theta(x,x') of two inputs of correlation %s%s; %.6g in infinitely wide networks%n",
                        pair.correlation(),
                        Double.isNaN(pair.mean().lower())
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        ": mean in [%.6g, %.6g]",
                                        pair.mean().lower(),
                                        pair.mean().upper()),
                        pair.infiniteWidth());
    }

    private void print(RatioEstimate e, double norm2, double seconds) {
        PrintWriter out = root.options.out();
        if (e.method() == Method.EXACT) {
            out.printf(Locale.ROOT, "E[Theta^2]/E[Theta]^2 = %.10g   exact%n", e.ratio());
        } else if (e.method() == Method.LEADING_ORDER) {
            out.printf(Locale.ROOT, "E[Theta^2]/E[Theta]^2 = %.10g   to first order in 1/width%n", e.ratio());
        } else {
            out.printf(
                    Locale.ROOT,
                    "E[Theta^2]/E[Theta]^2 = %.6g   95 %% interval [%.6g, %s%n",
                    e.ratio(),
                    e.interval().lower(),
                    Double.isFinite(e.interval().upper())
                            ? String.format(Locale.ROOT, "%.6g]", e.interval().upper())
                            : "unbounded)");
        }
        out.printf(
                Locale.ROOT,
                "E[Theta]   = %s%nE[Theta^2] = %s%nmethod %s (%s), %d draws, |x|^2 = %s, seed %d, %.3f s%n",
                e.mean().toDecimal(6),
                e.secondMoment().toDecimal(6),
                e.method().label(),
                e.reason(),
                e.draws(),
                norm2,
                root.options.seed,
                seconds);
        if (e.heavyTailed()) {
            out.printf(
                    Locale.ROOT,
                    "Heavy tail: the second moment rests on %.1f effective draws. The ratio is probably too low and its"
                            + " interval cannot be trusted; %s.%n",
                    e.effectiveDraws(),
                    remedy(e));
        }
    }

    private String remedy(RatioEstimate e) {
        if (method != Method.AUTO && e.method() != Method.SMC) {
            return "--method auto finds a better way";
        }
        return e.draws() > draws
                ? String.format(Locale.ROOT, "--draws %d takes twice as many particles", 2 * e.draws())
                : String.format(Locale.ROOT, "--draws %d may do", 10L * draws);
    }
}
