package io.github.finitentk.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ntk} in a process of its own, which can really be killed. */
final class NtkProcess {

    private final List<String> before = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments;
    private String main = "io.github.finitentk.cli.Main";
    private ProcessBuilder.Redirect output = ProcessBuilder.Redirect.DISCARD;
    private Process process;

    NtkProcess(String... arguments) {
        this.arguments = Arrays.asList(arguments);
        // Such processes live for a second or two.
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    }

    /** What the command line starts with: a shell that limits the process, say. */
    NtkProcess within(String... command) {
        before.addAll(Arrays.asList(command));
        return this;
    }

    /** Another program of the class path than {@code ntk}. */
    NtkProcess running(Class<?> program) {
        main = program.getName();
        return this;
    }

    /** An option of the virtual machine. */
    NtkProcess with(String option) {
        options.add(option);
        return this;
    }

    /** Where standard output goes: nowhere unless this says otherwise. */
    NtkProcess to(ProcessBuilder.Redirect output) {
        this.output = output;
        return this;
    }

    /** Reads the next line of standard output, which must be a pipe, and closes it as {@code head -1} does. */
    String firstLineOnly() throws IOException {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            return out.readLine();
        }
    }

    NtkProcess start() throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add("-Djava.awt.headless=true");
        command.add("-Dorg.bytedeco.javacpp.cacheDir=" + System.getProperty("org.bytedeco.javacpp.cacheDir"));
        command.addAll(options);
        command.add(main);
        command.addAll(arguments);
        process = new ProcessBuilder(command).redirectOutput(output).start();
        return this;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end and returns the most memory that it had resident, in bytes; 0 where that is unknown. */
    long peakMemory() throws IOException, InterruptedException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long peak = 0;
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            try {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmHWM:")) {
                        peak = Math.max(peak, 1024 * Long.parseLong(line.replaceAll("\\D", "")));
                    }
                }
            } catch (IOException ended) {
                // It has just ended, or this is no Linux.
            }
        }
        return peak;
    }

    /** Sends a signal: {@code INT}, {@code TERM}, {@code KILL}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Kills it for good and returns whether it was still running. */
    boolean kill() throws InterruptedException {
        boolean running = process.isAlive();
        process.destroyForcibly().waitFor();
        return running && process.exitValue() == 128 + 9;
    }

    /** The next line it writes to standard error; it is an error if it has ended. */
    String errorLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = process.getErrorStream().read();
        if (c < 0) {
            throw new AssertionError("The process has ended.");
        }
        for (; c >= 0 && c != '\n'; c = process.getErrorStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    /** Waits for its end, two minutes at most, and returns what it still wrote to standard error. */
    String finish() throws IOException, InterruptedException {
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("The process did not end: " + err);
        }
        // A library on the test class path only says so when a driver looks for a logger.
        return err.lines()
                .filter(line -> !line.startsWith("SLF4J"))
                .map(line -> line + "\n")
                .reduce("", String::concat);
    }

    int exitCode() {
        return process.exitValue();
    }
}
