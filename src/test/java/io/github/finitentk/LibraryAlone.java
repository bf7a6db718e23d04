package io.github.finitentk;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.files.JsonWriter;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.report.CellGrid;
import io.github.finitentk.report.FigureStyle;
import io.github.finitentk.report.FigureWriter;
import io.github.finitentk.report.HeatMapFigure;
import io.github.finitentk.report.HeatMapPanel;
import io.github.finitentk.store.RunFile;
import io.github.finitentk.store.RunReader;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.trust.Budget;
import io.github.finitentk.trust.TrustQuestion;
import io.github.finitentk.trust.TrustReport;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@link LibraryAloneTest} runs in a process that has nothing but the library, JavaCPP and EJML. */
public final class LibraryAlone {

    private LibraryAlone() {}

    /** @param args {@code native}, {@code java}, {@code missing} or {@code without-javacpp}, and a folder for files */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "missing" -> missing(Path.of(args[1]));
            case "without-javacpp" -> {
                say(() -> Ntk.builder().backend("native").build());
                try (Ntk ntk = Ntk.fastest()) {
                    System.out.println(ntk.backend() + ": " + ntk.whyNotNative().orElseThrow());
                }
            }
            default -> {
                try (Ntk ntk = Ntk.builder().backend(args[0]).threads(1).build()) {
                    results(ntk).forEach(System.out::println);
                }
            }
        }
    }

    /** Numbers of everything that an application computes with the library, with all their digits, and a picture of some. */
    static List<String> results(Ntk ntk) {
        List<String> results = new ArrayList<>();
        for (SweepSpec spec : List.of(variance(), theory(), kernelChange())) {
            results.add(spec.canonical());
            for (SweepRow row : ntk.sweep(spec).run().rows()) {
                results.add(row.toString());
            }
        }

        List<SweepRow> rows = ntk.sweep(variance()).run().rows();
        BufferedImage picture = FigureWriter.render(heatMap(rows), 100);
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        results.add("picture " + Arrays.hashCode(pixels));

        RandomNetwork law =
                new RandomNetwork(Architecture.constant(6, 24, 3), Activations.TANH, new Initialization(1.5, 0.5));
        Dataset data = new Dataset(Inputs.onSphere(4, 6, Seed.of(1)), new double[] {0.1, -0.2, 0.3, 0});
        Network network = law.sample(Seed.of(3));
        results.add(
                "kernel " + Arrays.toString(ntk.kernel(network, data.inputs()).toArray()));
        results.add("limit "
                + Arrays.toString(ntk.infiniteWidth(law, data.inputs()).nngp().toArray()));
        results.add("variance " + ntk.variance(law).draws(60).estimate());
        TrainingResult trained = ntk.train(network, data, TrainingPlan.PAPER);
        results.add("training " + trained + " " + trained.losses() + " " + trained.kernelChange());

        TrustReport trust = ntk.trust(
                TrustQuestion.about(law).data(data).budget(new Budget(0.05)).build());
        results.add("trust " + trust.verdict() + " " + trust.randomness() + " " + trust.conditionNumber() + " "
                + trust.statements());

        Inputs test = Inputs.onSphere(1, 6, Seed.of(2));
        InfiniteWidthRegression regression = ntk.regression(law, new TrainTestData(data, test, Optional.empty()), 0);
        results.add(
                "regression " + regression.smoother(10.0).mean(data.targets().toArray())[0] + " "
                        + regression.variance(10.0)[0]);
        return results;
    }

    /** Of ReLU, whose cells come first: depths below each other. */
    private static HeatMapFigure heatMap(List<SweepRow> rows) {
        double[][] ratios = {
            {rows.get(0).real("ratio"), rows.get(2).real("ratio")},
            {rows.get(1).real("ratio"), rows.get(3).real("ratio")}
        };
        return HeatMapFigure.builder()
                .scale(FigureStyle.STANDARD.ratio(), "ratio")
                .panel(HeatMapPanel.of("ReLU", new CellGrid(new double[] {1.5, 3}, new double[] {2, 4}, ratios)))
                .build();
    }

    static SweepSpec variance() {
        return SweepSpec.builder("variance")
                .activations(Activations.RELU, Activations.TANH)
                .sigmaW2(1.5, 3)
                .sigmaB2(0.5)
                .depths(2, 4)
                .widths(20)
                .set("draws", 50)
                .build();
    }

    private static SweepSpec theory() {
        return SweepSpec.builder("theory")
                .activations(Activations.ERF)
                .sigmaW2(1.5)
                .sigmaB2(0.5)
                .depths(3)
                .widths(20)
                .build();
    }

    private static SweepSpec kernelChange() {
        return SweepSpec.builder("kernel_change")
                .activations(Activations.TANH)
                .sigmaW2(1.5)
                .sigmaB2(1)
                .depths(2)
                .widths(16)
                .set("samples", 8)
                .set("max_steps", 50)
                .build();
    }

    // What needs more than that says so, each in a sentence.
    private static void missing(Path folder) throws Exception {
        say(() -> SweepSpec.parse("quantity: variance", Path.of("spec.yaml")));
        say(() -> SweepSpec.read(specification(folder)));
        Path run = folder.resolve("run.db");
        say(() -> RunFile.create(run, variance(), Map.of()));
        try (Ntk ntk = Ntk.fastest()) {
            say(() -> ntk.sweep(variance()).to(run).run());
            say(() -> ntk.figure(1).draw(folder));
        }
        say(() -> RunFile.open(specification(folder)));
        say(() -> RunReader.open(specification(folder)));
        say(() -> JsonWriter.toString(List.of(1)));
        say(() -> JsonWriter.write(folder.resolve("table.json"), List.of(1)));
        say(() -> JsonWriter.write(System.out, List.of(1)));
        say(() -> FigureWriter.write(null, folder.resolve("figure.svg")));
    }

    private static Path specification(Path folder) throws Exception {
        return Files.writeString(folder.resolve("spec.yaml"), "quantity: variance\n");
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private static void say(Attempt attempt) {
        try {
            attempt.run();
            System.out.println("nothing was missing");
        } catch (Throwable e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
