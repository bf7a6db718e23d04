package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointsTest {

    @TempDir
    private Path folder;

    private List<String> files(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.createFile(folder.resolve(name));
        }
        return Stream.of(names).map(name -> folder.resolve(name).toString()).toList();
    }

    private static List<String> names(Checkpoints found) {
        return found.files().stream().map(file -> file.getFileName().toString()).toList();
    }

    /** As training loops, Lightning, Keras and Hugging Face name them. */
    @ParameterizedTest
    @CsvSource({
        "net-000100.npz, 100",
        "step=250.npz, 250",
        "global_step_17.safetensors, 17",
        "epoch=3-step=2810.npz, 2810",
        "model.epoch_12.npz, 12",
        "weights.07-0.npz, 0",
        "checkpoint-500, 500",
        "v2_iter900_f32.npz, 900",
        "ep4.npz, 4",
        "init.npz, 0",
        "model_initial.safetensors, 0",
        "net.10.npz, 10",
    })
    void stepsAreReadFromNames(String name, long step) throws IOException {
        Checkpoints found = Checkpoints.find(files(name));
        assertThat(found.steps()).containsExactly(step);
        assertThat(found.named()).isTrue();
    }

    @Test
    void orderIsThatOfTheStepsWhateverOrderTheyAreGivenIn() throws IOException {
        Checkpoints found = Checkpoints.find(files("epoch_10.npz", "epoch_2.npz", "init.npz", "epoch_1.npz"));
        assertThat(found.steps()).containsExactly(0L, 1L, 2L, 10L);
        assertThat(names(found)).containsExactly("init.npz", "epoch_1.npz", "epoch_2.npz", "epoch_10.npz");
        assertThat(found.count()).isEqualTo(4);
    }

    @Test
    void namesWithoutStepsAreNumberedInNaturalOrder() throws IOException {
        Checkpoints found = Checkpoints.find(files("run10b.npz", "run9b.npz", "final.npz"));
        assertThat(names(found)).containsExactly("final.npz", "run9b.npz", "run10b.npz");
        assertThat(found.steps()).containsExactly(0L, 1L, 2L);
        assertThat(found.named()).isFalse();
    }

    @Test
    void patternsFindFilesInFolders() throws IOException {
        files("a/step_10.npz", "a/step_9.npz", "a/note.txt", "b/step_1.npz", "b/deep/step_3.npz");
        assertThat(Checkpoints.find(List.of(folder + "/a/*.npz")).steps()).containsExactly(9L, 10L);
        assertThat(Checkpoints.find(List.of(folder + "/?/*.npz")).steps()).containsExactly(1L, 9L, 10L);
        assertThat(Checkpoints.find(List.of(folder + "/a/step_{9,11}.npz", folder + "/b/step_1.npz"))
                        .steps())
                .containsExactly(1L, 9L);
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsThatFile() throws IOException {
        assertThat(names(Checkpoints.find(files("net[5].npz")))).containsExactly("net[5].npz");
    }

    @Test
    void stepsMayBeSaid() throws IOException {
        List<String> files = files("best.npz", "first.npz");
        Checkpoints said = Checkpoints.find(List.of(files.get(1), files.get(0)), List.of(0L, 300L));
        assertThat(names(said)).containsExactly("first.npz", "best.npz");
        assertThat(said.steps()).containsExactly(0L, 300L);
        assertThatThrownBy(() -> Checkpoints.find(files, List.of(1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There must be a step for each of the 2 checkpoints, not 1.");
        assertThatThrownBy(() -> Checkpoints.find(files, List.of(5L, 4L)))
                .hasMessage(
                        "The steps of checkpoints must ascend from 0 or more, but 4 is that of " + files.get(1) + ".");
    }

    @Test
    void whatCannotBeTrackedIsNamed() throws IOException {
        List<String> files = files("a-1.npz", "b-1.npz", "c-2.npz");
        assertThatThrownBy(() -> Checkpoints.find(files))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(files.get(0) + " and " + files.get(1)
                        + " are both of step 1; leave one out, or say which step each is of.");
        assertThatThrownBy(() -> Checkpoints.find(List.of(files.get(0), files.get(2), files.get(0))))
                .hasMessage("The checkpoint " + files.get(0) + " is given twice.");
        assertThatThrownBy(() -> Checkpoints.find(List.of(files.get(0), folder + "/d-3.npz")))
                .hasMessage("The checkpoint " + folder + "/d-3.npz does not exist.");
        assertThatThrownBy(() -> Checkpoints.find(List.of(folder + "/*.safetensors")))
                .hasMessage("No checkpoint fits the pattern " + folder + "/*.safetensors.");
        assertThatThrownBy(() -> Checkpoints.find(List.of(folder + "/none/*.npz")))
                .hasMessageContaining("No checkpoint fits the pattern");
        assertThatThrownBy(() -> Checkpoints.find(List.of(folder.toString())))
                .hasMessage(folder + " is a folder; name the checkpoints in it, such as " + folder + "/*.npz.");
        assertThatThrownBy(() -> Checkpoints.find(List.of())).hasMessage("There must be at least one checkpoint.");
    }
}
