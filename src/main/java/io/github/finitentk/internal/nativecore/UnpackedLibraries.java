package io.github.finitentk.internal.nativecore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * Unpacks native libraries from jars into a {@link PrivateFolder}. Libraries that belong together lie, under their own names,
 * by which they find each other, in a folder that is named by the checksum of their contents; so a jar never runs another
 * jar's library, and each is compared with its checksum before every use. What nobody has used for a month is removed when
 * something new arrives.
 */
public final class UnpackedLibraries {

    /** The system property that names the folder to unpack into; JavaCPP's own. */
    public static final String FOLDER_PROPERTY = "org.bytedeco.javacpp.cacheDir";

    /** What helps if no folder will do; a sentence without its full stop. */
    public static final String CURE = "Name a folder of your own on a file system from which programs may be run:"
            + " -D" + FOLDER_PROPERTY + "=DIR (with ./ntk: NTK_JAVA_OPTS=-D" + FOLDER_PROPERTY + "=DIR)";

    private static final Duration UNUSED = Duration.ofDays(30);
    private static final Duration UNFINISHED = Duration.ofDays(1);
    private static final String TEMPORARY = ".tmp";

    private UnpackedLibraries() {}

    /**
     * The libraries as files of one folder, from which they can be loaded.
     *
     * @throws IOException with a sentence that names the folders that were tried and what is wrong with each
     */
    public static List<Path> unpack(List<URL> resources) throws IOException {
        List<Content> contents = new ArrayList<>();
        for (URL resource : resources) {
            contents.add(Content.of(resource));
        }
        List<String> problems = new ArrayList<>();
        for (Path candidate : PrivateFolder.candidates()) {
            try {
                Path cache = PrivateFolder.open(candidate);
                Path wanted = cache.resolve(Content.checksum(contents));
                if (!Files.exists(wanted)) {
                    sweep(cache);
                }
                Path folder = PrivateFolder.open(wanted);
                List<Path> files = new ArrayList<>();
                for (int i = 0; i < resources.size(); i++) {
                    files.add(unpack(resources.get(i), contents.get(i), folder));
                }
                touch(folder);
                return files;
            } catch (IOException e) {
                problems.add(PrivateFolder.describe(e));
            }
        }
        throw new IOException("no folder to unpack native libraries into: " + String.join("; ", problems));
    }

    private static Path unpack(URL resource, Content content, Path folder) throws IOException {
        String path = resource.getPath();
        Path file = folder.resolve(path.substring(path.lastIndexOf('/') + 1));
        if (!isIntact(file, content)) {
            write(resource, content, file);
        }
        // True only where programs may be run from this file system, whoever asks.
        if (!Files.isExecutable(file)) {
            throw new IOException(
                    folder.getParent() + " is on a file system that does not allow to run programs from it (noexec)");
        }
        return file;
    }

    private static boolean isIntact(Path file, Content content) throws IOException {
        return PrivateFolder.holdsSafely(file)
                && Files.size(file) == content.size()
                && Content.read(Files.newInputStream(file)).equals(content);
    }

    private static void write(URL resource, Content content, Path file) throws IOException {
        Path temporary = file.getParent().resolveSibling("." + UUID.randomUUID() + TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PrivateFolder.ownerOnly());
                    OutputStream out = Channels.newOutputStream(channel);
                    InputStream in = open(resource)) {
                in.transferTo(out);
                channel.force(true);
            }
            if (!Content.read(Files.newInputStream(temporary)).equals(content)) {
                throw new IOException("the library " + resource + " is damaged");
            }
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AccessDeniedException e) {
                // Windows, where another process that was faster runs it already
                if (!isIntact(file, content)) {
                    throw e;
                }
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    // Without the cache of JarURLConnection, which would keep a jar open that has since been replaced.
    private static InputStream open(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static void touch(Path folder) {
        try {
            Instant now = Instant.now();
            if (isBefore(folder, now.minus(UNFINISHED))) {
                Files.setLastModifiedTime(folder, FileTime.from(now));
            }
        } catch (IOException e) {
            // It may be swept sooner than it should, and unpacked again.
        }
    }

    private static void sweep(Path cache) throws IOException {
        Instant now = Instant.now();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(cache)) {
            for (Path entry : entries) {
                boolean temporary = entry.getFileName().toString().endsWith(TEMPORARY);
                try {
                    if (isBefore(entry, now.minus(temporary ? UNFINISHED : UNUSED))) {
                        delete(entry);
                    }
                } catch (FileSystemException e) {
                    // Another process removes it, or runs it (Windows).
                }
            }
        }
    }

    private static void delete(Path entry) throws IOException {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(entry)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
        Files.delete(entry);
    }

    private static boolean isBefore(Path file, Instant oldest) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(oldest);
    }

    /** What a library holds, known without unpacking it. */
    private record Content(long size, long crc) {

        static Content of(URL resource) throws IOException {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false);
            if (connection instanceof JarURLConnection jar) {
                try (JarFile file = jar.getJarFile()) {
                    JarEntry entry = file.getJarEntry(jar.getEntryName());
                    return new Content(entry.getSize(), entry.getCrc());
                }
            }
            return read(connection.getInputStream());
        }

        static Content read(InputStream source) throws IOException {
            CRC32 crc = new CRC32();
            long size = 0;
            try (source) {
                byte[] buffer = new byte[1 << 18];
                for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
                    crc.update(buffer, 0, count);
                    size += count;
                }
            }
            return new Content(size, crc.getValue());
        }

        /** Of several in this order. */
        static String checksum(List<Content> contents) {
            return UUID.nameUUIDFromBytes(contents.toString().getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }
}
