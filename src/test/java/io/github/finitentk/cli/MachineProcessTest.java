package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.finitentk.internal.nativecore.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code ntk} on machines that do not offer everything: libraries, folders, threads, locales. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class MachineProcessTest {

    private static final String[] VARIANCE = {
        "variance", "--activation", "tanh", "--sigma-w2", "1.5", "--sigma-b2", "0.1", "--depth", "5", "--width", "20"
    };

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    private Path folder;

    @BeforeEach
    void requireTheNativeCore() {
        assumeTrue(NativeLibrary.backend().isPresent(), "there is no native core");
    }

    // JavaCPP alone would go on with the first library: same jar name, same size, same date.
    @Test
    void aRebuiltCoreOfTheSameSizeAndDateIsTheOneThatRuns() throws Exception {
        Path jar = folder.resolve("core.jar");
        for (String word : List.of("must", "will", "must")) {
            libraryJar(jar, word);
            String report = output(ntk("doctor", "--json")
                    .within("env", "NTK_SIMD=none")
                    .with("-cp")
                    .with(jar + ":" + CLASS_PATH));
            assertThat(report)
                    .contains("NTK_SIMD " + word + " be ")
                    .contains(", not 'none'")
                    .contains("Unset the environment variable NTK_SIMD");
        }
    }

    @Test
    void theEnvironmentChoosesTheProductsAndMayNotMisspellThem() throws Exception {
        assertThat(output(ntk("doctor", "--json"))).contains(" own products, ");
        assertThat(output(ntk("doctor", "--json").within("env", "NTK_PRODUCTS=blas")))
                .contains(" blas products, ");
        assertThat(output(ntk("doctor", "--json").within("env", "NTK_PRODUCTS=mkl")))
                .contains("NTK_PRODUCTS must be own or blas, not 'mkl'")
                .contains("Unset the environment variable NTK_PRODUCTS");
    }

    @Test
    void whereNoProgramMayRunFromTheTemporaryFolderAnotherServes() throws Exception {
        requireMounts();
        Path home = Files.createDirectory(folder.resolve("home"));
        Path noexec = Files.createDirectory(folder.resolve("noexec"));
        // The named folder is mounted noexec, too: the next candidate is the home directory's.
        String report = output(ntk("doctor", "--json")
                .within("unshare", "-m", "sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"")
                .within(noexec.toString())
                .with("-Djava.io.tmpdir=" + noexec)
                .with("-Dorg.bytedeco.javacpp.cacheDir=" + noexec)
                .with("-Duser.home=" + home));
        assertThat(report)
                .contains("self-test passed")
                .contains("SQLite loaded")
                .contains("\"missing\" : [ ]");
        assertThat(home.resolve(".cache/finite-ntk")).isDirectoryRecursivelyContaining("glob:**libopenblas.so.0");
    }

    @Test
    void whereNoFolderServesEveryCommandSaysSoOnceAndNamesTheProperty() throws Exception {
        requireMounts();
        assumeFalse(
                Path.of("").toAbsolutePath().startsWith("/tmp"), "what is tested lies in a folder that the test hides");
        String[] hidden = {
            "env",
            "-u",
            "XDG_CACHE_HOME",
            "HOME=/tmp",
            "unshare",
            "-m",
            "sh",
            "-c",
            "mount -t tmpfs -o noexec none /tmp && mount -t tmpfs -o noexec none /var/tmp && cd /tmp && exec \"$@\"",
            "sh"
        };
        NtkProcess variance = ntk(VARIANCE)
                .within(hidden)
                .with("-Duser.home=?")
                .with("-Dorg.bytedeco.javacpp.cacheDir=/tmp/x")
                .start();
        assertThat(variance.finish())
                .hasLineCount(1)
                .startsWith("ntk: using the pure-Java backend: no folder to unpack native libraries into: ")
                .contains("/tmp/x/finite-ntk is on a file system that does not allow to run programs from it (noexec)")
                .contains("-Dorg.bytedeco.javacpp.cacheDir=DIR");
        assertThat(variance.exitCode()).isZero();
        NtkProcess report =
                ntk("runs", "list", "/tmp").within(hidden).with("-Duser.home=?").start();
        assertThat(report.finish()).doesNotContain("\tat ");
    }

    @Test
    void foreignLibrariesAreNeitherLoadedNorOverwritten() throws Exception {
        assumeTrue(
                (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "only root can give files away");
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path planted = Files.createDirectory(cache.resolve("finite-ntk"));
        Path file = Files.writeString(planted.resolve("planted.so"), "planted");
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setAttribute(planted, "unix:uid", 12345);
        Path home = Files.createDirectory(folder.resolve("home"));
        assertThat(output(ntk("doctor", "--json")
                        .with("-Dorg.bytedeco.javacpp.cacheDir=" + cache)
                        .with("-Duser.home=" + home)))
                .contains("self-test passed");
        try (var files = Files.list(planted)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(home.resolve(".cache/finite-ntk")).isNotEmptyDirectory();
    }

    // A user without an entry in the user database has the home directory "?".
    @Test
    void aHomeOfAQuestionMarkIsNoFolder() throws Exception {
        Path here = Files.createDirectory(folder.resolve("here"));
        Path home = Files.createDirectory(folder.resolve("home"));
        output(ntk("doctor", "--json")
                .within("env", "HOME=" + home, "sh", "-c", "cd \"$0\" && exec \"$@\"", here.toString())
                .with("-Duser.home=?")
                .with("-Dorg.bytedeco.javacpp.cacheDir="));
        assertThat(here).isEmptyDirectory();
        assertThat(home.resolve(".cache/finite-ntk")).isNotEmptyDirectory();
    }

    @Test
    void aLimitOnThreadsIsAMessage() throws Exception {
        assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "root becomes another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is missing");
        String[] threads = Arrays.copyOf(VARIANCE, VARIANCE.length + 2);
        threads[VARIANCE.length] = "--threads";
        threads[VARIANCE.length + 1] = "200";
        // Another user cannot always read the class path: the program must run at all before its message can be asked
        // for.
        NtkProcess version = limited("--version").start();
        String reason = version.finish();
        assumeTrue(version.exitCode() == 0, reason);
        NtkProcess process = limited(threads).start();
        String err = process.finish();
        assertThat(process.exitCode()).as(err).isZero();
        assertThat(err).contains("of 200 threads: the system refuses to start more");
    }

    @Test
    void namesThatTheLocaleCannotExpressAreRefused() throws Exception {
        assumeTrue(System.getProperty("sun.jnu.encoding").equals("UTF-8"), "this process cannot express them either");
        NtkProcess process =
                ntk("export", "m\u00e9sures.db").within("env", "LC_ALL=C").start();
        assertThat(process.finish())
                .hasLineCount(1)
                .startsWith("ntk: The argument \"m??sures.db\" holds characters that the locale's character set, ")
                .contains("LC_ALL=C.UTF-8");
        assertThat(process.exitCode()).isEqualTo(2);

        Path here = Files.createDirectory(folder.resolve("m\u00e9sures"));
        process = ntk("export", "what?.db")
                .within("env", "LC_ALL=C", "sh", "-c", "cd \"$0\" && exec \"$@\"", here.toString())
                .start();
        assertThat(process.finish()).hasLineCount(1).startsWith("ntk: The name of the current folder, ");
        assertThat(process.exitCode()).isEqualTo(2);

        process = ntk("export", "what?.db").within("env", "LC_ALL=C").start();
        assertThat(process.finish()).contains("what?.db").doesNotContain("locale");
    }

    // As a user of that number, nobody else counts towards the limit of 60 threads.
    private static NtkProcess limited(String... arguments) {
        return ntk(arguments)
                .within("setpriv", "--reuid", "54321", "--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all")
                .within("bash", "-c", "ulimit -u 60; exec \"$@\"", "bash");
    }

    private static NtkProcess ntk(String... arguments) {
        return new NtkProcess(arguments);
    }

    private String output(NtkProcess process) throws Exception {
        Path out = Files.createTempFile(folder, "out", null);
        process.to(ProcessBuilder.Redirect.to(out.toFile())).start();
        assertThat(process.finish()).isEmpty();
        assertThat(process.exitCode()).isZero();
        return Files.readString(out);
    }

    private static void requireMounts() throws Exception {
        Process trial = new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "none", "/tmp").start();
        assumeTrue(trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0, "nothing can be mounted here");
    }

    /** A jar with the core's own library, which says the given word instead of "must" about NTK_SIMD. */
    private static void libraryJar(Path jar, String word) throws IOException {
        String name = "io/github/finitentk/internal/nativecore/" + Loader.getPlatform() + "/libjniNtkCore.so";
        byte[] library;
        try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(name)) {
            library = in.readAllBytes();
        }
        byte[] changed = new String(library, StandardCharsets.ISO_8859_1)
                .replace("NTK_SIMD must be ", "NTK_SIMD " + word + " be ")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(changed).hasSameSizeAs(library);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            ZipEntry entry = new ZipEntry(name);
            entry.setLastModifiedTime(FileTime.fromMillis(1_767_225_600_000L));
            zip.putNextEntry(entry);
            zip.write(changed);
            zip.closeEntry();
        }
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_767_225_600_000L));
    }
}
