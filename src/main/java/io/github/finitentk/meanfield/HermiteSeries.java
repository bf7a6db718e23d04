package io.github.finitentk.meanfield;

/**
 * The Hermite expansions of all inputs of a problem in all hidden layers.
 *
 * @param cells by layer and input; null for inputs whose pairs are done carefully
 * @param roots {@code sqrt(q)} likewise
 * @param inverses {@code 1/sqrt(q)}, 0 for q = 0
 * @param evenTerms by layer, the most that an input needs
 * @param oddTerms likewise
 */
record HermiteSeries(HermiteCell[][] cells, double[][] roots, double[][] inverses, int[] evenTerms, int[] oddTerms) {

    /** @return null if a variance has no expansion that serves every correlation */
    static HermiteSeries of(KernelProblem problem) {
        int hidden = problem.depth - 1;
        HermiteCell[][] cells = new HermiteCell[hidden][problem.samples];
        int[] evenTerms = new int[hidden];
        int[] oddTerms = new int[hidden];
        Direct direct = new Direct(problem);
        for (int l = 0; l < hidden; l++) {
            for (int s = 0; s < problem.samples; s++) {
                double q = problem.q[l][s];
                if (q == 0 || problem.extreme(s)) {
                    continue;
                }
                HermiteCell cell = problem.expectation instanceof TabulatedExpectation table
                        ? table.cell(q)
                        : direct.cell(l, problem.normClass[s], q);
                if (cell == null) {
                    return null;
                }
                cells[l][s] = cell;
                evenTerms[l] = Math.max(evenTerms[l], cell.evenTerms(Math.sqrt(q)));
                oddTerms[l] = Math.max(oddTerms[l], cell.oddTerms(Math.sqrt(q)));
            }
        }
        double[][] roots = PiecewiseLinearRows.roots(problem.q);
        return new HermiteSeries(cells, roots, PiecewiseLinearRows.inverses(roots), evenTerms, oddTerms);
    }

    /** One expansion for the inputs of one norm in one layer, and for the layers after it in which q stays what it is. */
    private static final class Direct {

        private final KernelProblem problem;
        private final HermiteCell[] cells;
        private final double[] at;
        private final int[] layers;

        Direct(KernelProblem problem) {
            this.problem = problem;
            int classes = 1 + java.util.Arrays.stream(problem.normClass).max().getAsInt();
            cells = new HermiteCell[classes];
            at = new double[classes];
            layers = new int[classes];
        }

        HermiteCell cell(int layer, int normClass, double q) {
            boolean ofLayer = cells[normClass] != null && layers[normClass] == layer;
            if (!ofLayer && !(Math.abs(at[normClass] - q) <= KernelProblem.SAME * q)) {
                cells[normClass] = HermiteCell.at(q, (QuadratureExpectation) problem.expectation);
                at[normClass] = q;
            }
            layers[normClass] = layer;
            return cells[normClass];
        }
    }
}
