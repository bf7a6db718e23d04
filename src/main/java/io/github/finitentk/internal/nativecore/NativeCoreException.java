package io.github.finitentk.internal.nativecore;

/** The native core refused a call or failed in it; the message is the core's own sentence. */
public final class NativeCoreException extends RuntimeException {

    public NativeCoreException(String message) {
        super(message);
    }
}
