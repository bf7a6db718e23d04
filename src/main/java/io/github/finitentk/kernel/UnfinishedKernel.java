package io.github.finitentk.kernel;

import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kernel's file while it is written: {@code FILE.unfinished} has the blocks, {@code FILE.blocks} the settings, a line each, and a line for each
 * block that has reached the disk. A line that a killed process left without its end does not count.
 */
final class UnfinishedKernel implements AutoCloseable {

    private static final String BLOCK = "block ";
    private static final String EDGE = "edge of blocks: ";

    // To wait for the disk may take at most one part in so many of the time.
    private static final long RARELY = 20;

    private final Path file;
    private final Path data;
    private final Path record;
    private final KernelWriter.Format format;
    private final BlockComputation kernel;
    private final FileChannel lines;
    private final Set<String> finished = new HashSet<>();
    private final List<String> pending = new ArrayList<>();
    private Optional<Integer> edge = Optional.empty();
    private KernelWriter writer;
    private long recorded = System.nanoTime();
    private long waited;

    private UnfinishedKernel(Path file, KernelWriter.Format format, BlockComputation kernel, FileChannel lines) {
        this.file = file;
        this.format = format;
        this.kernel = kernel;
        this.lines = lines;
        data = beside(file, ".unfinished");
        record = beside(file, ".blocks");
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /**
     * @param resume whether it may have been begun
     * @throws IllegalArgumentException if the file exists, was begun and must not have been, or was begun with other settings
     */
    static UnfinishedKernel open(Path file, KernelWriter.Format format, BlockComputation kernel, boolean resume) {
        if (format.isTriangle() && !kernel.symmetric()) {
            throw new IllegalArgumentException(
                    "A kernel with other inputs in its columns has no lower triangle; it is written in full.");
        }
        if (Files.exists(file)) {
            throw new IllegalArgumentException(
                    "The output file " + file
                            + " exists; a kernel that is written block by block replaces none. Remove it, or choose another name.");
        }
        Path record = beside(file, ".blocks");
        boolean begun = Files.exists(record);
        if (begun && !resume) {
            throw new IllegalArgumentException("The kernel in " + file
                    + " was begun and is not finished; resume it, or remove " + beside(file, ".unfinished")
                    + " and " + record + ".");
        }
        if (!begun && Files.exists(beside(file, ".unfinished"))) {
            throw new IllegalArgumentException(beside(file, ".unfinished") + " exists without " + record
                    + ", which says what it is; remove it, or choose another name.");
        }
        FileChannel lines = null;
        try {
            lines = FileChannel.open(
                    record, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock(lines, file);
            UnfinishedKernel unfinished = new UnfinishedKernel(file, format, kernel, lines);
            if (begun) {
                unfinished.readRecord();
            }
            return unfinished;
        } catch (IOException e) {
            close(lines);
            throw failed(file, e);
        } catch (RuntimeException e) {
            close(lines);
            throw e;
        }
    }

    private static void lock(FileChannel lines, Path file) throws IOException {
        boolean free;
        try {
            free = lines.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            free = false;
        }
        if (!free) {
            throw new IllegalArgumentException("The kernel in " + file + " is being written by another process.");
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException unimportant) {
            // What went wrong before is said.
        }
    }

    private List<String> settings() {
        List<String> settings = new ArrayList<>(List.of(
                "finite-ntk: " + Version.text(),
                "shape: " + Arrays.toString(kernel.stack()) + " " + kernel.rows() + " x " + kernel.columns(),
                "format: " + format));
        settings.addAll(kernel.settings());
        return settings;
    }

    private void readRecord() throws IOException {
        String text = Files.readString(record);
        // What follows the last end of a line was not written to its end.
        String[] read = text.substring(0, text.lastIndexOf('\n') + 1).split("\n");
        List<String> settings = settings();
        if (read.length <= settings.size() || !read[settings.size()].startsWith(EDGE)) {
            if (!text.isEmpty() && !isBeginning(text, settings)) {
                throw otherSettings(read, settings);
            }
            return; // killed before there was a block
        }
        if (!Arrays.asList(read).subList(0, settings.size()).equals(settings)) {
            throw otherSettings(read, settings);
        }
        edge = Optional.of(Integer.valueOf(read[settings.size()].substring(EDGE.length())));
        for (String line : Arrays.asList(read).subList(settings.size() + 1, read.length)) {
            finished.add(line);
        }
    }

    private static boolean isBeginning(String text, List<String> settings) {
        return String.join("\n", settings)
                .startsWith(text.substring(0, Math.min(text.length(), text.lastIndexOf('\n') + 1)));
    }

    private IllegalArgumentException otherSettings(String[] read, List<String> settings) {
        for (int i = 0; i < settings.size(); i++) {
            String before = i < read.length ? read[i] : "nothing";
            if (!before.equals(settings.get(i))) {
                return new IllegalArgumentException(
                        "The kernel in " + file + " was begun with other settings: there it is \""
                                + before + "\", now \"" + settings.get(i) + "\". Choose another name, or remove " + data
                                + " and "
                                + record + ".");
            }
        }
        return new IllegalArgumentException(record + " is not the record of this kernel.");
    }

    /** The size of the blocks that it was begun with. */
    Optional<Integer> edge() {
        return edge;
    }

    /** @throws IllegalArgumentException if the disk has no room for what is left */
    void begin(BlockPlan plan) {
        try {
            requireRoom(plan);
            int[] stack = kernel.stack();
            if (edge.isPresent()) {
                writer = KernelWriter.reopen(data, format, stack, kernel.rows(), kernel.columns(), kernel.symmetric());
                return;
            }
            Files.deleteIfExists(data);
            writer = KernelWriter.create(data, format, stack, kernel.rows(), kernel.columns(), kernel.symmetric());
            writer.force();
            lines.truncate(0);
            append(String.join("\n", settings()) + "\n" + EDGE + plan.edge() + "\n");
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private void requireRoom(BlockPlan plan) throws IOException {
        double share = 1 - (double) finished.size() / plan.order().size();
        double needed =
                share * KernelWriter.bytes(format, kernel.stack(), kernel.rows(), kernel.columns(), kernel.symmetric());
        long free = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
        if (needed > free) {
            throw new IllegalArgumentException("The kernel in " + file + " needs " + Memory.format(needed)
                    + (finished.isEmpty() ? "" : " more") + " of disk, but only " + Memory.format(free)
                    + " is free there.");
        }
    }

    private static String line(BatchShape.Tile block) {
        return BLOCK + block.row() + " " + block.column();
    }

    /** Whether a block is finished. */
    boolean has(BatchShape.Tile block) {
        return finished.contains(line(block));
    }

    void write(BatchShape.Tile block, double[][] values) {
        try {
            for (int k = 0; k < values.length; k++) {
                writer.write(
                        k,
                        block.row(),
                        block.rowEnd() - block.row(),
                        block.column(),
                        block.columnEnd() - block.column(),
                        values[k]);
            }
            pending.add(line(block));
            if (System.nanoTime() - recorded > RARELY * waited) {
                record();
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    // First the numbers, then that they are there.
    private void record() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        writer.force();
        append(String.join("\n", pending) + "\n");
        pending.clear();
        recorded = System.nanoTime();
        waited = recorded - start;
    }

    private void append(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            lines.write(bytes, lines.size());
        }
        lines.force(false);
    }

    /** Gives the file its name. */
    void finish() {
        try {
            record();
            writer.close();
            Files.move(data, file, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(record);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static UncheckedIOException failed(Path file, IOException e) {
        return new UncheckedIOException("Cannot write " + file + ": " + FileProblem.reason(e) + ".", e);
    }

    /** Records what is finished. */
    @Override
    public void close() {
        try {
            if (writer != null) {
                record();
                writer.close();
            } else if (edge.isEmpty()) {
                Files.deleteIfExists(record);
            }
        } catch (IOException e) {
            throw failed(file, e);
        } finally {
            close(lines);
        }
    }
}
