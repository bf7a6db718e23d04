package io.github.finitentk.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.numeric.StudentT;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.PiecewiseLinear;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.training.TrainingResult.StopReason;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The table of docs/trust.md: sixty random questions answered by {@code trust} and by training networks of the true width
 * that {@code trust} has not seen, by gradient descent or verified {@code flow}, each judged on inputs it was not trained on. Three
 * minutes of computing, so it runs on demand only:
 *
 * <pre>
 *     mvn test -Dtest=TrustValidationTest -Dntk.trust.table=target/trust-validation.csv
 * </pre>
 */
@EnabledIfSystemProperty(named = "ntk.trust.table", matches = ".+")
class TrustValidationTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());
    private static final int QUESTIONS = Integer.getInteger("ntk.trust.questions", 60);
    private static final int NETWORKS = 4;

    /** Networks whose kernels are compared; the first few of them are trained. */
    private static final int KERNELS = 12;

    private static final int TESTS = 16;

    /** Questions whose networks cost more multiply-adds than this to train are drawn again. */
    private static final double MOST_PRODUCTS = 2e11;

    /** Budgets, in units of what one network of the true size costs to train: every way to an answer is taken. */
    private static final double[] BUDGETS = {0.3, 0.8, 2, 6};

    private record Case(String phase, RandomNetwork law, int samples, Budget budget) {}

    /**
     * What networks say.
     *
     * @param changes relative changes of the kernel in training
     * @param own deviation of eq. (10) with their own kernels from {@code Theta*}, in units of the spread
     * @param ownLower the lower end of its 95 % interval
     * @param trained deviation of the trained networks' outputs from eq. (10) with {@code Theta*}
     */
    private record Truth(double[] changes, double own, double ownLower, double trained) {

        double change() {
            return Arrays.stream(changes).average().orElseThrow();
        }

        Validity constancy() {
            return Validity.of(change(), TrustThresholds.CHANGE_HOLDS, TrustThresholds.CHANGE_LIMITED);
        }

        Validity determinism() {
            return Validity.of(own, TrustThresholds.DEVIATION_HOLDS, TrustThresholds.DEVIATION_LIMITED);
        }
    }

    @Test
    void trainingDoesNotRefuteTrust() throws IOException {
        Path table = Path.of(System.getProperty("ntk.trust.table"));
        Files.writeString(
                table,
                "question,phase,activation,sigma_w2,sigma_b2,depth,width,samples,budget,verdict,determinism,deviation,"
                        + "deviation_lower,deviation_upper,own_kernels,constancy,source,change,change_lower,change_upper,trained_change,trained_lowest,"
                        + "trained_largest,trained_deviation,outcome\n");
        List<String> refuted = new ArrayList<>();
        Random random = new Random(2027);
        for (int i = 0; i < QUESTIONS; i++) {
            Case asked = question(random, i);
            Dataset all = ReferenceData.of(
                    asked.samples() + TESTS, asked.law().architecture().inputDim(), ENGINE.linearAlgebra());
            TrainTestData data = TrainTestData.split(all, asked.samples());
            TrustReport report = TrustReport.of(
                    TrustQuestion.about(asked.law())
                            .data(data.train())
                            .budget(asked.budget())
                            .build(),
                    ENGINE,
                    () -> false);
            Truth truth = truth(asked.law(), data, Seed.of(i).derive(77));
            String outcome = outcome(report, truth);
            String row = row(i, asked, report, truth, outcome);
            Files.writeString(table, row, StandardOpenOption.APPEND);
            if (outcome.equals("wrong") && report.verdict() == Verdict.TRUST) {
                refuted.add(row);
            }
        }
        assertThat(refuted).isEmpty();
    }

    /**
     * Right: the verdict that the networks give. Cautious: a less favourable one. A more favourable one is wrong if what the
     * networks say lies beyond the stated intervals, both uncertainties considered, and borderline otherwise. Trust is wrong as well
     * if the trained networks' outputs are off by more than determinism allows.
     */
    private static String outcome(TrustReport report, Truth truth) {
        if (report.verdict() == Verdict.UNKNOWN) {
            return "unanswered";
        }
        Verdict real = Verdict.of(List.of(
                new Statement(Assumption.DETERMINISM, truth.determinism(), ""),
                new Statement(Assumption.CONSTANCY, truth.constancy(), ""),
                report.on(Assumption.REGRESSION)));
        if (report.verdict() == Verdict.TRUST && truth.trained() > TrustThresholds.DEVIATION_HOLDS) {
            return "wrong";
        }
        if (report.verdict() == real) {
            return "right";
        }
        if (report.verdict().compareTo(real) > 0) {
            return "cautious";
        }
        boolean refuted = ChangeLaw.measured(truth.changes()).interval().lower()
                        > report.kernelChange().interval().upper()
                || truth.ownLower() > report.prediction().interval().upper();
        return refuted ? "wrong" : "borderline";
    }

    private static Case question(Random random, int index) {
        String[] names = {"relu", "tanh", "erf", "gelu", "leaky-relu", "sin", "silu"};
        while (true) {
            Activation activation = Activations.parse(names[index % names.length]);
            double sigmaB2 = new double[] {0.1, 0.5, 1}[random.nextInt(3)];
            double border = new PhaseBoundary(activation).at(sigmaB2).sigmaW2();
            if (!Double.isFinite(border)) {
                border = 2;
            }
            String phase = List.of("ordered", "edge", "chaotic").get(index / 7 % 3);
            double share = random.nextDouble();
            double sigmaW2 = switch (phase) {
                case "ordered" -> border * (0.3 + 0.6 * share);
                case "edge" -> border;
                default -> border * (1.1 + 0.7 * share);
            };
            int depth = (int) Math.round(Math.exp(uniform(random, Math.log(2), Math.log(30))));
            int width = (int) Math.round(Math.exp(uniform(random, Math.log(64), Math.log(1024))));
            int samples = random.nextBoolean() ? 32 : 64;
            double paid = BUDGETS[random.nextInt(BUDGETS.length)];
            double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.4g", sigmaW2));
            RandomNetwork law = new RandomNetwork(
                    Architecture.constant(width, width, depth), activation, new Initialization(rounded, sigmaB2));
            double passes = activation instanceof PiecewiseLinear ? 1300 : 250;
            double products = passes * 4.0 * samples * law.architecture().parameterCount();
            if (NETWORKS * products <= MOST_PRODUCTS) {
                double seconds = paid * products / new Budget(1).products();
                return new Case(
                        phase,
                        law,
                        samples,
                        new Budget(Double.parseDouble(String.format(Locale.ROOT, "%.1e", seconds))));
            }
        }
    }

    private static double uniform(Random random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    private static Truth truth(RandomNetwork law, TrainTestData data, Seed seed) {
        int samples = data.train().samples();
        InfiniteWidthRegression theory = InfiniteWidthRegression.of(law, data.jointInputs(), samples, 0, ENGINE);
        double[] eigenvalues = theory.regression().eigenvalues();
        double time = TrainingPlan.DURATION * samples / eigenvalues[samples - 1];
        double spread = Arrays.stream(theory.variance(time)).average().orElseThrow();
        double[] changes = new double[NETWORKS];
        double[] own = new double[KERNELS];
        double trained = 0;
        List<Network> networks =
                TrainingProblem.draw(law, data.train(), seed, KERNELS).networks();
        for (int i = 0; i < KERNELS; i++) {
            Network network = networks.get(i);
            EmpiricalNtk before = new KernelEvaluation(network, data.jointInputs(), ENGINE).evaluate();
            double[] initialTrain = Arrays.copyOf(before.output(0), samples);
            double[] initialTest = Arrays.copyOfRange(before.output(0), samples, samples + TESTS);
            KernelRegression regression = KernelRegression.of(TrainTestKernel.split(before.theta(), samples), ENGINE);
            double[] y = data.train().targets().toArray();
            double[] limit = theory.smoother(time).predict(initialTest, initialTrain, y);
            own[i] = distance(regression.at(time).predict(initialTest, initialTrain, y), limit);
            if (i >= NETWORKS) {
                continue;
            }
            double rate = 0.4
                    * LearningRate.ofEigenvalue(
                            regression.eigenvalues()[samples - 1] / samples, LossConvention.HALF_MSE);
            TrainingPlan plan = TrainingPlan.builder()
                    .learningRate(rate)
                    .maxSteps(Math.max(1, (long) Math.ceil(time / rate)))
                    .minDecrease(1e-12)
                    .snapshots()
                    .integrator(law.activation() instanceof PiecewiseLinear ? Integrator.GD : Integrator.FLOW)
                    .build();
            try (Training training =
                    Training.start(new TrainingProblem(data.train(), List.of(network)), plan, ENGINE)) {
                training.run(() -> false);
                TrainingResult result = training.results().get(0);
                if (result.stopReason() == StopReason.DIVERGED) {
                    double infinite = Double.POSITIVE_INFINITY;
                    return new Truth(new double[] {infinite}, infinite, infinite, infinite);
                }
                changes[i] = result.kernelChange()
                        .get(result.kernelChange().size() - 1)
                        .value();
                double[] after = new KernelEvaluation(training.network(0), data.jointInputs(), ENGINE)
                        .evaluate()
                        .output(0);
                trained += distance(Arrays.copyOfRange(after, samples, samples + TESTS), limit);
            }
        }
        double mean = Arrays.stream(own).average().orElseThrow();
        double square = Arrays.stream(own).map(x -> (x - mean) * (x - mean)).sum();
        double error = StudentT.quantile(KERNELS - 1) * Math.sqrt(square / (KERNELS - 1) / KERNELS) / mean;
        double deviation = Math.sqrt(mean / TESTS / spread);
        return new Truth(
                changes, deviation, deviation * Math.exp(-error / 2), Math.sqrt(trained / NETWORKS / TESTS / spread));
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int x = 0; x < a.length; x++) {
            sum += (a[x] - b[x]) * (a[x] - b[x]);
        }
        return sum;
    }

    private static String row(int index, Case asked, TrustReport report, Truth truth, String outcome) {
        RandomNetwork law = asked.law();
        KernelChangeEstimate change = report.kernelChange();
        PredictionEstimate prediction = report.prediction();
        return String.format(
                Locale.ROOT,
                "%d,%s,%s,%s,%s,%d,%d,%d,%s,%s,%s,%.3g,%.3g,%.3g,%.3g,%s,%s,%.3g,%.3g,%.3g,%.3g,%.3g,%.3g,%.3g,%s%n",
                index,
                asked.phase(),
                law.activation().label(),
                law.initialization().sigmaW2(),
                law.initialization().sigmaB2(),
                law.architecture().depth(),
                law.architecture().maxHiddenWidth(),
                asked.samples(),
                asked.budget(),
                report.verdict().label(),
                report.on(Assumption.DETERMINISM).validity().label(),
                prediction.deviation(),
                prediction.interval().lower(),
                prediction.interval().upper(),
                truth.own(),
                report.on(Assumption.CONSTANCY).validity().label(),
                change.source().label(),
                change.value(),
                change.interval().lower(),
                change.interval().upper(),
                truth.change(),
                Arrays.stream(truth.changes()).min().orElseThrow(),
                Arrays.stream(truth.changes()).max().orElseThrow(),
                truth.trained(),
                outcome);
    }
}
