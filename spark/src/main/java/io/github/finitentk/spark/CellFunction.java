package io.github.finitentk.spark;

import io.github.finitentk.experiment.Cell;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Grid;
import io.github.finitentk.experiment.Quantity;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * A quantity as a function over a Dataset of cells. A row of them has the columns {@code activation}, {@code sigma_w2},
 * {@code sigma_b2}, {@code depth} and {@code width}, and may have others; its result is a row of a sweep's table, in its place:
 *
 * <pre>
 * CellFunction variance = CellFunction.of("variance", Map.of("draws", 500L), 7);
 * Dataset&lt;Row&gt; results = cells.mapPartitions(variance, variance.encoder());
 * </pre>
 *
 * A result depends on quantity, settings, seed and the cell's parameters only: it is the one that a sweep has there, bit for bit.
 * A cell that fails or diverges has a row that says so. Each partition computes on one thread: partitions should be many and about as dear
 * as one another.
 */
public final class CellFunction implements MapPartitionsFunction<Row, Row> {

    private static final long serialVersionUID = 1;

    // Some, for cells that have work in common; not all, so that results come while the partition is computed.
    private static final int COMPUTED_AT_ONCE = 64;

    private final String quantity;
    private final LinkedHashMap<String, Object> settings;
    private final long seed;
    private final String backend;
    private transient Quantity parsed;

    private CellFunction(String quantity, Map<String, ?> settings, long seed, String backend) {
        this.quantity = quantity;
        this.settings = new LinkedHashMap<>(settings);
        this.seed = seed;
        this.backend = backend;
    }

    /**
     * @param quantity {@code variance}, {@code theory}, ..., as in specifications
     * @param settings by key; missing ones have their defaults
     * @param seed of all random numbers
     * @throws IllegalArgumentException if there is no such quantity or setting, or a value is out of range
     */
    public static CellFunction of(String quantity, Map<String, ?> settings, long seed) {
        CellFunction function = new CellFunction(quantity, settings, seed, "auto");
        function.quantity();
        return function;
    }

    /** The same on a backend of one's choice: {@code native}, {@code java}, or {@code auto}, the native core where it loads. */
    public CellFunction backend(String name) {
        return new CellFunction(quantity, settings, seed, name);
    }

    /** The columns of its results. */
    public StructType schema() {
        return ResultRows.schema(columns());
    }

    /** For {@code mapPartitions}. */
    public Encoder<Row> encoder() {
        return Encoders.row(schema());
    }

    private List<Column<?>> columns() {
        return List.copyOf(quantity().columns());
    }

    private Quantity quantity() {
        if (parsed == null) {
            parsed = Quantity.of(quantity, settings);
        }
        return parsed;
    }

    /**
     * The results of some cells, one for each, computed while they are asked for.
     *
     * @throws IllegalArgumentException from the iterator, if a row is no cell
     */
    @Override
    public Iterator<Row> call(Iterator<Row> cells) {
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                if (!ready.hasNext() && cells.hasNext()) {
                    List<Cell> some = new ArrayList<>();
                    while (some.size() < COMPUTED_AT_ONCE && cells.hasNext()) {
                        some.add(cell(cells.next()));
                    }
                    ready = compute(some).iterator();
                }
                return ready.hasNext();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.next();
            }
        };
    }

    private static Cell cell(Row row) {
        return new Cell(
                Activations.parse(row.getAs(Cell.ACTIVATION.name())),
                number(row, Cell.SIGMA_W2).doubleValue(),
                number(row, Cell.SIGMA_B2).doubleValue(),
                Math.toIntExact(number(row, Cell.DEPTH).longValue()),
                Math.toIntExact(number(row, Cell.WIDTH).longValue()));
    }

    private static Number number(Row row, Column<?> column) {
        if (!(row.getAs(column.name()) instanceof Number number)) {
            throw new IllegalArgumentException("A cell needs a number in the column " + column.name() + ".");
        }
        return number;
    }

    private List<Row> compute(List<Cell> cells) {
        Set<Cell> distinct = new LinkedHashSet<>(cells);
        SweepSpec sweep = new SweepSpec(
                quantity(), distinct.stream().map(CellFunction::grid).toList(), seed);
        CellStore store = CellStore.inMemory();
        TaskContext context = TaskContext.get();
        ExecutorEngine.of(backend)
                .compute(
                        sweep,
                        sweep.quantity().units(sweep.cells()),
                        store,
                        () -> context != null && context.isInterrupted());
        if (store.finished().cardinality() < sweep.size()) {
            throw new TaskKilledException();
        }
        Map<Cell, Row> results = new HashMap<>();
        for (SweepRow row : store.rows()) {
            results.put(row.cell(), RowFactory.create(ResultRows.values(row)));
        }
        return cells.stream().map(results::get).toList();
    }

    private static Grid grid(Cell cell) {
        return new Grid(
                List.of(cell.activation()),
                List.of(cell.sigmaB2()),
                List.of(cell.width()),
                List.of(cell.sigmaW2()),
                List.of(cell.depth()));
    }
}
