package io.github.finitentk.cli;

import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.store.RunFileException;
import io.github.finitentk.store.RunResult;
import java.nio.file.Path;

/** What a command says of the end of a run, and how to go on from there. */
public final class RunOutcome {

    /** What runs. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    private RunOutcome() {}

    /**
     * Runs something, and adds to what a run file has against it the options that help.
     *
     * @param otherwise what to do if the file holds another run
     * @throws IllegalArgumentException if it does
     * @throws CellStore.StoreException if the file cannot be used
     * @throws E from the work
     */
    public static <T, E extends Exception> T of(Work<T, E> work, String otherwise) throws E {
        try {
            return work.run();
        } catch (RunFileException.Exists e) {
            throw new CellStore.StoreException(begun(e) + "; --resume continues it.");
        } catch (RunFileException.Displaced e) {
            throw new CellStore.StoreException(
                    e.copy().isPresent() ? begun(e) + ", and --resume continues from there." : e.getMessage());
        } catch (RunFileException.OtherSpecification | RunFileException.OtherShard e) {
            throw new IllegalArgumentException(begun(e) + "; " + otherwise + ".");
        } catch (RunFileException.OtherProcessor e) {
            throw new IllegalArgumentException(begun(e) + "; " + otherwise + ".");
        }
    }

    private static String begun(RunFileException e) {
        return e.getMessage().replaceFirst("\\.$", "");
    }

    /**
     * Says whether a run was interrupted, or which cells failed.
     *
     * @param again what to type if it was interrupted
     * @return the exit code
     */
    public static int exitCode(RunResult run, GlobalOptions options, StopSignal stop, String again) {
        if (!run.isComplete()) {
            options.err()
                    .println("ntk: interrupted with " + run.finished() + " of " + run.cells()
                            + " cells saved; resume with: " + again);
            return stop.exitCode();
        }
        if (run.failed() > 0) {
            Path file = run.file().orElseThrow();
            String sentence =
                    "ntk: " + (run.hasFailed() ? "all " : "") + run.failed() + " cells in " + file + " failed, "
                            + run.firstFailure()
                                    .map(row -> "the first one (" + row.cell() + "): " + row.reason())
                                    .orElseThrow();
            if (run.hasFailed()) {
                options.err().println(sentence);
                return Main.FAILURE;
            }
            options.message(sentence);
        }
        return 0;
    }

    private record Finished(String run, int cells, int diverged, int failed) {}

    /** Says on standard output what a run that is complete has. */
    public static void report(RunResult run, GlobalOptions options) {
        String file = run.file().orElseThrow().toString();
        if (options.json) {
            options.print(new Finished(file, run.cells(), run.diverged(), run.failed()));
        } else {
            options.out()
                    .println("Finished: " + run.cells() + " cells in " + file
                            + (run.diverged() == 0 ? "" : ", " + run.diverged() + " of them DIVERGED")
                            + (run.failed() == 0 ? "" : ", " + run.failed() + " failed"));
        }
    }
}
