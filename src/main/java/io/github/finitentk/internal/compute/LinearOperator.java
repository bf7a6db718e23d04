package io.github.finitentk.internal.compute;

/** A square matrix of which only products are known. */
public interface LinearOperator {

    /**
     * {@code A V} for several columns at once.
     *
     * @param v {@code n x m}, row-major; not modified, not kept
     * @param m columns, at least 1
     * @return {@code n x m}, a new array
     */
    double[] times(double[] v, int m);
}
