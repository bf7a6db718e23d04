package io.github.finitentk.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.experiment.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that was built, as {@code spark-submit} runs it: with executors that are processes of their own and that are killed, stopped
 * and different from one another. In the end there is always the table of one machine, byte for byte.
 */
class ClusterTest {

    private static final String CLUSTER = "local-cluster[2,1,2048]";
    private static final String SPEC = """
            quantity: variance
            activation: [relu, tanh]
            sigma_w2: {from: 1, to: 3, step: 0.25}
            sigma_b2: [0, 1]
            depth: [5, 10]
            width: [50, 100]
            method: weights
            draws: 500
            """;
    private static final int CELLS = 2 * 9 * 2 * 2 * 2;
    // Written when some results have been committed.
    private static final long SOME_RESULTS = 20_000;

    @TempDir
    private static Path ofAll;

    private static String expected;

    @TempDir
    private Path folder;

    @BeforeAll
    static void computeOnThisMachine() {
        expected = Tables.onOneMachine(SweepSpec.parse(SPEC, Path.of("spec.yaml")), ofAll.resolve("one.db"));
    }

    @BeforeEach
    void writeSpecification() throws IOException {
        Files.writeString(folder.resolve("spec.yaml"), SPEC);
    }

    private boolean hasResults() {
        try {
            Path log = folder.resolve("out/run.db-wal");
            return Files.exists(log) && Files.size(log) > SOME_RESULTS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireTheTable() {
        assertThat(Tables.export(folder.resolve("out/run.db"))).isEqualTo(expected);
    }

    /**
     * A pair of executors of which the first computes with fewer SIMD instructions than the driver and the second in pure Java; both
     * unpack the native core, or SQLite's library, into the same empty folder. The first is killed.
     */
    @Test
    void anExecutorIsKilledAndTheOthersAreDifferent() throws IOException, InterruptedException {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        try (SparkSubmit submit = new SparkSubmit(
                folder,
                CLUSTER,
                List.of(
                        "spark.executorEnv.JAVA_HOME="
                                + javaHome("export NTK_SIMD=v1", "set -- -Dorg.bytedeco.javacpp.platform=none \"$@\""),
                        "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.cacheDir=" + cache),
                "spec.yaml",
                "--out",
                "out")) {
            submit.await(
                    "two executors",
                    () -> submit.executor(0).isPresent() && submit.executor(1).isPresent());
            submit.await("results", this::hasResults);
            long first = submit.executor(0).orElseThrow().pid();
            assertThat(Files.readString(Path.of("/proc/" + first + "/environ"))).contains("NTK_SIMD=v1\0");
            SparkSubmit.signal(first, "KILL");
            assertThat(submit.exitCode()).as(submit.err()).isZero();
            assertThat(submit.out()).isEqualTo("Finished: " + CELLS + " cells in out/run.db\n");
            assertThat(submit.err()).contains("Executor 1 on 127.0.0.1 uses the pure-Java backend: ");
            assertThat(submit.events("SparkListenerExecutorRemoved"))
                    .anySatisfy(event -> assertThat(event).contains("\"Executor ID\":\"0\""));
            assertThat(submit.events("SparkListenerTaskEnd"))
                    .anySatisfy(event -> assertThat(event).contains("\"Reason\":\"ExecutorLostFailure\""))
                    .anySatisfy(event -> assertThat(event).contains("\"Reason\":\"Success\"", "\"Executor ID\":\"1\""));
        }
        requireTheTable();
        try (Stream<Path> unpacked = Files.walk(cache)) {
            assertThat(unpacked.map(each -> each.getFileName().toString()))
                    .contains("libjniNtkCore.so")
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    /** A Java for executors, to which each of two does something of its own before it starts; it may set its address. */
    private Path javaHome(String first, String second) throws IOException {
        Path home = Files.createDirectories(folder.resolve("java-home/bin")).getParent();
        Path java = Files.writeString(home.resolve("bin/java"), """
                #!/bin/sh
                address=127.0.0.1
                case "$*" in
                  *"--executor-id 0 "*) %s ;;
                  *"--executor-id 1 "*) %s ;;
                esac
                for argument; do
                  shift
                  [ "$last" != --hostname ] || argument=$address
                  set -- "$@" "$argument"
                  last=$argument
                done
                exec "%s" "$@"
                """.formatted(first, second, SparkSubmit.java()));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }

    /** One executor is held up for good, so that its task is computed a second time on the other one. */
    @Test
    void aTaskIsComputedTwice() throws IOException, InterruptedException {
        try (SparkSubmit submit = new SparkSubmit(
                folder,
                CLUSTER,
                List.of(
                        // No task is copied to the machine that it is on already.
                        "spark.executorEnv.JAVA_HOME=" + javaHome(":", "address=127.0.0.2"),
                        "spark.speculation=true",
                        "spark.speculation.interval=100ms",
                        "spark.speculation.quantile=0.1",
                        "spark.speculation.multiplier=1.1",
                        "spark.speculation.minTaskRuntime=100ms"),
                "spec.yaml",
                "--out",
                "out")) {
            submit.await("two executors", () -> submit.executors().size() == 2);
            submit.await("results", this::hasResults);
            ProcessHandle held = submit.executor(1).orElseThrow();
            try {
                SparkSubmit.signal(held.pid(), "STOP");
                assertThat(submit.exitCode()).as(submit.err()).isZero();
            } finally {
                held.destroyForcibly(); // it does not hear that all is over
            }
            assertThat(submit.events("SparkListenerTaskEnd"))
                    .anySatisfy(event -> assertThat(event)
                            .contains("\"Speculative\":true", "\"Executor ID\":\"0\"", "\"Reason\":\"Success\""));
        }
        requireTheTable();
    }

    @Test
    void whatIsInterruptedGoesOn() throws IOException, InterruptedException {
        try (SparkSubmit submit = submit("local[2]")) {
            submit.await("results", this::hasResults);
            submit.terminate();
            assertThat(submit.exitCode()).as(submit.err()).isEqualTo(75);
            assertThat(submit.err())
                    .contains("ntk: saving what has come, giving up the tasks under way; once more stops at once.")
                    .containsPattern("ntk: interrupted with [0-9]+ of " + CELLS
                            + " cells saved; resume with: the same spark-submit and --resume");
        }
        try (SparkSubmit submit = submit("local[2]")) {
            assertThat(submit.exitCode()).isEqualTo(1);
            assertThat(submit.err()).contains("; --resume continues it.");
        }
        try (SparkSubmit submit = submit("local[2]", "--resume", "--json")) {
            assertThat(submit.exitCode()).as(submit.err()).isZero();
            assertThat(submit.out()).contains("\"cells\" : " + CELLS, "\"failed\" : 0");
        }
        requireTheTable();
    }

    @Test
    void badUsageEndsBeforeSparkStarts() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("spec.yaml"), SPEC.replace("draws", "drawn"));
        try (SparkSubmit submit = submit("local[2]")) {
            assertThat(submit.exitCode()).isEqualTo(2);
            assertThat(submit.err()).contains("ntk: spec.yaml, line 8: ").doesNotContain("SparkContext");
        }
        try (SparkSubmit submit = submit("local[2]", "--threads", "3")) {
            assertThat(submit.exitCode()).isEqualTo(2);
            assertThat(submit.err()).contains("There is no option --threads; spark-submit");
        }
    }

    /** What Spark has in versions of its own is not there, or under a name of its own. */
    @Test
    void theJarHasTheLibraryAndNothingOfSparks() throws IOException {
        try (JarFile jar = new JarFile(SparkSubmit.JAR.toFile())) {
            List<String> names = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> !name.endsWith("/"))
                    .toList();
            assertThat(names)
                    .contains("META-INF/LICENSE", "META-INF/NOTICE", "io/github/finitentk/cli/Main.class")
                    .anyMatch(name -> name.endsWith("/libjniNtkCore.so"))
                    .noneMatch(name -> name.contains("org/yaml") || name.contains("org/jline/utils"))
                    .allMatch(
                            name -> name.matches(
                                    "(io/github/finitentk|org/(bytedeco|ejml|sqlite)|pabeles|META-INF)/.*|sqlite-jdbc.properties"));
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(Main.class.getName());
        }
    }

    private SparkSubmit submit(String master, String... more) throws IOException {
        return new SparkSubmit(
                folder,
                master,
                List.of(),
                Stream.concat(Stream.of("spec.yaml", "--out", "out"), Stream.of(more))
                        .toArray(String[]::new));
    }
}
