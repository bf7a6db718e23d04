package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.Panel;
import io.github.finitentk.model.Precision;

/** A panel in direct memory. */
final class NativePanel extends Panel {

    private final NativeNumbers numbers;
    private final NtkCore.Panel panel = new NtkCore.Panel();

    NativePanel(Precision precision, int rows, int columns) {
        super(precision, rows, columns);
        numbers = new NativeNumbers(precision, (long) rows * columns).zeroed();
        panel.type(NativeNumbers.elementType(precision));
        panel.rows(rows);
        panel.columns(columns);
        panel.numbers(numbers.memory());
    }

    private static NtkCore.Panel of(Panel other) {
        return ((NativePanel) other).panel;
    }

    @Override
    protected void writeBlock(int first, int count, int column, int width, double[] values) {
        if (width == columns()) {
            numbers.write((long) first * width, values, 0, count * width);
            return;
        }
        for (int r = 0; r < count; r++) {
            numbers.write((long) (first + r) * columns() + column, values, r * width, width);
        }
    }

    @Override
    protected void readRows(int first, int count, double[] target) {
        numbers.read((long) first * columns(), target, 0, count * columns());
    }

    @Override
    protected void add(Panel a, int firstA, boolean transposed, Panel b, int firstB, int first, int m, int k) {
        NtkCore.addProduct(of(a), firstA, transposed, of(b), firstB, panel, first, m, k);
    }

    @Override
    protected int factor(int first, int n) {
        return (int) NtkCore.factorTriangle(panel, first, n);
    }

    @Override
    protected void solve(Panel u, int firstU, int n, boolean transposed, int first) {
        NtkCore.solveTriangle(of(u), firstU, n, transposed, panel, first);
    }

    @Override
    protected void release() {
        panel.close();
        numbers.close();
    }
}
