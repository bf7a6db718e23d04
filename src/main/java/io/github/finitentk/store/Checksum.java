package io.github.finitentk.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The checksum of a row: the first 64 bits of SHA-256 over its values with their types, as the file holds them: Long, Double,
 * String, {@code byte[]} or null. Not for use by several threads.
 */
final class Checksum {

    private final MessageDigest digest;
    private ByteBuffer bytes = ByteBuffer.allocate(512);

    Checksum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** @throws IllegalArgumentException if a value is of no type that a file holds */
    long of(List<Object> row) {
        bytes.clear();
        for (Object value : row) {
            if (value == null) {
                room(1).put((byte) 'n');
            } else if (value instanceof Long number) {
                room(9).put((byte) 'i').putLong(number);
            } else if (value instanceof Double number) {
                room(9).put((byte) 'r').putLong(Double.doubleToLongBits(number));
            } else if (value instanceof String text) {
                add('t', text.getBytes(StandardCharsets.UTF_8));
            } else if (value instanceof byte[] blob) {
                add('b', blob);
            } else {
                throw new IllegalArgumentException("A run file holds no " + value.getClass() + ".");
            }
        }
        digest.update(bytes.array(), 0, bytes.position());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    // The length keeps neighbours apart.
    private void add(char type, byte[] content) {
        room(5 + content.length).put((byte) type).putInt(content.length).put(content);
    }

    private ByteBuffer room(int size) {
        if (bytes.remaining() < size) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + size));
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}
