package io.github.finitentk.cli;

import io.github.finitentk.experiment.Quantities;
import io.github.finitentk.experiment.SpecSchema;
import io.github.finitentk.experiment.SweepEstimate;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.SweepSpecFile;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk sweep}. */
@Command(name = "sweep", description = "Compute a grid of cells into a run file; an interrupted run can be resumed.")
final class SweepCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "SPEC.yaml",
            arity = "0..1",
            description =
                    "The specification: quantity, activation, sigma_w2, sigma_b2, depth, width, ...; --seed goes before its seed.")
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

    @Option(names = "--dry-run", description = "Say how many cells there are and what they will take, and stop.")
    private boolean dryRun;

    @Option(names = "--schema", description = "Print the JSON Schema of specifications, for editors, and stop.")
    private boolean schema;

    @Override
    public Integer call() {
        if (schema) {
            if (spec != null) {
                throw new IllegalArgumentException(
                        "--schema is the same for all specifications; it takes no SPEC.yaml.");
            }
            GlobalOptions.refuseWithoutEffect(
                    command, "with --schema", List.of("--out", "--resume", "--retry-failed", "--reuse", "--dry-run"));
            root.options.print(SpecSchema.of(Quantities.ALL));
            return 0;
        }
        if (spec == null) {
            throw new IllegalArgumentException("The specification is missing: ntk sweep SPEC.yaml --out RUN.db.");
        }
        SweepSpec sweep = withSeed(SweepSpecFile.read(spec));
        SweepEstimate estimate = SweepEstimate.of(sweep, root.options.threads());
        if (!resume) {
            GlobalOptions.refuseWithoutEffect(command, "without --resume", List.of("--retry-failed"));
        }
        if (dryRun) {
            print(estimate);
            return 0;
        }
        if (out == null) {
            throw new IllegalArgumentException("The run file is missing: --out RUN.db.");
        }
        Destination.requireOther(out, Destination.and(reuse == null ? new Path[0] : Destination.ofRun(reuse), spec));
        try (SweepSession session = new SweepSession(root.options);
                RunFile run = open(session, sweep)) {
            root.options.message(words(estimate) + ".");
            int exitCode = session.compute("Sweep", out, run, command, "--reuse", "--retry-failed");
            if (exitCode != 0) {
                return exitCode;
            }
        }
        // Finished is what can be read back.
        try (RunReader run = RunReader.open(out)) {
            run.verify();
            report(run);
        }
        return 0;
    }

    private RunFile open(SweepSession session, SweepSpec sweep) {
        if (!resume || !RunFile.isThere(out)) {
            return session.create(out, sweep, this::takeOver);
        }
        RunFile run = session.resume(out, sweep, "choose another file");
        try {
            if (retryFailed) {
                run.forgetFailed();
            }
            takeOver(run);
            return run;
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private void takeOver(RunFile run) {
        if (reuse != null) {
            try (RunReader other = RunReader.open(reuse)) {
                root.options.message("Reused " + run.reuse(other) + " cells of " + reuse + ".");
            }
        }
    }

    // The command line's seed, where there is one, goes before the specification's.
    private SweepSpec withSeed(SweepSpec read) {
        boolean given = command.commandLine().getParseResult().hasMatchedOption("--seed")
                || command.parent().commandLine().getParseResult().hasMatchedOption("--seed");
        return given ? new SweepSpec(read.quantity(), read.grids(), root.options.seed) : read;
    }

    private String words(SweepEstimate estimate) {
        return estimate.cells() + " cells, about " + ConsoleProgress.duration(estimate.seconds()) + " on "
                + root.options.threads() + " threads, up to " + Memory.format(estimate.bytes())
                + " of memory for them";
    }

    private void print(SweepEstimate estimate) {
        if (root.options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("cells", estimate.cells());
            document.put("units", estimate.units());
            document.put("seconds", estimate.seconds());
            document.put("bytes", estimate.bytes());
            document.put("threads", root.options.threads());
            root.options.print(document);
        } else {
            root.options.out().println(words(estimate));
        }
    }

    private void report(RunReader run) {
        Map<String, Integer> counts = run.counts();
        int cells = counts.values().stream().mapToInt(Integer::intValue).sum();
        int diverged = counts.getOrDefault("diverged", 0);
        int failed = counts.getOrDefault("failed", 0);
        if (root.options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("run", out.toString());
            document.put("cells", cells);
            document.put("diverged", diverged);
            document.put("failed", failed);
            root.options.print(document);
        } else {
            root.options
                    .out()
                    .println("Finished: " + cells + " cells in " + out
                            + (diverged == 0 ? "" : ", " + diverged + " of them DIVERGED")
                            + (failed == 0 ? "" : ", " + failed + " failed"));
        }
    }
}
