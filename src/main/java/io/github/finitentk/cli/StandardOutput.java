package io.github.finitentk.cli;

import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Standard output that remembers its first failure, which a {@link java.io.PrintWriter} would swallow. */
final class StandardOutput extends OutputStream {

    private final OutputStream out;
    private IOException failure;

    StandardOutput(OutputStream out) {
        this.out = out;
    }

    private interface Operation {
        void run() throws IOException;
    }

    // What follows a lost piece is not written either: a reader must not take the rest for the whole.
    private void attempt(Operation operation) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            operation.run();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void write(int b) throws IOException {
        attempt(() -> out.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        attempt(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        attempt(out::flush);
    }

    /** One sentence if something that was to be written did not arrive. */
    Optional<String> problem() {
        return Optional.ofNullable(failure).map(e -> "Standard output is incomplete: " + FileProblem.sentence(e));
    }
}
