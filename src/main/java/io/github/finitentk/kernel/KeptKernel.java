package io.github.finitentk.kernel;

import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.PackedCholesky;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;

/** A kernel that is computed once, into a file, and read from there: the lower triangle. The file stays. */
final class KeptKernel implements TrainingKernel {

    /** Rows that are computed at once by a thread. */
    private static final int ROWS = 64;

    /** Entries of a file that was there that are compared. */
    private static final int PROBES = 64;

    private final KernelSource source;
    private final Path file;
    private final KernelWriter.Format format;
    private final Engine engine;
    private final DoubleConsumer progress;
    private StoredKernel stored;
    private TrainingKernel kernel;

    /** @param progress is told the share that has been computed */
    KeptKernel(KernelSource source, Path file, KernelWriter.Format format, Engine engine, DoubleConsumer progress) {
        this.source = source;
        this.file = file;
        this.format = format;
        this.engine = engine;
        this.progress = progress;
    }

    @Override
    public void open() {
        boolean there = Files.exists(file);
        if (!there) {
            write();
        }
        stored = StoredKernel.open(file);
        if (there) {
            requireSame();
        }
        kernel = TrainingKernel.of(stored, engine);
    }

    // Another kernel differs everywhere: a few entries tell.
    private void requireSame() {
        int n = order();
        if (stored.rows() != n || stored.columns() != n) {
            throw other("it has " + stored.rows() + " x " + stored.columns() + " entries, not " + n + " x " + n);
        }
        SplittableRandom random = new SplittableRandom(n);
        double[] entry = new double[1];
        for (int k = 0; k < PROBES; k++) {
            int row = random.nextInt(n);
            int column = random.nextInt(row + 1);
            stored.read(row, row + 1, column, column + 1, entry);
            double kept = entry[0];
            source.read(row, row + 1, column, column + 1, entry);
            if (kept != entry[0] && kept != (float) entry[0]) {
                throw other("its entry (" + row + ", " + column + ") is " + kept + ", not " + entry[0]);
            }
        }
    }

    private IllegalArgumentException other(String how) {
        close();
        return new IllegalArgumentException(file + " holds another kernel: " + how + ".");
    }

    // The file appears when it is whole.
    private void write() {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            requireSpace();
            Files.deleteIfExists(unfinished);
            try (KernelWriter writer = KernelWriter.create(unfinished, format, new int[0], order(), order(), true)) {
                fill(writer);
            }
            Files.move(unfinished, file);
        } catch (IOException e) {
            throw new UncheckedIOException("The kernel cannot be kept in " + file + ": " + FileProblem.sentence(e), e);
        } finally {
            unfinished.toFile().delete();
        }
    }

    private void requireSpace() throws IOException {
        double bytes = KernelWriter.bytes(format, new int[0], order(), order(), true);
        long free = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
        if (bytes > free) {
            throw new IllegalArgumentException("The kernel takes " + Memory.format(bytes) + " in " + file
                    + ", but its disk has room for " + Memory.format(free) + ".");
        }
    }

    private void fill(KernelWriter writer) {
        int n = order();
        int panels = (n + ROWS - 1) / ROWS;
        double[] done = {0};
        engine.forEach(panels, (task, slot) -> {
            int row = task * ROWS;
            int end = Math.min(n, row + ROWS);
            double[] left = new double[(end - row) * row];
            double[] diagonal = new double[(end - row) * (end - row)];
            if (row > 0) {
                source.read(row, end, 0, row, left);
            }
            source.read(row, end, row, end, diagonal);
            synchronized (writer) {
                try {
                    if (row > 0) {
                        writer.write(0, row, end - row, 0, row, left);
                    }
                    writer.write(0, row, end - row, row, end - row, diagonal);
                } catch (IOException e) {
                    throw new UncheckedIOException(
                            "The kernel cannot be kept in " + file + ": " + FileProblem.sentence(e), e);
                }
                done[0] += (end - row) * (row + end + 1.0) / 2;
                progress.accept(Math.min(1, done[0] / (0.5 * n * (n + 1.0))));
            }
        });
    }

    @Override
    public void close() {
        if (stored != null) {
            stored.close();
            stored = null;
        }
    }

    @Override
    public int order() {
        return source.rows();
    }

    @Override
    public void fill(PackedCholesky target, DoubleConsumer share) {
        kernel.fill(target, share);
    }

    @Override
    public double bytes(int columns) {
        // rows of all threads that are being computed, and what they are computed in
        return TrainingKernel.of(source, engine).bytes(columns) + 3.0 * 8 * ROWS * order() * engine.threads();
    }

    @Override
    public double[] times(double[] v, int m) {
        return kernel.times(v, m);
    }
}
