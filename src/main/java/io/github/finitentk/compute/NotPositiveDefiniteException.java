package io.github.finitentk.compute;

/** A matrix that should be positive definite is not, within rounding. */
public final class NotPositiveDefiniteException extends ArithmeticException {

    public NotPositiveDefiniteException(String message) {
        super(message);
    }
}
