package io.github.finitentk.internal.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A hidden file beside another one, whose place it takes when it is whole. It is locked while it is written, so that what a
 * killed process has left can be told from what another process is writing: the former is swept, once for each folder.
 */
final class TemporaryFile implements AutoCloseable {

    private static final Pattern NAME =
            Pattern.compile("\\..+\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\.tmp");

    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    // To close a second channel of a file would drop the lock of the first one.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path target;
    private final PosixFileAttributes replaced;
    private final Path path;
    private final FileChannel channel;
    private final OutputStream out;

    TemporaryFile(Path target) throws IOException {
        this.target = target;
        Path folder = target.toAbsolutePath().normalize().getParent();
        if (SWEPT.add(folder)) {
            sweep(folder);
        }
        this.replaced = attributes(target);
        // With the permissions of the file that it replaces from the start: nobody else is to read it meanwhile.
        FileAttribute<?>[] permissions = replaced == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(replaced.permissions())};
        while (true) {
            Path candidate = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            OURS.add(candidate);
            FileChannel opened = FileChannel.open(
                    candidate, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), permissions);
            if (lock(opened) && Files.exists(candidate)) {
                this.path = candidate;
                this.channel = opened;
                break;
            }
            // Another process has just taken it for a dead one's.
            opened.close();
            OURS.remove(candidate);
        }
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    }

    // Where files cannot be locked, nobody can take ours for dead.
    private static boolean lock(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (IOException noLocks) {
            return true;
        }
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null || !Files.exists(file) ? null : view.readAttributes();
    }

    OutputStream out() {
        return out;
    }

    /** Takes the place of the target, with its permissions and, where this user may give them, its group and owner. */
    void replaceTarget() throws IOException {
        out.flush();
        channel.force(true); // or a crash could leave the new name with no content
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (replaced != null && view != null) {
            keepOwner(view);
            view.setPermissions(replaced.permissions());
        }
        if (view == null) {
            channel.close(); // Windows moves no open file.
        }
        try {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void keepOwner(PosixFileAttributeView view) throws IOException {
        PosixFileAttributes now = view.readAttributes();
        try {
            if (!now.group().equals(replaced.group())) {
                view.setGroup(replaced.group());
            }
            if (!now.owner().equals(replaced.owner())) {
                view.setOwner(replaced.owner());
            }
        } catch (IOException notAllowed) {
            // Then it is this user's, as any new file.
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(path);
            OURS.remove(path);
        }
    }

    private static void sweep(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                folder, file -> NAME.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                if (!OURS.contains(file)) {
                    deleteIfDead(file);
                }
            }
        } catch (IOException e) {
            // Not to be listed: then nothing is swept, and whether it can be written to is found out next.
        }
    }

    private static void deleteIfDead(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // Another user's, or gone already.
        }
    }
}
