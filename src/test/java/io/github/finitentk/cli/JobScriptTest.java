package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The job script, run by a shell beside stand-ins for Slurm's commands and for {@code ntk}. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class JobScriptTest {

    private static final String SPEC = """
            quantity: trial
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 10, step: 1}
            sigma_b2: 0.5
            depth: [1, 2, 3]
            width: 100
            steps: 60
            millis: 1000
            """;

    private static final Map<String, String> TASK = Map.of(
            "SLURM_ARRAY_TASK_ID", "3",
            "SLURM_ARRAY_JOB_ID", "77");

    @TempDir
    Path folder;

    private Path script;
    private Path log;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("spec.yaml"), SPEC);
        script = folder.resolve("job.sh");
        log = folder.resolve("log");
        Files.writeString(script, print("--of", "6").out());
        program(
                "sbatch",
                "echo \"sbatch $*\" >>\"$LOG\"; case $* in *dependency*) cat >>\"$LOG\" ;; *) echo 77 ;; esac");
        program("scontrol", "echo \"scontrol $*\" >>\"$LOG\"");
    }

    private CommandLineRun print(String... more) {
        List<String> line = new ArrayList<>(List.of(
                "sweep", folder + "/spec.yaml", "--out", folder + "/it's $HOME.db", "--print-sbatch", "--seed", "3"));
        line.addAll(List.of(more));
        CommandLineRun run = CommandLineRun.of(line.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private void program(String name, String body) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString()).redirectErrorStream(true);
        builder.environment().put("PATH", folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("LOG", log.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLURM_"));
        builder.environment().putAll(environment);
        return builder.redirectOutput(folder.resolve("output").toFile()).start();
    }

    private int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String log() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private void waitFor(String line) throws IOException, InterruptedException {
        for (int i = 0; i < 2000 && !log().contains(line); i++) {
            Thread.sleep(10);
        }
        assertThat(log()).contains(line);
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Test
    void asksForWhatTheEstimateSays() throws IOException {
        String text = Files.readString(script);
        // 60 cells of 60 s; six tasks of ten; twice that, and the warning; 1.5 times 100 MB and a base of 1 GiB.
        assertThat(text)
                .contains("# 60 units of cells in 6 tasks of about 10 min each")
                .contains("#SBATCH --array=1-6\n")
                .contains("#SBATCH --cpus-per-task=1\n")
                .contains("#SBATCH --mem=1280M\n")
                .contains("#SBATCH --time=0-00:25:00\n")
                .contains("#SBATCH --signal=B:USR1@120\n")
                .contains("#SBATCH --job-name=it_s__HOME\n");
        // An hour of one processor is one task; with more cells, about an hour each.
        assertThat(print().out()).contains("#SBATCH --array=1-1\n").contains("#SBATCH --time=0-02:05:00\n");
        Files.writeString(folder.resolve("spec.yaml"), SPEC.replace("millis: 1000", "millis: 100000"));
        assertThat(print("--threads", "4").out())
                .contains("#SBATCH --array=1-25\n")
                .contains("#SBATCH --cpus-per-task=4\n")
                .contains("#SBATCH --time=0-03:30:00\n")
                .contains("#SBATCH --signal=B:USR1@600\n");
        assertThat(print("--of", "9", "--json").json().get("tasks").intValue()).isEqualTo(9);
    }

    @Test
    void isValidShell() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("bash", "-n", script.toString()).start().waitFor())
                .isZero();
        Process check;
        try {
            check = new ProcessBuilder("shellcheck", "--exclude=SC2016", script.toString()) // the $ is in a name
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException notInstalled) {
            assumeTrue(false, "shellcheck is not installed");
            return;
        }
        String remarks = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(remarks).isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void outsideOfAJobItSubmitsTheArrayAndTheMerge() throws Exception {
        assertThat(end(start(Map.of()))).isZero();
        List<String> lines = log().lines().toList();
        assertThat(lines.get(0)).isEqualTo("sbatch --parsable " + script);
        assertThat(lines.get(1)).contains("--dependency=afterok:77 ").contains("--job-name=it_s__HOME-merge ");
        assertThat(lines.get(2)).isEqualTo("#!/bin/bash");
        // What the second job does, done by a shell.
        program("ntk", "printf '%s\\n' \"$@\" >\"$LOG\"");
        Files.createFile(folder.resolve("it's $HOME.shard-1-of-6.db"));
        Files.createFile(folder.resolve("it's $HOME.shard-2-of-6.db"));
        Files.writeString(script, String.join("\n", lines.subList(2, lines.size())));
        assertThat(end(start(Map.of()))).isZero();
        assertThat(log().lines())
                .containsExactly(
                        "merge",
                        folder + "/it's $HOME.shard-1-of-6.db",
                        folder + "/it's $HOME.shard-2-of-6.db",
                        "--out",
                        folder + "/it's $HOME.db");
    }

    @Test
    void aTaskComputesItsShardAndEndsAsItDoes() throws Exception {
        for (int code : new int[] {0, 1, 75}) {
            program("ntk", "printf '%s\\n' \"$@\" >\"$LOG\"; exit " + code);
            assertThat(end(start(TASK))).isEqualTo(code);
            assertThat(log().lines())
                    .containsExactly(
                            "sweep",
                            folder + "/spec.yaml",
                            "--seed",
                            "3",
                            "--out",
                            folder + "/it's $HOME.db",
                            "--shard",
                            "3/6",
                            "--resume");
        }
    }

    /** The sweep answers when it likes: the shell must wait for it, not for the signal. */
    @Test
    void aTaskWhoseTimeIsUpIsRequeued() throws Exception {
        for (String answer : List.of("trap 'sleep 1; exit 75' USR1", "")) {
            Files.deleteIfExists(log);
            program("ntk", answer + "\necho begun >>\"$LOG\"; while :; do sleep 0.05; done");
            Process task = start(TASK);
            waitFor("begun");
            signal(task, "USR1");
            assertThat(end(task)).isZero();
            assertThat(log()).isEqualTo("begun\nscontrol requeue 77_3\n");
        }
    }

    @Test
    void aTaskThatFinishesOrFailsAfterTheSignalIsNotRequeued() throws Exception {
        for (int code : new int[] {0, 1}) {
            Files.deleteIfExists(log);
            program("ntk", "trap 'exit " + code + "' USR1\necho begun >>\"$LOG\"; while :; do sleep 0.05; done");
            Process task = start(TASK);
            waitFor("begun");
            signal(task, "USR1");
            assertThat(end(task)).isEqualTo(code);
            assertThat(log()).isEqualTo("begun\n");
        }
    }

    /** What is cancelled must not come back. */
    @Test
    void aTaskThatIsCancelledIsNotRequeued() throws Exception {
        program("ntk", "trap 'exit 75' TERM\necho begun >>\"$LOG\"; while :; do sleep 0.05; done");
        Process task = start(TASK);
        waitFor("begun");
        signal(task, "TERM");
        assertThat(end(task)).isEqualTo(75);
        assertThat(log()).isEqualTo("begun\n");
    }
}
