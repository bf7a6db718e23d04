package io.github.finitentk.data;

import io.github.finitentk.internal.files.Sentence;

/** A data file that is missing, unreadable or malformed. The message is one sentence that can be shown as it is. */
public final class DataFormatException extends IllegalArgumentException {

    /** @param message what is wrong, in which file, and what is allowed */
    public DataFormatException(String message) {
        super(Sentence.of(message));
    }
}
