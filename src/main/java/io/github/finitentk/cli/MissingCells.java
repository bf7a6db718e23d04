package io.github.finitentk.cli;

import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.store.RunMerge;
import io.github.finitentk.store.RunReader;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk runs missing}. */
@Example(does = "what is left to compute", line = "ntk runs missing spec.yaml run.db")
@Command(
        name = "missing",
        description =
                "How many cells of a sweep are in none of some run files, and which tasks of a job array compute them.")
final class MissingCells implements Callable<Integer> {

    @ParentCommand
    private RunsCommand runs;

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "1..*",
            paramLabel = "SPEC.yaml|RUN.db",
            description =
                    "The specification, which may be left out if there is a run file; then run files, if there are"
                            + " any.")
    private List<Path> files;

    @Option(names = "--of", paramLabel = "N", description = "The number of shards (default: what the run files say).")
    private Integer count;

    private record Missing(int cells, int missing, Optional<Integer> shards, Optional<String> array) {}

    @Override
    public Integer call() {
        boolean specified = !Destination.isRunFile(files.get(0));
        List<Path> parts = files.subList(specified ? 1 : 0, files.size());
        SweepSpec sweep;
        if (specified) {
            sweep = runs.root.options.withSeed(SweepSpec.read(files.get(0)), command);
        } else {
            try (RunReader first = RunReader.open(parts.get(0))) {
                sweep = first.spec();
            }
        }
        BitSet finished = RunMerge.finished(sweep, parts);
        int missing = sweep.size() - finished.cardinality();
        Optional<Integer> shards = shards(parts);
        Optional<String> array = shards.filter(n -> missing > 0).map(n -> array(sweep, finished, n));
        print(new Missing(sweep.size(), missing, shards, array));
        return 0;
    }

    private Optional<Integer> shards(List<Path> parts) {
        if (count != null) {
            return Optional.of(count);
        }
        int found = 0;
        Path first = null;
        for (Path part : parts) {
            try (RunReader run = RunReader.open(part)) {
                Shard shard = run.shard();
                if (shard.isWhole() || shard.count() == found) {
                    continue;
                }
                if (found != 0) {
                    throw new IllegalArgumentException(first + " is a shard of " + found + ", " + part + " of "
                            + shard.count() + "; --of N says how many there are to be.");
                }
                found = shard.count();
                first = part;
            }
        }
        return found == 0 ? Optional.empty() : Optional.of(found);
    }

    private static String array(SweepSpec sweep, BitSet finished, int count) {
        BitSet tasks = new BitSet();
        Shard.unfinished(sweep, finished, count).forEach(shard -> tasks.set(shard.number()));
        return BatchJob.array(tasks);
    }

    private void print(Missing answer) {
        GlobalOptions options = runs.root.options;
        if (options.json) {
            options.print(answer);
        } else if (answer.missing == 0) {
            options.out().println("Nothing is missing: all " + answer.cells + " cells are there.");
        } else {
            options.out()
                    .println("Missing: " + answer.missing + " of " + answer.cells + " cells"
                            + answer.shards
                                    .map(n -> ", in these of " + n + " shards:")
                                    .orElse(". --of N says which of N shards they are in."));
            answer.array.ifPresent(array -> options.out().println("--array=" + array));
        }
    }
}
