package io.github.finitentk.cli;

import io.github.finitentk.experiment.Checkpoints;
import io.github.finitentk.experiment.Column;
import io.github.finitentk.experiment.Laziness;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.experiment.TrackQuantity;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.report.FigureWriter;
import io.github.finitentk.report.TrackFigure;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.store.RunResult;
import io.github.finitentk.store.Sweep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ntk track}. */
@Example(
        does = "checkpoint by checkpoint",
        line = "ntk track 'run/step-*.npz' --inputs x.npy --targets y.npy --activation relu --learning-rate 0.1")
@Example(
        does = "as a picture",
        line = "ntk track start.npz run/step-0010.npz net.npz --inputs x.npy --activation relu --picture track.png")
@Example(
        does = "as a run file, for ntk report and ntk export",
        line = "ntk track 'run/step-*.npz' --inputs x.npy --activation relu --out track.db")
@Command(
        name = "track",
        description =
                "The kernel along a training made anywhere, checkpoint by checkpoint: was it lazy, and does NTK theory"
                        + " describe it? Change, distance and velocity of the kernel, spectrum, alignment, class blocks,"
                        + " sharpness.")
final class TrackCommand implements Callable<Integer> {

    /** What the table on a terminal shows, with its headings. */
    private static final Map<Column<Double>, String> TABLE = table();

