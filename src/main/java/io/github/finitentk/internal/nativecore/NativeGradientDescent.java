package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.internal.compute.DescentState.Status;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Precision;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;

/** A descent in direct memory, laid out as {@code ntk_core.h} describes; in f32 with compensated weights. */
final class NativeGradientDescent extends GradientDescent {

    /** By their code, {@code ntk::DescentStatus}. */
    private static final List<Status> STATUSES =
            List.of(Status.RUNNING, Status.EARLY_STOP, Status.MAX_STEPS, Status.DIVERGED);

    /** By their code, {@code ntk::Loss}. */
    private static final List<DescentRule.Loss> LOSSES =
            List.of(DescentRule.Loss.SQUARED_ERROR, DescentRule.Loss.CROSS_ENTROPY);

    /** By their code, {@code ntk::OptimizerKind}. */
    private static final List<DescentRule.Method> METHODS =
            List.of(DescentRule.Method.GRADIENT_DESCENT, DescentRule.Method.MOMENTUM, DescentRule.Method.ADAM);

    private final NtkCore.Network network;
    private final NtkCore.TrainingData data;
    private final NativeNumbers x0;
    private final DoublePointer targets;
    private final NativeNumbers parameters;
    private final NativeNumbers pending;
    private final NativeNumbers moments;
    private final long momentCount;
    private final NativeNumbers scratch;
    private final long scratchNumbers;

    NativeGradientDescent(BatchShape shape, DescentRule rule, WorkerPool workers) {
        super(shape, rule, workers);
        network = NativeNetworks.network(shape.architecture(), shape.activation());
        x0 = numbers((long) shape.inputs() * shape.architecture().inputDim());
        targets = new DoublePointer((long) shape.inputs() * shape.architecture().outputs());
        parameters = numbers(shape.networks() * parameterCount());
        pending = numbers(compensated() ? shape.networks() * parameterCount() : 0);
        momentCount = rule.optimizer().method().moments() * parameterCount();
        moments = numbers(shape.networks() * momentCount);
        try (NtkCore.DescentRule nativeRule = of(rule, 0)) {
            scratchNumbers = NtkCore.descentScratch(network, shape.inputs(), nativeRule);
        }
        scratch = numbers(Math.min(workers.threads(), shape.networks()) * scratchNumbers);
        data = new NtkCore.TrainingData();
        data.type(NativeNumbers.elementType(shape.precision()));
        data.inputs(shape.inputs());
        data.x0(x0.memory());
        data.targets(targets);
    }

    private NativeNumbers numbers(long count) {
        return new NativeNumbers(shape().precision(), count);
    }

    private boolean compensated() {
        return shape().precision() == Precision.F32;
    }

    private long parameterCount() {
        return shape().architecture().parameterCount();
    }

    @Override
    protected void writeData(double[] x, double[] y) {
        x0.write(0, x);
        targets.put(y);
    }

    @Override
    protected void writeParameters(int index, double[] values, double[] rest) {
        parameters.write(index * parameterCount(), values);
        if (compensated()) {
            pending.write(index * parameterCount(), rest);
        }
    }

    @Override
    protected void readValues(int index, double[] values) {
        parameters.read(index * parameterCount(), values);
    }

    @Override
    protected void readPending(int index, double[] rest) {
        pending.read(index * parameterCount(), rest);
    }

    @Override
    protected void writeMoments(int index, double[] values) {
        moments.write(index * momentCount, values);
    }

    @Override
    protected void readMoments(int index, double[] values) {
        moments.read(index * momentCount, values);
    }

    @Override
    protected double computeLoss(DescentRule rule, int index) {
        try (NtkCore.DescentRule nativeRule = of(rule, index)) {
            return NtkCore.descentLoss(
                    network, data, nativeRule, scratch.from(0), parameters.from(index * parameterCount()));
        }
    }

    @Override
    protected DescentState descend(
            int index, int slot, DescentRule rule, long until, DescentState state, double[] losses) {
        long first = index * parameterCount();
        try (NtkCore.DescentRule nativeRule = of(rule, index);
                NtkCore.DescentNumbers numbers = new NtkCore.DescentNumbers();
                NtkCore.DescentState nativeState = of(state);
                DoublePointer nativeLosses = new DoublePointer(losses.length)) {
            numbers.parameters(parameters.from(first));
            numbers.pending(pending.from(compensated() ? first : 0));
            numbers.moments(moments.from(index * momentCount));
            NtkCore.descend(
                    network,
                    data,
                    nativeRule,
                    until,
                    scratch.from(slot * scratchNumbers),
                    numbers,
                    nativeState,
                    nativeLosses);
            nativeLosses.get(losses);
            return of(nativeState);
        }
    }

    private static NtkCore.DescentRule of(DescentRule rule, int index) {
        NtkCore.DescentRule result = new NtkCore.DescentRule();
        result.learningRate(rule.learningRate());
        result.lossFactor(rule.lossFactor());
        result.minDecrease(rule.minDecrease());
        result.patience(rule.patience());
        result.maxSteps(rule.maxSteps());
        result.loss(LOSSES.indexOf(rule.loss()));
        result.optimizer(METHODS.indexOf(rule.optimizer().method()));
        result.momentum(rule.optimizer().momentum());
        result.secondMomentum(rule.optimizer().secondMomentum());
        result.epsilon(rule.optimizer().epsilon());
        result.batch(rule.batch());
        result.orderKey(rule.orderKey(index));
        return result;
    }

    private static NtkCore.DescentState of(DescentState state) {
        NtkCore.DescentState result = new NtkCore.DescentState();
        result.step(state.step());
        result.status(STATUSES.indexOf(state.status()));
        result.best(state.best());
        result.waited(state.waited());
        result.leastLoss(state.leastLoss());
        result.lastLoss(state.lastLoss());
        result.epochSum(state.epochSum());
        return result;
    }

    private static DescentState of(NtkCore.DescentState state) {
        return new DescentState(
                state.step(),
                STATUSES.get(state.status()),
                state.best(),
                state.waited(),
                state.leastLoss(),
                state.lastLoss(),
                state.epochSum());
    }

    @Override
    protected void release() {
        for (NativeNumbers buffer : new NativeNumbers[] {x0, parameters, pending, moments, scratch}) {
            buffer.close();
        }
        targets.close();
        data.close();
        network.close();
    }
}
