package io.github.finitentk.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where tables and pictures go: {@link AtomicFile}s whose parent folders are made on demand. */
public final class OutputFile {

    private OutputFile() {}

    /**
     * Missing parent folders are created; the file appears whole or not at all.
     *
     * @throws IllegalArgumentException if the target is a folder, or a part of its path is a file
     * @throws IOException if a folder cannot be created
     * @throws java.io.UncheckedIOException if writing fails
     */
    public static void write(Path target, AtomicFile.Content content) throws IOException {
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
        AtomicFile.write(absolute, content);
    }
}
