package io.github.finitentk.experiment;

/** Results cannot be kept: the one problem that ends a sweep. The message is one sentence. */
public class CellStoreException extends RuntimeException {

    public CellStoreException(String message) {
        super(message);
    }
}
