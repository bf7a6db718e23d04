package io.github.finitentk.training;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A network's training after the single steps at its start, which are the same at any accuracy: later ones go on from there. */
final class FirstSteps {

    private byte[] state;

    boolean areKnown() {
        return state != null;
    }

    void keep(NetworkFlow flow) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            flow.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        state = bytes.toByteArray();
    }

    void restore(NetworkFlow flow) {
        try {
            flow.read(new DataInputStream(new ByteArrayInputStream(state)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget() {
        state = null;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(state == null ? 0 : state.length);
        if (state != null) {
            out.write(state);
        }
    }

    void read(DataInput in) throws IOException {
        int length = in.readInt();
        state = length == 0 ? null : Checkpoint.readBytes(in, length);
    }
}
