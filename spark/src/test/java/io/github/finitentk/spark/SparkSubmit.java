package io.github.finitentk.spark;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * {@code spark-submit} of the jar that was built, in a process of its own and with a Spark installation made of the jars that Maven
 * has: what {@code bin/spark-submit} runs, without the shell script.
 */
final class SparkSubmit implements AutoCloseable {

    static final Path JAR = Path.of("target/finite-ntk-spark.jar").toAbsolutePath();
    private static final Path CLASS_PATH = Path.of("target/spark.classpath");
    private static final Path HOME = Path.of("target/spark-home").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    // What comes with the jar itself.
    private static final List<String> OURS = List.of(
            "io/github/finitentk", "org/bytedeco", "org/ejml", "info/picocli", "org/xerial", "me/tongfei", "org/jline");

    private final Path folder;
    private final Process process;

    /**
     * @param folder for what it says and its event log
     * @param master as {@code spark-submit --master} takes it
     * @param configuration {@code key=value}
     * @param arguments what follows the jar
     */
    SparkSubmit(Path folder, String master, List<String> configuration, String... arguments) throws IOException {
        this.folder = folder;
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx1g", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-cp", installation().resolve("jars") + "/*", "org.apache.spark.deploy.SparkSubmit"));
        command.addAll(List.of("--master", master));
        Files.createDirectories(folder.resolve("events"));
        for (String each : Stream.concat(
                        configuration.stream(),
                        Stream.of(
                                "spark.ui.enabled=false",
                                "spark.eventLog.enabled=true",
                                "spark.eventLog.rolling.enabled=false",
                                "spark.eventLog.compress=false",
                                "spark.eventLog.dir=" + folder.resolve("events").toUri()))
                .toList()) {
            command.addAll(List.of("--conf", each));
        }
        command.add(JAR.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out.txt").toFile())
                .redirectError(folder.resolve("err.txt").toFile());
        builder.environment().put("SPARK_HOME", HOME.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        process = builder.start();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Path installation() throws IOException {
        Files.createDirectories(HOME.resolve("jars"));
        for (String jar : Files.readString(CLASS_PATH).strip().split(":")) {
            if (OURS.stream().noneMatch(jar::contains)) {
                try {
                    Files.createSymbolicLink(
                            HOME.resolve("jars").resolve(Path.of(jar).getFileName()), Path.of(jar));
                } catch (FileAlreadyExistsException e) {
                    // from an earlier test
                }
            }
        }
        return HOME;
    }

    /** Waits until something is so. */
    void await(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("No " + what + ": " + err());
            }
            Thread.sleep(50);
        }
    }

    /** The executors that have processes of their own. */
    List<ProcessHandle> executors() {
        return process.descendants()
                .filter(each -> arguments(each).contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    /** One of them by its number. */
    Optional<ProcessHandle> executor(int number) {
        return executors().stream()
                .filter(each -> arguments(each).contains("--executor-id " + number + " "))
                .findFirst();
    }

    private static String arguments(ProcessHandle each) {
        try {
            return Files.readString(Path.of("/proc/" + each.pid() + "/cmdline")).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    /** Sends a signal. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    }

    void terminate() throws IOException, InterruptedException {
        signal(process.pid(), "TERM");
    }

    /** Its exit code. */
    int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("It does not end: " + err());
        }
        return process.exitValue();
    }

    String out() throws IOException {
        return Files.readString(folder.resolve("out.txt"));
    }

    String err() throws IOException {
        return Files.readString(folder.resolve("err.txt"));
    }

    /** Spark's events of one kind, a JSON document each. */
    List<String> events(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("events"))) {
            List<String> events = new ArrayList<>();
            for (Path file : files.filter(each -> !each.getFileName().toString().startsWith("."))
                    .toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("{\"Event\":\"" + name + "\""))
                        .forEach(events::add);
            }
            return events;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
