package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.model.Network;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells the data of one kernel from those of another. */
final class KernelSettings {

    private static final int ROWS_AT_ONCE = 256;

    private KernelSettings() {}

    /** SHA-256 of all numbers, in f64. */
    static String checksum(Inputs inputs) {
        MessageDigest digest = sha256();
        for (int first = 0; first < inputs.count(); first += ROWS_AT_ONCE) {
            update(
                    digest,
                    inputs.slice(first, Math.min(inputs.count(), first + ROWS_AT_ONCE))
                            .toArray());
        }
        return inputs.count() + " x " + inputs.dimension() + ", sha256 "
                + HexFormat.of().formatHex(digest.digest());
    }

    /** Its shape, its activation, and SHA-256 of its parameters. */
    static String checksum(Network network) {
        MessageDigest digest = sha256();
        update(digest, network.parameters());
        return network.activation().label() + " " + network.architecture() + ", sha256 "
                + HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length);
        bytes.asDoubleBuffer().put(numbers);
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
