package io.github.finitentk.data;

import io.github.finitentk.internal.files.AtomicFile;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's {@code .npz} format: a zip archive of {@code .npy} arrays, stored ({@code numpy.savez}) or deflated
 * ({@code numpy.savez_compressed}).
 */
final class NpzFile {

    private static final String SUFFIX = ".npy";

    /**
     * The time stamp of every entry written. Not the first instant zip can express: for that one the JDK adds a field
     * that depends on the time zone.
     */
    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(1980, 2, 1, 0, 0);

    /** Stands for an array whose name is known and whose elements are not yet read. */
    private static final NpyArray PENDING = NpyArray.wrap(new double[0], 0);

    private NpzFile() {}

    /**
     * All arrays of an archive.
     *
     * @return name (without {@code .npy}) to array, in the order of the archive; not modifiable
     * @throws DataFormatException if the file is missing, not a zip archive or damaged, holds two arrays of one name or
     *     an entry that is not an array, needs more memory than the heap has left, or an array is refused by
     *     {@link NpyFile#read(Path)}
     */
    static Map<String, NpyArray> read(Path path) {
        Io.requireFile(path);
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<? extends ZipEntry> entries = Collections.list(zip.entries());
            Map<String, NpyArray> arrays = new LinkedHashMap<>();
            long total = 0;
            for (ZipEntry entry : entries) {
                String name = arrayName(path, entry);
                if (arrays.put(name, PENDING) != null) {
                    throw new DataFormatException(path + " holds two arrays named \"" + name + "\".");
                }
                if (entry.getSize() < 0 || total + entry.getSize() < 0) {
                    throw new DataFormatException(path + " declares more bytes than can be counted.");
                }
                total += entry.getSize();
            }
            // declared sizes first, so that a small archive of huge arrays is refused before any is unpacked
            HeapLimit.require(total, path.toString());
            for (ZipEntry entry : entries) {
                arrays.put(arrayName(path, entry), read(path, zip, entry));
            }
            return Collections.unmodifiableMap(arrays);
        } catch (ZipException e) {
            ZipDirectory.requireReadable(path);
            if (NpyFile.isNpy(path)) {
                throw new DataFormatException(path + " is not an .npz archive but an .npy file of a single array.");
            }
            throw new DataFormatException("Cannot read " + path + ": it is not an intact .npz (zip) archive ("
                    + FileProblem.reason(e) + ").");
        } catch (IOException e) {
            throw Io.unreadable(path.toString(), e);
        }
    }

    private static String arrayName(Path path, ZipEntry entry) {
        String file = entry.getName();
        if (!file.endsWith(SUFFIX)) {
            throw new DataFormatException(path + " holds \"" + file
                    + "\", which is not an .npy array; an .npz archive may hold nothing else.");
        }
        return file.substring(0, file.length() - SUFFIX.length());
    }

    private static NpyArray read(Path path, ZipFile zip, ZipEntry entry) throws IOException {
        String name = path + ", array \"" + arrayName(path, entry) + "\"";
        // ZipFile does not verify checksums itself
        CRC32 crc = new CRC32();
        try (InputStream raw = zip.getInputStream(entry);
                CheckedInputStream in = new CheckedInputStream(raw, crc)) {
            NpyArray array = NpyFile.read(in, name, entry.getSize());
            if (crc.getValue() != entry.getCrc()) {
                throw new DataFormatException(name + " is damaged: its checksum is wrong.");
            }
            return array;
        }
    }

    /**
     * Writes arrays, uncompressed, in the order of the map. Equal arrays give equal bytes. The bytes go to a temporary
     * file in the same folder, which is then moved over {@code path}; an existing file is replaced.
     *
     * @param arrays name (without {@code .npy}) to array; not modified
     * @throws IllegalArgumentException if a name is empty
     * @throws java.io.UncheckedIOException with one sentence if writing fails
     */
    static void write(Path path, Map<String, NpyArray> arrays) {
        requireNames(arrays);
        AtomicFile.write(path, out -> write(out, arrays));
    }

    /**
     * Writes the same bytes to a stream, which is neither flushed nor closed.
     *
     * @throws IllegalArgumentException if a name is empty
     * @throws IOException if the stream fails
     */
    static void write(OutputStream out, Map<String, NpyArray> arrays) throws IOException {
        requireNames(arrays);
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
            zip.putNextEntry(storedEntry(array.getKey(), array.getValue()));
            NpyFile.write(zip, array.getValue());
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void requireNames(Map<String, NpyArray> arrays) {
        if (arrays.containsKey("")) {
            throw new IllegalArgumentException("An array in an .npz archive needs a name that is not empty.");
        }
    }

    /** Stored, not deflated: weights do not compress, and the bytes do not depend on the version of zlib. */
    private static ZipEntry storedEntry(String name, NpyArray array) throws IOException {
        CRC32 crc = new CRC32();
        NpyFile.write(new CheckedOutputStream(OutputStream.nullOutputStream(), crc), array);
        ZipEntry entry = new ZipEntry(name + SUFFIX);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(NpyFile.writtenBytes(array));
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(TIMESTAMP);
        return entry;
    }
}
