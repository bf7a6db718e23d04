package io.github.finitentk.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Files as the user names them: sentences for what can go wrong with them. */
final class Files {

    private Files() {}

    /**
     * Creates a folder, with its parents, if it is not there.
     *
     * @throws IllegalArgumentException if something else stands in its place or it cannot be written to
     */
    static Path folder(Path folder) {
        try {
            java.nio.file.Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("The output folder " + folder + " is a file.");
        } catch (IOException e) {
            throw new IllegalArgumentException("The output folder " + folder + " cannot be created: " + describe(e));
        }
        if (!java.nio.file.Files.isWritable(folder)) {
            throw new IllegalArgumentException("The output folder " + folder + " cannot be written to.");
        }
        return folder;
    }

    /**
     * Checks that a file can be made where the user asks for one, before the work that fills it begins.
     *
     * @throws IllegalArgumentException if its folder is missing or the path is a folder
     */
    static Path output(Path file) {
        if (java.nio.file.Files.isDirectory(file)) {
            throw new IllegalArgumentException("The output file " + file + " is a folder.");
        }
        Path parent = file.toAbsolutePath().getParent();
        if (!java.nio.file.Files.isDirectory(parent)) {
            throw new IllegalArgumentException("The folder of the output file " + file + " does not exist.");
        }
        if (!java.nio.file.Files.isWritable(parent)) {
            throw new IllegalArgumentException("The folder of the output file " + file + " cannot be written to.");
        }
        return file;
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
