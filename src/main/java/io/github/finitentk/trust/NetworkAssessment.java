package io.github.finitentk.trust;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.numeric.LargestEigenvalue;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.KernelStatistics;
import io.github.finitentk.kernel.LinearizedNetwork;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.PhaseAnalysis;
import io.github.finitentk.meanfield.PhaseAnalysis.Phase;
import io.github.finitentk.meanfield.PhaseBoundary;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
import io.github.finitentk.trust.NetworkReport.Movement;
import io.github.finitentk.trust.TrustReport.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Computes what a {@link NetworkReport} says. */
final class NetworkAssessment {

    private static final int DRAWS = 1000;

    /** The largest order of a kernel of all outputs that is formed and decomposed. */
    private static final int MOST_OF_FULL = 4_000;

    private final NetworkQuestion question;
    private final Dataset data;
    private final Engine engine;

    private NetworkAssessment(NetworkQuestion question, Engine engine) {
        this.question = question;
        this.data = question.data();
        this.engine = engine;
    }

    static NetworkReport assess(NetworkQuestion question, Engine engine, BooleanSupplier cancel) {
        return new NetworkAssessment(question, engine).report(cancel);
    }

    private NetworkReport report(BooleanSupplier cancel) {
        Network start = question.start();
        double entries = (double) data.samples() * data.samples();
        // On the heap the kernels, their copies and eigenvectors; outside it what LAPACK works on.
        Memory.requireHeap(56 * entries, 24 * entries, "The assessment on " + data.samples() + " inputs");
        EmpiricalNtk before = kernel(start);
        double condition = KernelRegression.conditionNumber(before.theta(), engine);
        Optional<Kernel> full = full(before);
        double rate = full.map(theta -> 2 * data.samples() / LargestEigenvalue.of(theta.toArray(), theta.rows()))
                .orElse(Double.NaN);
        TrustAssessment.requireGoingOn(cancel);
        Optional<Movement> movement = question.initial().map(initial -> movement(before));
        TrustAssessment.requireGoingOn(cancel);

        Initialization initialization = question.initialization().orElseGet(() -> estimate(start));
        boolean estimated = question.initialization().isEmpty();
        double error = estimated ? initialization.sigmaW2() * Math.sqrt(2.0 / weights(start.architecture())) : 0;
        double norm2 = TrustAssessment.meanNorm2(data.inputs());
        double q0 = norm2 / data.inputDim();
        PhaseAnalysis analysis = PhaseAnalysis.of(new MeanField(start.activation(), initialization), q0, 0.5);
        double border = new PhaseBoundary(start.activation())
                .at(initialization.sigmaB2(), q0)
                .sigmaW2();
        boolean edge = Math.abs(initialization.sigmaW2() - border) <= 2 * error;
        RatioEstimate randomness = new VarianceEstimation(
                        engine, new RandomNetwork(oneOutput(start.architecture()), start.activation(), initialization))
                .inputNorm2(norm2)
                .draws(DRAWS)
                .seed(question.seed())
                .estimate();
        List<Statement> statements = List.of(
                NetworkJudgement.determinism(randomness, initialization, estimated, question.tolerance()),
                NetworkJudgement.constancy(
                        movement, data.samples(), question.testInputs().map(Inputs::count)),
                NetworkJudgement.regression(condition, rate));
        return new NetworkReport(
                question,
                initialization,
                estimated,
                error,
                analysis,
                edge ? Phase.EDGE : analysis.phase(),
                border,
                randomness,
                condition,
                rate,
                movement,
                statements,
                Verdict.of(statements));
    }

    private EmpiricalNtk kernel(Network network) {
        EmpiricalNtk ntk = new KernelEvaluation(network, data.inputs(), engine).evaluate();
        if (!ntk.theta().isFinite()) {
            throw new ArithmeticException(
                    "The kernel of this network leaves the range of a double: its weights, its depth or its"
                            + " inputs are too large.");
        }
        return ntk;
    }

    /** The kernel of all outputs of the network before training, unless it is too large. */
    private Optional<Kernel> full(EmpiricalNtk before) {
        Network start = question.start();
        int outputs = start.architecture().outputs();
        if (outputs == 1) {
            return Optional.of(before.theta());
        }
        return (long) outputs * data.samples() > MOST_OF_FULL
                ? Optional.empty()
                : Optional.of(new KernelEvaluation(start, data.inputs(), engine)
                        .form(KernelForm.FULL)
                        .evaluate()
                        .theta());
    }

    private Movement movement(EmpiricalNtk before) {
        Network initial = question.start();
        Network trained = question.network();
        EmpiricalNtk after = kernel(trained);
        double[][] start = before.outputs();
        double[][] end = after.outputs();
        double[][] linear = Linearization.outputs(initial, trained, data.inputs(), engine);
        Targets targets = data.targets();
        return new Movement(
                KernelStatistics.change(before.theta(), after.theta()),
                KernelStatistics.distance(before.theta(), after.theta()),
                trained.changeFrom(initial),
                Linearization.error(start, end, linear),
                predictionError(),
                targets.halfSquaredError(start),
                targets.halfSquaredError(end),
                targets.accuracy(start),
                targets.accuracy(end));
    }

    /** Of what the theory predicts at the test inputs, or where steps are known at those of the training; NaN without either. */
    private double predictionError() {
        if (question.testInputs().isEmpty() && question.steps().isEmpty()) {
            return Double.NaN;
        }
        int outputs = data.outputs();
        if ((long) outputs * data.samples() > MOST_OF_FULL) {
            throw new IllegalArgumentException(
                    "What the theory predicts takes the kernel of all outputs, which is formed for up to "
                            + MOST_OF_FULL + " inputs times outputs, not for " + data.samples() + " times " + outputs
                            + "; ask with fewer inputs.");
        }
        Inputs at = question.testInputs().orElse(data.inputs());
        double time = question.steps().isPresent()
                ? question.learningRate().getAsDouble() * question.steps().getAsLong()
                : Double.POSITIVE_INFINITY;
        LinearizedNetwork theory = LinearizedNetwork.of(
                question.start(), new TrainTestData(data, at, Optional.empty()), KernelForm.FULL, 0, engine);
        double[][] real = new KernelEvaluation(question.network(), at, engine).outputs();
        return Linearization.error(theory.initialTest(), real, theory.predict(time));
    }

    private static Initialization estimate(Network network) {
        double variance = network.weightVariance();
        if (variance == 0) {
            throw new ArithmeticException("All weights of this network are 0: it has no phase.");
        }
        return new Initialization(variance, network.biasVariance());
    }

    private static long weights(Architecture architecture) {
        long biases = architecture.hiddenUnits() + architecture.outputs();
        return architecture.parameterCount() - biases;
    }

    private static Architecture oneOutput(Architecture architecture) {
        int[] widths = architecture.widths();
        widths[widths.length - 1] = 1;
        return Architecture.of(widths);
    }
}
