package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real launcher in a copy of the checkout's outline, with a Maven that "builds" a small jar: the build's phases are
 * those of {@code PHASE}, and it stops for good in the one that the test names.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class LauncherTest {

    private static final String MAVEN = """
            #!/bin/sh
            for option; do
              case $option in -Dntk.build.directory=*) work=${option#*=} ;; esac
            done
            phase() { if [ "${STOP:-}" = "$1" ]; then echo $$ >"$TOOLS/stopped"; sleep 60; fi; }
            echo build >>"$TOOLS/builds"
            phase begin
            jar=$work/finite-ntk-1-cli.jar
            head -c 300 "$TOOLS/probe.jar" >"$jar"
            phase half
            cp "$TOOLS/probe.jar" "$jar"
            phase end
            sleep "${SLOW:-0}"
            """;

    @TempDir
    private Path folder;

    private Path tools;
    private Path root;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void copyTheOutline() throws IOException {
        tools = Files.createDirectory(folder.resolve("tools"));
        script(tools.resolve("mvn"), MAVEN);
        probeJar(tools.resolve("probe.jar"));
        environment.put("TOOLS", tools.toString());
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        root = outline(folder.resolve("check out's \"name\""));
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        assertThat(run("a b", "*").out()).contains("[a b] does not exist", "[*] does not exist", "here true");
        run();
        assertThat(builds()).isEqualTo(1);
        Files.setLastModifiedTime(root.resolve("src/main/Some.java"), FileTime.from(Instant.now()));
        run();
        run();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void sourcesFromTheFutureAreBuiltOnce() throws Exception {
        Files.setLastModifiedTime(
                root.resolve("src/main/Some.java"), FileTime.from(Instant.now().plus(Duration.ofHours(3))));
        Files.setLastModifiedTime(
                root.resolve("pom.xml"), FileTime.from(Instant.now().plus(Duration.ofHours(5))));
        run();
        run();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aJarThatAKilledBuildLeftBehindIsNotRun() throws Exception {
        Path jar = Files.createDirectories(root.resolve("target")).resolve("finite-ntk-1-cli.jar");
        for (int length : new int[] {0, 10, 300}) {
            Files.write(jar, Arrays.copyOf(Files.readAllBytes(tools.resolve("probe.jar")), length));
            assertThat(run("x").out()).contains("[x] does not exist");
        }
        assertThat(builds()).isEqualTo(3);
    }

    @Test
    void aBuildKilledInAnyPhaseIsMadeUpFor() throws Exception {
        for (String phase : List.of("begin", "half", "end")) {
            environment.put("STOP", phase);
            Running killed = start(root, root.resolve("ntk").toString());
            Path stopped = tools.resolve("stopped");
            while (!Files.exists(stopped) || Files.readString(stopped).isBlank()) {
                Thread.sleep(20);
            }
            killed.kill();
            Files.delete(stopped);
            environment.remove("STOP");
            assertThat(run("x").out()).as(phase).contains("[x] does not exist");
            Files.delete(root.resolve("target/finite-ntk-1-cli.jar"));
        }
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        environment.put("SLOW", "1");
        Running first = start(root, root.resolve("ntk").toString());
        Running second = start(root, root.resolve("ntk").toString());
        assertThat(first.finish().exitCode()).isZero();
        assertThat(second.finish().exitCode()).isZero();
        assertThat(builds()).isEqualTo(1);
        try (var left = Files.list(root.resolve("target"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "finite-ntk-1-cli.jar",
                            archive().getFileName().toString(),
                            ".ntk-build-lock",
                            "launcher-build.log");
        }
    }

    @Test
    void classesAreArchivedOnceForThisJarAndThisJava() throws Exception {
        root = outline(folder.resolve(
                "plain")); // Java does not find its archived classes in a folder with a blank in its name
        assertThat(run("x").err()).contains("to start fast (once");
        FileTime made = Files.getLastModifiedTime(archive());
        assertThat(Files.size(archive())).isPositive();
        environment.put("NTK_JAVA_OPTS", "-Xlog:class+load:file=" + folder.resolve("loaded"));
        assertThat(run("x").err()).isEmpty();
        assertThat(folder.resolve("loaded"))
                .content()
                .contains(LauncherProbe.class.getName() + " source: shared objects");
        assertThat(Files.getLastModifiedTime(archive())).isEqualTo(made);
    }

    @Test
    void anArchiveThatIsOfNoUseIsNoObstacle() throws Exception {
        run();
        byte[] whole = Files.readAllBytes(archive());
        for (byte[] content : new byte[][] {{}, {1, 2, 3}, Arrays.copyOf(whole, whole.length / 2)}) {
            Files.delete(archive());
            Files.write(archive(), content);
            assertThat(run("x").out()).contains("[x] does not exist");
            assertThat(run("x").err()).isEmpty();
        }
        // that of another jar
        Path jar = root.resolve("target/finite-ntk-1-cli.jar");
        Files.write(archive(), whole);
        FileTime future = FileTime.from(Instant.now().plus(Duration.ofHours(1)));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minus(Duration.ofMinutes(1))));
        Files.setLastModifiedTime(archive(), future);
        assertThat(run("x").err()).isEmpty();
        assertThat(Files.readAllBytes(archive())).isEqualTo(whole);
    }

    private Path archive() {
        String version = System.getProperty("java.version");
        return root.resolve("target/finite-ntk-1-cli-java-" + version + ".jsa");
    }

    @Test
    void runsThroughLinksFromOtherFolders() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("absolute"), root.resolve("ntk"));
        Files.createSymbolicLink(bin.resolve("relative"), bin.relativize(root.resolve("ntk")));
        Files.createSymbolicLink(bin.resolve("twice"), Path.of("relative"));
        environment.put("CDPATH", folder.toString());
        for (String name : List.of("./absolute", "./relative", "./twice")) {
            assertThat(run(bin, name).out()).as(name).contains("here true");
        }
        assertThat(run(folder, "bin/twice").out()).contains("here true");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void namesBeyondAsciiAreSeenInEveryLocale() throws Exception {
        assumeTrue(hasUtf8Locale(), "no UTF-8 locale is installed");
        Path here = Files.createDirectories(folder.resolve("m\u00e9sures \u65e5\u672c"));
        Files.writeString(here.resolve("donn\u00e9es.npy"), "");
        root = outline(here.resolve("\u00fcber"));
        for (String locale : List.of("C", "POSIX", "C.UTF-8", "xx_YY.UTF-8")) {
            environment.put("LC_ALL", locale);
            assertThat(run(here, root.resolve("ntk").toString(), "donn\u00e9es.npy")
                            .out())
                    .as(locale)
                    .contains("here true", "[donn\u00e9es.npy] exists");
        }
    }

    @Test
    void javaHomeIsHonoured() throws Exception {
        assertThat(run().out()).contains("java " + System.getProperty("java.home"));

        environment.put("JAVA_HOME", folder.resolve("none").toString());
        assertThat(run().err())
                .hasLineCount(1)
                .startsWith("ntk: JAVA_HOME is " + folder.resolve("none") + ", where there is no bin/java.")
                .contains("needs Java 17 or newer");
    }

    @Test
    void anOldJavaIsNamedByItsVersion() throws Exception {
        Path old = Files.createDirectories(folder.resolve("old java/bin"));
        for (String version : List.of("1.8.0_392", "11.0.2", "16-ea")) {
            script(old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2019-01-15' >&2\n");
            environment.put("JAVA_HOME", old.getParent().toString());
            assertAnOldJavaIsRefused(version);
            environment.remove("JAVA_HOME");
            environment.put("PATH", old + ":" + System.getenv("PATH"));
            assertAnOldJavaIsRefused(version);
        }
        // A JDK says it in a file, which is faster than asking.
        Files.writeString(old.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"9.0.4\"\n");
        assertAnOldJavaIsRefused("9.0.4");
    }

    private void assertAnOldJavaIsRefused(String version) throws Exception {
        Result result = run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains("is Java " + version + ".")
                .contains("needs Java 17 or newer");
    }

    @Test
    void withoutJavaOrMavenItSaysWhatIsMissing() throws Exception {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        for (String tool :
                List.of("sh", "dirname", "readlink", "sed", "head", "locale", "find", "tail", "od", "tr", "mkdir")) {
            Path found = Path.of("/usr/bin", tool);
            assumeTrue(Files.exists(found), tool + " is elsewhere");
            script(bare.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
        }
        environment.put("PATH", bare.toString());
        assertThat(run().err()).hasLineCount(1).startsWith("ntk: mvn was not found");
        environment.remove("JAVA_HOME");
        assertThat(run().err())
                .hasLineCount(1)
                .startsWith("ntk: java was not found.")
                .contains("Java 17 or newer");
    }

    @Test
    void whereNothingCanBeWrittenItSaysSo() throws Exception {
        Files.writeString(root.resolve("target"), "in the way");
        Result result = run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).startsWith("ntk: nothing can be written to " + root.resolve("target"));
    }

    private record Result(int exitCode, String out, String err) {}

    private Result run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(root.resolve("ntk").toString()));
        command.addAll(Arrays.asList(arguments));
        return run(root, command.toArray(String[]::new));
    }

    private Result run(Path directory, String... command) throws Exception {
        return start(directory, command).finish();
    }

    private Running start(Path directory, String... command) throws IOException {
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("LC_") || List.of("LANG", "JAVA_HOME").contains(name));
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }

    private record Running(Process process, Path out, Path err) {

        Result finish() throws Exception {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        }

        void kill() throws InterruptedException {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            process.waitFor();
        }
    }

    private long builds() throws IOException {
        return Files.readAllLines(tools.resolve("builds")).size();
    }

    private static Path outline(Path root) throws IOException {
        for (String file : List.of(
                "src/main/Some.java", "cmake/some.cmake", "pom.xml", "CMakeLists.txt", "docs/sweep.schema.json")) {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "");
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
        Files.copy(Path.of("ntk"), root.resolve("ntk"));
        return root;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void probeJar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, LauncherProbe.class.getName());
        String entry = LauncherProbe.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream in = LauncherProbe.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            in.transferTo(jar);
            jar.closeEntry();
        }
    }

    private static boolean hasUtf8Locale() throws Exception {
        Process locales = new ProcessBuilder("locale", "-a").start();
        String names = new String(locales.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return System.getProperty("sun.jnu.encoding").equals("UTF-8")
                && names.matches("(?is).*\\b(C|en_US)\\.utf-?8\\b.*");
    }
}
