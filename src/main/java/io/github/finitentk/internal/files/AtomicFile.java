package io.github.finitentk.internal.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** Writes a file so that readers see the old bytes or the new ones, never a part, whatever interrupts the writing. */
public final class AtomicFile {

    private static final int MOST_LINKS = 40;
    private static final Pattern DESCRIPTORS = Pattern.compile("/proc/\\d+/(task/\\d+/)?fd");

    private AtomicFile() {}

    /** Writes the content; the stream is closed by the caller of this function. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes to a temporary file in the same folder and moves it over {@code path}. A symbolic link is followed; a pipe
     * or device is written to directly, since it must not be replaced, and so is a file that this process was started with
     * under the name of a descriptor ({@code /dev/stderr}, {@code /dev/fd/3}): the content goes to its end. A file that is
     * replaced leaves its permissions to the new one.
     *
     * @throws UncheckedIOException with one sentence if that fails; {@code path} is then as it was
     */
    public static void write(Path path, Content content) {
        if (Files.isDirectory(path)) {
            throw failed(path, new IOException("it is a folder"));
        }
        try {
            Path target = target(path);
            if (isDescriptor(target) || Files.exists(target) && !Files.isRegularFile(target)) {
                try (OutputStream out = new BufferedOutputStream(
                        Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND))) {
                    content.writeTo(out);
                }
                return;
            }
            try (TemporaryFile temporary = new TemporaryFile(target)) {
                content.writeTo(temporary.out());
                temporary.replaceTarget();
            }
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /**
     * The file that {@code path} leads to through symbolic links, whether or not it exists; the descriptor, where one is among
     * them.
     */
    public static Path target(Path path) {
        Path target = path;
        try {
            for (int links = 0; links < MOST_LINKS && Files.isSymbolicLink(target) && !isDescriptor(target); links++) {
                target = target.resolveSibling(Files.readSymbolicLink(target));
            }
        } catch (IOException unreadable) {
            return path;
        }
        return target;
    }

    // Linux; elsewhere descriptors are devices.
    private static boolean isDescriptor(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        return folder != null
                && path.getFileName().toString().chars().allMatch(Character::isDigit)
                && Files.exists(folder)
                && DESCRIPTORS.matcher(folder.toRealPath().toString()).matches();
    }

    private static UncheckedIOException failed(Path path, IOException cause) {
        return new UncheckedIOException("Cannot write " + path + ": " + FileProblem.reason(cause) + ".", cause);
    }
}
