package io.github.finitentk.reproduction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PairPropagation;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two statements of the paper put to experiments with drawn weights, whose tables are in docs/reproduction.md: Lemmas 1 and 2 at
 * several widths, and the exponential change of the kernel in one step that it cites from Hanin and Nica (2019).
 *
 * <p>{@code mvn test -Dtest=FiniteWidthExperimentsTest -Dntk.statistics=full} takes ten times as many networks and prints the tables.
 */
@Tag("statistical")
class FiniteWidthExperimentsTest {

    private static final boolean FULL = "full".equals(System.getProperty("ntk.statistics"));
    private static final int BATCH = 100;

    /** Mean and standard error of a column of numbers. */
    private record Mean(double value, double error) {

        static Mean of(double[] values) {
            double mean = Arrays.stream(values).average().orElseThrow();
            double squares =
                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
            return new Mean(mean, Math.sqrt(squares / (values.length - 1.0) / values.length));
        }
    }

    private void draw(
            Architecture architecture,
            Activation activation,
            Initialization initialization,
            double[] inputs,
            int networks,
            Consumer<NetworkBatch> use) {
        BatchShape shape =
                new BatchShape(architecture, activation, Precision.F64, BATCH, inputs.length / architecture.inputDim());
        try (Engine engine = Engine.fastest(WorkerPool.of(WorkerPool.processors()));
                NetworkBatch batch = engine.allocate(shape)) {
            batch.setInputs(inputs);
            for (int first = 0; first < networks; first += BATCH) {
                batch.initialize(initialization, Seed.of(architecture.depth()).derive(architecture.width(1)), first);
                batch.forward();
                batch.backward();
                batch.computeNtk();
                use.accept(batch);
            }
        }
    }

    /**
     * Lemma 1 and 2 state expectations in the limit of infinite width. For ReLU both diagonal ones hold at every width; elsewhere the
     * distance falls like 1/M.
     */
    @Test
    void lemmas1And2AtSeveralWidths() {
        int networks = FULL ? 20_000 : 2_000;
        print(
                "| activation | sigma_w^2 | M | E f(x)^2 / q^L | E f(x) f(x') / q^L_sr | E Theta(x,x) / Theta* | E Theta(x,x') / Theta*_sr |%n"
                        + "|---|---|---|---|---|---|---|%n");
        for (Activation activation : new Activation[] {Activations.TANH, Activations.RELU}) {
            boolean relu = activation == Activations.RELU;
            for (double sigmaW2 : relu ? new double[] {1, 2, 3} : new double[] {1.5, 3.44321091, 6}) {
                for (int width : new int[] {16, 64, 256}) {
                    lemmas(activation, new Initialization(sigmaW2, 1), width, width == 256 ? networks / 4 : networks);
                }
            }
        }
    }

    private void lemmas(Activation activation, Initialization initialization, int width, int networks) {
        int depth = 6;
        Architecture architecture = Architecture.constant(4, width, depth);
        // |x|^2 = |x'|^2 = 4 and x.x' = 2: q^0 = 1, c^0 = 1/2.
        double[] inputs = {1, 1, 1, 1, 1, 1, 1, -1};
        PairPropagation pair = new MeanField(activation, initialization).propagate(1, 1, 0.5, depth);
        double[] expected = {pair.first().nngp(), pair.nngp(), pair.first().ntk(architecture), pair.ntk(architecture)};
        double[][] ratios = new double[4][networks / BATCH * BATCH];
        int[] next = {0};
        draw(architecture, activation, initialization, inputs, ratios[0].length, batch -> {
            for (int b = 0; b < BATCH; b++) {
                double[] f = batch.outputs(b);
                double[] theta = batch.ntk(b);
                double[] values = {f[0] * f[0], f[0] * f[1], theta[0], theta[1]};
                for (int i = 0; i < 4; i++) {
                    ratios[i][next[0]] = values[i] / expected[i];
                }
                next[0]++;
            }
        });
        StringBuilder line =
                new StringBuilder(format("| %s | %s | %d |", activation.label(), initialization.sigmaW2(), width));
        for (int i = 0; i < 4; i++) {
            Mean mean = Mean.of(ratios[i]);
            line.append(format(" %.3f ± %.3f |", mean.value, mean.error));
            boolean exact = activation == Activations.RELU && i % 2 == 0;
            // 4 standard errors; and an allowance of order 1/M where the lemma is a limit. Its size, some L/M, is
            // what the widest networks of the full experiment show.
            double allowance = exact ? 0 : 4.0 * depth / width;
            assertThat(Math.abs(mean.value - 1))
                    .as("%s %s M=%d quantity %d", activation.label(), initialization, width, i)
                    .isLessThan(4 * mean.error + allowance);
        }
        print(line + "%n");
    }

