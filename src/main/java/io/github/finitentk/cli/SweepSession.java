package io.github.finitentk.cli;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.experiment.CellResult;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepRunner;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

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
        this.backend = options.backend();
        this.stop = new StopSignal(options, "finishing the cells under way");
    }

    /** A new run file; there must be none yet. */
    RunFile create(Path path, SweepSpec spec) {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put(VERSION, Version.text());
        manifest.put("backend", backend.name());
        manifest.put(BACKEND_DESCRIPTION, backend.description());
        manifest.putAll(spec.quantity().conventions());
        manifest.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return RunFile.create(path, spec, manifest);
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
            boolean unfinished = done < spec.cells().size();
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

    /** Computes what is missing; false if it was interrupted. */
    boolean run(String task, RunFile run) {
        try (ConsoleProgress progress = ConsoleProgress.start(task, options)) {
            return new SweepRunner(run.spec(), backend, options.workers()).run(run, progress, stop);
        }
    }

    /** Says how far an interrupted run is and which command continues it. */
    int interrupted(RunFile run, String command) {
        options.err()
                .println("ntk: interrupted with " + run.finished().cardinality() + " of "
                        + run.spec().cells().size() + " cells saved; resume with: " + command);
        return StopSignal.INTERRUPTED;
    }

    /** Says so if cells failed. */
    void warnOfFailures(Path file, RunFile run) {
        int failed = run.counts().getOrDefault("failed", 0);
        if (failed > 0) {
            for (SweepRow row : run.rows()) {
                if (row.result().status() == CellResult.Status.FAILED) {
                    options.message("ntk: " + failed + " cells in " + file + " failed, the first one (" + row.cell()
                            + "): " + row.result().reason());
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        stop.close();
    }
}
