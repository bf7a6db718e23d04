package io.github.finitentk.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a benchmark has done, which JMH turns into rates. The share of the roofline is the larger of {@code flop} over the peak
 * and {@code bytes} over the bandwidth that {@link RooflineBenchmark} measured.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {

    /** Floating-point operations, or twice the instructions of {@link Operations} where they are no multiply-adds. */
    public double flop;

    /** Bytes that have to come from or go to memory. */
    public double bytes;

    /** What is counted if not operations: numbers, neurons, entries; 0 if operations are. */
    public double items;
}
