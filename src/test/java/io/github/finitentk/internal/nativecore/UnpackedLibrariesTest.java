package io.github.finitentk.internal.nativecore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class UnpackedLibrariesTest {

    private static final FileTime BUILT = FileTime.fromMillis(1_767_225_600_000L);

    @TempDir
    private Path directory;

    private String before;

    @BeforeEach
    void unpackBelowTheDirectory() {
        before = System.getProperty(UnpackedLibraries.FOLDER_PROPERTY);
        System.setProperty(
                UnpackedLibraries.FOLDER_PROPERTY, directory.resolve("cache").toString());
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(UnpackedLibraries.FOLDER_PROPERTY);
        } else {
            System.setProperty(UnpackedLibraries.FOLDER_PROPERTY, before);
        }
    }

    @Test
    void equalNamesSizesAndDatesDoNotMakeEqualLibraries() throws IOException {
        Path first = unpack(jar("old", "content A"));
        Path second = unpack(jar("new", "content B"));
        assertThat(second).hasContent("content B").isNotEqualTo(first);
        assertThat(first).hasContent("content A");
        assertThat(unpack(jar("old again", "content A"))).isEqualTo(first);
    }

    @Test
    void aReplacedJarOfTheSameNameIsNoticed() throws IOException {
        assertThat(unpack(jar("one", "content A"))).hasContent("content A");
        assertThat(unpack(jar("one", "content B"))).hasContent("content B");
    }

    @Test
    void aDamagedOrExchangedFileIsUnpackedAgain() throws IOException {
        URL library = jar("one", "content A");
        Path file = unpack(library);
        for (String damage : new String[] {"content X", "", "content A and more"}) {
            Files.writeString(file, damage);
            assertThat(unpack(library)).isEqualTo(file).hasContent("content A");
        }
        Files.delete(file);
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "content A");
        Files.createSymbolicLink(file, elsewhere);
        assertThat(unpack(library)).isEqualTo(file).hasContent("content A");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(Files.getPosixFilePermissions(unpack(library)))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void filesOfAMonthAgoAreRemovedWhenAnotherArrives() throws IOException {
        Path old = unpack(jar("old", "content A"));
        Path used = unpack(jar("used", "content C"));
        Path cache = old.getParent().getParent();
        Path unfinished = Files.writeString(cache.resolve(".killed.tmp"), "half");
        Path ofAnEarlierVersion = Files.writeString(cache.resolve("0123abcd-9-libtry.so"), "content D");
        age(old.getParent(), 31);
        age(used.getParent(), 31);
        age(ofAnEarlierVersion, 31);
        age(unfinished, 2);
        assertThat(unpack(jar("used", "content C"))).isEqualTo(used);
        Path added = unpack(jar("new", "content that no other test unpacks"));
        assertThat(old.getParent()).doesNotExist();
        assertThat(unfinished).doesNotExist();
        assertThat(ofAnEarlierVersion).doesNotExist();
        assertThat(used).exists();
        assertThat(added).exists();
    }

    @Test
    void librariesThatBelongTogetherLieTogetherUnderTheirOwnNames() throws IOException {
        URL other = jar("other", "content B");
        List<Path> files = UnpackedLibraries.unpack(List.of(jar("one", "lib/libfirst.so.0", "content A"), other));
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("libfirst.so.0", "libtry.so");
        assertThat(files.get(0)).hasContent("content A").hasParent(files.get(1).getParent());
        // the same library in other company is another file: it would find other libraries beside it
        assertThat(unpack(other).getParent()).isNotEqualTo(files.get(1).getParent());
    }

    @Test
    void theFolderIsTheUsersAlone() throws IOException {
        Path file = unpack(jar("one", "content A"));
        Path folder = file.getParent();
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        unpack(jar("one", "content A"));
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void foldersThatOthersCouldExchangeAreRefused() throws IOException {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> PrivateFolder.open(open.resolve("finite-ntk")))
                .isInstanceOf(IOException.class)
                .hasMessage(open.toRealPath() + " can be changed by every user");

        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("x")));
        assertThatThrownBy(() -> PrivateFolder.open(link)).hasMessageEndingWith("link is no folder");

        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> PrivateFolder.open(file)).hasMessageEndingWith("file is no folder");
    }

    @Test
    void anotherUsersFolderAndFileAreRefused() throws IOException {
        assumeTrue(
                (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "only root can give files away");
        URL library = jar("one", "content A");
        Path file = unpack(library);
        Files.setAttribute(file, "unix:uid", 12345);
        assertThat(Files.getAttribute(unpack(library), "unix:uid")).isEqualTo(0);

        Path folder = file.getParent();
        Files.setAttribute(folder, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> PrivateFolder.open(folder))
                .hasMessage(folder + " belongs to another user (number 12345)");
        assertThat(unpack(library).getParent()).isNotEqualTo(folder);
    }

    private static Path unpack(URL library) throws IOException {
        return UnpackedLibraries.unpack(List.of(library)).get(0);
    }

    private static void age(Path file, int days) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }

    private URL jar(String name, String content) throws IOException {
        return jar(name, "lib/libtry.so", content);
    }

    private URL jar(String name, String library, String content) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            ZipEntry entry = new ZipEntry(library);
            entry.setLastModifiedTime(BUILT);
            zip.putNextEntry(entry);
            zip.write(bytes);
            zip.closeEntry();
        }
        return URI.create("jar:" + jar.toUri() + "!/" + library).toURL();
    }
}
