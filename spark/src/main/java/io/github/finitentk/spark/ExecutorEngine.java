package io.github.finitentk.spark;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.MemoryBudget;
import io.github.finitentk.internal.compute.WorkerPool;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * What computes in one virtual machine, for all of its tasks: the backend is loaded, and a specification read, once, and tasks
 * share the memory. Each task computes on its own thread alone. Safe for use by several threads.
 */
final class ExecutorEngine {

    private static final Map<String, ExecutorEngine> BY_BACKEND = new ConcurrentHashMap<>();

    private final Engine engine;
    private final MemoryBudget memory;
    private String canonical;
    private SweepSpec spec;

    private ExecutorEngine(Engine engine) {
        this.engine = engine;
        memory = new MemoryBudget(engine.availableMemory());
    }

    /**
     * The one of this virtual machine.
     *
     * @param backend native, java, or auto: the native core where it loads
     * @throws UnsupportedOperationException if the native core was asked for by name and does not load here
     */
    static ExecutorEngine of(String backend) {
        return BY_BACKEND.computeIfAbsent(
                backend,
                name -> new ExecutorEngine(
                        switch (name) {
                            case "native" -> Engine.single(Backend.nativeCore());
                            case "java" -> Engine.single(Backend.pureJava());
                            default -> Engine.fastest(WorkerPool.SINGLE);
                        }));
    }

    /** The specification of this text, which {@link SweepSpec#canonical} has written; read again only if it is another one. */
    synchronized SweepSpec spec(String text) {
        if (!text.equals(canonical)) {
            spec = SweepSpec.parse(text, Path.of("the specification"));
            canonical = text;
        }
        return spec;
    }

    /** SIMD level and BLAS build, or the virtual machine. */
    String description() {
        return engine.backend().description();
    }

    Optional<String> whyNotNative() {
        return engine.whyNotNative();
    }

    /** Computes units one after the other, once there is the memory for the largest. */
    void compute(SweepSpec sweep, List<List<Integer>> units, CellStore store, BooleanSupplier stop) {
        BitSet cells = new BitSet();
        double bytes = 0;
        for (List<Integer> unit : units) {
            unit.forEach(cells::set);
            bytes = Math.max(
                    bytes,
                    sweep.quantity().bytes(unit.stream().map(sweep.cells()::get).toList()));
        }
        double share = memory.take(bytes);
        try {
            sweep.compute(cells, store, engine, Progress.NONE, stop);
        } finally {
            memory.giveBack(share);
        }
    }
}
