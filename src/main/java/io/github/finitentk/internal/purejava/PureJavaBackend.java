package io.github.finitentk.internal.purejava;

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

/** The second backend, complete and in plain Java: it runs everywhere and accepts activations of the user's own. */
public final class PureJavaBackend implements Backend {

    public static final PureJavaBackend INSTANCE = new PureJavaBackend();

    private PureJavaBackend() {}

    @Override
    public String name() {
        return "java";
    }

    @Override
    public String description() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                + ProductsHere.INSTANCE.description();
    }

    @Override
    public long availableMemory() {
        return Memory.availableHeap();
    }

    @Override
    public NetworkBatch allocate(BatchShape shape, WorkerPool workers) {
        // Weights are held twice, as rows of W and of its transpose.
        double bytes = shape.bytes()
                + (double) shape.precision().bytes()
                        * shape.networks()
                        * shape.architecture().parameterCount();
        // A kernel is handed out as a copy.
        Memory.requireHeap(
                bytes + 8.0 * shape.rows() * shape.columns(),
                0,
                "A batch of " + shape.networks() + " network(s) of depth "
                        + shape.architecture().depth() + " with " + shape.inputs() + " input(s)");
        return shape.precision() == Precision.F64
                ? new PureJavaNetworkBatch<>(shape, workers, new DoubleRows())
                : new PureJavaNetworkBatch<>(shape, workers, new FloatRows());
    }

    @Override
    public GradientDescent gradientDescent(BatchShape shape, DescentRule rule, WorkerPool workers) {
        // Weights are held twice, as rows of W and of its transpose.
        double bytes = GradientDescent.bytes(shape, rule, workers.threads())
                + (double) shape.precision().bytes()
                        * shape.networks()
                        * shape.architecture().parameterCount();
        Memory.require(
                bytes,
                availableMemory(),
                "The descent of " + shape.networks() + " network(s) of depth "
                        + shape.architecture().depth() + " with " + shape.inputs()
                        + " input(s) on the Java heap (raise it with -Xmx)");
        return shape.precision() == Precision.F64
                ? new PureJavaGradientDescent<>(shape, rule, workers, new DoubleRows())
                : new PureJavaGradientDescent<>(shape, rule, workers, new FloatRows());
    }

    @Override
    public Panel panel(Precision precision, int rows, int columns) {
        return PureJavaPanel.of(precision, rows, columns);
    }

    @Override
    public Samplers samplers() {
        return PureJavaSamplers.INSTANCE;
    }

    @Override
    public LinearAlgebra linearAlgebra() {
        return EjmlLinearAlgebra.INSTANCE;
    }
}
