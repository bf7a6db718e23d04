package io.github.finitentk.internal.files;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What can go wrong with files, in words: NIO exceptions often carry only a path as their message. */
public final class FileProblem {

    private FileProblem() {}

    /** Why reading or writing a file failed that the sentence around it names. */
    public static String reason(IOException e) {
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

    /** The same as a sentence that names the file itself. */
    public static String sentence(IOException e) {
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

    /**
     * Makes a folder for results, with its parents, if it is not there.
     *
     * @throws IllegalArgumentException if something else stands in its place or it cannot be written to
     */
    public static void requireFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("The output folder " + folder + " is a file.");
        } catch (IOException e) {
            throw new IllegalArgumentException("The output folder " + folder + " cannot be created: " + sentence(e));
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("The output folder " + folder + " cannot be written to.");
        }
    }
}
