package io.github.finitentk.spark;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.ParquetRuntimeException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The finished cells of a run as Parquet files of one folder, each with the specification that it belongs to. The driver writes
 * and reads them itself, with nothing but the file system: no task waits for that, and executors need not see the folder. A file
 * appears whole or not at all. Not for use by several threads.
 */
final class ParquetCells {

    /** The column that says where a row is in grid order. */
    static final String PLACE = "cell";

    private static final String SPEC = "finite-ntk.spec";
    private static final String VERSION = "finite-ntk.version";
    private static final String BACKEND = "finite-ntk.backend";
    private static final int ROWS_OF_A_FILE = 1_000_000;
    private static final String ENDING = ".parquet";
    private static final String LIST = "list";
    private static final String ELEMENT = "element";

    private final Configuration configuration;
    private final org.apache.hadoop.fs.Path folder;
    private final SweepSpec spec;
    private final List<Column<?>> columns;
    private final String version;
    private final String backend;
    private final MessageType schema;

    /**
     * @param folder made when something is written
     * @param version of the library
     * @param backend its description
     */
    ParquetCells(
            Configuration configuration,
            org.apache.hadoop.fs.Path folder,
            SweepSpec spec,
            String version,
            String backend) {
        this.configuration = configuration;
        this.folder = folder;
        this.spec = spec;
        this.columns = ResultRows.columns(spec.quantity().columns());
        this.version = version;
        this.backend = backend;
        schema = schema(columns);
    }

