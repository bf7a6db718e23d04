package io.github.finitentk.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The k-th of n parts of a sweep, for n processes that know nothing of one another. Which cells a shard has depends on the
 * specification and n alone: units go, the dearest by {@link Quantity#seconds} first, each to the shard that has least to do so far.
 * Units that cost the same go in an order without pattern, so that no shard gets all of one depth, say.
 *
 * @param number k, from 1
 * @param count n
 */
public record Shard(int number, int count) {

    /** All of a sweep. */
    public static final Shard WHOLE = new Shard(1, 1);

    /** More are taken for a slip of the pen. */
    public static final int MAX_COUNT = 100_000;

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

    /** @throws IllegalArgumentException unless {@code 1 <= number <= count <= MAX_COUNT} */
    public Shard {
        requireCount(count);
        if (number < 1 || number > count) {
            throw new IllegalArgumentException("The shards of " + count + " are numbered from 1 to " + count
                    + "; there is no shard " + number + ".");
        }
    }

    private static void requireCount(int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "A sweep can be cut into 1 to " + MAX_COUNT + " shards, not " + count + ".");
        }
    }

    /**
     * Reads {@code 3/20}, as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Shard parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "A shard is written k/n, such as 3/20 for the third of twenty, not \"" + text + "\".");
        }
        return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Whether this is all of a sweep. */
    public boolean isWhole() {
        return count == 1;
    }

    /** The places of its cells, in grid order. A new set. */
    public BitSet cells(SweepSpec spec) {
        BitSet cells = new BitSet(spec.size());
        if (isWhole()) {
            cells.set(0, spec.size());
        } else {
            deal(spec, new BitSet(), count).get(number - 1).forEach(unit -> unit.forEach(cells::set));
        }
        return cells;
    }

    /**
     * All shards of a sweep, or of what is left of it.
     *
     * @param finished cells that are not dealt out, by their place in grid order; none for the shards that {@link #cells} has
     * @param count n
     * @return for each shard its units, the dearest first: lists of places in grid order. Shards beyond the number of units are empty
     * @throws IllegalArgumentException if the number of shards is out of range
     */
    public static List<List<List<Integer>>> deal(SweepSpec spec, BitSet finished, int count) {
        requireCount(count);
        List<Unit> units = new ArrayList<>();
        List<Cell> cells = spec.cells();
        for (List<Integer> places : spec.quantity().units(cells)) {
            List<Integer> left =
                    places.stream().filter(place -> !finished.get(place)).toList();
            if (!left.isEmpty()) {
                List<Cell> unit = left.stream().map(cells::get).toList();
                units.add(new Unit(left, spec.quantity().seconds(unit)));
            }
        }
        units.sort(Comparator.comparingDouble(Unit::seconds).reversed().thenComparingLong(Unit::mixed));
        List<List<List<Integer>>> shards = IntStream.range(0, count)
                .<List<List<Integer>>>mapToObj(k -> new ArrayList<>())
                .toList();
        PriorityQueue<Load> loads = new PriorityQueue<>();
        IntStream.range(0, count).forEach(k -> loads.add(new Load(k, 0, 0)));
        for (Unit unit : units) {
            Load least = loads.remove();
            shards.get(least.shard).add(unit.places);
            loads.add(new Load(least.shard, least.seconds + unit.seconds, least.units + 1));
        }
        return shards;
    }

    /**
     * The shards that have something left to do.
     *
     * @param finished cells by their place in grid order
     * @param count n
     * @throws IllegalArgumentException if the number of shards is out of range
     */
    public static List<Shard> unfinished(SweepSpec spec, BitSet finished, int count) {
        List<List<List<Integer>>> shards = deal(spec, new BitSet(), count);
        return IntStream.range(0, count)
                .filter(k -> shards.get(k).stream().flatMap(List::stream).anyMatch(place -> !finished.get(place)))
                .mapToObj(k -> new Shard(k + 1, count))
                .toList();
    }

    private record Unit(List<Integer> places, double seconds) {

        // One to one, so that no two units are equal: the finaliser of SplitMix64.
        long mixed() {
            long mixed = places.get(0) * 0x9e3779b97f4a7c15L;
            mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
            return mixed ^ mixed >>> 31;
        }
    }

    // What costs nothing is dealt by number.
    private record Load(int shard, double seconds, int units) implements Comparable<Load> {

        private static final Comparator<Load> LEAST = Comparator.comparingDouble(Load::seconds)
                .thenComparingInt(Load::units)
                .thenComparingInt(Load::shard);

        @Override
        public int compareTo(Load other) {
            return LEAST.compare(this, other);
        }
    }

    /** The run file of this shard: {@code run.shard-3-of-20.db} beside {@code run.db}; that itself for the whole. */
    public Path file(Path run) {
        if (isWhole()) {
            return run;
        }
        String name = run.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String ending = dot > 0 ? name.substring(dot) : "";
        return run.resolveSibling(stem + ".shard-" + number + "-of-" + count + ending);
    }

    /** {@code 3/20}. */
    @Override
    public String toString() {
        return number + "/" + count;
    }
}
