package io.github.finitentk.spark;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.internal.Version;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The states of units under way, in a folder that executors have in common: what a lost executor has begun, another one goes on
 * with. Where an executor does not see the folder, nothing is kept. Safe for use by several threads and machines.
 */
final class Checkpoints implements Serializable {

    private static final long serialVersionUID = 1;

    private final String folder;
    private final SerializableConfiguration configuration;

    /** @param folder exists if it is one that this machine sees */
    Checkpoints(String folder, SerializableConfiguration configuration) {
        this.folder = folder;
        this.configuration = configuration;
    }

    private FileSystem files() throws IOException {
        return new Path(folder).getFileSystem(configuration.value());
    }

    // Another version or specification may have other states.
    private Path file(String spec, List<Integer> unit) {
        String key = Version.text() + "\n" + spec + "\n" + unit;
        return new Path(folder, UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ".checkpoint");
    }

    /** The last state of a unit, if there is one and it is what was written. */
    Optional<byte[]> read(String spec, List<Integer> unit) {
        Path file = file(spec, unit);
        try {
            FileSystem files = files();
            if (!files.exists(file)) {
                return Optional.empty();
            }
            try (DataInputStream in = files.open(file)) {
                long checksum = in.readLong();
                byte[] state = in.readAllBytes();
                return checksum(state) == checksum ? Optional.of(state) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty(); // and the unit is computed from its beginning
        }
    }

    /** @throws CellStore.StoreException if it cannot be saved */
    void write(String spec, List<Integer> unit, byte[] state) {
        Path file = file(spec, unit);
        Path temporary = new Path(folder, "." + UUID.randomUUID());
        try {
            FileSystem files = files();
            if (!files.exists(new Path(folder))) {
                return;
            }
            try (DataOutputStream out = files.create(temporary)) {
                out.writeLong(checksum(state));
                out.write(state);
            }
            files.delete(file, false);
            if (!files.rename(temporary, file)) {
                files.delete(temporary, false); // another copy of the task was faster
            }
        } catch (IOException e) {
            throw new CellStore.StoreException(
                    "A checkpoint cannot be written to " + folder + ": " + e.getMessage() + ".");
        }
    }

    void drop(String spec, List<Integer> unit) {
        try {
            files().delete(file(spec, unit), false);
        } catch (IOException e) {
            // It is of no use any more, and no harm.
        }
    }

    private static long checksum(byte[] state) {
        CRC32 crc = new CRC32();
        crc.update(state);
        return crc.getValue();
    }
}