    private static MessageType schema(List<Column<?>> columns) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        message.addField(Types.required(PrimitiveTypeName.INT32).named(PLACE));
        columns.forEach(column -> message.addField(type(column)));
        return message.named("cells");
    }

    private static Type type(Column<?> column) {
        return switch (column.type()) {
            case REAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
            case INTEGER -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
            case TEXT ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column.name());
            case REALS ->
                Types.optionalList().requiredElement(PrimitiveTypeName.DOUBLE).named(column.name());
        };
    }

    /** Whether there are any. */
    boolean isThere() {
        return !files().isEmpty();
    }

    private List<org.apache.hadoop.fs.Path> files() {
        try {
            List<org.apache.hadoop.fs.Path> files = new ArrayList<>();
            for (FileStatus status : fileSystem().listStatus(folder)) {
                String name = status.getPath().getName();
                if (name.endsWith(ENDING) && !name.startsWith(".") && !name.startsWith("_")) {
                    files.add(status.getPath());
                }
            }
            return files;
        } catch (FileNotFoundException none) {
            return List.of();
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    private FileSystem fileSystem() throws IOException {
        return folder.getFileSystem(configuration);
    }

    private CellStore.StoreException failed(String done, Exception e) {
        return new CellStore.StoreException(
                "The Parquet files of " + folder + " cannot be " + done + ": " + e.getMessage() + ".");
    }

    /**
     * Reads all rows, file by file.
     *
     * @param each takes a row and its place in grid order
     * @throws IllegalArgumentException if they are of another specification or version, or their last digits depend on another
     *     processor
     * @throws CellStore.StoreException if they cannot be read
     */
    void read(ObjIntConsumer<SweepRow> each) {
        try {
            for (org.apache.hadoop.fs.Path file : files()) {
                requireOurs(file);
                try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), file)
                        .withConf(configuration)
                        .usePageChecksumVerification()
                        .build()) {
                    for (Group group = reader.read(); group != null; group = reader.read()) {
                        each.accept(row(group), group.getInteger(PLACE, 0));
                    }
                }
            }
        } catch (IOException | ParquetRuntimeException e) {
            throw failed("read", e);
        }
    }

    private void requireOurs(org.apache.hadoop.fs.Path file) throws IOException {
        Map<String, String> entries;
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
            entries = reader.getFileMetaData().getKeyValueMetaData();
        }
        if (!entries.containsKey(SPEC)) {
            throw new IllegalArgumentException(file + " does not hold cells of Finite NTK.");
        }
        spec.differenceFrom(SweepSpec.parse(entries.get(SPEC), Path.of(file.getName())))
                .ifPresent(difference -> {
                    throw new IllegalArgumentException(
                            file + " holds cells of another specification: " + difference + ".");
                });
        if (!version.equals(entries.get(VERSION))) {
            throw new IllegalArgumentException(
                    file + " is of version " + entries.get(VERSION) + ", this is " + version + ".");
        }
        spec.quantity().processorDependence().ifPresent(reason -> {
            if (!backend.equals(entries.get(BACKEND))) {
                throw new IllegalArgumentException(file + " was computed by " + entries.get(BACKEND)
                        + ", and its last digits depend on the processor: " + reason + ".");
            }
        });
    }

    private SweepRow row(Group group) {
        Object[] values = new Object[columns.size()];
        for (int k = 0; k < values.length; k++) {
            Column<?> column = columns.get(k);
            if (group.getFieldRepetitionCount(column.name()) == 0) {
                continue;
            }
            values[k] = switch (column.type()) {
                case REAL -> group.getDouble(column.name(), 0);
                case INTEGER -> group.getLong(column.name(), 0);
                case TEXT -> group.getString(column.name(), 0);
                case REALS -> list(group.getGroup(column.name(), 0));
            };
        }
        return ResultRows.row(spec.quantity().columns(), values);
    }

    private static double[] list(Group group) {
        double[] list = new double[group.getFieldRepetitionCount(LIST)];
        for (int k = 0; k < list.length; k++) {
            list[k] = group.getGroup(LIST, k).getDouble(ELEMENT, 0);
        }
        return list;
    }

    /**
     * Adds a file.
     *
     * @throws CellStore.StoreException if it cannot be written
     */
    void append(List<Integer> places, List<SweepRow> rows) {
        if (!rows.isEmpty()) {
            write(places.iterator(), rows.iterator());
        }
    }

    /**
     * Puts all rows into as few files as may be, in grid order, in place of those that are there.
     *
     * @param finished their places
     * @throws CellStore.StoreException if they cannot be written
     */
    void replace(BitSet finished, Iterable<SweepRow> rows) {
        List<org.apache.hadoop.fs.Path> before = files();
        Iterator<Integer> places = finished.stream().iterator();
        Iterator<SweepRow> each = rows.iterator();
        while (places.hasNext()) {
            write(places, each);
        }
        // What is in both meanwhile is the same.
        try {
            for (org.apache.hadoop.fs.Path file : before) {
                fileSystem().delete(file, false);
            }
        } catch (IOException e) {
            throw failed("replaced", e);
        }
    }

    private void write(Iterator<Integer> places, Iterator<SweepRow> rows) {
        String name = UUID.randomUUID().toString();
        org.apache.hadoop.fs.Path temporary = new org.apache.hadoop.fs.Path(folder, "_" + name);
        try {
            Integer first = null;
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                            HadoopOutputFile.fromPath(temporary, configuration))
                    .withConf(configuration)
                    .withType(schema)
                    .withExtraMetaData(Map.of(SPEC, spec.canonical(), VERSION, version, BACKEND, backend))
                    .withCompressionCodec(CompressionCodecName.ZSTD)
                    .withPageWriteChecksumEnabled(true)
                    .build()) {
                for (int count = 0; count < ROWS_OF_A_FILE && places.hasNext(); count++) {
                    int place = places.next();
                    first = first == null ? Integer.valueOf(place) : first;
                    writer.write(group(place, rows.next()));
                }
            }
            org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(
                    folder, String.format("cells-%08d-%s%s", first, name.substring(0, 8), ENDING));
            if (!fileSystem().rename(temporary, file)) {
                throw new IOException(file + " cannot be given its name");
            }
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private Group group(int place, SweepRow row) {
        Group group = new SimpleGroup(schema).append(PLACE, place);
        Object[] values = ResultRows.values(row);
        for (int k = 0; k < values.length; k++) {
            String name = columns.get(k).name();
            if (values[k] instanceof Double real) {
                group.add(name, real.doubleValue());
            } else if (values[k] instanceof Long integer) {
                group.add(name, integer.longValue());
            } else if (values[k] instanceof String text) {
                group.add(name, text);
            } else if (values[k] instanceof double[] list) {
                Group all = group.addGroup(name);
                for (double element : list) {
                    all.addGroup(LIST).add(ELEMENT, element);
                }
            }
        }
        return group;
    }
}
