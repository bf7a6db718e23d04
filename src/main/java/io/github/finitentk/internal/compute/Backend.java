package io.github.finitentk.internal.compute;

import io.github.finitentk.compute.InsufficientMemoryException;

/** Something that computes batches of networks: the native core or pure Java. Backends are stateless and thread-safe. */
public interface Backend {

    /** {@code native} or {@code java}, as on the command line. */
    String name();

    /** One line for manifests: SIMD level and BLAS build, or the virtual machine. */
    String description();

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
     * @param workers the threads that the networks are spread over; not closed with them
     * @throws InsufficientMemoryException if they need more memory than there is
     * @throws IllegalArgumentException if this backend cannot evaluate the activation
     */
    GradientDescent gradientDescent(BatchShape shape, WorkerPool workers);

    /** Samplers of the kernel at initialisation that draw no weights. */
    Samplers samplers();

    /** Decompositions of symmetric matrices. */
    LinearAlgebra linearAlgebra();
}
