package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.LinearAlgebra;

/** LAPACK of the bundled OpenBLAS, single-threaded: dsyevd, dpotrf, dpotrs, dpocon. */
final class LapackLinearAlgebra extends LinearAlgebra {

    static final LapackLinearAlgebra INSTANCE = new LapackLinearAlgebra();

    private LapackLinearAlgebra() {}

    @Override
    protected void eigen(int n, double[] a, double[] values) {
        try {
            NtkCore.symmetricEigen(n, a, values);
        } catch (NativeCoreException e) {
            throw new ArithmeticException(
                    "The eigenvalues of a " + n + " x " + n + " matrix could not be computed: " + e.getMessage());
        }
    }

    @Override
    protected boolean factor(int n, double[] a) {
        return NtkCore.choleskyFactor(n, a);
    }

    @Override
    protected void solve(int n, double[] factor, int count, double[] rows) {
        NtkCore.choleskySolve(n, factor, count, rows);
    }

    @Override
    protected double reciprocalCondition(int n, double[] factor, double norm1) {
        return NtkCore.choleskyReciprocalCondition(n, factor, norm1);
    }
}