    @ParentCommand
    private NtkCommand root;

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "CHECKPOINT",
            arity = "1..*",
            description = "Networks of one shape, as ntk kernel --network reads them: files, or patterns such as"
                    + " 'run/*.npz'. Steps are read from the names (step=..., epoch_12, -000100), else they count"
                    + " 0, 1, 2, ... in natural order.")
    private List<String> checkpoints;

    @Option(
            names = "--steps",
            paramLabel = "N,...",
            split = ",",
            description = "The step that each checkpoint is of, in the order in which they are given.")
    private List<Long> steps;

    @Option(
            names = "--inputs",
            required = true,
            paramLabel = "X.npy",
            description = "Inputs: S x M_0, as .npy, .npz (one array) or .csv.")
    private Path inputs;

    @Option(
            names = "--targets",
            paramLabel = "Y.npy",
            description = "Targets of the inputs: for loss, alignment and class blocks.")
    private Path targets;

    @Option(
            names = "--activation",
            required = true,
            paramLabel = "A",
            description = "Activation of all hidden layers: relu, tanh, erf, gelu, sin, ...")
    private Activation activation;

    @Mixin
    private NetworkFileOptions networkFile = new NetworkFileOptions();

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "Of the training: for the sharpness eta lambda_max/S.")
    private Double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "m",
            description = "Of the training: with --learning-rate, for the bound 2(1+m) of the sharpness (default: 0).")
    private Double momentum;

    @Option(
            names = "--loss",
            completionCandidates = OptionTypes.Losses.class,
            paramLabel = "half-mse|mse|cross-entropy",
            description = "half-mse: 1/(2S) sum of squares; mse: 1/S sum of squares, which doubles the sharpness;"
                    + " cross-entropy, for which no sharpness is known to be unstable (default: half-mse).")
    private LossConvention loss;

    @Option(
            names = "--out",
            paramLabel = "RUN.db",
            description = "Keep the rows in this run file, each as soon as it is computed, for ntk report and export.")
    private Path out;

    @Option(names = "--resume", description = "With --out: continue an interrupted track, or start it.")
    private boolean resume;

    @Option(
            names = "--picture",
            paramLabel = "F.png|.svg",
            description = "Draw change, distance, alignment, rank, class blocks and sharpness along the steps.")
    private Path picture;

    @Override
    public Integer call() throws IOException {
        if (out == null) {
            GlobalOptions.refuseWithoutEffect(command, "without --out", List.of("--resume"));
        }
        if (learningRate == null) {
            GlobalOptions.refuseWithoutEffect(command, "without --learning-rate", List.of("--momentum"));
        }
        if (learningRate == null && targets == null) {
            GlobalOptions.refuseWithoutEffect(command, "without --learning-rate or --targets", List.of("--loss"));
        }
        Checkpoints found = steps == null ? Checkpoints.find(checkpoints) : Checkpoints.find(checkpoints, steps);
        Path[] read = Stream.concat(found.files().stream(), Stream.of(inputs, targets))
                .toArray(Path[]::new);
        Destination drawing =
                picture == null ? null : Destination.file(picture, root.options, Destination.and(read, out));
        if (drawing != null) {
            FigureWriter.requireFormat(picture);
        }
        if (out != null) {
            Destination.requireOther(out, read);
        }
        if (!found.named() && steps == null && found.count() > 1) {
            root.options.message("ntk: not all names hold a step; checkpoints count 0, 1, 2, ... from "
                    + found.files().get(0) + " to " + found.files().get(found.count() - 1)
                    + " (--steps says otherwise).");
        }
        return run(spec(found), drawing);
    }

    private SweepSpec spec(Checkpoints found) {
        networkFile.read(found.files().get(0), activation, root.options); // says how
        TrackQuantity.Builder track =
                TrackQuantity.of(found, activation, inputs).layout(networkFile.layout());
        Optional.ofNullable(targets).ifPresent(track::targets);
        Optional.ofNullable(learningRate).ifPresent(track::learningRate);
        Optional.ofNullable(momentum).ifPresent(track::momentum);
        Optional.ofNullable(loss).ifPresent(track::loss);
        return track.spec();
    }

    private int run(SweepSpec track, Destination drawing) throws IOException {
        Sweep run = root.options.ntk().sweep(track);
        if (out != null) {
            run.to(out);
        }
        if (resume) {
            run.resume();
        }
        RunResult result;
        int exitCode;
        try (StopSignal stop = new StopSignal(root.options, StopSignal.FINISHING_CELLS);
                ConsoleProgress progress = new ConsoleProgress("Track", root.options)) {
            result = RunOutcome.of(() -> run.listener(progress).cancel(stop).run(), "choose another file");
            exitCode = out == null && !result.isComplete()
                    ? StopSignal.INTERRUPTED
                    : RunOutcome.exitCode(result, root.options, stop, TypedCommand.resuming(command));
        }
        if (!result.isComplete() && out == null) {
            root.options
                    .err()
                    .println("ntk: interrupted after " + result.finished() + " of " + result.cells()
                            + " checkpoints; --out RUN.db saves them.");
        }
        if (exitCode == 0) {
            List<SweepRow> rows = rows(result);
            if (drawing != null) {
                FigureWriter.write(TrackFigure.of(rows), picture);
                drawing.announce("the kernel along the training");
            }
            print(rows, Laziness.of(rows));
        }
        return exitCode;
    }

    private List<SweepRow> rows(RunResult result) {
        if (out == null) {
            return result.rows();
        }
        List<SweepRow> rows = new ArrayList<>();
        try (RunReader file = RunReader.open(out)) {
            file.rows().forEach(rows::add);
        }
        return rows;
    }

    private record Document(
            String answer,
            List<String> sentences,
            double largestChange,
            long largestAt,
            Optional<Long> leaves,
            Optional<Long> fails,
            Optional<Long> lazyFrom,
            List<Long> unstable,
            List<Map<String, Object>> checkpoints) {}

    private void print(List<SweepRow> rows, Laziness answer) {
        if (root.options.json) {
            root.options.print(new Document(
                    answer.label(),
                    answer.sentences(),
                    answer.largestChange(),
                    answer.largestAt(),
                    boxed(answer.leaves()),
                    boxed(answer.fails()),
                    boxed(answer.lazyFrom()),
                    answer.unstable(),
                    rows.stream().map(TrackCommand::entries).toList()));
            return;
        }
        PrintWriter text = root.options.out();
        answer.sentences().forEach(text::println);
        text.println();
        List<Column<Double>> shown = TABLE.keySet().stream()
                .filter(column -> rows.stream().anyMatch(row -> !Double.isNaN(row.get(column))))
                .toList();
        text.printf(Locale.ROOT, "%10s", "step");
        shown.forEach(column -> text.printf(Locale.ROOT, " %10s", TABLE.get(column)));
        text.println();
        for (SweepRow row : rows) {
            Long step = row.get(TrackQuantity.STEP);
            text.printf(Locale.ROOT, "%10s", step == null ? "-" : step);
            shown.forEach(column -> text.printf(Locale.ROOT, " %10s", number(row.get(column))));
            text.println(row.status() == SweepRow.Status.OK ? "" : "  " + row.reason());
        }
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static Map<String, Object> entries(SweepRow row) {
        Map<String, Object> entries = new LinkedHashMap<>();
        row.columns().forEach(column -> entries.put(column.name(), row.get(column)));
        entries.put(SweepRow.STATUS.name(), row.get(SweepRow.STATUS));
        return entries;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }

    private static Map<Column<Double>, String> table() {
        Map<Column<Double>, String> table = new LinkedHashMap<>();
        table.put(TrackQuantity.CHANGE, "change");
        table.put(TrackQuantity.CHANGE_TO_LAST, "to last");
        table.put(TrackQuantity.DISTANCE, "distance");
        table.put(TrackQuantity.VELOCITY, "velocity");
        table.put(TrackQuantity.WEIGHT_CHANGE, "weights");
        table.put(TrackQuantity.EFFECTIVE_RANK, "eff. rank");
        table.put(TrackQuantity.CONDITION, "condition");
        table.put(TrackQuantity.ALIGNMENT, "alignment");
        table.put(TrackQuantity.CENTRED_ALIGNMENT, "centred");
        table.put(TrackQuantity.SAME_CLASS, "same/diag");
        table.put(TrackQuantity.DIFFERENT_CLASS, "diff/diag");
        table.put(TrackQuantity.SHARPNESS, "sharpness");
        table.put(TrackQuantity.LOSS, "loss");
        table.put(TrackQuantity.ACCURACY, "accuracy");
        return table;
    }
}
