package io.github.finitentk.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers by which docs/reproduction.md judges what the paper says in words, where closed forms or kept tables give them. */
class PaperStatementsTest {

    private static final Path DATA = Path.of("docs", "data");

    /** A comma outside quotes. */
    private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private static PairPropagation pair(Activation activation, double sigmaW2, double c0, int depth) {
        return new MeanField(activation, new Initialization(sigmaW2, 1)).propagate(1, 1, c0, depth);
    }

    private static double kappaRatio(Activation activation, double sigmaW2, double c0, int depth) {
        PairPropagation pair = pair(activation, sigmaW2, c0, depth);
        Architecture architecture = Architecture.constant(100, 100, depth);
        return pair.first().kappa1(architecture) / pair.kappa2(architecture);
    }

    private static double edge(Activation activation) {
        return new PhaseBoundary(activation).at(1).sigmaW2();
    }

    /** Section 3: "at the EOC, the variance of the NTK is a fraction of its mean even for very deep networks". */
    @Test
    void theVarianceAtTheEdgeOfChaosIsNoFractionOfTheMean() {
        ExactMoments moments = ExactMoments.of(Architecture.constant(100, 100, 100), new Initialization(2, 1), 100);
        assertThat(moments.ratio()).isCloseTo(13.446, within(1e-3));
    }

    /** Figure 1 at (2, 0) and L = M = 100: what the paper leaves open decides. */
    @ParameterizedTest
    @CsvSource({"100, 64.3", "1, 26.4"})
    void figure1DependsOnTheInputNorm(double norm2, double ratio) {
        ExactMoments moments = ExactMoments.of(Architecture.constant(100, 100, 100), new Initialization(2, 0), norm2);
        assertThat(moments.ratio()).isCloseTo(ratio, within(0.06));
    }

    /** Figure 5: eight orders of magnitude for erf in the chaotic phase, whatever the (different) inputs. */
    @ParameterizedTest
    @CsvSource({"0", "0.5", "0.9", "0.98"})
    void kappasPartByEightOrdersOfMagnitude(double c0) {
        assertThat(Math.log10(kappaRatio(Activations.ERF, 5, c0, 50))).isCloseTo(8.0, within(0.01));
    }

    /** Figure 5: kappa_2 of inputs that are nearly equal rises before it falls. */
    @Test
    void kappa2OfNearlyEqualInputsRisesFirst() {
        double[] kappa2 = IntStream.of(3, 5, 8, 20, 50)
                .mapToDouble(
                        depth -> pair(Activations.ERF, 5, 0.98, depth).kappa2(Architecture.constant(100, 100, depth)))
                .toArray();
        assertThat(kappa2[1]).isGreaterThan(kappa2[0]).isGreaterThan(kappa2[2]);
        assertThat(kappa2[2]).isGreaterThan(kappa2[3]);
        assertThat(kappa2[3]).isGreaterThan(kappa2[4]);
    }

    /** Figure 6: ReLU's ratio in the chaotic phase, which tends to 4. */
    @ParameterizedTest
    @CsvSource({"50, 3.2167", "100, 3.5202", "200, 3.7226", "500, 3.8728"})
    void reluInTheChaoticPhaseTendsToFour(int depth, double ratio) {
        assertThat(kappaRatio(Activations.RELU, 3, 0, depth)).isCloseTo(ratio, within(1e-4));
    }

    /** Section 5: "at EOC kappa_1/kappa_2 grows with depth": it falls for inputs at right angles, and grows for close ones. */
    @Test
    void theRatioAtTheEdgeOfChaosTendsToThreeFromBothSides() {
        double edge = edge(Activations.ERF);
        assertThat(kappaRatio(Activations.ERF, edge, 0, 10)).isCloseTo(3.553, within(1e-3));
        assertThat(kappaRatio(Activations.ERF, edge, 0, 30)).isCloseTo(3.260, within(1e-3));
        assertThat(kappaRatio(Activations.ERF, edge, 0, 50)).isCloseTo(3.188, within(1e-3));
        assertThat(kappaRatio(Activations.ERF, edge, 0.9, 10)).isCloseTo(1.798, within(1e-3));
        assertThat(kappaRatio(Activations.ERF, edge, 0.9, 50)).isCloseTo(2.596, within(1e-3));
        assertThat(kappaRatio(Activations.RELU, 2, 0, 10)).isCloseTo(1.653, within(1e-3));
        assertThat(kappaRatio(Activations.RELU, 2, 0, 50)).isCloseTo(1.632, within(1e-3));
    }

