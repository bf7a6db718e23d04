package io.github.finitentk.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** The text of a specification file: UTF-8, or UTF-16 where a byte order mark says so (as Windows PowerShell writes). */
final class SpecText {

    /** Longer axes than fit are written as ranges; and SnakeYAML takes a second for 1 MB that is one quoted value. */
    private static final int MAX_BYTES = 1 << 20;

    private SpecText() {}

    /** @throws IllegalArgumentException with one sentence if there is no such file, or it is not a text of at most 1 MiB */
    static String read(Path path) {
        String file = "The specification " + path;
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(file + " is a folder.");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + " does not exist.");
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException(file + " may not be read: permission denied.");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read.");
        }
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    file + " has more than " + MAX_BYTES + " bytes; long axes are written as {from, to, step}.");
        }
        return decode(bytes, file);
    }

    private static String decode(byte[] bytes, String file) {
        int first = bytes.length > 0 ? bytes[0] & 0xff : -1;
        int second = bytes.length > 1 ? bytes[1] & 0xff : -1;
        boolean utf16 = first == 0xfe && second == 0xff || first == 0xff && second == 0xfe;
        CharsetDecoder decoder = (utf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8)
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        boolean failed = decoder.decode(in, out, true).isError();
        String text = out.flip().toString();
        if (failed) {
            throw new IllegalArgumentException(
                    file + ", line " + (text.chars().filter(c -> c == '\n').count() + 1) + ": byte "
                            + String.format(Locale.ROOT, "0x%02X", bytes[in.position()]) + " is not "
                            + (utf16 ? "UTF-16" : "UTF-8") + " text.");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
