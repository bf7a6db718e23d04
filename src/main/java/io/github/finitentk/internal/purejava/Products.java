package io.github.finitentk.internal.purejava;

/**
 * Matrix products over arrays of rows, once by plain loops and once in vectors; {@link ProductsHere} chooses.
 *
 * @param <R> the type of one row
 */
interface Products<R> {

    /** {@link Rows#multiplyAdd}. */
    void multiplyAdd(R[] a, int i0, int i1, R[] b, int inner, R[] c, int c0, int columns);

    /** How many numbers of a row are computed at once. */
    int lanes();
}
