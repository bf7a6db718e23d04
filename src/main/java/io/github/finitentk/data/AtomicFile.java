package io.github.finitentk.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that readers see the old bytes or the new ones, never a part, whatever interrupts the writing. */
public final class AtomicFile {

    private AtomicFile() {}

    /** Writes the content; the stream is closed by the caller of this function. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes to a temporary file in the same folder and moves it over {@code path}. A symbolic link is followed; a pipe
     * or device is written to directly, since it must not be replaced.
     *
     * @throws UncheckedIOException with one sentence if that fails; {@code path} is then as it was
     */
    public static void write(Path path, Content content) {
        if (Files.isDirectory(path)) {
            throw failed(path, new IOException("it is a folder"));
        }
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
                    content.writeTo(out);
                }
                return;
            }
            Path target = Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
            // not Files.createTempFile: it would leave the result readable by its owner alone
            Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                    content.writeTo(out);
                    out.flush();
                    channel.force(true); // or a crash could leave the new name with no content
                }
                move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static UncheckedIOException failed(Path path, IOException cause) {
        return new UncheckedIOException("Cannot write " + path + ": " + Io.reason(cause) + ".", cause);
    }
}
