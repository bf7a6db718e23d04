package io.github.finitentk.data;

import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opening files. */
final class Io {

    private Io() {}

    /**
     * @return an unbuffered stream the caller closes
     * @throws DataFormatException if the file is missing, a folder, or may not be read
     */
    static InputStream open(Path path) {
        requireFile(path);
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw unreadable(path.toString(), e);
        }
    }

    /** @throws DataFormatException if the file is missing or a folder */
    static void requireFile(Path path) {
        if (Files.isDirectory(path)) {
            throw new DataFormatException("Cannot read " + path + ": it is a folder.");
        }
        if (Files.notExists(path)) {
            throw new DataFormatException("Cannot read " + path + ": no such file.");
        }
    }

    /** The length in bytes, or -1 where it is not known in advance (a pipe, a device). */
    static long length(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.size(path) : -1;
        } catch (IOException e) {
            throw unreadable(path.toString(), e);
        }
    }

    static DataFormatException unreadable(String name, IOException cause) {
        return new DataFormatException("Cannot read " + name + ": " + FileProblem.reason(cause) + ".");
    }
}
