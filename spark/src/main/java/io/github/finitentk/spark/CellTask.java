package io.github.finitentk.spark;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What one task does: it computes the units of its partition, on its thread, and returns their rows. */
final class CellTask extends AbstractFunction1<Iterator<int[][]>, CellTask.Result> implements Serializable {

    private static final long serialVersionUID = 1;

    /** What a task returns; of plain types, for whatever serialises it. */
    static final class Result implements Serializable {
        private static final long serialVersionUID = 1;

        /** Where its cells are in grid order. */
        int[] places;
        /** Their {@link ResultRows#values}. */
        Object[][] values;
        /** Who has computed them. */
        String executor;
        /** That one's backend. */
        String description;
        /** Why that is not the native core; null if it is. */
        String whyNotNative;
    }

    private final String spec;
    private final String backend;
    private final Checkpoints checkpoints;

    /** @param spec its canonical text */
    CellTask(String spec, String backend, Checkpoints checkpoints) {
        this.spec = spec;
        this.backend = backend;
        this.checkpoints = checkpoints;
    }

    @Override
    public Result apply(Iterator<int[][]> partition) {
        TaskContext context = TaskContext.get();
        ExecutorEngine engine = ExecutorEngine.of(backend);
        SweepSpec sweep = engine.spec(spec);
        Rows rows = new Rows();
        while (partition.hasNext()) {
            List<List<Integer>> units = Arrays.stream(partition.next())
                    .map(unit -> Arrays.stream(unit).boxed().toList())
                    .toList();
            engine.compute(sweep, units, rows, context::isInterrupted);
        }
        if (context.isInterrupted()) {
            throw new TaskKilledException(); // its checkpoints are what remains
        }
        Result result = new Result();
        result.places = rows.rows.keySet().stream().mapToInt(Integer::intValue).toArray();
        result.values = rows.rows.values().stream().map(ResultRows::values).toArray(Object[][]::new);
        result.executor = SparkEnv.get().executorId() + " on "
                + SparkEnv.get().blockManager().blockManagerId().host();
        result.description = engine.description();
        result.whyNotNative = engine.whyNotNative().orElse(null);
        return result;
    }

    /** The rows until the task returns them. */
    private final class Rows implements CellStore {

        private final Map<Integer, SweepRow> rows = new TreeMap<>();

        @Override
        public BitSet finished() {
            BitSet finished = new BitSet();
            rows.keySet().forEach(finished::set);
            return finished;
        }

        @Override
        public void commit(List<Integer> unit, List<SweepRow> unitRows) {
            for (int k = 0; k < unit.size(); k++) {
                rows.put(unit.get(k), unitRows.get(k));
            }
            checkpoints.drop(spec, unit);
        }

        @Override
        public Optional<byte[]> checkpoint(List<Integer> unit) {
            return checkpoints.read(spec, unit);
        }

        @Override
        public void checkpoint(List<Integer> unit, byte[] state) {
            checkpoints.write(spec, unit, state);
        }

        @Override
        public List<SweepRow> rows() {
            return new ArrayList<>(rows.values());
        }
    }
}
