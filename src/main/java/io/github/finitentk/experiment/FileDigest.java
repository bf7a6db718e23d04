package io.github.finitentk.experiment;

import io.github.finitentk.data.DataFormatException;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the contents of files, one after the other: whether they are still what they were. */
final class FileDigest {

    private final MessageDigest digest;

    FileDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java lacks SHA-256.", e);
        }
    }

    /** @throws DataFormatException if the file cannot be read */
    void add(Path file) {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new DataFormatException("Cannot read " + file + ": " + FileProblem.reason(e) + ".");
        }
    }

    /** Of all that was added, in lower-case hexadecimals. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
