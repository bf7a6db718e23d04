package io.github.finitentk.cli;

import io.github.finitentk.experiment.Shard;
import io.github.finitentk.store.RunComparison;
import io.github.finitentk.store.RunFileException;
import io.github.finitentk.store.RunReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ntk runs}. */
@Example(does = "the run files of this folder", line = "ntk runs")
@Example(does = "whether two runs have the same numbers", line = "ntk runs compare run.db other.db")
@Command(
        name = "runs",
        description = "List run files, show what describes one, compare two, check that nothing is damaged or missing.",
        subcommands = {
            RunsCommand.ListRuns.class,
            RunsCommand.Show.class,
            RunsCommand.Compare.class,
            RunsCommand.Verify.class,
            MissingCells.class
        })
final class RunsCommand implements Callable<Integer> {

    @ParentCommand
    NtkCommand root;

    /** Without more words: the runs of this folder. */
    @Override
    public Integer call() throws IOException {
        return list(Path.of("."), root.options);
    }

    /** {@code ntk runs list}. */
    @Example(does = "the run files of a folder", line = "ntk runs list .")
    @Command(name = "list", description = "The run files of a folder: what they compute and how far they are.")
    static final class ListRuns implements Callable<Integer> {
        @ParentCommand
        private RunsCommand runs;

