package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.internal.nativecore.NativeLibrary;
import io.github.finitentk.internal.purejava.PureJavaBackend;
import io.github.finitentk.model.Precision;
import java.util.Optional;

/** Something that computes batches of networks: the native core or pure Java. Backend are stateless and thread-safe. */
public interface Backend {

    /**
     * The C++ core.
     *
     * @throws UnsupportedOperationException with the reason, and the cure where one is known, if it could not be loaded here
     */
    static Backend nativeCore() {
        return NativeLibrary.backend()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "The native core is not available: " + whyNotNative().orElseThrow()));
    }

    /** Why {@link #nativeCore} could not be loaded here, and the cure where one is known; empty if it was. */
    static Optional<String> whyNotNative() {
        return NativeLibrary.failureReason()
                .map(reason -> reason + "."
                        + NativeLibrary.cure().map(cure -> " " + cure + ".").orElse(""));
    }

    /** Pure Java; always there. */
    static Backend pureJava() {
        return PureJavaBackend.INSTANCE;
    }

    /** The native core where it loads, else pure Java. */
    static Backend fastest() {
        return NativeLibrary.backend().orElseGet(Backend::pureJava);
    }

    /** {@code native} or {@code java}, as on the command line. */
    String name();

    /** Whether this is the C++ core. */
    default boolean isNative() {
        return name().equals("native");
    }

    /** One line for manifests: SIMD level and BLAS build, or the virtual machine. */
    String description();

    /**
     * Why the last digits of all its results depend on the processor; empty, as a rule, where only those of {@link #linearAlgebra}
     * may.
     */
    default Optional<String> processorDependence() {
        return Optional.empty();
    }

    /** Bytes that batches of this backend can still take, off the heap or on it. */
    long availableMemory();

    /**
     * Allocates a batch. The caller closes it.
     *
     * @param shape what it holds
     * @param workers the threads that its passes are spread over; not closed by the batch
     * @throws InsufficientMemoryException if the batch needs more memory than there is
     * @throws IllegalArgumentException if this backend cannot evaluate the activation
     */
    NetworkBatch allocate(BatchShape shape, WorkerPool workers);

    /**
     * Allocates networks that descend together. The caller closes them.
     *
     * @param rule its method and size of batches say what must be kept for each parameter and each thread
     * @param workers the threads that the networks are spread over; not closed with them
     * @throws InsufficientMemoryException if they need more memory than there is
     * @throws IllegalArgumentException if this backend cannot evaluate the activation
     */
    GradientDescent gradientDescent(BatchShape shape, DescentRule rule, WorkerPool workers);

    /** A matrix of zeros, from which large solvers are made; the caller sees to it that it fits, and closes it. */
    Panel panel(Precision precision, int rows, int columns);

    /** Samplers of the kernel at initialisation that draw no weights. */
    Samplers samplers();

    /** Decompositions of symmetric matrices. */
    LinearAlgebra linearAlgebra();
}
