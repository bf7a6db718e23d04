package io.github.finitentk.benchmarks;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Steps of training: B ReLU networks in descent of the squared error of S inputs, or a classifier of ten classes on mini-batches of S
 * of 4 S inputs by momentum or Adam. One call takes ten steps; items are steps of one network.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class TrainingBenchmark extends EngineState {

    @Param("256")
    public int M;

    @Param("20")
    public int L;

    @Param("128")
    public int S;

    @Param("1")
    public int B;

    /** n_0. */
    @Param("128")
    public int D;

    @Param({"GRADIENT_DESCENT", "ADAM"})
    public DescentRule.Method optimizer;

    @Param({"F32", "F64"})
    public Precision precision;

    private static final int STEPS = 10;

    private Architecture architecture;
    private DescentRule rule;
    private GradientDescent descent;

    @Override
    protected void prepare() {
        boolean classifies = optimizer != DescentRule.Method.GRADIENT_DESCENT;
        int outputs = classifies ? 10 : 1;
        int samples = classifies ? 4 * S : S;
        architecture = Architecture.constant(D, M, L).withOutputs(outputs);
        rule = new DescentRule(
                1e-7,
                classifies ? DescentRule.Loss.CROSS_ENTROPY : DescentRule.Loss.SQUARED_ERROR,
                1,
                classifies
                        ? new DescentRule.Optimizer(optimizer, 0.9, 0.999, 1e-8)
                        : DescentRule.Optimizer.GRADIENT_DESCENT,
                classifies ? S : DescentRule.ALL,
                Seed.of(1),
                0,
                Integer.MAX_VALUE,
                Long.MAX_VALUE);
        descent = engine.gradientDescent(new BatchShape(architecture, Activations.RELU, precision, B, samples), rule);
        double[] y = new double[samples * outputs];
        for (int s = 0; s < samples; s++) {
            y[s * outputs + s % outputs] = 1;
        }
        descent.setData(Inputs.onSphere(samples, D, Seed.of(1)).toArray(), y);
        RandomNetwork random = new RandomNetwork(architecture, Activations.RELU, new Initialization(2, 0.1));
        for (int b = 0; b < B; b++) {
            descent.setParameters(b, random.sample(Seed.of(b)).parameters());
        }
    }

    @Override
    protected void release() {
        descent.close();
    }

    @Benchmark
    public double steps(Work work) {
        descent.advance(rule, descent.state(0).step() + STEPS);
        work.flop += STEPS * B * Operations.step(architecture, S);
        return descent.state(0).lastLoss();
    }
}
