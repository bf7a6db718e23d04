package io.github.finitentk.benchmarks;

import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.sampling.RatioEstimate;
import io.github.finitentk.sampling.VarianceEstimation;
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
 * The randomness of the kernel at initialisation, E[Theta^2] / E[Theta]^2, from B tanh networks at one input, by every method that
 * draws. Counted in neurons of one network: {@code SMC} has particles in the place of networks.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class VarianceBenchmark extends EngineState {

    @Param("100")
    public int M;

    @Param("50")
    public int L;

    @Param("200")
    public int B;

    @Param({"CHAIN", "CONDITIONAL", "RAO_BLACKWELL", "SMC", "WEIGHTS"})
    public Method method;

    private RandomNetwork network;
    private long seed;

    @Override
    protected void prepare() {
        network = new RandomNetwork(Architecture.constant(M, M, L), Activations.TANH, new Initialization(2, 1));
    }

    @Benchmark
    public RatioEstimate estimate(Work work) {
        RatioEstimate estimate = new VarianceEstimation(engine, network)
                .method(method)
                .draws(B)
                .seed(seed++)
                .estimate();
        double neurons = (double) estimate.draws() * network.architecture().hiddenUnits();
        work.items += neurons;
        work.flop += neurons * each();
        return estimate;
    }

    // Of a neuron: its normal numbers, activation and derivative; sums over a layer are left out.
    private double each() {
        double activation = Operations.activation("tanh", Precision.F64);
        return switch (method) {
            case RAO_BLACKWELL, SMC -> Operations.normal() + activation;
            case WEIGHTS -> M * (Operations.normal() + 4) + activation;
            default -> 2 * Operations.normal() + activation;
        };
    }
}
