package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Only the command line knows of its options and commands: what the library says is the same for every application. */
class CommandLineWordsTest {

    private static final Path CLASSES = Path.of("target/classes/io/github/finitentk");
    private static final Pattern WORDS = Pattern.compile("(^|[\\s(\"';,])(--[a-z]+|ntk [a-z]+)");

    @Test
    void noClassOutsideTheCommandLineSpeaksOfOptionsOrCommands() throws IOException {
        List<String> found = new ArrayList<>();
        int inCommands = 0;
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                boolean commands = file.startsWith(CLASSES.resolve("cli"));
                for (String text : constants(file)) {
                    if (WORDS.matcher(text).find()) {
                        inCommands += commands ? 1 : 0;
                        if (!commands) {
                            found.add(CLASSES.relativize(file) + ": " + text);
                        }
                    }
                }
            }
        }
        assertThat(found).isEmpty();
        assertThat(inCommands).as("such words in the commands themselves").isGreaterThan(20);
    }

    /** The texts of a class's constant pool (JVM specification, section 4.4): literals, and parts of concatenations. */
    private static List<String> constants(Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(8);
            int count = in.readUnsignedShort();
            for (int k = 1; k < count; k++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.add(in.readUTF());
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        k++; // Long and double take two places.
                    }
                    case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    default -> throw new IOException(file + " has an entry of the unknown kind " + tag + ".");
                }
            }
        }
        return texts;
    }
}
