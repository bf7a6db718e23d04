package io.github.finitentk.experiment;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The units of cells that differ in depth only, in the order of their first cells: for each the places of its cells. A few
 * integers for each cell, so that millions of cells can be looked over; a unit's list is made when it is asked for.
 */
final class DepthUnits extends AbstractList<List<Integer>> {

    private static final int NONE = -1;

    private final List<Cell> cells;
    private final int[] next;
    private int[] first = new int[16];
    private int[] last = new int[16];
    // Open addressing: places in first, by the hash of the cell without its depth.
    private int[] table = new int[64];
    private int size;

    DepthUnits(List<Cell> cells) {
        this.cells = cells;
        this.next = new int[cells.size()];
        Arrays.fill(next, NONE);
        Arrays.fill(table, NONE);
        for (int k = 0; k < next.length; k++) {
            int slot = slot(cells.get(k).withDepth(1));
            if (table[slot] == NONE) {
                begin(slot, k);
            } else {
                int column = table[slot];
                next[last[column]] = k;
                last[column] = k;
            }
        }
        table = null;
    }

    private void begin(int slot, int cell) {
        if (size == first.length) {
            first = Arrays.copyOf(first, 2 * size);
            last = Arrays.copyOf(last, 2 * size);
        }
        first[size] = cell;
        last[size] = cell;
        table[slot] = size++;
        if (2 * size > table.length) {
            table = new int[2 * table.length];
            Arrays.fill(table, NONE);
            for (int column = 0; column < size; column++) {
                table[slot(cells.get(first[column]).withDepth(1))] = column;
            }
        }
    }

    // Where a column is in the table, or could be put.
    private int slot(Cell column) {
        int mask = table.length - 1;
        int slot = spread(column.hashCode()) & mask;
        while (table[slot] != NONE
                && !cells.get(first[table[slot]]).withDepth(1).equals(column)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    // Neighbours in a grid have hash codes that differ in few bits.
    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ mixed >>> 15;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Integer> get(int index) {
        List<Integer> unit = new ArrayList<>();
        for (int cell = first[index]; cell != NONE; cell = next[cell]) {
            unit.add(cell);
        }
        return unit;
    }
}
