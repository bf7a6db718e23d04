package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples that the help of the commands shows. */
class ExamplesTest {

    private static final Path NETWORKS = Path.of("examples", "your-own-network");

    @TempDir
    Path folder;

    private static List<CommandPage> pages() {
        return CommandPage.of(NtkCommand.parser(new NtkCommand())).all().toList();
    }

    @Test
    void everyCommandShowsItself() {
        for (CommandPage page : pages()) {
            assertThat(page.examples()).as(page.name()).isNotEmpty();
            assertThat(page.examples().stream()
                            .filter(example -> example.line().contains(page.name())
                                    || page.name().equals("ntk"))
                            .count())
                    .as(page.name())
                    .isEqualTo(page.examples().size());
        }
    }

    @Test
    void everyExampleWorks() throws IOException, InterruptedException {
        fill(folder);
        List<String> lines = new ArrayList<>(List.of(
                "export HOME=$PWD; mkdir -p .config/fish/completions",
                "ntk sweep spec.yaml --out other.db --seed 1",
                "for k in 1 2 3; do ntk sweep spec.yaml --out all.db --shard $k/3; done"));
        for (CommandPage page : pages()) {
            page.examples().forEach(example -> lines.add(example.line().replace("~", folder.toString())));
        }
        assertThat(new ShownCommands(folder).run(lines)).isEmpty();
        assertThat(folder).isDirectoryContaining("glob:**/run.html").isDirectoryContaining("glob:**/all.db");
    }

    /** The files that the examples speak of: a trained network, how it began, its data, checkpoints of a training, a specification. */
    static void fill(Path folder) throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        for (String step : List.of("0000", "0001", "0010", "0100", "1000")) {
            Files.copy(NETWORKS.resolve("keras/step-" + step + ".npz"), run.resolve("step-" + step + ".npz"));
        }
        Files.copy(run.resolve("step-0000.npz"), folder.resolve("start.npz"));
        Files.copy(run.resolve("step-1000.npz"), folder.resolve("net.npz"));
        for (String suffix : List.of("", "_test")) {
            Files.copy(NETWORKS.resolve("x" + suffix + ".npy"), folder.resolve("x" + suffix + ".npy"));
            Files.copy(NETWORKS.resolve("labels" + suffix + ".npy"), folder.resolve("y" + suffix + ".npy"));
        }
        Files.writeString(folder.resolve("spec.yaml"), """
            quantity: variance
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 3, step: 1}
            sigma_b2: 1
            depth: [2, 4]
            width: [10, 20]
            """);
    }
}
