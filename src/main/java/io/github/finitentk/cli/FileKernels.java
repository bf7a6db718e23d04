package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import java.nio.file.Path;

/** Kernels in files: of training inputs followed by test inputs, or of training inputs, and of test inputs with them. */
final class FileKernels implements SolvedRegression.Kernels, AutoCloseable {

    private final int samples;
    private final KernelSource kernel;
    private final KernelSource cross;

    /**
     * @param test null if the kernel is of training inputs followed by test inputs
     * @param samples rows of training inputs
     * @throws IllegalArgumentException if the kernels are not of so many inputs
     */
    FileKernels(Path file, Path test, int samples) {
        this.samples = samples;
        kernel = open(file);
        if (kernel.rows() != kernel.columns() || (test == null ? kernel.rows() <= samples : kernel.rows() != samples)) {
            close();
            throw new IllegalArgumentException(file + " holds a kernel of " + size() + " entries, not one of " + samples
                    + " training inputs" + (test == null ? " followed by test inputs." : "."));
        }
        cross = test == null ? kernel.part(samples, kernel.rows(), 0, samples) : open(test);
        if (cross.columns() != samples) {
            close();
            throw new IllegalArgumentException(test + " holds a kernel of " + cross.rows() + " x " + cross.columns()
                    + " entries, not one of test inputs with " + samples + " training inputs.");
        }
    }

    /** What only .npy files allow is read block by block. */
    private static KernelSource open(Path file) {
        return file.toString().endsWith(".npy") ? StoredKernel.open(file) : Kernel.read(file);
    }

    String size() {
        return kernel.rows() + " x " + kernel.columns();
    }

    /** Rows of test inputs. */
    int tests() {
        return cross.rows();
    }

    @Override
    public KernelSolver train(Ntk ntk) {
        return ntk.solver(kernel.part(0, samples, 0, samples));
    }

    @Override
    public double[][] predict(KernelSolution solution) {
        return solution.predict(cross);
    }

    @Override
    public void close() {
        for (KernelSource source : new KernelSource[] {kernel, cross}) {
            if (source instanceof StoredKernel stored) {
                stored.close();
            }
        }
    }
}
