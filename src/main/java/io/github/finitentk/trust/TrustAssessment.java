package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.meanfield.LearningRate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.TrustReport.KernelChangeEstimate;
import io.github.finitentk.trust.TrustReport.PredictionEstimate;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * May NTK theory be trusted for this network? Computes what the theory's three assumptions ({@link Assumption}) rest on,
 * judges each by {@link TrustThresholds}, and gives a verdict with reasons: exact formulas where there are any, the
 * samplers that draw no weights, kernels drawn on the data, and short trainings, within a {@link Budget}.
 */
final class TrustAssessment {

    private static final int DRAWS = 1000;

    private TrustAssessment() {}

    static TrustReport assess(TrustQuestion question, Engine engine, BooleanSupplier cancel) {
        RandomNetwork network = question.network();
        Seed seed = question.seed();
        Dataset data = question.data()
                .orElseGet(() -> ReferenceData.of(
                        question.samples(), network.architecture().inputDim(), engine.linearAlgebra()));
        double norm2 = meanNorm2(data.inputs());
        MeanField theory = new MeanField(network.activation(), network.initialization());
        double q0 = norm2 / network.architecture().inputDim();
        PhaseAnalysis phase = PhaseAnalysis.of(theory, q0, 0.5);
        double border = new PhaseBoundary(network.activation())
                .at(network.initialization().sigmaB2(), q0)
                .sigmaW2();
        int samples = data.samples();
        // On the heap the kernel, its copies and eigenvectors; outside it what LAPACK works on.
        Memory.requireHeap(
                56.0 * samples * samples, 24.0 * samples * samples, "The assessment on " + samples + " inputs");
        InfiniteWidth kernel = InfiniteWidth.of(network, data.inputs(), engine);
        double condition = KernelRegression.conditionNumber(kernel.ntk(), engine);
        double rate = LearningRate.largestStable(kernel.ntk(), LossConvention.HALF_MSE);
        InfiniteWidth.DataIndependent means = kernel.dataIndependent();

        requireGoingOn(cancel);
        RatioEstimate randomness = new VarianceEstimation(engine, network)
                .inputNorm2(norm2)
                .draws(DRAWS)
                .seed(seed.derive(1))
                .estimate();
        requireGoingOn(cancel);
        WidthSearch widths = new WidthSearch(engine, network, norm2, seed.derive(2));
        OptionalLong width = widths.smallest(question.tolerance());
        requireGoingOn(cancel);
        PredictionEstimate prediction = new PredictionProbe(question, data, kernel, seed.derive(4), engine).measure();
        KernelChangeEstimate change =
                new KernelChangeProbe(question, data, kernel, seed.derive(3), engine, cancel).measure();
        List<Statement> statements = List.of(
                Judgement.determinism(randomness, prediction, question, width),
                Judgement.constancy(change, question),
                Judgement.regression(condition, means.kappa1() / means.kappa2(), rate));
        return new TrustReport(
                question,
                data,
                phase,
                border,
                norm2,
                randomness,
                prediction,
                change,
                condition,
                means.kappa1() / means.kappa2(),
                means.conditionNumber(),
                rate,
                width,
                widths.leadingOrder(question.tolerance()),
                statements,
                Verdict.of(statements));
    }

    static void requireGoingOn(BooleanSupplier cancel) {
        if (cancel.getAsBoolean()) {
            throw cancelled();
        }
    }

    static CancellationException cancelled() {
        return new CancellationException("The question was cancelled before it was answered.");
    }

    static double meanNorm2(Inputs inputs) {
        double sum = 0;
        for (double x : inputs.toArray()) {
            sum += x * x;
        }
        return sum / inputs.count();
    }
}
