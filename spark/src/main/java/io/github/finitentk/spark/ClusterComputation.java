package io.github.finitentk.spark;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.store.Sweep;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Has Spark compute the cells of a run. Units are dealt into tasks of about the same cost, many more than there are slots, the
 * dearest first; each task's results reach the driver when it ends, once, whatever became of its other attempts. They are
 * committed one task after the other, and added to the Parquet files now and then.
 */
final class ClusterComputation implements Sweep.Computation {

    // So many that the last ones to end are a small part of the work, also of slots that are yet to come.
    private static final int TASKS_OF_A_SLOT = 16;
    private static final int LEAST_TASKS = 1000;
    // What Spark needs for a task is then nothing beside it.
    private static final double SHORTEST_TASK = 0.1;
    // What is lost when a run is stopped.
    private static final double LONGEST_TASK = 20;
    // Spark limits what the tasks of one job may return.
    private static final int CELLS_OF_A_JOB = 200_000;
    private static final long SECOND = 1_000_000_000L;
    private static final long POLL = SECOND / 10;
    private static final long STOPPING = 30 * SECOND;
    private static final long FIRST_BATCH = 10 * SECOND;
    private static final long LAST_BATCH = 300 * SECOND;

    private final SparkContext spark;
    private final SweepSpec spec;
    private final CellTask task;
    private final ParquetCells parquet;
    private final String description;
    private final boolean retryFailed;
    private final Consumer<String> messages;

    /**
     * @param task what tasks do
     * @param parquet where cells are besides the run file
     * @param description of the backend that the run file names
     * @param retryFailed whether cells that failed are computed again
     * @param messages takes what is worth knowing, sentence by sentence
     */
    ClusterComputation(
            SparkContext spark,
            SweepSpec spec,
            CellTask task,
            ParquetCells parquet,
            String description,
            boolean retryFailed,
            Consumer<String> messages) {
        this.spark = spark;
        this.spec = spec;
        this.task = task;
        this.parquet = parquet;
        this.description = description;
        this.retryFailed = retryFailed;
        this.messages = messages;
    }

    @Override
    public void compute(BitSet cells, CellStore store, Progress progress, BooleanSupplier stop) {
        FirstResults results = new FirstResults(store, spec.size());
        if (!bringTogether(results)) {
            parquet.replace(results.finished(), store.rows());
        }
        BitSet missing = (BitSet) cells.clone();
        missing.andNot(results.finished());
        if (!missing.isEmpty()) {
            new Jobs(results, progress, stop).run();
        }
        if (results.finished().equals(cells)) {
            parquet.replace(results.finished(), store.rows());
        }
    }

    /**
     * Takes over the cells that only the Parquet files have.
     *
     * @return whether both then hold the same rows
     */
    private boolean bringTogether(FirstResults results) {
        BitSet seen = new BitSet();
        int[] rows = new int[1];
        for (boolean failed : new boolean[] {false, true}) {
            parquet.read((row, place) -> {
                if (failed != (row.status() == SweepRow.Status.FAILED)) {
                    return;
                }
                rows[0]++;
                // What failed is not taken over where it is to be computed again, or was.
                if (!failed || !retryFailed && !results.finished().get(place)) {
                    results.commit(List.of(place), List.of(row));
                }
                if (results.holds(place, row)) {
                    seen.set(place);
                }
            });
        }
        return rows[0] == seen.cardinality() && seen.equals(results.finished());
    }

    /** Units of cells, and what they are estimated to take together. */
    private record Task(List<List<Integer>> units, double seconds) {

        /** Its units for whatever serialises them. */
        int[][] plain() {
            return units.stream()
                    .map(unit -> unit.stream().mapToInt(Integer::intValue).toArray())
                    .toArray(int[][]::new);
        }
    }

    /** What a task has returned, and what it was estimated to take. */
    private record Arrival(CellTask.Result result, double seconds) {}

    /** The jobs of one run. */
    private final class Jobs {

        private final FirstResults results;
        private final Progress progress;
        private final BooleanSupplier stop;
        private final BlockingQueue<Arrival> arrived = new LinkedBlockingQueue<>();
        private final List<SimpleFutureAction<BoxedUnit>> submitted = new ArrayList<>();
        private final Set<String> backends = new HashSet<>();
        private final List<Integer> batchPlaces = new ArrayList<>();
        private final List<SweepRow> batchRows = new ArrayList<>();
        private final RunningTasks running = new RunningTasks(spark);
        private final long start = System.nanoTime();
        private long lastBatch = start;
        private final double total;
        private double seconds;

        Jobs(FirstResults results, Progress progress, BooleanSupplier stop) {
            this.results = results;
            this.progress = progress;
            this.stop = stop;
            total = spec.estimate(1).seconds();
        }

        void run() {
            List<Task> tasks = tasks();
            seconds = total - tasks.stream().mapToDouble(Task::seconds).sum();
            try {
                submit(tasks);
                int left = tasks.size();
                while (left > 0 && !stop.getAsBoolean()) {
                    Arrival arrival = next();
                    if (arrival == null) {
                        requireNoFailure();
                    } else {
                        take(arrival);
                        left--;
                    }
                }
                if (left > 0) {
                    giveUp();
                    arrived.forEach(this::take);
                }
            } catch (RuntimeException e) {
                giveUp();
                throw e;
            } finally {
                running.close();
                flush();
            }
        }

