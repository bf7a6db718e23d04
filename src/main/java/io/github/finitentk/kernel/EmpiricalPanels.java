package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import io.github.finitentk.internal.compute.KernelBlocks;
import io.github.finitentk.internal.compute.NetworkBatch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The states of a network at panels of inputs, and blocks of its kernels between two of them. As many panels are kept as there is
 * room for; the one that is needed again last makes room.
 */
final class EmpiricalPanels implements BlockComputation.Session {

    private final EmpiricalBlocks kernel;
    private final List<BatchShape.Tile> order;
    private final int most;
    private final int outputs;
    private final double[][] directions;
    private final Map<Panel, NetworkBatch> held = new HashMap<>();
    private int next;

    /** Inputs {@code from, ..., to - 1} of the rows or of the columns. */
    private record Panel(boolean columns, int from, int to) {}

    EmpiricalPanels(EmpiricalBlocks kernel, List<BatchShape.Tile> order, int panels) {
        this.kernel = kernel;
        this.order = order;
        most = panels;
        outputs = kernel.outputs();
        directions = kernel.form().directions(outputs);
    }

    /** Of a panel of so many inputs; one that is alone among many counts twice, since a batch of one adds in another order. */
    static BatchShape shape(EmpiricalBlocks kernel, int inputs) {
        int directions = kernel.form().directions(kernel.outputs()).length;
        return new BatchShape(
                kernel.network().architecture(),
                kernel.network().activation(),
                kernel.precision(),
                1,
                Math.max(2, inputs),
                new KernelBlocks(directions, false, 1));
    }

    /** What the threads take beside the panels. */
    static double scratchBytes(EmpiricalBlocks kernel, int inputs) {
        int directions = kernel.form().directions(kernel.outputs()).length;
        int blocks = kernel.form().pairsOutputs(kernel.outputs()) ? directions * directions : directions;
        return NetworkBatch.crossKernelBytes(shape(kernel, inputs), blocks)
                * kernel.engine().threads();
    }

    @Override
    public void compute(BatchShape.Tile block, double[][] targets) {
        if (kernel.symmetric() && kernel.inputs().count() == 1) {
            ofOneInput(targets);
            return;
        }
        int step = kernel.step();
        Panel rows = new Panel(false, block.row() / step, block.rowEnd() / step);
        Panel columns = columns(block);
        NetworkBatch left = batch(rows, columns);
        NetworkBatch right = batch(columns, rows);
        boolean diagonal = rows.equals(columns);
        boolean pairs = kernel.form().pairsOutputs(outputs);
        int width = block.columnEnd() - block.column();
        for (int kind = 0; kind < kernel.kinds().size(); kind++) {
            int first = kind * kernel.kernelsOfForm();
            left.crossKernel(right, kernel.kinds().get(kind), pairs, diagonal, (tile, blocks) -> {
                BatchShape.Tile there = within(tile, rows, columns);
                if (there != null) {
                    assemble(tile, there, blocks, targets, first, width);
                }
            });
        }
        next++;
        if (diagonal) {
            for (double[] target : targets) {
                mirror(target, width);
            }
        }
    }

    private Panel columns(BatchShape.Tile block) {
        return new Panel(!kernel.symmetric(), block.column() / kernel.step(), block.columnEnd() / kernel.step());
    }

    // Sums of a batch of one input go in lanes.
    private void ofOneInput(double[][] targets) {
        int at = 0;
        for (EmpiricalNtk each : kernel.whole()) {
            for (var theta : each.kernels()) {
                double[] entries = theta.toArray();
                System.arraycopy(entries, 0, targets[at++], 0, entries.length);
            }
        }
    }

    // What of a tile belongs to the panels, whose batches may hold an input twice.
    private static BatchShape.Tile within(BatchShape.Tile tile, Panel rows, Panel columns) {
        int rowEnd = Math.min(tile.rowEnd(), rows.to - rows.from);
        int columnEnd = Math.min(tile.columnEnd(), columns.to - columns.from);
        return tile.row() >= rowEnd || tile.column() >= columnEnd
                ? null
                : new BatchShape.Tile(tile.row(), rowEnd, tile.column(), columnEnd);
    }

