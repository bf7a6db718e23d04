package io.github.finitentk.cli;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.store.RunFileException;
import io.github.finitentk.store.RunMerge;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk merge}. */
@Example(does = "three parts into one run", line = "ntk merge all.shard-*-of-3.db --out all.db")
@Command(name = "merge", description = "Join the run files of a sweep's shards into one, which can be resumed.")
final class MergeCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Parameters(
            arity = "1..*",
            paramLabel = "SHARD.db",
            description = "Run files of one specification, seed and version.")
    private List<Path> parts;

    @Option(names = "--out", required = true, paramLabel = "RUN.db", description = "The new run file.")
    private Path out;

    private record Merged(String run, int runs, int cells, int finished, int failed, int repeated) {}

    @Override
    public Integer call() {
        Destination.requireOther(
                out,
                parts.stream()
                        .flatMap(part -> List.of(Destination.ofRun(part)).stream())
                        .toArray(Path[]::new));
        RunMerge.Result merged;
        try {
            merged = RunMerge.of(parts, out);
        } catch (RunFileException.Exists e) {
            throw new CellStore.StoreException(e.getMessage().replaceFirst("\\.$", "") + "; choose another name.");
        }
        GlobalOptions options = root.options;
        if (options.json) {
            options.print(new Merged(
                    out.toString(),
                    parts.size(),
                    merged.cells(),
                    merged.finished(),
                    merged.failed(),
                    merged.repeated()));
        } else {
            options.out()
                    .println("Merged: " + merged.finished() + " of " + merged.cells() + " cells from " + parts.size()
                            + " run files in " + out
                            + (merged.failed() == 0 ? "" : ", " + merged.failed() + " of them failed")
                            + (merged.repeated() == 0
                                    ? ""
                                    : "; " + merged.repeated() + " were met again, bit for bit the same"));
        }
        if (!merged.isComplete()) {
            options.err()
                    .println("ntk: " + (merged.cells() - merged.finished()) + " cells are missing; ntk runs missing "
                            + TypedCommand.quoted(List.of(out.toString()))
                            + " says which, and ntk sweep SPEC.yaml --out "
                            + TypedCommand.quoted(List.of(out.toString())) + " --resume computes them.");
        }
        return 0;
    }
}