        @Parameters(
                paramLabel = "DIR",
                defaultValue = ".",
                description = "The folder; . is this one (default: ${DEFAULT-VALUE}).")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            return list(folder, runs.root.options);
        }
    }

    /** {@code ntk runs show}. */
    @Example(does = "specification, seed, version, backend", line = "ntk runs show run.db")
    @Command(name = "show", description = "What describes a run: specification, seed, version, backend, conventions.")
    static final class Show implements Callable<Integer> {
        @ParentCommand
        private RunsCommand runs;

        @Parameters(paramLabel = "RUN.db", description = "The run file.")
        private Path file;

        @Override
        public Integer call() {
            GlobalOptions options = runs.root.options;
            try (RunReader run = RunReader.open(file)) {
                if (options.json) {
                    options.print(Summary.of(file, run, Optional.of(run.manifest())));
                } else {
                    Documents.entries(Summary.of(file, run, Optional.empty()))
                            .forEach((key, value) -> print(options.out(), key, String.valueOf(value)));
                    run.manifest().forEach((key, value) -> print(options.out(), key, value));
                }
            }
            return 0;
        }
    }

    /** {@code ntk runs compare}. */
    @Example(does = "where two runs differ, in words and in numbers", line = "ntk runs compare run.db other.db")
    @Command(
            name = "compare",
            description = "What describes two runs, and their results cell by cell, side by side where they differ.")
    static final class Compare implements Callable<Integer> {
        @ParentCommand
        private RunsCommand runs;

        @Parameters(index = "0", paramLabel = "A.db", description = "A run file.")
        private Path first;

        @Parameters(index = "1", paramLabel = "B.db", description = "Another one.")
        private Path second;

        @Override
        public Integer call() {
            Map<String, String> a = entries(first);
            Map<String, String> b = entries(second);
            Set<String> keys = new LinkedHashSet<>(a.keySet());
            keys.addAll(b.keySet());
            Map<String, List<String>> differences = new LinkedHashMap<>();
            for (String key : keys) {
                String there = b.getOrDefault(key, "");
                String here = a.getOrDefault(key, "");
                if (!here.equals(there)) {
                    differences.put(key, List.of(here, there));
                }
            }
            RunComparison results = results();
            GlobalOptions options = runs.root.options;
            if (options.json) {
                options.print(new Comparison(
                        differences,
                        results.equal(),
                        results.common(),
                        results.onlyFirst(),
                        results.onlySecond(),
                        results.different(),
                        results.columns().stream().map(Difference::of).toList()));
                return 0;
            }
            if (differences.isEmpty()) {
                options.out().println("The runs are described by the same words.");
            } else {
                differences.forEach((key, values) -> side(options.out(), key, values.get(0), values.get(1)));
            }
            print(results, options.out());
            return 0;
        }

        private RunComparison results() {
            try (RunReader a = RunReader.open(first);
                    RunReader b = RunReader.open(second)) {
                return RunComparison.of(a, b);
            }
        }

        private record Comparison(
                Map<String, List<String>> differences,
                boolean equalResults,
                int commonCells,
                int onlyInFirst,
                int onlyInSecond,
                int differentCells,
                List<Difference> columns) {}

        private record Difference(
                String column, int cells, double largestRelativeDifference, String at, String first, String second) {

            static Difference of(RunComparison.Difference each) {
                return new Difference(
                        each.column(), each.cells(), each.largest(), each.at().toString(), each.first(), each.second());
            }
        }

        private void side(PrintWriter out, String what, String here, String there) {
            out.println(what);
            RunsCommand.print(out, "  " + first.getFileName(), here);
            RunsCommand.print(out, "  " + second.getFileName(), there);
        }

        private void print(RunComparison results, PrintWriter out) {
            for (RunComparison.Difference each : results.columns()) {
                String largest = Double.isNaN(each.largest())
                        ? "for example at "
                        : String.format(Locale.ROOT, "by up to %.3g of the number, at ", each.largest());
                side(
                        out,
                        each.column() + " differs in " + each.cells() + " cells, " + largest + each.at(),
                        each.first(),
                        each.second());
            }
            out.println(
                    results.equal()
                            ? "The results are the same: " + results.common() + " cells, bit for bit."
                            : "Of " + results.common() + " cells in both runs " + results.different() + " differ; "
                                    + results.onlyFirst() + " are in " + first.getFileName() + " alone, "
                                    + results.onlySecond()
                                    + " in " + second.getFileName() + ".");
        }

        // The specification key by key, then the rest of the manifest.
        private static Map<String, String> entries(Path file) {
            try (RunReader run = RunReader.open(file)) {
                Map<String, String> entries = new LinkedHashMap<>();
                Map<String, String> manifest = run.manifest();
                manifest.getOrDefault("spec", "").lines().forEach(line -> {
                    int colon = line.indexOf(": ");
                    if (colon > 0) {
                        entries.put(line.substring(0, colon), line.substring(colon + 2));
                    }
                });
                manifest.remove("spec");
                entries.putAll(manifest);
                return entries;
            }
        }
    }

    /** {@code ntk runs verify}. */
    @Example(does = "whether every row is as it was written", line = "ntk runs verify *.db")
    @Command(
            name = "verify",
            description = "Read all of some run files and compare each row with the checksum it was written with.")
    static final class Verify implements Callable<Integer> {
        @ParentCommand
        private RunsCommand runs;

        @Parameters(arity = "1..*", paramLabel = "RUN.db", description = "The run files.")
        private List<Path> files;

        private record Verdicts(List<Verdict> runs) {}

        private record Verdict(String run, Optional<Integer> cells, Optional<String> problem) {}

        @Override
        public Integer call() {
            int exitCode = 0;
            List<Verdict> verdicts = new ArrayList<>();
            for (Path file : files) {
                try (RunReader run = RunReader.open(file)) {
                    run.verify();
                    verdicts.add(new Verdict(file.toString(), Optional.of(cells(run)), Optional.empty()));
                } catch (RunFileException | IllegalArgumentException e) {
                    verdicts.add(new Verdict(file.toString(), Optional.empty(), Optional.of(e.getMessage())));
                    exitCode = e instanceof RunFileException || exitCode == Main.FAILURE ? Main.FAILURE : Main.USAGE;
                }
            }
            GlobalOptions options = runs.root.options;
            if (options.json) {
                options.print(new Verdicts(verdicts));
            } else {
                verdicts.forEach(verdict -> options.out()
                        .printf(
                                Locale.ROOT,
                                "%-28s %s%n",
                                verdict.run,
                                verdict.problem.orElseGet(
                                        () -> verdict.cells.orElseThrow() + " cells, all as written")));
            }
            return exitCode;
        }
    }

    private static int cells(RunReader run) {
        return run.counts().values().stream().mapToInt(Integer::intValue).sum();
    }

    private static int list(Path folder, GlobalOptions options) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is not a folder.");
        }
        List<Record> summaries = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".db"))
                    .sorted()
                    .toList()) {
                try (RunReader run = RunReader.open(file)) {
                    summaries.add(Summary.of(file, run, Optional.empty()));
                } catch (RunFileException | IllegalArgumentException e) {
                    summaries.add(new Unreadable(file.getFileName().toString(), e.getMessage()));
                }
            }
        }
        if (options.json) {
            options.print(new Summaries(summaries));
        } else if (summaries.isEmpty()) {
            options.out().println("There is no run file in " + folder + ".");
        } else {
            summaries.forEach(options.out()::println);
        }
        return 0;
    }

    private record Summaries(List<Record> runs) {}

    /** A file of a folder that is no run, or is damaged. */
    private record Unreadable(String run, String problem) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-28s %s", run, problem);
        }
    }

    /** A run: what it computes and how far it is; its size is unknown with its quantity. */
    private record Summary(
            String run,
            Optional<String> shard,
            int done,
            String quantity,
            Integer cells,
            int failed,
            int diverged,
            String seed,
            String created,
            Optional<Map<String, String>> manifest) {

        static Summary of(Path file, RunReader run, Optional<Map<String, String>> manifest) {
            String quantity = "unknown to this version";
            Integer cells = null;
            try {
                quantity = run.spec().quantity().name();
                cells = run.shard().cells(run.spec()).cardinality();
            } catch (IllegalArgumentException unknown) {
                // Another version's, or an application's own; all the rest can be read.
            }
            return new Summary(
                    file.getFileName().toString(),
                    Optional.of(run.shard()).filter(shard -> !shard.isWhole()).map(Shard::toString),
                    RunsCommand.cells(run),
                    quantity,
                    cells,
                    run.counts().getOrDefault("failed", 0),
                    run.counts().getOrDefault("diverged", 0),
                    run.manifest().get("seed"),
                    run.manifest().get("created"),
                    manifest);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-28s %-14s %7d of %s cells%s, %d failed, %d diverged, seed %s, %s",
                    run,
                    quantity,
                    done,
                    cells == null ? "?" : cells,
                    shard.map(part -> " (shard " + part + ")").orElse(""),
                    failed,
                    diverged,
                    seed,
                    created);
        }
    }

    private static void print(PrintWriter out, String key, String value) {
        String indented = value.strip().replace("\n", "\n" + " ".repeat(21));
        out.printf(Locale.ROOT, "%-20s %s%n", key, indented);
    }
}