    /**
     * ReLU at (2, 0): the kernel's relative change in one small step of gradient descent on {@code f(x)^2/2},
     * {@code E|dTheta/d eta|/E[Theta]}, in units of L^2, against L/M. Means of so heavy-tailed a quantity are too small more often
     * than not, so the true growth is faster than what is seen.
     */
    @Test
    void oneStepChangesTheKernelExponentiallyInDepthOverWidth() {
        int networks = FULL ? 40_000 : 2_000;
        int[] widths = FULL ? new int[] {16, 32, 64} : new int[] {16, 32};
        print("%n| L/M | M = 16 | M = 32 | M = 64 |%n|---|---|---|---|%n");
        double[] ratios = {0.25, 0.5, 0.75, 1};
        double[][] logs = new double[widths.length][ratios.length];
        for (int i = 0; i < ratios.length; i++) {
            StringBuilder line = new StringBuilder(format("| %s |", ratios[i]));
            for (int w = 0; w < widths.length; w++) {
                int depth = (int) (ratios[i] * widths[w]);
                Mean change = stepChange(widths[w], depth, networks);
                double unit = (double) depth * depth;
                logs[w][i] = Math.log(change.value / unit);
                line.append(format(" %.2f ± %.2f |", change.value / unit, change.error / unit));
            }
            print(line + "%n");
        }
        for (double[] byRatio : logs) {
            // exp(2 L/M) at the least
            assertThat(byRatio[ratios.length - 1] - byRatio[0]).isGreaterThan(2 * 0.75);
        }
    }

    private Mean stepChange(int width, int depth, int networks) {
        Architecture architecture = Architecture.constant(width, width, depth);
        double[] x = new double[width];
        Arrays.fill(x, 1);
        double step = 1e-7;
        double[] changes = new double[networks];
        double[] kernels = new double[networks];
        int[] next = {0};
        BatchShape shape = new BatchShape(architecture, Activations.RELU, Precision.F64, BATCH, 1);
        try (Engine engine = Engine.fastest(WorkerPool.of(WorkerPool.processors()));
                NetworkBatch moved = engine.allocate(shape)) {
            moved.setInputs(x);
            draw(architecture, Activations.RELU, new Initialization(2, 0), x, networks, batch -> {
                moved.copyParameters(batch);
                for (int b = 0; b < BATCH; b++) {
                    // a step of that relative length in the output, so that hardly any gate flips
                    double f = batch.outputs(b)[0];
                    moved.addGradient(batch, b, new double[] {-step / batch.ntk(b)[0] * f});
                }
                moved.forward();
                moved.backward();
                moved.computeNtk();
                for (int b = 0; b < BATCH; b++) {
                    double theta = batch.ntk(b)[0];
                    changes[next[0]] = Math.abs(moved.ntk(b)[0] - theta) * theta / step;
                    kernels[next[0]++] = theta;
                }
            });
        }
        Mean change = Mean.of(changes);
        Mean kernel = Mean.of(kernels);
        return new Mean(change.value / kernel.value, change.error / kernel.value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static void print(String pattern) {
        if (FULL) {
            System.out.print(format(pattern));
        }
    }
}
