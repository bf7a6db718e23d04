package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.LinearAlgebra;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** EJML, the one class that needs it. */
final class EjmlLinearAlgebra extends LinearAlgebra {

    static final LinearAlgebra INSTANCE = new EjmlLinearAlgebra();

    private EjmlLinearAlgebra() {}

    @Override
    protected void eigen(int n, double[] a, double[] values) {
        mirror(n, a);
        double shift = 0;
        EigenDecomposition_F64<DMatrixRMaj> decomposition = DecompositionFactory_DDRM.eig(n, true, true);
        if (!decomposition.decompose(DMatrixRMaj.wrap(n, n, a.clone()))) {
            // EJML waits until off-diagonal entries are small relative to their neighbours on the diagonal. In a
            // singular matrix, such as the kernel of repeated inputs, those are rounding errors too; those of A +
            // |A| I are not.
            shift = norm(n, a);
            double[] shifted = a.clone();
            for (int i = 0; i < n; i++) {
                shifted[i * n + i] += shift;
            }
            if (!decomposition.decompose(DMatrixRMaj.wrap(n, n, shifted))) {
                throw new ArithmeticException("The eigenvalues of a " + n + " x " + n
                        + " matrix could not be computed: EJML's iteration did not converge.");
            }
        }
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(k -> decomposition.getEigenvalue(k).real));
        for (int k = 0; k < n; k++) {
            values[k] = decomposition.getEigenvalue(order[k]).real - shift;
            System.arraycopy(decomposition.getEigenVector(order[k]).data, 0, a, k * n, n);
        }
    }

    @Override
    protected boolean factor(int n, double[] a) {
        mirror(n, a);
        CholeskyDecomposition_F64<DMatrixRMaj> decomposition = DecompositionFactory_DDRM.chol(n, true);
        if (!decomposition.decompose(DMatrixRMaj.wrap(n, n, a.clone()))) {
            return false;
        }
        decomposition.getT(DMatrixRMaj.wrap(n, n, a));
        return true;
    }

    @Override
    protected void solve(int n, double[] factor, int count, double[] rows) {
        double[] x = new double[n];
        for (int r = 0; r < count; r++) {
            System.arraycopy(rows, r * n, x, 0, n);
            TriangularSolver_DDRM.solveL(factor, x, n);
            TriangularSolver_DDRM.solveTranL(factor, x, n);
            System.arraycopy(x, 0, rows, r * n, n);
        }
    }

    @Override
    protected double reciprocalCondition(int n, double[] factor, double norm1) {
        double largest = 0;
        for (int k = 0; k < n; k++) {
            double[] column = new double[n];
            column[k] = 1;
            solve(n, factor, 1, column);
            largest = Math.max(largest, Arrays.stream(column).map(Math::abs).sum());
        }
        return 1 / norm1 / largest;
    }

    /** The Frobenius norm of a symmetric matrix, at least the magnitude of every eigenvalue. */
    private static double norm(int n, double[] a) {
        double norm = 0;
        for (int i = 0; i < n * n; i++) {
            norm = StrictMath.hypot(norm, a[i]);
        }
        return norm;
    }

    /** EJML reads either triangle, depending on the algorithm. */
    private static void mirror(int n, double[] a) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                a[j * n + i] = a[i * n + j];
            }
        }
    }
}
