package io.github.finitentk.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Names that Java did not get as they were typed, because the locale's character set has no word for them: under
 * {@code LC_ALL=C} each of their bytes is a question mark, existing files do not exist, and new ones get other names.
 */
final class LocaleCheck {

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private LocaleCheck() {}

    /** What is wrong with the arguments of this process or with its current folder, in a sentence. */
    static Optional<String> problem(String[] args) {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
        List<byte[]> typed = typed(args.length);
        for (int i = 0; i < typed.size(); i++) {
            if (!Arrays.equals(typed.get(i), args[i].getBytes(charset))) {
                return Optional.of(sentence("The argument \"" + args[i] + "\"", name));
            }
        }
        String here = System.getProperty("user.dir");
        if ((here.indexOf('?') >= 0 || here.indexOf('\ufffd') >= 0) && !isFolder(here)) {
            return Optional.of(sentence("The name of the current folder, \"" + here + "\",", name));
        }
        return Optional.empty();
    }

    private static boolean isFolder(String name) {
        try {
            return Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String sentence(String what, String charset) {
        return what + " holds characters that the locale's character set, " + charset
                + ", does not have; set LC_ALL=C.UTF-8 or another UTF-8 locale, or use ./ntk, which does.";
    }

    /** The last {@code count} arguments as bytes; none where the system does not tell. */
    private static List<byte[]> typed(int count) {
        List<byte[]> all = new ArrayList<>();
        try {
            byte[] line = Files.readAllBytes(COMMAND_LINE);
            int start = 0;
            for (int i = 0; i < line.length; i++) {
                if (line[i] == 0) {
                    all.add(Arrays.copyOfRange(line, start, i));
                    start = i + 1;
                }
            }
        } catch (IOException unknown) {
            return List.of();
        }
        return all.size() > count ? all.subList(all.size() - count, all.size()) : List.of();
    }
}
