package io.github.finitentk.cli;

import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRunner;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs sweeps into run files for a command: opening, progress, signals. The first SIGINT or SIGTERM lets the cells under way
 * finish or leave a checkpoint, the second stops at once; what is committed is safe either way.
 */
final class SweepSession implements AutoCloseable {

    private static final String VERSION = "version";
    private static final String BACKEND_DESCRIPTION = "backend_description";

    private final GlobalOptions options;
    private final Backend backend;
    private final StopSignal stop;

    SweepSession(GlobalOptions options) {
        this.options = options;
        this.backend = options.engine().backend();
        this.stop = new StopSignal(options, "finishing the cells under way");
    }

    /**
     * A new run file; there must be none yet.
     *
     * @param start what to do before it gets its name; if that is refused, there is none
     */
    RunFile create(Path path, SweepSpec spec, Consumer<RunFile> start) {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put(VERSION, Version.text());
        manifest.put("backend", backend.name());
        manifest.put(BACKEND_DESCRIPTION, backend.description());
        manifest.putAll(spec.quantity().conventions());
        manifest.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return RunFile.create(path, spec, manifest, start);
    }

    /**
     * The run file of an earlier process.
     *
     * @param advice what to do if it holds another run
     * @throws IllegalArgumentException if it does
     */
    RunFile resume(Path path, SweepSpec spec, String advice) {
        boolean begunElsewhere;
        // Read before it is opened for writing: a run that is not ours to go on with is left as it is.
        try (RunReader run = RunReader.open(path)) {
            spec.differenceFrom(run.spec()).ifPresent(difference -> {
                throw new IllegalArgumentException("The run file " + path + " was started with another specification: "
                        + difference + "; " + advice + ".");
            });
            int done =
                    run.counts().values().stream().mapToInt(Integer::intValue).sum();
            String before = run.manifest().get("backend");
            boolean unfinished = done < spec.size();
            if (unfinished && !backend.name().equals(before)) {
                throw new IllegalArgumentException("The run file " + path + " was started on the backend " + before
                        + ", whose results differ in their last digits from those of " + backend.name()
                        + ": add --backend " + before + ", or " + advice + ".");
            }
            begunElsewhere = unfinished
                    && !(Version.text().equals(run.manifest().get(VERSION))
                            && backend.description().equals(run.manifest().get(BACKEND_DESCRIPTION)));
        }
        RunFile run = RunFile.open(path);
        if (begunElsewhere) {
            run.note("continued_by", "version " + Version.text() + ", " + backend.description());
            options.message(
                    "ntk: " + path + " was begun by version " + run.manifest().get(VERSION) + " on "
                            + run.manifest().get(BACKEND_DESCRIPTION) + "; its manifest now names both.");
        }
        return run;
    }

    /**
     * Computes what is missing and says how it ended: with all cells, interrupted, or without a single number.
     *
     * @param command what to type again if it is interrupted
     * @param done options of the command that then have no more to do
     * @return the exit code
     */
    int compute(String task, Path file, RunFile run, CommandSpec command, String... done) {
        boolean finished;
        try (ConsoleProgress progress = ConsoleProgress.start(task, options)) {
            finished = new SweepRunner(run.spec(), options.engine())
                    .run(run, progress, () -> stop.getAsBoolean() || run.isDisplaced());
        }
        run.requireInPlace();
        if (!finished) {
            options.err()
                    .println("ntk: interrupted with " + run.finished().cardinality() + " of "
                            + run.spec().size() + " cells saved; resume with: " + TypedCommand.resuming(command, done));
            return StopSignal.INTERRUPTED;
        }
        return failures(file, run);
    }

    private int failures(Path file, RunFile run) {
        int failed = run.counts().getOrDefault("failed", 0);
        if (failed == 0) {
            return 0;
        }
        SweepRow first = StreamSupport.stream(run.rows().spliterator(), false)
                .filter(row -> row.status() == SweepRow.Status.FAILED)
                .findFirst()
                .orElseThrow();
        boolean all = failed == run.finished().cardinality();
        String sentence = "ntk: " + (all ? "all " : "") + failed + " cells in " + file + " failed, the first one ("
                + first.cell() + "): " + first.reason();
        if (all) {
            options.err().println(sentence);
            return Main.FAILURE;
        }
        options.message(sentence);
        return 0;
    }

    @Override
    public void close() {
        stop.close();
    }
}
