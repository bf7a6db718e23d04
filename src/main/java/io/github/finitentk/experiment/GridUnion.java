package io.github.finitentk.experiment;

import io.github.finitentk.model.Activation;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;

/** The cells of several grids, each once, where it appears first. A view that makes each cell when it is asked for. */
final class GridUnion extends AbstractList<Cell> implements RandomAccess {

    private final List<List<Cell>> grids = new ArrayList<>();
    private final int[] starts;
    private final int[] places;

    GridUnion(List<Grid> union) {
        starts = new int[union.size()];
        int total = 0;
        for (int g = 0; g < union.size(); g++) {
            grids.add(union.get(g).cells());
            starts[g] = total;
            total = Math.addExact(total, grids.get(g).size());
        }
        int[] kept = new int[total];
        int size = 0;
        List<Axes> before = new ArrayList<>();
        for (int g = 0; g < union.size(); g++) {
            Axes axes = new Axes(union.get(g));
            List<Axes> overlapping = before.stream().filter(axes::overlaps).toList();
            List<Cell> cells = grids.get(g);
            for (int k = 0; k < cells.size(); k++) {
                if (overlapping.isEmpty() || !isIn(overlapping, cells.get(k))) {
                    kept[size++] = starts[g] + k;
                }
            }
            before.add(axes);
        }
        places = Arrays.copyOf(kept, size);
    }

    private static boolean isIn(List<Axes> grids, Cell cell) {
        for (Axes grid : grids) {
            if (grid.contains(cell)) {
                return true;
            }
        }
        return false;
    }

    /** The values of a grid's axes. */
    private record Axes(
            Set<Activation> activations,
            Set<Double> sigmaB2,
            Set<Integer> widths,
            Set<Double> sigmaW2,
            Set<Integer> depths) {

        Axes(Grid grid) {
            this(
                    new HashSet<>(grid.activations()),
                    new HashSet<>(grid.sigmaB2()),
                    new HashSet<>(grid.widths()),
                    new HashSet<>(grid.sigmaW2()),
                    new HashSet<>(grid.depths()));
        }

        boolean contains(Cell cell) {
            return sigmaW2.contains(cell.sigmaW2())
                    && depths.contains(cell.depth())
                    && widths.contains(cell.width())
                    && sigmaB2.contains(cell.sigmaB2())
                    && activations.contains(cell.activation());
        }

        boolean overlaps(Axes other) {
            return !Collections.disjoint(activations, other.activations)
                    && !Collections.disjoint(sigmaB2, other.sigmaB2)
                    && !Collections.disjoint(widths, other.widths)
                    && !Collections.disjoint(sigmaW2, other.sigmaW2)
                    && !Collections.disjoint(depths, other.depths);
        }
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public Cell get(int index) {
        int place = places[index];
        int found = Arrays.binarySearch(starts, place);
        int grid = found >= 0 ? found : -found - 2;
        return grids.get(grid).get(place - starts[grid]);
    }
}