    /** Section 5: "ill-conditioned NTK also implies that the maximum learning rate ... is small": it is the other way round. */
    @Test
    void theLargestStableRateFallsWhereTheKernelIsWellConditioned() {
        assertThat(kappaRatio(Activations.ERF, 1.5, 0.5, 20)).isLessThan(1.003);
        assertThat(kappaRatio(Activations.ERF, 5, 0.5, 20)).isGreaterThan(1500);
        assertThat(largestRate(1.5)).isCloseTo(0.01172, within(1e-5));
        assertThat(largestRate(edge(Activations.ERF))).isCloseTo(0.00451, within(1e-5));
        assertThat(largestRate(5)).isCloseTo(0.00082, within(1e-5));
    }

    private static double largestRate(double sigmaW2) {
        PairPropagation pair = pair(Activations.ERF, sigmaW2, 0.5, 20);
        Architecture architecture = Architecture.constant(100, 100, 20);
        return LearningRate.meanField(
                pair.first().ntk(architecture), pair.ntk(architecture), 128, LossConvention.HALF_MSE);
    }

    /** Section 4: "networks which take more iterations to train show mostly small changes", over the 210 networks of figure 3. */
    @Test
    void stepsAndKernelChangeAreNegativelyCorrelated() throws IOException {
        assertThat(rankCorrelation(column("tanh-256", "steps"), column("tanh-256", "kernel_change")))
                .isCloseTo(-0.61, within(0.005));
    }

    /** Figures 4 and 11: cells of 130 in which both, and at least one, of two networks overflow. */
    @ParameterizedTest
    @CsvSource({"128, 14, 19", "256, 18, 20", "512, 22, 26"})
    void overflowsByWidth(int width, int both, int any) throws IOException {
        assertThat(column("relu-" + width, "diverged", Double::parseDouble))
                .hasSize(130)
                .filteredOn(networks -> networks >= 1)
                .hasSize(any);
        assertThat(column("relu-" + width, "status", status -> status))
                .filteredOn("diverged"::equals)
                .hasSize(both);
    }

    private static double[] column(String run, String name) throws IOException {
        return column(run, name, Double::valueOf).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static <T> List<T> column(String run, String name, Function<String, T> read) throws IOException {
        List<String> lines = Files.readAllLines(DATA.resolve("kernel-change-" + run + ".csv"));
        int index = Arrays.asList(lines.get(0).split(",")).indexOf(name);
        return lines.stream()
                .skip(1)
                .map(line -> read.apply(COMMA.split(line)[index]))
                .toList();
    }

    private static double rankCorrelation(double[] x, double[] y) {
        double[] ranksOfX = ranks(x);
        double[] ranksOfY = ranks(y);
        double middle = (x.length - 1) / 2.0;
        double cross = 0;
        double xx = 0;
        double yy = 0;
        for (int k = 0; k < x.length; k++) {
            double dx = ranksOfX[k] - middle;
            double dy = ranksOfY[k] - middle;
            cross += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }
        return cross / Math.sqrt(xx * yy);
    }

    /** Ranks from 0; equal values share the mean of theirs. */
    private static double[] ranks(double[] values) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, values.length).boxed().toList());
        order.sort(Comparator.comparingDouble(k -> values[k]));
        double[] ranks = new double[values.length];
        for (int first = 0; first < values.length; ) {
            int last = first;
            while (last + 1 < values.length && values[order.get(last + 1)] == values[order.get(first)]) {
                last++;
            }
            for (int k = first; k <= last; k++) {
                ranks[order.get(k)] = (first + last) / 2.0;
            }
            first = last + 1;
        }
        return ranks;
    }
}
