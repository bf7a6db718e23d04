package io.github.finitentk.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Files as the user names them: sentences for what can go wrong with them. */
final class FileProblems {

    private FileProblems() {}

    /**
     * Creates a folder, with its parents, if it is not there.
     *
     * @throws IllegalArgumentException if something else stands in its place or it cannot be written to
     */
    static Path folder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("The output folder " + folder + " is a file.");
        } catch (IOException e) {
            throw new IllegalArgumentException("The output folder " + folder + " cannot be created: " + describe(e));
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("The output folder " + folder + " cannot be written to.");
        }
        return folder;
    }

    /** A sentence for an input/output error, whose message alone is often only a path. */
    static String describe(IOException e) {
        String file = e instanceof FileSystemException problem ? problem.getFile() : null;
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return (file == null ? e.getMessage() : file) + " does not exist.";
        }
        if (e instanceof AccessDeniedException) {
            return "Access to " + file + " is denied.";
        }
        if (e instanceof NotDirectoryException) {
            return file + " is not a folder.";
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.endsWith(".") ? message : message + ".";
    }
}
