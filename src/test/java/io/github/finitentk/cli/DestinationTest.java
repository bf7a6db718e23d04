package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.data.NpyArray;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands write: never over what they read, in the format that the name says, and not without saying so. */
class DestinationTest {

    private static final String LAW = " --activation relu --sigma-w2 2 --sigma-b2 1 --depth 3 --width 10";

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        new Network(Architecture.of(2, 1, 1), new double[] {2, -1, 0.5, 3, 0.25}).write(folder.resolve("net.npz"));
        NpyArray.of(new double[] {1, 1, 2, 0}, 2, 2).write(folder.resolve("x.npy"));
        NpyArray.of(new double[] {1, 0}, 2).write(folder.resolve("y.npy"));
        Path spec = Files.writeString(
                folder.resolve("spec.yaml"),
                "quantity: variance\nactivation: relu\nsigma_w2: [1, 2]\nsigma_b2: 1\ndepth: 5\nwidth: 50\n");
        assertThat(CommandLineRun.of("sweep", "" + spec, "--out", folder.resolve("run.db") + "", "--quiet")
                        .exitCode())
                .isZero();
        Files.createSymbolicLink(folder.resolve("soft"), folder.resolve("net.npz"));
        Files.createSymbolicLink(folder.resolve("soft-run"), folder.resolve("run.db"));
        Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("new.npz"));
        Files.createLink(folder.resolve("hard"), folder.resolve("net.npz"));
        Files.createLink(folder.resolve("hard-run.csv"), folder.resolve("run.db"));
        Files.createDirectory(folder.resolve("sub"));
        for (String name : List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte")) {
            Files.writeString(folder.resolve("sub").resolve(name), "images");
        }
    }

    private CommandLineRun run(String line) {
        List<String> arguments = new ArrayList<>();
        for (String word : line.strip().split(" +")) {
            arguments.add(word.replace("%", folder + "/"));
        }
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                contents.put(path.toString(), Files.readAllBytes(path));
            }
        }
        return contents;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export %run.db --output %run.db",
                "export %run.db --output %run.db --format csv",
                "export %run.db --output %hard-run.csv",
                "export %soft-run --output %run.db --format json",
                "export %run.db --output %soft-run --format csv",
                "export %run.db --output %run.db-wal --format csv",
                "export %run.db --output %run.db-journal --format csv",
                "report %run.db --output %run.db",
                "report %run.db --output %sub/../run.db",
                "report %run.db --output %hard-run.csv",
                "report %run.db --output %run.db-shm",
                "kernel --network %net.npz --inputs %x.npy --activation relu --output %net.npz",
                "kernel --network %net.npz --inputs %x.npy --activation relu --output %x.npy",
                "kernel --network %net.npz --inputs %x.npy --activation relu --output %soft",
                "kernel --network %net.npz --inputs %x.npy --activation relu --output %hard",
                "kernel --network %soft --inputs %x.npy --activation relu --output %hard",
                "kernel --network %net.npz --inputs %x.npy --activation relu --output %sub/../x.npy",
                "kernel --infinite --inputs %x.npy --output %x.npy" + LAW,
                "kernel --infinite --inputs %x-nngp.npy --output %x.npy" + LAW,
                "train --output %o.npz --checkpoint %o.npz {train}",
                "train --output %o.npz --checkpoint %sub/../o.npz {train}",
                "train --output %o.npz --checkpoint %O.npz {train}",
                "train --output %dangling --checkpoint %new.npz {train}",
                "train --output %net.npz --checkpoint %c {train}",
                "train --output %x.npy --checkpoint %c {train}",
                "train --output %y.npy --checkpoint %c {train}",
                "train --output %o.npz --checkpoint %net.npz {train}",
                "train --output %o.npz --checkpoint %hard {train}",
                "train --output %o.npz --checkpoint %x.npy --resume {train}",
                "train --network %net.npz --data %sub --activation relu --learning-rate 1 --max-steps 1"
                        + " --output %sub/train-images-idx3-ubyte",
                "sweep %spec.yaml --out %spec.yaml",
                "sweep %spec.yaml --out %spec.yaml --resume",
                "sweep %spec.yaml --out %run.db --reuse %run.db --resume",
                "variance --distribution - " + LAW,
                "train --output - {train}",
                "kernel --infinite --inputs %x.npy --output - --json" + LAW,
                "report %run.db --output - --json",
            })
    void outputThatIsAnInputIsRefusedBeforeAnyWork(String line) throws IOException {
        Files.copy(folder.resolve("x.npy"), folder.resolve("x-nngp.npy"));
        Map<String, byte[]> before = contents();
        CommandLineRun run = run(
                line.replace(
                        "{train}",
                        "--network %net.npz --inputs %x.npy --targets %y.npy --activation relu --learning-rate 0.01 --max-steps 3"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Main.USAGE);
        assertThat(run.err().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).startsWith("ntk: ").doesNotContain("Exception");
        assertThat(run.out()).isEmpty();
        Map<String, byte[]> after = contents();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void anotherRunFileIsNeverReplaced() throws IOException {
        Files.copy(folder.resolve("run.db"), folder.resolve("other.db"));
        for (String line :
                List.of("export %run.db --format csv --output %other.db", "report %run.db --output %other.db")) {
            CommandLineRun run = run(line);
            assertThat(run.exitCode()).isEqualTo(Main.USAGE);
            assertThat(run.err()).contains("is a run file, which is never replaced");
        }
    }

    @Test
    void whatIsReplacedIsSaidUnlessItIsToBeQuiet() {
        String kernel = "kernel --network %net.npz --inputs %x.npy --activation relu --output %t.npy";
        assertThat(run(kernel).err()).contains("Wrote " + folder.resolve("t.npy") + ": the NTK, 2 x 2, float64.");
        assertThat(run(kernel).err()).contains("Replaced " + folder.resolve("t.npy") + ": the NTK, 2 x 2, float64.");
        assertThat(run(kernel + " --quiet").err()).isEmpty();
        String report = "report %run.db";
        assertThat(run(report).err()).startsWith("Wrote ");
        assertThat(run(report).err()).startsWith("Replaced ");
        String train =
                "train --network %net.npz --inputs %x.npy --targets %y.npy --activation relu --learning-rate 0.01"
                        + " --max-steps 3 --checkpoint %c --output %t.npz";
        assertThat(run(train).err()).contains("Wrote ");
        assertThat(run(train).err()).contains("Replaced ");
    }

    @Test
    void picturesThatAFigureDidNotDrawAreNamedWhenItReplacesThem() throws IOException {
        Files.writeString(folder.resolve("6.csv"), "mine");
        String figure = "figure 6 --out " + folder;
        assertThat(run(figure).err()).contains("Replaced " + folder.resolve("6.csv") + ".");
        assertThat(run(figure).err()).doesNotContain("Replaced");
    }

    @Test
    void aLinkToAFileThatIsYetToBeMadeStaysALink() {
        assertThat(run("kernel --network %net.npz --inputs %x.npy --activation relu --output %link.npy")
                        .exitCode())
                .isZero();
        CommandLineRun run = run("kernel --network %net.npz --inputs %x.npy --activation relu --output %dangling");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(folder.resolve("dangling")).isSymbolicLink();
        assertThat(folder.resolve("new.npz")).isRegularFile();
    }

    @Test
    void tablesAreInTheFormatThatTheNameSays() throws IOException {
        for (String format : List.of("csv", "json", "npy")) {
            assertThat(run("export %run.db --output %a." + format).exitCode()).isZero();
            assertThat(run("export %run.db --format " + format + " --output %b").exitCode())
                    .isZero();
            assertThat(folder.resolve("a." + format)).hasSameBinaryContentAs(folder.resolve("b"));
        }
        assertThat(run("export %run.db --output %A.JSON").exitCode()).isZero();
        assertThat(folder.resolve("A.JSON")).hasSameBinaryContentAs(folder.resolve("a.json"));
        CommandLineRun contradiction = run("export %run.db --output %c.json --format csv");
        assertThat(contradiction.exitCode()).isEqualTo(Main.USAGE);
        assertThat(contradiction.err()).contains("--format csv", ".json", "contradict");
        CommandLineRun unknown = run("export %run.db --output %c.xlsx");
        assertThat(unknown.exitCode()).isEqualTo(Main.USAGE);
        assertThat(unknown.err()).contains("ends in none of them", "--format");
        assertThat(run("export %run.db --output %c.txt --format csv").exitCode())
                .isZero();
        assertThat(folder.resolve("c.json")).doesNotExist();
    }

    @Test
    void tablesGoToStandardOutput() throws IOException {
        assertThat(run("export %run.db --output %a.csv").exitCode()).isZero();
        String csv = Files.readString(folder.resolve("a.csv"));
        assertThat(run("export %run.db").out()).isEqualTo(csv);
        assertThat(run("export %run.db --output -").out()).isEqualTo(csv);
        assertThat(run("export %run.db").err()).isEmpty();
        assertThat(run("export %run.db --json").json().get("rows")).hasSize(2);
        assertThat(run("export %run.db --format json").json().get("rows")).hasSize(2);
        assertThat(run("export %run.db --json --format npy").exitCode()).isEqualTo(Main.USAGE);
        assertThat(run("export %run.db --json --output %b.csv")
                        .json()
                        .get("table")
                        .textValue())
                .endsWith("b.csv");
        assertThat(run("report %run.db --output -").out()).startsWith("<!DOCTYPE html>");
        assertThat(Path.of("-")).doesNotExist();
    }

    @Test
    void aKernelIsWrittenInTheFormatThatTheNameSaysAndTheNngpWithIt() throws IOException {
        String infinite = "kernel --infinite --inputs %x.npy" + LAW + " --output ";
        for (String ending : List.of("npy", "csv", "npz")) {
            CommandLineRun run = run(infinite + "%t." + ending);
            assertThat(run.exitCode()).as(run.err()).isZero();
        }
        double ntk = NpyArray.read(folder.resolve("t.npy")).get(0, 1);
        double nngp = NpyArray.read(folder.resolve("t-nngp.npy")).get(0, 1);
        assertThat(ntk).isNotEqualTo(nngp);
        Map<String, NpyArray> archive = NpyArray.readAll(folder.resolve("t.npz"));
        assertThat(archive.get("ntk").get(0, 1)).isEqualTo(ntk);
        assertThat(archive.get("nngp").get(0, 1)).isEqualTo(nngp);
        assertThat(Files.readAllLines(folder.resolve("t.csv")).get(0)).endsWith("," + ntk);
        assertThat(Files.readAllLines(folder.resolve("t-nngp.csv")).get(0)).endsWith("," + nngp);
        CommandLineRun refused = run(infinite + "%t.xlsx");
        assertThat(refused.exitCode()).isEqualTo(Main.USAGE);
        assertThat(refused.err()).contains(".npy, .csv or .npz");
    }
}
