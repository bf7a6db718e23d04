package io.github.finitentk.experiment;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The members of an ensemble that are trained already, as bytes. */
final class EnsembleCheckpoint {

    private static final int VERSION = 1;

    private EnsembleCheckpoint() {}

    static byte[] write(List<EnsembleTraining.Member> members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeInt(members.size());
            for (EnsembleTraining.Member member : members) {
                write(out, member.initial());
                write(out, member.trained());
                write(out, member.predicted());
                write(out, member.converged());
                out.writeDouble(member.conditionNumber());
                out.writeLong(member.steps());
                out.writeDouble(member.initialLoss());
                out.writeDouble(member.finalLoss());
                out.writeDouble(member.kernelChange());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written outside memory
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes are not such a state */
    static List<EnsembleTraining.Member> read(byte[] state) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
            if (in.readInt() != VERSION) {
                throw new IOException("another version");
            }
            List<EnsembleTraining.Member> members = new ArrayList<>();
            int count = in.readInt();
            for (int rest = count; rest > 0; rest--) {
                members.add(new EnsembleTraining.Member(
                        read(in),
                        read(in),
                        read(in),
                        read(in),
                        in.readDouble(),
                        in.readLong(),
                        in.readDouble(),
                        in.readDouble(),
                        in.readDouble()));
            }
            if (count < 0 || in.available() > 0) {
                throw new IOException("impossible length");
            }
            return members;
        } catch (IOException e) {
            throw new IllegalArgumentException("The checkpoint of an ensemble is damaged.", e);
        }
    }

    private static void write(DataOutputStream out, double[] values) throws IOException {
        out.writeInt(values.length);
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    private static double[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || (long) length * Double.BYTES > in.available()) {
            throw new IOException("impossible length");
        }
        double[] values = new double[length];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }
}
