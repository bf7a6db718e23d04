package io.github.finitentk.cli;

import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.Sweep;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk sweep}. */
@Example(does = "how many cells, how long, how much memory", line = "ntk sweep spec.yaml --dry-run")
@Example(does = "compute them; Ctrl-C finishes the cells under way", line = "ntk sweep spec.yaml --out run.db")
@Example(does = "go on after Ctrl-C, a crash or kill -9", line = "ntk sweep spec.yaml --out run.db --resume")
@Example(does = "one of three parts, on one of three machines", line = "ntk sweep spec.yaml --out part.db --shard 1/3")
@Command(name = "sweep", description = "Compute a grid of cells into a run file; an interrupted run can be resumed.")
final class SweepCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "SPEC.yaml",
            arity = "0..1",
            description = "The specification: quantity, activation, sigma_w2, sigma_b2, depth, width, ...; --seed goes"
                    + " before its seed.")
    private Path spec;

    @Option(names = "--out", paramLabel = "RUN.db", description = "The run file.")
    private Path out;

    @Option(names = "--resume", description = "Continue an interrupted run, or start it.")
    private boolean resume;

    @Option(names = "--retry-failed", description = "With --resume: compute the cells that failed again.")
    private boolean retryFailed;

    @Option(
            names = "--reuse",
            paramLabel = "OTHER.db",
            description =
                    "Take over the cells that this run has: same quantity, settings, seed and version, another grid.")
    private Path reuse;

    @Option(
            names = "--shard",
            paramLabel = "K/N",
            description =
                    "Compute one of N parts of the cells, into RUN.shard-K-of-N.db (default: what the variables of a"
                            + " job array say; 1/1 is all).")
    private Shard shard;

    @Option(names = "--dry-run", description = "Say how many cells there are and what they will take, and stop.")
    private boolean dryRun;

    @Option(
            names = "--cores",
            split = ",",
            paramLabel = "N",
            description = "With --dry-run: what all would take on so many cores, by simulation; several with commas.")
    private List<Integer> cores = List.of();

    @Option(
            names = "--measured",
            split = ",",
            paramLabel = "RUN.db",
            description = "With --cores: by what runs of the same quantity took, not by estimates alone; several with"
                    + " commas.")
    private List<Path> measured = List.of();

    @Option(
            names = "--print-sbatch",
            description =
                    "Print a job script for Slurm that computes all in the tasks of a job array and merges, and stop.")
    private boolean printSbatch;

    @Option(
            names = "--of",
            paramLabel = "N",
            description = "With --print-sbatch: the number of tasks (default: so many that each takes about an hour).")
    private Integer tasks;

    @Option(names = "--schema", description = "Print the JSON Schema of specifications, for editors, and stop.")
    private boolean schema;

    @Override
    public Integer call() {
        refuseWithoutEffect();
        if (schema) {
            if (spec != null) {
                throw new IllegalArgumentException(
                        "--schema is the same for all specifications; it takes no SPEC.yaml.");
            }
            root.options.print(SweepSpec.schema());
            return 0;
        }
        if (spec == null) {
            throw new IllegalArgumentException("The specification is missing: ntk sweep SPEC.yaml --out RUN.db.");
        }
        SweepSpec sweep = root.options.withSeed(SweepSpec.read(spec), command);
        if (dryRun) {
            forecast(sweep);
            return 0;
        }
        if (out == null) {
            throw new IllegalArgumentException("The run file is missing: --out RUN.db.");
        }
        if (printSbatch) {
            printScript(sweep);
            return 0;
        }
        return compute(sweep, shard == null ? ofJobArray() : shard);
    }

    private void refuseWithoutEffect() {
        if (schema) {
            GlobalOptions.refuseWithoutEffect(
                    command,
                    "with --schema",
                    List.of(
                            "--out",
                            "--resume",
                            "--retry-failed",
                            "--reuse",
                            "--shard",
                            "--dry-run",
                            "--print-sbatch"));
        }
        if (printSbatch) {
            GlobalOptions.refuseWithoutEffect(
                    command,
                    "with --print-sbatch",
                    List.of("--resume", "--retry-failed", "--shard", "--dry-run", "--cores", "--measured"));
        } else {
            GlobalOptions.refuseWithoutEffect(command, "without --print-sbatch", List.of("--of"));
        }
        if (!resume) {
            GlobalOptions.refuseWithoutEffect(command, "without --resume", List.of("--retry-failed"));
        }
        if (!dryRun) {
            GlobalOptions.refuseWithoutEffect(command, "without --dry-run", List.of("--cores"));
        }
        if (cores.isEmpty()) {
            GlobalOptions.refuseWithoutEffect(command, "without --cores", List.of("--measured"));
        } else {
            GlobalOptions.refuseWithoutEffect(command, "with --cores", List.of("--shard", "--threads"));
        }
    }

    private void forecast(SweepSpec sweep) {
        if (cores.isEmpty()) {
            print(estimate(sweep, shard == null ? Shard.WHOLE : shard));
            return;
        }
        CapacityAnswer answer = CapacityAnswer.of(sweep, cores, measured);
        if (root.options.json) {
            root.options.print(answer);
        } else {
            answer.print(root.options.out());
        }
    }

    private record Script(String script, int tasks) {}

    // One processor for each task, unless more are asked for: then no processor waits for another.
    private void printScript(SweepSpec sweep) {
        int threads = root.options.threads == null ? 1 : root.options.threads;
        int count = tasks == null ? JobScript.tasks(sweep, threads) : tasks;
        List<String> words =
                TypedCommand.words(command, Set.of("--out", "--of", "--print-sbatch", "--threads", "--json"));
        String text = new JobScript(sweep, count, threads, words, out).text();
        if (root.options.json) {
            root.options.print(new Script(text, count));
        } else {
            root.options.out().print(text);
        }
    }

    private SweepSpec.Estimate estimate(SweepSpec sweep, Shard part) {
        return sweep.estimate(part.cells(sweep), root.options.threads());
    }

    private Shard ofJobArray() {
        return new BatchJob(System.getenv())
                .shard()
                .map(given -> {
                    BatchJob.requireSameCut(given, out);
                    root.options.message("ntk: computing shard " + given.value() + ", as " + given.variable()
                            + " says; --shard 1/1 computes all.");
                    return given.value();
                })
                .orElse(Shard.WHOLE);
    }

    private int compute(SweepSpec sweep, Shard part) {
        Path file = part.file(out);
        Destination.requireOther(file, Destination.and(reuse == null ? new Path[0] : Destination.ofRun(reuse), spec));
        SweepSpec.Estimate estimate = estimate(sweep, part);
        Sweep run = root.options.ntk().sweep(sweep).shard(part).to(file);
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
        try (StopSignal stop = new StopSignal(root.options, StopSignal.FINISHING_CELLS);
                ConsoleProgress progress = new ConsoleProgress("Sweep", root.options) {
                    @Override
                    protected void announce(Start start) {
                        super.announce(start);
                        if (reuse != null) {
                            root.options.message("Reused " + start.reused() + " cells of " + reuse + ".");
                        }
                        root.options.message(words(estimate) + (part.isWhole() ? "." : ", into " + file + "."));
                    }
                }) {
            result = RunOutcome.of(() -> run.listener(progress).cancel(stop).run(), "choose another file");
            // Whoever types it may be outside of the job array.
            String again = TypedCommand.resuming(command, "--reuse", "--retry-failed", "--shard")
                    + (part.isWhole() ? "" : " --shard " + part);
            exitCode = RunOutcome.exitCode(result, root.options, stop, again);
        }
        if (exitCode == 0) {
            RunOutcome.report(result, root.options);
        }
        return exitCode;
    }

    private String words(SweepSpec.Estimate estimate) {
        return estimate.cells() + " cells, about " + ConsoleProgress.duration(estimate.seconds()) + " on "
                + root.options.threads() + " threads, up to " + Memory.format(estimate.bytes())
                + " of memory for them";
    }

    private record Estimate(int cells, int units, double seconds, double bytes, int threads) {}

    private void print(SweepSpec.Estimate estimate) {
        if (root.options.json) {
            root.options.print(new Estimate(
                    estimate.cells(), estimate.units(), estimate.seconds(), estimate.bytes(), root.options.threads()));
        } else {
            root.options.out().println(words(estimate));
        }
    }
}
