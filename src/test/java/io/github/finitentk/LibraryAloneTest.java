package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.finitentk.internal.nativecore.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application's class path is the library, JavaCPP and EJML: what runs on that, in a real process. */
class LibraryAloneTest {

    @TempDir
    Path folder;

    @Test
    void theNativeCoreNeedsJavacppAndEjmlOnly() throws Exception {
        assumeTrue(NativeLibrary.backend().isPresent());
        assertThat(run("native")).isEqualTo(here("native"));
    }

    @Test
    void soDoesThePureJavaBackend() throws Exception {
        assertThat(run("java")).isEqualTo(here("java"));
    }

    @Test
    void whatIsMissingIsSaidInASentence() throws Exception {
        String yaml =
                "UnsupportedOperationException: Specification files are read by SnakeYAML, which is not on the class"
                        + " path: add org.yaml:snakeyaml.";
        String sqlite =
                "UnsupportedOperationException: Run files are written and read by SQLite, which is not on the class"
                        + " path: add org.xerial:sqlite-jdbc.";
        String json =
                "UnsupportedOperationException: JSON documents are written by Jackson, which is not on the class path:"
                        + " add com.fasterxml.jackson.core:jackson-databind.";
        String svg =
                "UnsupportedOperationException: SVG pictures are written by Batik, which is not on the class path: add"
                        + " org.apache.xmlgraphics:batik-svggen.";
        assertThat(run("missing"))
                .isEqualTo(lines(List.of(yaml, yaml, sqlite, sqlite, sqlite, sqlite, sqlite, json, json, json, svg)));
        // and leaves nothing half made
        try (Stream<Path> files = Files.list(folder.resolve("files"))) {
            assertThat(files).containsExactly(folder.resolve("files/spec.yaml"));
        }
    }

    @Test
    void theJavaBackendRunsWithoutJavacppToo() throws Exception {
        assertThat(run("java", "ejml-core|ejml-ddense")).isEqualTo(here("java"));
        assertThat(run("without-javacpp", "ejml-core|ejml-ddense"))
                .isEqualTo(
                        "UnsupportedOperationException: The native core is not available: JavaCPP is not on the class path."
                                + " Add org.bytedeco:javacpp.\n"
                                + "java: JavaCPP is not on the class path. Add org.bytedeco:javacpp.\n");
    }

    private static String here(String backend) {
        try (Ntk ntk = Ntk.builder().backend(backend).build()) {
            return lines(LibraryAlone.results(ntk));
        }
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    private String run(String what) throws Exception {
        return run(what, "javacpp|ejml-core|ejml-ddense");
    }

    private String run(String what, String jars) throws Exception {
        Path program = folder.resolve("program");
        Path files = Files.createDirectories(folder.resolve("files"));
        copyProgram(program);
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.awt.headless=true",
                        "-Dorg.bytedeco.javacpp.cacheDir=" + System.getProperty("org.bytedeco.javacpp.cacheDir"),
                        "-cp",
                        program + File.pathSeparator + libraryWith(jars),
                        LibraryAlone.class.getName(),
                        what,
                        files.toString())
                .redirectError(errors.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        assertThat(errors).isEmptyFile();
        return out;
    }

    /** The classes of the library, and of the jars only these. */
    private static String libraryWith(String jars) {
        List<String> entries = new ArrayList<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString();
            if (Files.exists(path.resolve("io/github/finitentk/model/Network.class"))
                    || name.matches("(" + jars + ")-[0-9.]+\\.jar")) {
                entries.add(entry);
            }
        }
        assertThat(entries).hasSize(1 + jars.split("\\|").length);
        return String.join(File.pathSeparator, entries);
    }

    private static void copyProgram(Path folder) throws IOException {
        Path classes = Path.of(LibraryAlone.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .resolve("io/github/finitentk");
        Path target = Files.createDirectories(folder.resolve("io/github/finitentk"));
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("LibraryAlone(\\$.*)?\\.class")) {
                    Files.copy(file, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
