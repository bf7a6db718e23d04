package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.NetworkBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Puts the blocks of a batch together to the kernel of a {@link KernelForm}. */
final class KernelAssembly {

    // Large arrays take whole regions of the heap, and it has to hold other things, too.
    private static final double MARGIN = 1.1;

    private final KernelForm form;
    private final BatchShape shape;
    private final double[] block; // empty where blocks are kernels as they are
    private final List<double[]> kernels = new ArrayList<>();

    private KernelAssembly(KernelForm form, BatchShape shape) {
        this.form = form;
        this.shape = shape;
        block = new double[collects(form, shape) ? shape.kernelEntries() : 0];
        for (int number = 0; number < kernels(form, shape.outputs()); number++) {
            kernels.add(new double[Math.toIntExact(entries(form, shape))]);
        }
    }

    /**
     * @param count how many kernels of the same form
     * @throws IllegalArgumentException if a kernel has more entries than an array
     * @throws io.github.finitentk.compute.InsufficientMemoryException if they do not fit
     */
    static List<KernelAssembly> allocate(int count, KernelForm form, BatchShape shape) {
        double entries = entries(form, shape);
        String purpose =
                "The " + form + " kernel of " + shape.inputs() + " inputs and " + shape.outputs() + " output(s)";
        Memory.requireArray(entries, purpose);
        double blocks = collects(form, shape) ? shape.kernelEntries() : 0;
        double numbers = count * (entries * kernels(form, shape.outputs()) + blocks)
                + 3.0 * shape.inputs() * shape.architecture().inputDim();
        Memory.requireHeap(MARGIN * 8 * numbers, 0, purpose);
        return Stream.generate(() -> new KernelAssembly(form, shape))
                .limit(count)
                .toList();
    }

    // Whether a kernel is made of several blocks.
    private static boolean collects(KernelForm form, BatchShape shape) {
        return shape.outputs() > 1 && (form.equals(KernelForm.FULL) || form.equals(KernelForm.TRACE));
    }

    private static int kernels(KernelForm form, int outputs) {
        return form.equals(KernelForm.DIAGONAL) ? outputs : 1;
    }

    private static long entries(KernelForm form, BatchShape shape) {
        long outputs = form.pairsOutputs(shape.outputs()) ? shape.outputs() : 1;
        return shape.rows() * outputs * (shape.columns() * outputs);
    }

    /** Takes what belongs to directions {@code first, ..., end - 1} of the form, which the batch holds. */
    void add(NetworkBatch batch, int first, int end) {
        for (int d = 0; d < end - first; d++) {
            if (form.pairsOutputs(shape.outputs())) {
                for (int e = 0; e < end - first; e++) {
                    batch.ntk(0, d, e, block);
                    scatter(d, e);
                }
            } else if (block.length == 0) {
                batch.ntk(0, d, d, kernels.get(first + d));
            } else {
                batch.ntk(0, d, d, block);
                double[] sum = kernels.get(0);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += block[i];
                }
            }
        }
    }

    // Output k of input s has row s K + k, output j of input r column r K + j.
    private void scatter(int k, int j) {
        int outputs = shape.outputs();
        int columns = shape.columns();
        double[] full = kernels.get(0);
        for (int s = 0; s < shape.rows(); s++) {
            int at = (s * outputs + k) * columns * outputs + j;
            for (int r = 0; r < columns; r++) {
                full[at + r * outputs] = block[s * columns + r];
            }
        }
    }

    /** The finished kernels; nothing can be added after. */
    List<Kernel> kernels() {
        if (collects(form, shape) && form.equals(KernelForm.TRACE)) {
            double[] sum = kernels.get(0);
            for (int i = 0; i < sum.length; i++) {
                sum[i] /= shape.outputs();
            }
        }
        int outputs = form.pairsOutputs(shape.outputs()) ? shape.outputs() : 1;
        return kernels.stream()
                .map(values -> Kernel.wrap(shape.rows() * outputs, shape.columns() * outputs, values))
                .toList();
    }
}
