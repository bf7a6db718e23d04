package io.github.finitentk.spark;

import io.github.finitentk.cli.ConsoleProgress;
import io.github.finitentk.cli.GlobalOptions;
import io.github.finitentk.cli.RunOutcome;
import io.github.finitentk.cli.StopSignal;
import io.github.finitentk.cli.VersionProvider;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.store.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ntk sweep} on Spark. */
@Command(
        name = "spark-submit ... finite-ntk-spark.jar",
        description = "Compute a grid of cells on the executors of Spark; an interrupted run can be resumed.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        footer = {
            "",
            "Exit codes: 0 success, 1 failure, 2 bad usage or input, 130 interrupted, 75 stopped by a batch system (SIGTERM,"
                    + " SIGUSR1) and to be run again."
        })
final class SweepCommand implements Callable<Integer> {

    @Mixin
    final GlobalOptions options = new GlobalOptions();

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "SPEC.yaml",
            description = "The specification, as of ntk sweep; --seed goes before its seed.")
    private Path spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the driver's machine for run.db, the run file, and cells/*.parquet, its table.")
    private Path out;

    @Option(
            names = "--shared",
            paramLabel = "URI",
            description =
                    "Folder that driver and executors have in common (hdfs://..., s3a://..., a shared mount): for the"
                            + " Parquet files, and checkpoints of cells that take long (default: DIR).")
    private String shared;

    @Option(
            names = "--resume",
            description = "Continue an interrupted run, from its run file or its Parquet files, or start it.")
    private boolean resume;

    @Option(names = "--retry-failed", description = "With --resume: compute the cells that failed again.")
    private boolean retryFailed;

    @Option(
            names = "--reuse",
            paramLabel = "OTHER.db",
            description =
                    "Take over the cells that this run has: same quantity, settings, seed and version, another grid.")
    private Path reuse;

    @Option(names = "--dry-run", description = "Say how many cells there are and what they will take, and stop.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        SweepSpec sweep = options.withSeed(SweepSpec.read(spec), command);
        if (!resume) {
            GlobalOptions.refuseWithoutEffect(command, "without --resume", List.of("--retry-failed"));
        }
        if (out == null && !dryRun) {
            throw new IllegalArgumentException("The folder of the results is missing: --out DIR.");
        }
        SparkConf configuration = new SparkConf()
                .setIfMissing("spark.app.name", "Finite NTK: " + spec.getFileName())
                // They would come between our own lines.
                .setIfMissing("spark.ui.showConsoleProgress", "false")
                .setIfMissing("spark.log.level", "WARN");
        try (SparkSession spark = SparkSession.builder().config(configuration).getOrCreate()) {
            int slots = spark.sparkContext().defaultParallelism();
            SweepSpec.Estimate estimate = sweep.estimate(slots);
            if (dryRun) {
                print(estimate, slots);
                return 0;
            }
            return compute(spark, sweep, words(estimate, slots));
        }
    }

    private int compute(SparkSession spark, SweepSpec sweep, String announcement) {
        SparkSweep run = SparkSweep.of(spark, sweep)
                .to(out)
                .backend(options.backendName())
                .messages(message -> options.message("ntk: " + message));
        if (shared != null) {
            run.shared(shared);
        }
        if (reuse != null) {
            run.reuse(reuse);
        }
        if (resume) {
            run.resume();
        }
        if (retryFailed) {
            run.retryFailed();
        }
        RunResult result;
        int exitCode;
        try (StopSignal stop = new StopSignal(options, "saving what has come, giving up the tasks under way");
                ConsoleProgress progress = new ConsoleProgress("Sweep", options) {
                    @Override
                    protected void announce(Start start) {
                        super.announce(start);
                        if (reuse != null) {
                            options.message("Reused " + start.reused() + " cells of " + reuse + ".");
                        }
                        options.message(announcement + ".");
                    }
                }) {
            result = RunOutcome.of(() -> run.listener(progress).cancel(stop).run(), "choose another folder");
            exitCode = RunOutcome.exitCode(result, options, stop, "the same spark-submit and --resume");
        }
        if (exitCode == 0) {
            RunOutcome.report(result, options);
        }
        return exitCode;
    }

    private static String words(SweepSpec.Estimate estimate, int slots) {
        return estimate.cells() + " cells, about " + ConsoleProgress.duration(estimate.seconds()) + " on " + slots
                + " task slots, up to " + Memory.format(estimate.bytes()) + " of memory for them";
    }

    private record Estimate(int cells, int units, double seconds, double bytes, int slots) {}

    private void print(SweepSpec.Estimate estimate, int slots) {
        if (options.isJson()) {
            options.print(
                    new Estimate(estimate.cells(), estimate.units(), estimate.seconds(), estimate.bytes(), slots));
        } else {
            options.out().println(words(estimate, slots));
        }
    }
}
