package io.github.finitentk.benchmarks;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Who computes. What a backend's products are is settled when its process starts, by {@code NTK_PRODUCTS} and the virtual machine's
 * modules, so the parameter cannot choose them: {@code benchmarks/run} starts a process that is the right one for each backend, and
 * this refuses to measure something else.
 */
@State(Scope.Benchmark)
public abstract class EngineState {

    /** {@code own}: the C++ core; {@code blas}: with OpenBLAS's products; {@code java}; {@code vector}: with its Vector API. */
    @Param("own")
    public String backend;

    @Param("1")
    public int threads;

    protected Engine engine;

    @Setup
    public final void open() {
        engine = Engine.of(backend(backend), threads);
        prepare();
    }

    @TearDown
    public final void close() {
        release();
        engine.close();
    }

    /** Before the first call, with the engine. */
    protected abstract void prepare();

    /** After the last one. */
    protected void release() {}

    private static Backend backend(String name) {
        boolean isJava = name.equals("java") || name.equals("vector");
        Backend backend = isJava ? Backend.pureJava() : Backend.nativeCore();
        boolean special = isJava
                ? backend.description().contains("products in vectors")
                : backend.processorDependence().isPresent();
        if (special != (name.equals("blas") || name.equals("vector"))) {
            throw new IllegalStateException("This process computes by \"" + backend.description() + "\", not as \"" + name
                    + "\" does: benchmarks/run starts one that does.");
        }
        return backend;
    }
}
