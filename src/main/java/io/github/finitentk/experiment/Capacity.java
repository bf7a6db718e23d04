package io.github.finitentk.experiment;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * How long a sweep takes on many cores, one unit of cells on each at a time: a simulation with what units are estimated to take
 * or, where runs have been computed before, with what they took. A unit that no run has takes its estimate times the ratio of
 * measured to estimated time of the nearest one that some run has: so stragglers are where they were.
 */
public final class Capacity {

    private final SweepSpec spec;
    // By the unit's first place.
    private final Map<Integer, Double> seconds = new HashMap<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final int measured;

    /**
     * A run that has been computed before.
     *
     * @param spec of the same quantity; settings and grid may be others
     * @param rows its finished cells, with their times
     */
    public record Measured(SweepSpec spec, Iterable<SweepRow> rows) {}

    /**
     * A forecast.
     *
     * @param cores how many
     * @param jobArray seconds until the last {@link Shard} of as many is finished, if each has a core
     * @param queue seconds until all is finished, if a core that is free takes the unit that is dearest by its estimate
     * @param work seconds of one core that all units take together
     */
    public record Forecast(int cores, double jobArray, double queue, double work) {

        /** The share of the time of all cores that is spent on units, until the last shard is finished. */
        public double jobArrayEfficiency() {
            return jobArray > 0 ? work / (cores * jobArray) : 1;
        }

        /** The same until the queue is empty. */
        public double queueEfficiency() {
            return queue > 0 ? work / (cores * queue) : 1;
        }
    }

    private Capacity(SweepSpec spec, List<Measured> runs) {
        this.spec = spec;
        Map<Cell, Double> known = new HashMap<>();
        for (Measured run : runs) {
            if (!run.spec.quantity().name().equals(spec.quantity().name())) {
                throw new IllegalArgumentException(
                        "Times of the quantity " + run.spec.quantity().name() + " say nothing about those of "
                                + spec.quantity().name() + ".");
            }
            Map<Cell, Double> times = times(run.rows);
            addRatios(run.spec.quantity(), run.spec.cells(), times);
            if (run.spec.quantity().settings().equals(spec.quantity().settings())) {
                known.putAll(times);
            }
        }
        int direct = 0;
        List<Cell> cells = spec.cells();
        for (List<Integer> places : spec.quantity().units(cells)) {
            List<Cell> unit = places.stream().map(cells::get).toList();
            boolean measuredHere = known.keySet().containsAll(unit);
            direct += measuredHere ? 1 : 0;
            seconds.put(
                    places.get(0),
                    measuredHere
                            ? unit.stream().distinct().mapToDouble(known::get).sum()
                            : spec.quantity().seconds(unit) * nearest(unit.get(0)));
        }
        measured = direct;
    }

    /** Measured over estimated time of a unit, and its first cell. */
    private record Ratio(Cell cell, double value) {

        // What matters is by how much an axis differs, not from where; another activation is further than anything
        // else.
        double distance(Cell other) {
            return Math.abs(StrictMath.log((double) cell.width() / other.width()))
                    + Math.abs(StrictMath.log((double) cell.depth() / other.depth()))
                    + Math.abs(StrictMath.log((1 + cell.sigmaW2()) / (1 + other.sigmaW2())))
                    + Math.abs(StrictMath.log((1 + cell.sigmaB2()) / (1 + other.sigmaB2())))
                    + (cell.activation().equals(other.activation()) ? 0 : 1e3);
        }
    }

    private double nearest(Cell cell) {
        return ratios.stream()
                .min(Comparator.comparingDouble(ratio -> ratio.distance(cell)))
                .map(Ratio::value)
                .orElse(1.0);
    }

    /** By the estimates alone. */
    public static Capacity of(SweepSpec spec) {
        return new Capacity(spec, List.of());
    }

    /**
     * By what runs have taken.
     *
     * @throws IllegalArgumentException with one sentence if one is of another quantity
     */
    public static Capacity of(SweepSpec spec, List<Measured> runs) {
        return new Capacity(spec, runs);
    }

    // Of a cell that has several rows, all of them; what failed says nothing.
    private static Map<Cell, Double> times(Iterable<SweepRow> rows) {
        Map<Cell, Double> times = new HashMap<>();
        for (SweepRow row : rows) {
            if (row.status() != SweepRow.Status.FAILED) {
                times.merge(row.cell(), row.seconds(), Double::sum);
            }
        }
        return times;
    }

    private void addRatios(Quantity quantity, List<Cell> cells, Map<Cell, Double> times) {
        for (List<Integer> places : quantity.units(cells)) {
            List<Cell> unit =
                    places.stream().map(cells::get).filter(times::containsKey).toList();
            double estimate = unit.isEmpty() ? 0 : quantity.seconds(unit);
            if (estimate > 0) {
                double time = unit.stream().distinct().mapToDouble(times::get).sum();
                ratios.add(new Ratio(unit.get(0), time / estimate));
            }
        }
    }

    /** How many units were measured in a run with the same settings. */
    public int measuredUnits() {
        return measured;
    }

    /** How many units there are. */
    public int units() {
        return seconds.size();
    }

    /** Measured over estimated time of the units of the runs, in ascending order; empty without runs. */
    public double[] ratios() {
        return ratios.stream().mapToDouble(Ratio::value).sorted().toArray();
    }

    /** Seconds that all units take on one core. */
    public double work() {
        return seconds.values().stream()
                .sorted()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** Seconds of the longest unit: no number of cores takes less. */
    public double longest() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /**
     * On so many cores.
     *
     * @throws IllegalArgumentException if there cannot be as many shards
     */
    public Forecast on(int cores) {
        double slowest = 0;
        for (List<List<Integer>> shard : Shard.deal(spec, new BitSet(), cores)) {
            slowest = Math.max(
                    slowest,
                    shard.stream().mapToDouble(unit -> seconds.get(unit.get(0))).sum());
        }
        PriorityQueue<Double> free = new PriorityQueue<>();
        free.addAll(Collections.nCopies(cores, 0.0));
        double end = 0;
        for (List<Integer> unit : Shard.deal(spec, new BitSet(), 1).get(0)) {
            double finished = free.remove() + seconds.get(unit.get(0));
            free.add(finished);
            end = Math.max(end, finished);
        }
        return new Forecast(cores, slowest, end, work());
    }
}
