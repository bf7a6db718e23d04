package io.github.finitentk.cli;

import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.SweepSpecFile;
import io.github.finitentk.report.JsonWriter;
import io.github.finitentk.store.RunFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk sweep}. */
@Command(name = "sweep", description = "Compute a grid of cells into a run file; an interrupted run can be resumed.")
final class SweepCommand implements Callable<Integer> {

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
        SweepSpec sweep = SweepSpecFile.read(spec);
        if (dryRun) {
            root.options.out().println(sweep.cells().size() + " cells");
            return 0;
        }
        if (out == null) {
            throw new IllegalArgumentException("The run file is missing: --out RUN.db.");
        }
        try (SweepSession session = new SweepSession(root.options);
                RunFile run = resume && java.nio.file.Files.exists(out)
                        ? session.resume(out, sweep, "choose another file")
                        : session.create(out, sweep)) {
            if (!session.run("Sweep", run)) {
                return session.interrupted(run, "ntk sweep " + spec + " --out " + out + " --resume");
            }
            report(run.finished().cardinality());
            return 0;
        }
    }

    private void report(int cells) {
        if (root.options.json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("run", out.toString());
            document.put("cells", cells);
            root.options.out().println(JsonWriter.toString(document));
        } else {
            root.options.out().println("Finished: " + cells + " cells in " + out);
        }
    }
}
