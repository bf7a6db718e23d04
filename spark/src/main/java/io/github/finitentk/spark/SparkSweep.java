package io.github.finitentk.spark;

import io.github.finitentk.Ntk;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.experiment.Progress;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.files.FileProblem;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A sweep whose cells are computed by the executors of a Spark application:
 *
 * <pre>
 * RunResult result = SparkSweep.of(spark, SweepSpec.read(Path.of("spec.yaml")))
 *         .to(Path.of("out"))
 *         .resume()
 *         .run();
 * </pre>
 *
 * The folder then has {@code run.db}, the run file that {@code ntk sweep} would have written on one machine (but for the seconds
 * that cells took), and {@code cells/*.parquet}, its table. Each task computes on one thread. Lost executors and speculative
 * copies of tasks change nothing: the first result of a cell is kept, and another one must be the same bit for bit. Not for use
 * by several threads.
 */
public final class SparkSweep {

    private static final String RUN = "run.db";
    private static final String CELLS = "cells";
    private static final String CHECKPOINTS = "checkpoints";

    private final SparkSession spark;
    private final SweepSpec spec;
    private Path folder;
    private String shared;
    private String backend = "auto";
    private boolean resume;
    private boolean retryFailed;
    private Path reuse;
    private Progress listener = Progress.NONE;
    private BooleanSupplier cancel = () -> false;
    private Consumer<String> messages = message -> {};

    private SparkSweep(SparkSession spark, SweepSpec spec) {
        this.spark = Objects.requireNonNull(spark, "spark");
        this.spec = Objects.requireNonNull(spec, "spec");
    }

    /** A sweep that the executors of this session are to compute. */
    public static SparkSweep of(SparkSession spark, SweepSpec spec) {
        return new SparkSweep(spark, spec);
    }

    /** The folder of the results, on the driver's machine; made where it is missing. */
    public SparkSweep to(Path ofResults) {
        folder = ofResults;
        return this;
    }

    /**
     * Keeps the Parquet files, and the checkpoints of units under way, in another folder, of a file system that driver and executors
     * have in common: {@code hdfs://...}, {@code s3a://...}, a shared mount. Without it they are in the folder of the results, and
     * an executor that does not see that one makes no checkpoints.
     */
    public SparkSweep shared(String folderOrUri) {
        shared = folderOrUri;
        return this;
    }

    /**
     * Who computes, on the driver and on all executors: {@code native}, {@code java} or {@code auto}, the native core where it loads,
     * as unless this is called.
     */
    public SparkSweep backend(String name) {
        backend = name;
        return this;
    }

    /** Goes on with an earlier run of this specification: with its run file, or its Parquet files, or what both of them have. */
    public SparkSweep resume() {
        resume = true;
        return this;
    }

    /** Goes on as {@link #resume} does, and computes the cells that failed again. */
    public SparkSweep retryFailed() {
        retryFailed = true;
        return resume();
    }

    /** As {@link Sweep#reuse}. */
    public SparkSweep reuse(Path otherRun) {
        reuse = otherRun;
        return this;
    }

    /** Is told of the progress. */
    public SparkSweep listener(Progress progress) {
        listener = progress;
        return this;
    }

    /**
     * Ends the run early, with all that has come so far: asked ten times a second. Tasks under way are given up; units that take
     * long leave a checkpoint.
     */
    public SparkSweep cancel(BooleanSupplier flag) {
        cancel = flag;
        return this;
    }

    /** Takes what is worth knowing meanwhile, such as executors on which the native core does not load. */
    public SparkSweep messages(Consumer<String> consumer) {
        messages = consumer;
        return this;
    }

    /**
     * Computes the cells that are missing.
     *
     * @throws CellStore.StoreException if results cannot be kept, a cell has two results, or Spark gives up
     * @throws IllegalArgumentException if what is there cannot be gone on with, or last digits depend on the processor and an
     *     executor has another one than the driver
     * @throws IllegalStateException if there is no folder to put results into
     */
    public RunResult run() {
        if (folder == null) {
            throw new IllegalStateException("A sweep on Spark needs a folder for its results; to(folder) names it.");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CellStore.StoreException("The folder " + folder + " cannot be made: " + FileProblem.sentence(e));
        }
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        String root = shared == null ? folder.toAbsolutePath().toUri().toString() : shared;
        org.apache.hadoop.fs.Path checkpoints = new org.apache.hadoop.fs.Path(root, CHECKPOINTS);
        try (Ntk ntk = Ntk.builder().backend(backend).threads(1).build()) {
            ParquetCells parquet = new ParquetCells(
                    hadoop, new org.apache.hadoop.fs.Path(root, CELLS), spec, Version.text(), ntk.description());
            if (!resume && !RunFile.isThere(folder.resolve(RUN)) && parquet.isThere()) {
                throw new CellStore.StoreException(
                        "There are cells of an earlier run in " + root + " already, to be resumed.");
            }
            CellTask task = new CellTask(
                    spec.canonical(),
                    backend,
                    new Checkpoints(checkpoints.toString(), new SerializableConfiguration(hadoop)));
            Sweep sweep = ntk.sweep(spec)
                    .to(folder.resolve(RUN))
                    .listener(listener)
                    .cancel(cancel)
                    .computedBy(new ClusterComputation(
                            spark.sparkContext(), spec, task, parquet, ntk.description(), retryFailed, messages));
            if (reuse != null) {
                sweep.reuse(reuse);
            }
            if (resume) {
                sweep.resume();
            }
            if (retryFailed) {
                sweep.retryFailed();
            }
            checkpoints.getFileSystem(hadoop).mkdirs(checkpoints);
            RunResult result = sweep.run();
            if (result.isComplete()) {
                checkpoints.getFileSystem(hadoop).delete(checkpoints, true);
            }
            return result;
        } catch (IOException e) {
            throw new CellStore.StoreException("The folder " + root + " cannot be used: " + FileProblem.sentence(e));
        }
    }
}