        private Arrival next() {
            try {
                return arrived.poll(POLL, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CellStore.StoreException("The thread that runs the sweep was interrupted.");
            }
        }

        private List<Task> tasks() {
            double left = Shard.deal(spec, results.finished(), 1).get(0).stream()
                    .mapToDouble(this::cost)
                    .sum();
            int wanted = Math.max(LEAST_TASKS, TASKS_OF_A_SLOT * spark.defaultParallelism());
            double each = Math.min(LONGEST_TASK, Math.max(SHORTEST_TASK, left / wanted));
            int count = (int) Math.max(1, Math.min(Shard.MAX_COUNT, Math.ceil(left / each)));
            return Shard.deal(spec, results.finished(), count).stream()
                    .filter(units -> !units.isEmpty())
                    .map(units -> new Task(
                            units, units.stream().mapToDouble(this::cost).sum()))
                    .sorted(Comparator.comparingDouble(Task::seconds).reversed())
                    .toList();
        }

        private double cost(List<Integer> unit) {
            return spec.quantity().seconds(unit.stream().map(spec.cells()::get).toList());
        }

        // All at once: Spark begins with the first, and goes on with the next when slots are free.
        private void submit(List<Task> tasks) {
            int from = 0;
            int cells = 0;
            for (int to = 1; to <= tasks.size(); to++) {
                cells += tasks.get(to - 1).units.stream().mapToInt(List::size).sum();
                if (cells >= CELLS_OF_A_JOB || to == tasks.size()) {
                    submitted.add(submitJob(tasks.subList(from, to)));
                    from = to;
                    cells = 0;
                }
            }
        }

        private SimpleFutureAction<BoxedUnit> submitJob(List<Task> tasks) {
            double[] costs = tasks.stream().mapToDouble(Task::seconds).toArray();
            List<int[][]> units = tasks.stream().map(Task::plain).toList();
            List<Object> partitions =
                    IntStream.range(0, tasks.size()).<Object>mapToObj(k -> k).toList();
            return spark.submitJob(
                    new JavaSparkContext(spark).parallelize(units, units.size()).rdd(),
                    task,
                    CollectionConverters.asScala(partitions).toSeq(),
                    // Called by Spark's scheduler, once for each partition; it must not wait.
                    (partition, result) -> {
                        arrived.add(new Arrival(result, costs[(Integer) partition]));
                        return BoxedUnit.UNIT;
                    },
                    () -> BoxedUnit.UNIT);
        }

        private void requireNoFailure() {
            for (SimpleFutureAction<BoxedUnit> job : submitted) {
                if (job.isCompleted() && job.value().get().isFailure()) {
                    String reason = String.valueOf(
                                    job.value().get().failed().get().getMessage())
                            .lines()
                            .findFirst()
                            .orElse("");
                    throw new CellStore.StoreException("Spark has given up: " + reason);
                }
            }
        }

        private void take(Arrival arrival) {
            CellTask.Result result = arrival.result;
            requireBackend(result);
            List<Integer> places = IntStream.of(result.places).boxed().toList();
            List<SweepRow> rows = new ArrayList<>();
            for (Object[] values : result.values) {
                rows.add(ResultRows.row(spec.quantity().columns(), values));
            }
            BitSet committed = results.commit(places, rows);
            for (int k = 0; k < places.size(); k++) {
                if (committed.get(places.get(k))) {
                    batchPlaces.add(places.get(k));
                    batchRows.add(rows.get(k));
                }
            }
            seconds += arrival.seconds;
            progress.update(new Progress.State(
                    results.finished().cardinality(),
                    spec.size(),
                    total > 0 ? Math.min(1, seconds / total) : 1,
                    rows.get(rows.size() - 1).cell()));
            long now = System.nanoTime();
            if (now - lastBatch > Math.min(LAST_BATCH, Math.max(FIRST_BATCH, (now - start) / 20))) {
                flush();
            }
        }

        private void requireBackend(CellTask.Result result) {
            if (!backends.add(result.description)) {
                return;
            }
            spec.quantity().processorDependence().ifPresent(reason -> {
                if (!result.description.equals(description)) {
                    throw new IllegalArgumentException("Executor " + result.executor + " computes with "
                            + result.description + ", the driver with " + description
                            + "; last digits of this sweep depend on the processor: " + reason + ".");
                }
            });
            if (result.whyNotNative != null) {
                messages.accept("Executor " + result.executor + " uses the pure-Java backend: " + result.whyNotNative);
            }
        }

        private void flush() {
            parquet.append(batchPlaces, batchRows);
            batchPlaces.clear();
            batchRows.clear();
            lastBatch = System.nanoTime();
        }

        // Tasks under way save their checkpoints before they end.
        private void giveUp() {
            submitted.forEach(SimpleFutureAction::cancel);
            long end = System.nanoTime() + STOPPING;
            while (running.count() > 0 && System.nanoTime() < end) {
                LockSupport.parkNanos(POLL);
            }
        }
    }
}
