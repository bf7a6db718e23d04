package io.github.finitentk.internal.nativecore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Folders for files that this process will execute: its user's alone, with nothing above them through which somebody else
 * could put another one in their place. On Windows, where what lies in a user's profile is his alone, only the owner is
 * looked at.
 */
final class PrivateFolder {

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private static final String NAME = "finite-ntk";
    private static final int OTHERS = 0077;
    private static final int OTHERS_WRITE = 0022;
    private static final int EVERYBODY_WRITES = 0002;
    private static final int STICKY = 01000;

    private PrivateFolder() {}

    /** How files that are made here are made: readable, writable and executable by their owner alone. */
    static FileAttribute<?>[] ownerOnly() {
        return UNIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

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
        addIfAbsolute(folders, System.getenv("LOCALAPPDATA"), "", NAME);
        addIfAbsolute(folders, System.getProperty("user.home"), ".cache", NAME);
        addIfAbsolute(folders, System.getenv("HOME"), ".cache", NAME);
        for (String temporary : new String[] {System.getProperty("java.io.tmpdir"), "/tmp", "/var/tmp"}) {
            addIfAbsolute(folders, temporary, "", NAME + "-" + (UNIX ? user() : System.getProperty("user.name")));
        }
        return folders;
    }

    private static void addIfAbsolute(Set<Path> folders, String base, String between, String name) {
        if (base != null && Path.of(base).isAbsolute() && Files.isDirectory(Path.of(base))) {
            add(folders, base, between, name);
        }
    }

    // A folder that already has our name is meant itself.
    private static void add(Set<Path> folders, String base, String between, String name) {
        if (base != null && !base.isBlank()) {
            Path folder = Path.of(base).toAbsolutePath().resolve(between).normalize();
            folders.add(folder.endsWith(name) ? folder : folder.resolve(name));
        }
    }

    /**
     * Makes the folder where it is missing.
     *
     * @return the folder without symbolic links
     * @throws IOException if there can be no such folder, or it is not this user's alone
     */
    static Path open(Path wanted) throws IOException {
        Files.createDirectories(wanted.getParent(), ownerOnly());
        Path parent = wanted.getParent().toRealPath();
        if (UNIX) {
            for (Path above = parent; above != null; above = above.getParent()) {
                int mode = mode(above);
                if ((mode & EVERYBODY_WRITES) != 0 && (mode & STICKY) == 0) {
                    throw new IOException(above + " can be changed by every user");
                }
            }
        }
        Path folder = parent.resolve(wanted.getFileName());
        try {
            Files.createDirectory(folder, ownerOnly());
        } catch (FileAlreadyExistsException e) {
            // checked like any other
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is no folder");
        }
        Object owner = owner(folder);
        if (!owner.equals(user())) {
            throw new IOException(folder + " belongs to another user (" + (UNIX ? "number " : "") + owner + ")");
        }
        if (UNIX && (mode(folder) & OTHERS) != 0) {
            Files.setPosixFilePermissions(folder, OWNER_ONLY);
            if ((mode(folder) & OTHERS) != 0) {
                throw new IOException(folder + " is open to other users");
            }
        }
        return folder;
    }

    /** Whether this is a file, no link, that belongs to this user and that nobody else may write to. */
    static boolean holdsSafely(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && owner(file).equals(user())
                && (!UNIX || (mode(file) & OTHERS_WRITE) == 0);
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

    private static int mode(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    /** The number of a file's owner, on Windows his name. */
    private static Object owner(Path file) throws IOException {
        return UNIX
                ? Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                : Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The user that this process runs as: the owner of what it makes. */
    private static Object user() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (UNIX && Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("Uid:")) {
                    return Integer.parseUnsignedInt(line.trim().split("\\s+")[2]);
                }
            }
        }
        Path made = Files.createTempFile(NAME, null);
        try {
            return owner(made);
        } finally {
            Files.delete(made);
        }
    }
}
