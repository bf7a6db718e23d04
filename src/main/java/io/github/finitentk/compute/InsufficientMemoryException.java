package io.github.finitentk.compute;

/** A computation was refused before it began because it needs more memory than there is; the message has both numbers. */
public final class InsufficientMemoryException extends RuntimeException {

    public InsufficientMemoryException(String message) {
        super(message);
    }
}
