package io.github.finitentk.cli;

import io.github.finitentk.experiment.Shard;
import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a batch system says in the environment of the job that this process is a part of. */
final class BatchJob {

    /** What to type in place of what the environment says. */
    private static final String EXPLICIT =
            "--shard k/n says which shard this is, --shard 1/1 that all cells are wanted.";

    private final Map<String, String> environment;

    /** @param environment of the process */
    BatchJob(Map<String, String> environment) {
        this.environment = environment;
    }

    /** A number that the environment gives, and the variable that does. */
    record Given<T>(T value, String variable) {}

    /** The processors that the job was given, where the batch system says so. */
    Optional<Given<Integer>> processors() {
        return Stream.of("SLURM_CPUS_PER_TASK", "NSLOTS")
                .filter(name -> number(name).orElse(0) > 0)
                .map(name -> new Given<>(number(name).getAsInt(), name))
                .findFirst();
    }

    /**
     * The shard that belongs to this task of a job array; empty if this is none.
     *
     * @throws IllegalArgumentException with one sentence if the environment does not say how many shards there are
     */
    Optional<Given<Shard>> shard() {
        return of("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP")
                .or(() -> of("SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE"))
                .or(() -> lone("PBS_ARRAY_INDEX"))
                .or(() -> number("LSB_JOBINDEX").orElse(0) == 0 ? Optional.empty() : lone("LSB_JOBINDEX"));
    }

    private Optional<Given<Shard>> of(String id, String first, String last, String step) {
        // Grid Engine says "undefined" where there is no array.
        if (number(id).isEmpty()) {
            return Optional.empty();
        }
        if (number(first).isEmpty() || number(last).isEmpty()) {
            return lone(id);
        }
        int from = number(first).getAsInt();
        int to = number(last).getAsInt();
        int by = Math.max(1, number(step).orElse(1));
        int count = (to - from) / by + 1;
        int number = (number(id).getAsInt() - from) / by + 1;
        // Slurm alone has arrays with gaps; such a one, or one that begins later, may compute again what others have
        // left.
        boolean gaps = number("SLURM_ARRAY_TASK_COUNT").orElse(count) != count;
        if (gaps || from > 1 || (number(id).getAsInt() - from) % by != 0) {
            throw new IllegalArgumentException("The tasks of this job array, from " + from + " to " + to
                    + (gaps ? " with gaps" : "") + ", need not be all shards; " + EXPLICIT);
        }
        return Optional.of(new Given<>(new Shard(number, count), id));
    }

    private Optional<Given<Shard>> lone(String id) {
        if (number(id).isEmpty()) {
            return Optional.empty();
        }
        throw new IllegalArgumentException("This is a task of a job array (" + id + " is " + environment.get(id)
                + "), but nothing says how many there are; " + EXPLICIT);
    }

    /** The tasks of a job array as {@code --array} takes them: {@code 3,7-9}. */
    static String array(BitSet tasks) {
        List<String> ranges = new ArrayList<>();
        for (int from = tasks.nextSetBit(0); from >= 0; ) {
            int to = tasks.nextClearBit(from) - 1;
            ranges.add(from == to ? Integer.toString(from) : from + "-" + to);
            from = tasks.nextSetBit(to + 1);
        }
        return String.join(",", ranges);
    }

    private OptionalInt number(String variable) {
        String text = environment.getOrDefault(variable, "");
        return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    /**
     * Checks that a sweep was not cut into another number of shards before: an array that computes some again has fewer tasks.
     *
     * @throws IllegalArgumentException with one sentence if there is a run file of such a shard
     */
    static void requireSameCut(Given<Shard> given, Path run) {
        Shard shard = given.value();
        Pattern name = Pattern.compile(
                Pattern.quote(new Shard(1, 2).file(run).getFileName().toString())
                        .replace("shard-1-of-2", "shard-\\E\\d+\\Q-of-\\E(\\d+)\\Q"));
        for (Path file : beside(run)) {
            Matcher matcher = name.matcher(file.getFileName().toString());
            if (matcher.matches() && !matcher.group(1).equals(Integer.toString(shard.count()))) {
                throw new IllegalArgumentException("By " + given.variable() + " this is shard " + shard + ", but "
                        + file + " is one of " + matcher.group(1) + "; " + EXPLICIT);
            }
        }
    }

    private static List<Path> beside(Path run) {
        Path folder = run.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read: " + FileProblem.sentence(e), e);
        }
    }
}
