package io.github.finitentk.training;

import io.github.finitentk.internal.compute.DescentState;
import io.github.finitentk.model.Network;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The envelope of a saved training: a magic number, a version, a fingerprint of problem and plan, the integrator's own
 * state, and a checksum of it all.
 */
final class Checkpoint {

    private static final int MAGIC = 0x4e544b54; // NTKT
    private static final int VERSION = 3;

    private final byte[] fingerprint;

    Checkpoint(TrainingProblem problem, TrainingPlan plan) {
        fingerprint = fingerprint(problem, plan);
    }

    @FunctionalInterface
    interface Writer {
        void write(DataOutput out) throws IOException;
    }

    @FunctionalInterface
    interface Reader {
        void read(DataInput in) throws IOException;
    }

    byte[] write(Writer state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.write(fingerprint);
            state.write(out);
            out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the checkpoint is damaged, of another version, or of another training */
    void read(byte[] checkpoint, Reader state) {
        int end = checkpoint.length - Long.BYTES;
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(checkpoint, 0, Math.max(0, end)))) {
            if (in.readInt() != MAGIC) {
                throw new IllegalArgumentException("This is not the checkpoint of a training.");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("The checkpoint has version " + version
                        + ", but this program reads version " + VERSION + "; start the training anew.");
            }
            if (ByteBuffer.wrap(checkpoint).getLong(end) != checksum(checkpoint, end)) {
                throw new IllegalArgumentException("The checkpoint of the training is damaged; start it anew.");
            }
            byte[] owner = new byte[fingerprint.length];
            in.readFully(owner);
            if (!Arrays.equals(owner, fingerprint)) {
                throw new IllegalArgumentException(
                        "The checkpoint belongs to a training with other networks, data or settings.");
            }
            state.read(in);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("The checkpoint of the training is damaged; start it anew.", e);
        }
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    private static byte[] fingerprint(TrainingProblem problem, TrainingPlan plan) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
        digest.update(
                (text(plan) + problem.activation().label() + problem.architecture()).getBytes(StandardCharsets.UTF_8));
        update(digest, problem.data().inputs().toArray());
        update(digest, problem.data().targets().toArray());
        for (Network network : problem.networks()) {
            update(digest, network.parameters());
        }
        return digest.digest();
    }

    // Plans had only the first of these settings once, and this text: checkpoints from then are read on.
    private static String text(TrainingPlan plan) {
        String text = "TrainingPlan[learningRate=" + plan.learningRate() + ", loss=" + plan.loss() + ", maxSteps="
                + plan.maxSteps() + ", minDecrease=" + plan.minDecrease() + ", patience=" + plan.patience()
                + ", snapshots=" + plan.snapshots() + ", integrator=" + plan.integrator() + ", precision="
                + plan.precision() + "]";
        return plan.isPlain() && plan.kernelSamples() == TrainingPlan.ALL
                ? text
                : text + plan.optimizer() + " batch " + plan.batch() + " " + plan.order() + " kernel "
                        + plan.kernelSamples();
    }

    private static void update(MessageDigest digest, double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Double.BYTES));
        bytes.asDoubleBuffer().put(numbers);
        digest.update(bytes);
    }

    /** That many bytes, for which there is room once they are there: a length that is wrong must not exhaust the memory. */
    static byte[] readBytes(DataInput in, int length) throws IOException {
        if (length < 0) {
            throw new IOException("impossible length");
        }
        byte[] bytes = new byte[Math.min(length, 1 << 16)];
        for (int done = 0; done < length; ) {
            bytes = done == bytes.length ? Arrays.copyOf(bytes, (int) Math.min(length, 2L * done)) : bytes;
            in.readFully(bytes, done, bytes.length - done);
            done = bytes.length;
        }
        return bytes;
    }

    static void write(DataOutput out, DescentState state) throws IOException {
        out.writeLong(state.step());
        out.writeInt(state.status().ordinal());
        out.writeDouble(state.best());
        out.writeLong(state.waited());
        out.writeDouble(state.leastLoss());
        out.writeDouble(state.lastLoss());
    }

    static DescentState readState(DataInput in) throws IOException {
        return new DescentState(
                in.readLong(),
                DescentState.Status.values()[in.readInt()],
                in.readDouble(),
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                0);
    }
}
