package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.GradientDescent;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.Panel;
import io.github.finitentk.internal.compute.Samplers;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Precision;
import java.util.Optional;

/** The C++ core: single-threaded products, activations and random numbers, all vectorised. */
final class NativeBackend implements Backend {

    private final String description;
    private final boolean ownProducts;

    NativeBackend(String description, boolean ownProducts) {
        this.description = description;
        this.ownProducts = ownProducts;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Optional<String> processorDependence() {
        return ownProducts ? Optional.empty() : Optional.of("matrix products are those of OpenBLAS (NTK_PRODUCTS)");
    }

    @Override
    public long availableMemory() {
        return Memory.availableOffHeap();
    }

    @Override
    public NetworkBatch allocate(BatchShape shape, WorkerPool workers) {
        NativeNetworks.requireKnown(shape.activation());
        // A kernel is handed out on the heap.
        Memory.requireHeap(
                8.0 * shape.rows() * shape.columns(),
                shape.bytes(),
                "A batch of " + shape.networks() + " network(s) with widths " + abbreviate(shape) + " and "
                        + shape.inputs() + " input(s)");
        return new NativeNetworkBatch(shape, workers);
    }

    @Override
    public GradientDescent gradientDescent(BatchShape shape, DescentRule rule, WorkerPool workers) {
        NativeNetworks.requireKnown(shape.activation());
        Memory.require(
                GradientDescent.bytes(shape, rule, workers.threads()),
                this::availableMemory,
                "The descent of " + shape.networks() + " network(s) with widths " + abbreviate(shape) + " and "
                        + shape.inputs() + " input(s)");
        return new NativeGradientDescent(shape, rule, workers);
    }

    @Override
    public Panel panel(Precision precision, int rows, int columns) {
        return new NativePanel(precision, rows, columns);
    }

    @Override
    public Samplers samplers() {
        return NativeSamplers.INSTANCE;
    }

    @Override
    public LinearAlgebra linearAlgebra() {
        return LapackLinearAlgebra.INSTANCE;
    }

    private static String abbreviate(BatchShape shape) {
        String widths = shape.architecture().toString();
        return widths.length() <= 60 ? widths : widths.substring(0, 40) + " ... 1]";
    }
}
