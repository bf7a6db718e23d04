package io.github.finitentk.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The directory at the end of a zip archive, for archives that {@link java.util.zip.ZipFile} refuses: it says that they are
 * damaged even if they are only compressed by a method that Java does not know, which Python's {@code zipfile} offers.
 */
final class ZipDirectory {

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int MAX_COMMENT = 0xffff;
    private static final int MAX_DIRECTORY = 1 << 24;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;

    private ZipDirectory() {}

    /**
     * @throws DataFormatException naming the first member that is encrypted, or compressed by another method than those of
     *     NumPy; an archive without a directory is left to the caller's own message
     */
    static void requireReadable(Path path) {
        try (FileChannel file = FileChannel.open(path)) {
            ByteBuffer tail = read(file, Math.max(0, file.size() - END_BYTES - MAX_COMMENT), END_BYTES + MAX_COMMENT);
            for (int end = tail.limit() - END_BYTES; end >= 0; end--) {
                if (tail.getInt(end) == END) {
                    long bytes = tail.getInt(end + 12) & 0xffffffffL;
                    long start = tail.getInt(end + 16) & 0xffffffffL;
                    requireReadable(path, read(file, start, (int) Math.min(bytes, MAX_DIRECTORY)));
                    return;
                }
            }
        } catch (IOException e) {
            // then that the archive is not intact is all there is to say
        }
    }

    private static void requireReadable(Path path, ByteBuffer directory) {
        int at = 0;
        while (at + ENTRY_BYTES <= directory.limit() && directory.getInt(at) == ENTRY) {
            int flags = directory.getShort(at + 8);
            int method = directory.getShort(at + 10) & 0xffff;
            int nameBytes = directory.getShort(at + 28) & 0xffff;
            int rest = (directory.getShort(at + 30) & 0xffff) + (directory.getShort(at + 32) & 0xffff);
            int available = Math.min(nameBytes, directory.limit() - at - ENTRY_BYTES);
            String name = new String(directory.array(), at + ENTRY_BYTES, available, StandardCharsets.UTF_8);
            if ((flags & ENCRYPTED) != 0) {
                throw unreadable(path, name, "is encrypted");
            }
            if (method != STORED && method != DEFLATED) {
                throw unreadable(path, name, "is compressed by " + label(method));
            }
            at += ENTRY_BYTES + nameBytes + rest;
        }
    }

    private static DataFormatException unreadable(Path path, String name, String how) {
        return new DataFormatException(
                path + ": its member \"" + name + "\" " + how
                        + ", but only stored and deflated members are read, as numpy.savez and numpy.savez_compressed write them.");
    }

    private static String label(int method) {
        return switch (method) {
            case 9 -> "Deflate64";
            case 12 -> "bzip2";
            case 14 -> "LZMA";
            case 93 -> "Zstandard";
            case 95 -> "XZ";
            default -> "zip's method " + method;
        };
    }

    private static ByteBuffer read(FileChannel file, long start, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(bytes, file.size() - start)))
                .order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && file.read(buffer, start + buffer.position()) > 0) {}
        return buffer.flip();
    }
}
