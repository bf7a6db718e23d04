package io.github.finitentk.cli;

import io.github.finitentk.internal.files.AtomicFile;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The checkpoint of a training, which one process at a time may use: whoever has locked the file with the ending {@code .lock}
 * beside it, since the checkpoint itself is replaced at each save. The lock is the operating system's and does not outlive the
 * process.
 */
final class CheckpointFile implements AutoCloseable {

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private CheckpointFile(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** @throws UncheckedIOException with one sentence if another training uses it, or it cannot be locked */
    static CheckpointFile open(Path path) {
        Path target = AtomicFile.target(path);
        Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
        try {
            while (true) {
                FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                if (!tryLock(channel)) {
                    channel.close();
                    throw new UncheckedIOException(
                            "The checkpoint " + path
                                    + " is in use by another training; name another file with --checkpoint.",
                            new IOException("locked"));
                }
                if (Files.exists(lockFile)) {
                    return new CheckpointFile(path, lockFile, channel);
                }
                channel.close(); // Its last user has just deleted it.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The checkpoint " + path + " cannot be locked; name a file elsewhere with --checkpoint. "
                            + FileProblem.sentence(e),
                    e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        }
    }

    boolean exists() {
        return Files.exists(path);
    }

    byte[] read() throws IOException {
        return Files.readAllBytes(path);
    }

    void save(byte[] state) {
        AtomicFile.write(path, out -> out.write(state));
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(lockFile);
        lock.close();
    }
}
