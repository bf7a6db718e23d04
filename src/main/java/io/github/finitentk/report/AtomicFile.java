package io.github.finitentk.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that readers see either the old content or the whole new one, never a part of it. */
final class AtomicFile {

    /** Writes the content; the stream is closed by the caller of this function. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes beside the target under a temporary name and moves the result into place; on failure nothing is left behind
     * and an existing file is kept. Missing parent folders are created.
     *
     * @throws IllegalArgumentException if the target is a folder, or a part of its path is a file
     * @throws IOException if writing fails
     */
    static void write(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            throw new IllegalArgumentException("Cannot write the file " + target + ": it is a folder.");
        }
        for (Path part = absolute.getParent(); part != null; part = part.getParent()) {
            if (Files.exists(part) && !Files.isDirectory(part)) {
                throw new IllegalArgumentException("Cannot write the file " + target + ": " + part + " is a file.");
            }
        }
        Files.createDirectories(absolute.getParent());
        // Not Files.createTempFile: it makes the file unreadable for everyone else, and that would survive the move.
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                content.writeTo(out);
            }
            try {
                Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
