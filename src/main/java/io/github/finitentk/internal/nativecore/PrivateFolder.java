package io.github.finitentk.internal.nativecore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Folders for files that this process will execute: its user's alone, with nothing above them through which somebody else
 * could put another one in their place.
 */
final class PrivateFolder {

    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String NAME = "finite-ntk";
    private static final int OTHERS = 0077;
    private static final int OTHERS_WRITE = 0022;
    private static final int EVERYBODY_WRITES = 0002;
    private static final int STICKY = 01000;

    private PrivateFolder() {}

    /**
     * The folders to try, best first: below the one that a property names, below the user's cache (the home directory of a
     * user without an entry in the user database is {@code $HOME}, not Java's "?"), below those for temporary files.
     */
    static Set<Path> candidates() throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (String property : new String[] {"org.bytedeco.javacpp.cachedir", UnpackedLibraries.FOLDER_PROPERTY}) {
            add(folders, System.getProperty(property), "", NAME);
        }
        addIfAbsolute(folders, System.getenv("XDG_CACHE_HOME"), "", NAME);
        addIfAbsolute(folders, System.getProperty("user.home"), ".cache", NAME);
        addIfAbsolute(folders, System.getenv("HOME"), ".cache", NAME);
        for (String temporary : new String[] {System.getProperty("java.io.tmpdir"), "/tmp", "/var/tmp"}) {
            addIfAbsolute(folders, temporary, "", NAME + "-" + user());
        }
        return folders;
    }

    private static void addIfAbsolute(Set<Path> folders, String base, String between, String name) {
        if (base != null && base.startsWith("/") && Files.isDirectory(Path.of(base))) {
            add(folders, base, between, name);
        }
    }

    private static void add(Set<Path> folders, String base, String between, String name) {
        if (base != null && !base.isBlank()) {
            folders.add(Path.of(base)
                    .toAbsolutePath()
                    .resolve(between)
                    .resolve(name)
                    .normalize());
        }
    }

    /**
     * Makes the folder where it is missing.
     *
     * @return the folder without symbolic links
     * @throws IOException if there can be no such folder, or it is not this user's alone
     */
    static Path open(Path wanted) throws IOException {
        Files.createDirectories(wanted.getParent(), OWNER_ONLY);
        Path parent = wanted.getParent().toRealPath();
        for (Path above = parent; above != null; above = above.getParent()) {
            int mode = mode(attributes(above));
            if ((mode & EVERYBODY_WRITES) != 0 && (mode & STICKY) == 0) {
                throw new IOException(above + " can be changed by every user");
            }
        }
        Path folder = parent.resolve(wanted.getFileName());
        try {
            Files.createDirectory(folder, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            // checked like any other
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is no folder");
        }
        int owner = owner(attributes(folder));
        if (owner != user()) {
            throw new IOException(folder + " belongs to another user (number " + owner + ")");
        }
        if ((mode(attributes(folder)) & OTHERS) != 0) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            if ((mode(attributes(folder)) & OTHERS) != 0) {
                throw new IOException(folder + " is open to other users");
            }
        }
        return folder;
    }

    /** Whether this is a file, no link, that belongs to this user and that nobody else may write to. */
    static boolean holdsSafely(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Map<String, Object> attributes = attributes(file);
        return owner(attributes) == user() && (mode(attributes) & OTHERS_WRITE) == 0;
    }

    /** What is wrong with a folder, without a full stop. */
    static String describe(IOException e) {
        if (e instanceof FileSystemException problem && problem.getFile() != null) {
            String file = problem.getFile();
            if (e instanceof AccessDeniedException) {
                return file + " cannot be written to";
            }
            if (e instanceof NoSuchFileException) {
                return file + " does not exist";
            }
            if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
                return file + " is no folder";
            }
            return file + ": " + problem.getReason();
        }
        return e.getMessage();
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException e) {
            throw new IOException(file + " does not say whom it belongs to");
        }
    }

    private static int owner(Map<String, Object> attributes) {
        return (Integer) attributes.get("uid");
    }

    private static int mode(Map<String, Object> attributes) {
        return (Integer) attributes.get("mode");
    }

    /** The number of the user that this process runs as. */
    private static int user() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Uid:")) {
                return Integer.parseUnsignedInt(line.trim().split("\\s+")[2]);
            }
        }
        throw new IOException("the user of this process is unknown");
    }
}
