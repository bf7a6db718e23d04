package io.github.finitentk.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of units in a folder that executors have in common. */
class CheckpointsTest {

    private static final List<Integer> UNIT = List.of(3, 4, 5);

    @TempDir
    Path folder;

    private static Checkpoints in(Path folder) {
        return new Checkpoints(folder.toUri().toString(), new SerializableConfiguration(new Configuration()));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.toString().endsWith(".crc")).toList();
        }
    }

    @Test
    void theLastStateIsRead() throws IOException {
        Checkpoints one = in(folder);
        one.write("spec", UNIT, new byte[] {1, 2});
        one.write("spec", UNIT, new byte[] {3, 4, 5});
        assertThat(in(folder).read("spec", UNIT)).hasValue(new byte[] {3, 4, 5});
        assertThat(one.read("spec", List.of(3, 4))).isEmpty();
        assertThat(one.read("other", UNIT)).isEmpty();
        assertThat(files()).hasSize(1);
        one.drop("spec", UNIT);
        one.drop("spec", UNIT);
        assertThat(one.read("spec", UNIT)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsDamagedIsNotBelieved() throws IOException {
        Checkpoints one = in(folder);
        one.write("spec", UNIT, new byte[] {1, 2, 3});
        Path file = files().get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[9] ^= 1;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                Files.delete(each); // Hadoop's own checksum, too
            }
        }
        Files.write(file, bytes);
        assertThat(one.read("spec", UNIT)).isEmpty();
    }

    @Test
    void aFolderThatThisMachineDoesNotSeeIsNotMade() {
        Path elsewhere = folder.resolve("elsewhere");
        Checkpoints one = in(elsewhere);
        assertThatCode(() -> one.write("spec", UNIT, new byte[] {1})).doesNotThrowAnyException();
        assertThat(elsewhere).doesNotExist();
        assertThat(one.read("spec", UNIT)).isEmpty();
    }
}
