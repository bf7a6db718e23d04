package io.github.finitentk.report.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.finitentk.experiment.Progress;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.store.RunResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A figure of the paper as an application draws it. */
class PaperFigureTest {

    private static final Engine ENGINE = Engine.single(Backend.pureJava());

    @TempDir
    Path folder;

    @Test
    void aCancelledFigureIsGoneOnWith() throws Exception {
        Path foreign = Files.writeString(folder.resolve("6.png"), "a picture of the user's own");
        PaperFigure.Result cancelled =
                new PaperFigure(6, ENGINE).cancel(() -> true).draw(folder);
        assertThat(cancelled.picture()).isEmpty();
        assertThat(cancelled.runs()).extracting(RunResult::end).containsExactly(RunResult.End.CANCELLED);
        assertThat(folder.resolve("6.md")).doesNotExist();

        List<Progress.Start> starts = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void started(Start start) {
                starts.add(start);
            }

            @Override
            public void update(State state) {}
        };
        PaperFigure.Result drawn = new PaperFigure(6, ENGINE).listener(listener).draw(folder);
        assertThat(drawn.picture())
                .isEqualTo(Optional.of(folder.resolve("6.png").toAbsolutePath()));
        assertThat(drawn.runs()).allMatch(RunResult::isComplete);
        assertThat(starts).hasSameSizeAs(drawn.runs());
        for (int k = 0; k < starts.size(); k++) {
            assertThat(starts.get(k).part()).isEqualTo(k + 1);
            assertThat(starts.get(k).parts()).isEqualTo(starts.size());
        }
        // The run was begun here before, so the picture is taken for ours.
        assertThat(drawn.replaced()).isEmpty();
        assertThat(Files.size(foreign)).isGreaterThan(10_000);
        assertThat(Files.readString(folder.resolve("6.md")))
                .contains("| seed | 0 |")
                .doesNotContain("Drawn by");

        PaperFigure.Result again = new PaperFigure(6, ENGINE).command("draw 6").draw(folder);
        assertThat(again.runs()).allMatch(run -> run.before() == run.cells());
        assertThat(Files.readString(folder.resolve("6.md"))).contains("Drawn by", "draw 6");
    }

    @Test
    void elevenFiguresAreThePapers() {
        assertThat(PaperFigure.numbers()).startsWith(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(new PaperFigure(1, ENGINE).hasStyles()).isTrue();
        assertThat(new PaperFigure(2, ENGINE).hasStyles()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PaperFigure(18, ENGINE))
                .withMessage("There is no figure 18; available are " + PaperFigure.numbers() + ".");
    }
}
