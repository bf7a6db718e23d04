package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in processes of their own, two of them with one checkpoint. */
@Timeout(300)
class TrainProcessTest {

    @TempDir
    Path folder;

    @Test
    void oneCheckpointServesOneTraining() throws Exception {
        Path checkpoint = folder.resolve("a checkpoint");
        Path lock = folder.resolve("a checkpoint.lock");
        NtkProcess first = train(checkpoint).start();
        for (int i = 0; i < 6000 && !Files.exists(lock); i++) {
            Thread.sleep(10);
        }
        NtkProcess second = train(checkpoint).start();
        assertThat(second.finish())
                .hasLineCount(1)
                .contains("The checkpoint " + checkpoint + " is in use by another training");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(first.isAlive()).isTrue();
        Thread.sleep(3000); // until it listens to signals
        first.signal("INT");
        String err = first.finish();
        assertThat(first.exitCode()).as(err).isEqualTo(130);
        assertThat(checkpoint).exists();
        assertThat(lock).doesNotExist();
        // What is printed can be typed: the same options, quoted for the shell.
        String command = err.substring(err.indexOf("resume with: ntk ") + "resume with: ntk ".length())
                .strip();
        assertThat(command)
                .startsWith("train --seed 9 ")
                .contains("--checkpoint '" + checkpoint + "' ")
                .endsWith("--resume");
        List<String> words = new ArrayList<>();
        Process shell = new ProcessBuilder("sh", "-c", "for word in " + command + "; do echo \"$word\"; done").start();
        new String(shell.getInputStream().readAllBytes()).lines().forEach(words::add);
        NtkProcess resumed = new NtkProcess(words.toArray(String[]::new)).start();
        Thread.sleep(4000);
        resumed.signal("INT");
        assertThat(resumed.finish()).contains("resume with: ntk " + command);
        // A process that is killed leaves a lock file that locks nothing.
        NtkProcess killed = new NtkProcess(words.toArray(String[]::new)).start();
        for (int i = 0; i < 6000 && !Files.exists(lock); i++) {
            Thread.sleep(10);
        }
        assertThat(killed.kill()).isTrue();
        assertThat(lock).exists();
        assertThat(CommandLineRun.of(arguments(checkpoint)).err()).contains("continue it with --resume");
        assertThat(lock).doesNotExist();
    }

    private static NtkProcess train(Path checkpoint) {
        return new NtkProcess(arguments(checkpoint));
    }

    private static String[] arguments(Path checkpoint) {
        String[] settings =
                ("train --seed 9 --width 64 --depth 3 --sigma-w2 1.5 --sigma-b2 1 --data mnist --samples 32 --activation"
                                + " tanh --learning-rate 1e-5 --max-steps 100000000 --min-decrease 0 --backend java --checkpoint")
                        .split(" ");
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = checkpoint.toString();
        return all;
    }
}
