package io.github.finitentk.benchmarks;

import io.github.finitentk.meanfield.ExactMoments;
import io.github.finitentk.meanfield.LeadingOrder;
import io.github.finitentk.meanfield.MeanField;
import io.github.finitentk.meanfield.SignalPropagation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What is computed of one network without any draw, in Java with every backend, on one thread: exact moments of the kernel of a ReLU
 * network, its moments to first order in 1/width, and the layers' mean field, for a tanh network. Counted in layers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class TheoryBenchmark {

    @Param("100")
    public int M;

    @Param("50")
    public int L;

    private RandomNetwork relu;
    private Architecture widths;
    private int call;

    @Setup
    public void open() {
        widths = Architecture.constant(M, M, L);
        relu = new RandomNetwork(widths, Activations.RELU, new Initialization(2, 0.1));
    }

    @Benchmark
    public ExactMoments exactMoments(Work work) {
        work.items += L;
        return ExactMoments.of(relu, M, true);
    }

    @Benchmark
    public LeadingOrder.Moments leadingOrder(Work work) {
        work.items += L;
        return LeadingOrder.of(theory(), 1, L).moments(widths);
    }

    @Benchmark
    public SignalPropagation meanField(Work work) {
        work.items += L;
        return theory().propagate(1, L);
    }

    // Another one for each call, so that nothing is remembered.
    private MeanField theory() {
        return new MeanField(Activations.TANH, new Initialization(2 + 1e-9 * call++, 1));
    }
}
