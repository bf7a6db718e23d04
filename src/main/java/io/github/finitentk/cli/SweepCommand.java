package io.github.finitentk.cli;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.experiment.SweepRunner;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.SweepSpecFile;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.store.RunFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk sweep}. */
@Command(name = "sweep", description = "Compute a grid of cells into a run file; an interrupted run can be resumed.")
final class SweepCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;

    @ParentCommand
    private NtkCommand root;

    @Parameters(paramLabel = "SPEC.yaml", description = "quantity, activation, sigma_w2, sigma_b2, depth, width, ...")
    private Path spec;

    @Option(names = "--out", paramLabel = "RUN.db", description = "The run file.")
    private Path out;

    @Option(names = "--resume", description = "Continue an interrupted run.")
    private boolean resume;

    @Option(names = "--dry-run", description = "Say how many cells there are and stop.")
    private boolean dryRun;

    @Override
    public Integer call() {
        GlobalOptions options = root.options;
        SweepSpec sweep = SweepSpecFile.read(spec);
        if (dryRun) {
            options.out().println(sweep.cells().size() + " cells");
            return 0;
        }
        if (out == null) {
            throw new IllegalArgumentException("The run file is missing: --out RUN.db.");
        }
        Backend backend = options.backend();
        try (RunFile run = resume && java.nio.file.Files.exists(out)
                ? continued(sweep)
                : RunFile.create(out, sweep, manifest(sweep, backend))) {
            return run(sweep, backend, run);
        }
    }

    private int run(SweepSpec sweep, Backend backend, RunFile run) {
        GlobalOptions options = root.options;
        AtomicBoolean stop = new AtomicBoolean();
        // The first signal finishes the cells under way, the second stops at once; committed cells are safe either way.
        Runnable handler = () -> {
            if (stop.getAndSet(true)) {
                Runtime.getRuntime().halt(INTERRUPTED);
            }
            options.err().println("ntk: finishing the cells under way; once more stops at once.");
        };
        Object interrupt = Signals.register("INT", handler);
        Object terminate = Signals.register("TERM", handler);
        boolean complete;
        try (ConsoleProgress progress = ConsoleProgress.start("Sweep", options)) {
            complete = new SweepRunner(sweep, backend, options.workers()).run(run, progress, stop::get);
        } finally {
            Signals.unregister("INT", interrupt);
            Signals.unregister("TERM", terminate);
        }
        int finished = run.finished().cardinality();
        if (!complete) {
            options.err()
                    .println("ntk: interrupted with " + finished + " of "
                            + sweep.cells().size() + " cells saved; resume with: ntk sweep " + spec + " --out " + out
                            + " --resume");
            return INTERRUPTED;
        }
        if (options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("run", out.toString());
            document.put("cells", finished);
            options.out().println(JsonWriter.toString(document));
        } else {
            options.out().println("Finished: " + finished + " cells in " + out);
        }
        return 0;
    }

    private RunFile continued(SweepSpec sweep) {
        RunFile run = RunFile.open(out);
        sweep.differenceFrom(run.spec()).ifPresent(difference -> {
            run.close();
            throw new IllegalArgumentException(
                    "The run " + out + " was started with another specification: " + difference + ".");
        });
        return run;
    }

    private static Map<String, String> manifest(SweepSpec sweep, Backend backend) {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put("version", Version.text());
        manifest.put("backend", backend.name());
        manifest.put("backend_description", backend.description());
        manifest.putAll(sweep.quantity().conventions());
        manifest.put("created", Instant.now().toString());
        return manifest;
    }
}
