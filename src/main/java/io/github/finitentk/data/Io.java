package io.github.finitentk.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Opening files, and the reason why that failed in words. */
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
        return new DataFormatException("Cannot read " + name + ": " + reason(cause) + ".");
    }

    /** NIO exceptions carry only a path as their message, so the type has to be put into words. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "a part of the path is not a folder";
        }
        if (e instanceof EOFException) {
            return "the data ends too early";
        }
        String message = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message.replaceAll("[.\\s]+$", "");
    }
}
