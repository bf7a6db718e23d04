package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.finitentk.internal.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void aFileThatIsReplacedLeavesItsPermissions() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path file = folder.resolve("table.csv");
        for (String permissions : new String[] {"rw-------", "rw-rw-rw-", "rwxr-x---", "r--r--r--"}) {
            Files.deleteIfExists(file);
            Files.writeString(file, "old");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            write(file, "new");
            assertThat(Files.readString(file)).isEqualTo("new");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(permissions);
        }
        // A new one has those of any new file.
        Path made = Files.createFile(folder.resolve("made"));
        write(folder.resolve("fresh"), "new");
        assertThat(Files.getPosixFilePermissions(folder.resolve("fresh")))
                .isEqualTo(Files.getPosixFilePermissions(made));
    }

    @Test
    void whatKilledProcessesHaveLeftIsSwept() throws IOException {
        Path left = Files.writeString(folder.resolve(".other.csv." + UUID.randomUUID() + ".tmp"), "half");
        Path foreign = Files.writeString(folder.resolve(".notes.tmp"), "mine");
        write(folder.resolve("table.csv"), "new");
        assertThat(left).doesNotExist();
        assertThat(foreign).exists();
    }

    @Test
    void whatIsBeingWrittenIsNotSwept() {
        AtomicFile.write(folder.resolve("outer"), out -> {
            write(folder.resolve("inner"), "inner");
            out.write("outer".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(folder.resolve("outer")).hasContent("outer");
        assertThat(folder.resolve("inner")).hasContent("inner");
    }

    @Test
    void whatFailsLeavesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    throw new IOException("no more");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("table.csv");
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
