package io.github.finitentk.cli;

import io.github.finitentk.experiment.Capacity;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job script for Slurm: an array with a task for each shard of a sweep, and a job that joins their run files.
 *
 * @param sweep what is computed
 * @param tasks the number of shards
 * @param threads processors of each task
 * @param command the words of the command that computes the sweep, from {@code sweep} on, without {@code --out} and {@code --shard}
 * @param out the run file of the whole sweep
 */
record JobScript(SweepSpec sweep, int tasks, int threads, List<String> command, Path out) {

    /** Numbers that Slurm's default MaxArraySize allows. */
    private static final int MOST_TASKS = 1000;

    private static final double HOUR = 3600;

    /** Estimates are good to a factor of two or so, and clusters have slow nodes. */
    private static final double MARGIN = 2;

    private static final double LEAST_SECONDS = 600;

    /** Of each process, beside what its cells take. */
    private static final double BASE_BYTES = 1L << 30;

    /** Slurm warns so many seconds before the end: what is under way is finished. What takes longer leaves a checkpoint. */
    private static final double LEAST_WARNING = 120;

    private static final double MOST_WARNING = 600;

    private static final Pattern PLACE = Pattern.compile("(?<!\\$)\\{(\\w+)}");

    private static final String TEXT = """
            #!/bin/bash
            # {units} units of cells in {tasks} tasks of about {each} each (an estimate; the limit leaves room for more).
            #   bash SCRIPT                     submits all tasks, and a job that merges their run files when all have ended well
            #   sbatch --array=3,7-9 SCRIPT     submits some of them again: ntk runs missing says which
            #SBATCH --job-name={name}
            #SBATCH --array=1-{tasks}
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task={threads}
            #SBATCH --mem={memory}
            #SBATCH --time={time}
            #SBATCH --signal=B:USR1@{warning}
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --output={name}.%A_%a.log
            cd {folder} || exit 1

            if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
              array=$(sbatch --parsable "$0") || exit
              exec sbatch --job-name={name}-merge --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes --ntasks=1 \\
                --cpus-per-task=1 --mem=2G --time=0-01:00:00 --output={name}.merge.log <<'MERGE'
            #!/bin/bash
            cd {folder} && exec {ntk} merge {shards} --out {run}
            MERGE
            fi

            # A run file that is there is gone on with: this is a task that was requeued, or one that had failed.
            {ntk} {sweep} --out {run} --shard "$SLURM_ARRAY_TASK_ID/{tasks}" --resume &
            child=$!

            # Slurm sends SIGUSR1 to this shell before the time is up. The sweep saves what it has and ends with 75: run me again.
            again=
            signalled=
            trap 'again=1 signalled=1; kill -USR1 "$child" 2>/dev/null' USR1
            trap 'signalled=1; kill -TERM "$child" 2>/dev/null' TERM
            code=0
            while :; do
              wait "$child"
              ended=$?
              if [ "$ended" -ne 127 ]; then code=$ended; fi # 127: it had been waited for already
              if [ -z "$signalled" ]; then break; fi
              signalled= # the signal may have ended the waiting, not the sweep
            done

            # 138: the signal came before the sweep could answer it.
            if [ -n "$again" ] && { [ "$code" -eq 75 ] || [ "$code" -eq 138 ]; }; then
              exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
            fi
            exit "$code"
            """;

    /** So many tasks that each takes about an hour. */
    static int tasks(SweepSpec sweep, int threads) {
        SweepSpec.Estimate all = sweep.estimate(1);
        double hours = Math.ceil(all.seconds() / threads / HOUR);
        return (int) Math.max(1, Math.min(hours, Math.min(all.units(), MOST_TASKS)));
    }

    /** The script. Slurm reads what begins with #SBATCH, a shell all of it. */
    String text() {
        Capacity capacity = Capacity.of(sweep);
        double slowest = Math.max(capacity.on(tasks).jobArray() / threads, capacity.longest());
        double warning = Math.max(LEAST_WARNING, Math.min(2 * capacity.longest(), MOST_WARNING));
        Map<String, String> values = new HashMap<>();
        values.put("units", Integer.toString(capacity.units()));
        values.put("tasks", Integer.toString(tasks));
        values.put("each", ConsoleProgress.duration(slowest));
        values.put(
                "name", out.getFileName().toString().replaceFirst("\\.db$", "").replaceAll("[^\\w.-]", "_"));
        values.put("threads", Integer.toString(threads));
        values.put("memory", memory());
        values.put("time", time(MARGIN * slowest + warning));
        values.put("warning", Long.toString(Math.round(warning)));
        values.put("folder", quoted(Path.of("").toAbsolutePath().toString()));
        values.put("ntk", quoted(program()));
        values.put("sweep", TypedCommand.quoted(command));
        values.put("shards", shards());
        values.put("run", quoted(out.toString()));
        return PLACE.matcher(TEXT).replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
    }

    private static String quoted(String word) {
        return TypedCommand.quoted(List.of(word));
    }

    /** {@code D-HH:MM:SS}, in whole steps of five minutes. */
    private static String time(double seconds) {
        long minutes = 5 * (long) Math.ceil(Math.max(LEAST_SECONDS, seconds) / 300);
        return String.format(Locale.ROOT, "%d-%02d:%02d:00", minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    }

    private String memory() {
        double bytes = BASE_BYTES + 1.5 * sweep.estimate(threads).bytes();
        return 256 * (long) Math.ceil(bytes / (1 << 28)) + "M";
    }

    // A pattern for the shell, which does not look into quotes.
    private String shards() {
        String last = new Shard(tasks, tasks).file(out).toString();
        String marker = ".shard-" + tasks + "-of-";
        int at = last.lastIndexOf(marker);
        return tasks == 1
                ? quoted(last)
                : quoted(last.substring(0, at)) + ".shard-*-of-" + quoted(last.substring(at + marker.length()));
    }

    // A path is followed from wherever the job starts; a name is looked for there as here.
    private static String program() {
        String name = TypedCommand.name();
        return name.contains("/") ? Path.of(name).toAbsolutePath().normalize().toString() : name;
    }
}
