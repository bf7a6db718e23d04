package io.github.finitentk.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs command lines that a document shows, one after the other in one folder, as a reader would. Lines that are {@code ntk} and words are run
 * in one virtual machine, in which this is the main program; what takes a shell is given to bash, with an {@code ntk} on its PATH.
 */
final class ShownCommands {

    private static final Pattern SHELL = Pattern.compile("[|<>&;$*?`~()\\\\]");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s']+)");

    private final Path folder;

    /** @param folder which is the working directory */
    ShownCommands(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs them in a process whose working directory is the folder.
     *
     * @return what went wrong, a paragraph for each line; empty if all went well
     */
    String run(List<String> lines) throws IOException, InterruptedException {
        Path list = Files.write(folder.resolve(".lines"), lines);
        Path bin = Files.createDirectories(folder.resolve(".bin"));
        Path launcher = bin.resolve("ntk");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec "
                        + java().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "))
                        + " io.github.finitentk.cli.Main \"$@\"\n");
        launcher.toFile().setExecutable(true);
        Files.deleteIfExists(folder.resolve("ntk"));
        Files.createSymbolicLink(folder.resolve("ntk"), launcher);
        List<String> command = java();
        command.add(ShownCommands.class.getName());
        command.add(list.toString());
        Path log = folder.resolve(".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().merge("PATH", bin.toString(), (path, first) -> first + File.pathSeparator + path);
        Process process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            return "not at an end within ten minutes:\n" + Files.readString(log);
        }
        String failures = Files.readString(log);
        return process.exitValue() == 0 ? "" : failures + "exit code " + process.exitValue();
    }

    private static List<String> java() {
        String classPath = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.cacheDir="
                        + Path.of(System.getProperty("org.bytedeco.javacpp.cacheDir"))
                                .toAbsolutePath(),
                "-cp",
                classPath));
    }

    /** Runs the lines of a file; prints those that fail, with what they said. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        int failures = 0;
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            long start = System.nanoTime();
            CommandLineRun run = runOne(line);
            if (run.exitCode() != 0) {
                failures++;
                System.out.println(line + "\n  exit code " + run.exitCode() + ": "
                        + run.err().strip().replace("\n", "\n  "));
            }
            if (Boolean.getBoolean("ntk.shown.times")) {
                System.out.printf("%6.1f s  %s%n", (System.nanoTime() - start) / 1e9, line);
            }
        }
        System.exit(failures > 0 ? 1 : 0);
    }

    private static CommandLineRun runOne(String line) throws IOException, InterruptedException {
        String unquoted = line.replaceAll("'[^']*'", "");
        boolean plain =
                unquoted.matches("(\\./)?ntk .*") && !SHELL.matcher(unquoted).find();
        if (!plain) {
            Process bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", line).start();
            bash.getOutputStream().close();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Thread reader = new Thread(() -> {
                try {
                    bash.getInputStream().transferTo(out);
                } catch (IOException e) {
                    // and the exit code says how
                }
            });
            reader.start();
            String err = new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            reader.join();
            return new CommandLineRun(bash.waitFor(), out.toString(StandardCharsets.UTF_8), err);
        }
        List<String> words = new ArrayList<>();
        for (Matcher word = WORD.matcher(line); word.find(); ) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        return CommandLineRun.of(words.subList(1, words.size()).toArray(String[]::new));
    }
}
