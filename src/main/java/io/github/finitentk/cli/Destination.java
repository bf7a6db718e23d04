package io.github.finitentk.cli;

import io.github.finitentk.internal.files.AtomicFile;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where a command writes a result: a file, or standard output, which is {@code -}, {@code /dev/stdout} or the file that
 * standard output goes to. It is checked before any work begins: it must be possible to write there, and it must be none of the
 * files that the command reads or writes besides, under whatever name.
 */
final class Destination {

    private static final Path STANDARD_OUTPUT = Path.of("/dev/fd/1");
    private static final byte[] RUN_FILE = "SQLite format 3".getBytes(StandardCharsets.US_ASCII);
    /** What SQLite keeps beside a database. */
    private static final List<String> COMPANIONS = List.of("", "-wal", "-shm", "-journal");

    private final Path path;
    private final GlobalOptions options;
    private final boolean standardOutput;
    private final boolean replaces;

    private Destination(Path path, GlobalOptions options, boolean standardOutput) {
        this.path = path;
        this.options = options;
        this.standardOutput = standardOutput;
        this.replaces = Files.isRegularFile(path);
    }

    /**
     * A file, or standard output.
     *
     * @param used the other files of the command; null where an option was not given
     * @throws IllegalArgumentException if nothing can be written there, or it is one of {@code used}
     */
    static Destination of(Path path, GlobalOptions options, Path... used) {
        if (isDash(path) || same(path, STANDARD_OUTPUT)) {
            return new Destination(path, options, true);
        }
        check(path, used);
        return new Destination(path, options, false);
    }

    /**
     * A file, never standard output, which takes the command's results.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    static Destination file(Path path, GlobalOptions options, Path... used) {
        check(path, used);
        return new Destination(path, options, false);
    }

    /**
     * Checks the name of a file alone.
     *
     * @throws IllegalArgumentException if it is that of standard output or leads to one of {@code used}
     */
    static void requireOther(Path path, Path... used) {
        if (isDash(path)) {
            throw new IllegalArgumentException(
                    "- stands for standard output, which takes the results here; a file of that name is ./-.");
        }
        for (Path other : used) {
            if (other != null && (same(path, other) || isDataOf(other, path))) {
                throw new IllegalArgumentException("The output file " + path
                        + (path.equals(other) ? "" : " is the same file as " + other + ", which")
                        + " is used by this command otherwise; choose another name.");
            }
        }
    }

    private static boolean isDash(Path path) {
        return path.toString().equals("-");
    }

    private static void check(Path path, Path... used) {
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException("The output file " + path + " is a folder.");
        }
        requireOther(path, used);
        if (Files.exists(path)) {
            if (!Files.isWritable(path)) {
                throw new IllegalArgumentException("The output file " + path + " is write-protected.");
            }
            if (!Files.isRegularFile(path)) {
                return; // a device or a pipe, which is written to and stays
            }
            if (isRunFile(path)) {
                throw new IllegalArgumentException(
                        "The output file " + path + " is a run file, which is never replaced; choose another name.");
            }
        }
        Path folder = AtomicFile.target(path).toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("The folder of the output file " + path + " does not exist.");
        }
        if (!Files.isWritable(folder)) {
            throw new IllegalArgumentException("The folder of the output file " + path + " cannot be written to.");
        }
    }

    /** Whether two names lead to one file: through links of both kinds, and where a file system ignores case. */
    private static boolean same(Path a, Path b) {
        try {
            if (Files.exists(a) && Files.exists(b)) {
                return Files.isSameFile(a, b);
            }
            Path first = AtomicFile.target(a).toAbsolutePath().normalize();
            Path second = AtomicFile.target(b).toAbsolutePath().normalize();
            // Of two files that are yet to be made nobody knows whether their file system tells these names apart.
            return !Files.exists(a)
                    && !Files.exists(b)
                    && first.getFileName()
                            .toString()
                            .equalsIgnoreCase(second.getFileName().toString())
                    && Files.exists(first.getParent())
                    && Files.exists(second.getParent())
                    && Files.isSameFile(first.getParent(), second.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell " + a + " from " + b + ": " + FileProblem.sentence(e), e);
        }
    }

    // A folder stands for the files of a training set in it.
    private static boolean isDataOf(Path folder, Path path) {
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().startsWith("train-"))
                    .anyMatch(file -> same(path, file));
        } catch (IOException unreadable) {
            return false; // and said when the data are read
        }
    }

    /** Whether a file is a database as run files are. */
    static boolean isRunFile(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(RUN_FILE.length), RUN_FILE);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The files that make up the run in {@code run}. */
    static Path[] ofRun(Path run) {
        return COMPANIONS.stream()
                .map(ending -> run.resolveSibling(run.getFileName() + ending))
                .toArray(Path[]::new);
    }

    /** All of them. */
    static Path[] and(Path[] some, Path... others) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(Path[]::new);
    }

    boolean isStandardOutput() {
        return standardOutput;
    }

    /** Whether this is no file of its own: standard output, a pipe or a device. */
    boolean isStream() {
        return standardOutput || Files.exists(path) && !Files.isRegularFile(path);
    }

    /** @throws IllegalArgumentException if this is standard output, and {@code --json} prints its document there */
    Destination besideJson() {
        if (standardOutput && options.json) {
            throw new IllegalArgumentException("--json and --output " + path + " both take standard output.");
        }
        return this;
    }

    Path path() {
        return path;
    }

    /** The lower-case ending of the file's name, without the dot; empty if it has none or this is a stream. */
    String ending() {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return isStream() || dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * Writes there and says so, unless that is standard output.
     *
     * @param what completes "Wrote FILE: ..."
     * @throws UncheckedIOException with one sentence if that fails
     */
    void write(String what, AtomicFile.Content content) {
        if (!standardOutput) {
            AtomicFile.write(path, content);
            announce(what);
            return;
        }
        try {
            content.writeTo(options.bytes());
            options.bytes().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to standard output: " + FileProblem.sentence(e), e);
        }
    }

    /** Says what was written, and whether something else was there before. */
    void announce(String what) {
        options.message((replaces ? "Replaced " : "Wrote ") + path + ": " + what + ".");
    }
}