    private void assemble(
            BatchShape.Tile tile, BatchShape.Tile there, double[] blocks, double[][] targets, int first, int width) {
        int across = tile.columnEnd() - tile.column();
        int entries = (tile.rowEnd() - tile.row()) * across;
        int count = there.columnEnd() - there.column();
        for (int s = there.row(); s < there.rowEnd(); s++) {
            int from = (s - tile.row()) * across;
            int to = s * width + there.column();
            if (kernel.form().pairsOutputs(outputs)) {
                for (int r = 0; r < count; r++) {
                    pairs(s, there.column() + r, from + r, entries, blocks, targets[first], width);
                }
            } else if (directions.length > 1 && kernel.form().equals(KernelForm.TRACE)) {
                mean(blocks, from, entries, targets[first], to, count);
            } else {
                for (int d = 0; d < directions.length; d++) {
                    System.arraycopy(blocks, d * entries + from, targets[first + d], to, count);
                }
            }
        }
    }

    // In the order of outputs, from 0, as the kernel in one piece is summed.
    private void mean(double[] blocks, int from, int entries, double[] target, int to, int count) {
        Arrays.fill(target, to, to + count, 0);
        for (int d = 0; d < outputs; d++) {
            for (int r = 0; r < count; r++) {
                target[to + r] += blocks[d * entries + from + r];
            }
        }
        for (int r = 0; r < count; r++) {
            target[to + r] /= outputs;
        }
    }

    // Output k of input s has row s K + k, output j of input r column r K + j.
    private void pairs(int s, int r, int from, int entries, double[] blocks, double[] target, int width) {
        for (int k = 0; k < outputs; k++) {
            for (int j = 0; j < outputs; j++) {
                target[(s * outputs + k) * width + r * outputs + j] = blocks[(k * outputs + j) * entries + from];
            }
        }
    }

    private static void mirror(double[] target, int width) {
        for (int s = 0; s < width; s++) {
            for (int r = 0; r < s; r++) {
                target[r * width + s] = target[s * width + r];
            }
        }
    }

    private NetworkBatch batch(Panel panel, Panel beside) {
        NetworkBatch batch = held.get(panel);
        if (batch == null) {
            if (held.size() >= most) {
                makeRoom(beside);
            }
            batch = propagated(panel);
            held.put(panel, batch);
        }
        return batch;
    }

    private void makeRoom(Panel kept) {
        Panel last = null;
        int latest = -1;
        for (Panel panel : held.keySet()) {
            int use = panel.equals(kept) ? -1 : nextUse(panel);
            if (use > latest) {
                latest = use;
                last = panel;
            }
        }
        if (last != null) {
            held.remove(last).close();
        }
    }

    private int nextUse(Panel panel) {
        int step = kernel.step();
        for (int i = next; i < order.size(); i++) {
            BatchShape.Tile block = order.get(i);
            boolean row = !panel.columns && block.row() / step == panel.from;
            if (row || columns(block).equals(panel)) {
                return i;
            }
        }
        return order.size();
    }

    private NetworkBatch propagated(Panel panel) {
        Inputs all = panel.columns ? kernel.others().orElseThrow() : kernel.inputs();
        Inputs inputs = all.slice(panel.from, panel.to);
        if (inputs.count() == 1) {
            inputs = inputs.followedBy(inputs);
        }
        NetworkBatch batch = kernel.engine().allocate(shape(kernel, inputs.count()));
        try {
            batch.setInputs(inputs.toArray());
            batch.setParameters(0, kernel.network().parameters());
            batch.forward();
            batch.backward(directions);
        } catch (RuntimeException | Error e) {
            batch.close();
            throw e;
        }
        return batch;
    }

    @Override
    public void close() {
        held.values().forEach(NetworkBatch::close);
        held.clear();
    }
}
