package io.github.finitentk.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Where a run file lies while it is written: which file (device and inode) has its name, and which has that of its write-ahead
 * log. Names can be taken away, and given to other files, while a process has a file open.
 */
final class RunPlace {

    private final Path path;
    private final Object file;
    private final Path log;
    private Object logFile;
    private long size;

    private RunPlace(Path path) throws IOException {
        this.path = path;
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        this.file = attributes.fileKey();
        this.size = attributes.size();
        Path real = path.toRealPath();
        this.log = real.resolveSibling(real.getFileName() + "-wal");
    }

    /** The place of a file that is open, with its log. */
    static RunPlace of(Path path) {
        try {
            return new RunPlace(path);
        } catch (IOException e) {
            throw new RunFileException("The run file " + path + " has just been deleted or moved.");
        }
    }

    /** Whether the name still belongs to the same file, and nobody has cut it short. */
    boolean isTaken() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            boolean shorter = now.size() < size;
            size = now.size();
            return !shorter && Objects.equals(now.fileKey(), file);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException unknown) {
            return true; // A file system that does not answer just now is no reason to stop.
        }
    }

    /**
     * Copies a run that has lost its name to a new one, beside it or else in the folder for temporary files.
     *
     * @param connection that has it open
     * @return the copy, whole and verified; null if none could be made
     */
    Path rescue(Connection connection) {
        String name = path.getFileName().toString();
        String spare = (name.endsWith(".db") ? name.substring(0, name.length() - 3) : name) + ".rescued.db";
        for (Path wanted : List.of(path.resolveSibling(spare), Path.of(System.getProperty("java.io.tmpdir"), spare))) {
            Path free = free(wanted);
            try (PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
                copy.setString(1, free.toString());
                copy.execute();
                try (RunReader saved = RunReader.open(free)) {
                    saved.verify();
                }
                return free;
            } catch (SQLException | RuntimeException e) {
                deleteTemporary(free);
            }
        }
        return null;
    }

    private static Path free(Path wanted) {
        Path path = wanted;
        for (int k = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); k++) {
            path = wanted.resolveSibling(wanted.getFileName().toString().replaceAll("\\.db$", "-" + k + ".db"));
        }
        return path;
    }

    /** To be called after something was written to the log, while the file is in its place: the log is there from then on. */
    void rememberLog() {
        if (logFile == null) {
            logFile = key(log);
        }
    }

    /** Deletes the log that was written here, never that of another run. */
    void deleteLog() {
        try {
            if (logFile != null && logFile.equals(key(log))) {
                Files.delete(log);
            }
        } catch (IOException ignored) {
            // Then it stays; whoever makes a run of that name removes it.
        }
    }

    private static Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException none) {
            return null;
        }
    }

    /** A hidden name beside a file, for what is to get its name when it is whole. */
    static Path temporary(Path path) {
        return path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /**
     * Gives a file its name, unless there is one of that name that holds anything. A log that was left there belongs to a run
     * that is no more: it must not be taken for the new one's.
     *
     * @throws FileAlreadyExistsException if there is
     */
    static void publish(Path temporary, Path path) throws IOException {
        if (RunFile.isThere(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        for (String side : List.of("-wal", "-shm", "-journal")) {
            Files.deleteIfExists(path.resolveSibling(path.getFileName() + side));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        try {
            // Unlike a move, it fails if another process has made one meanwhile.
            Files.createLink(path, temporary);
            Files.delete(temporary);
        } catch (UnsupportedOperationException e) {
            Files.move(temporary, path);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException noLinks) {
            Files.move(temporary, path);
        }
    }

    /** Removes what may be left of a file that did not get its name. */
    static void deleteTemporary(Path temporary) {
        for (String side : List.of("", "-wal", "-shm", "-journal")) {
            try {
                Files.deleteIfExists(temporary.resolveSibling(temporary.getFileName() + side));
            } catch (IOException ignored) {
                // The problem that led here is the one to report.
            }
        }
    }
}
