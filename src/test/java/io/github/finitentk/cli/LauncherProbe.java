package io.github.finitentk.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** What {@link LauncherTest} puts into the launcher's jar: says what it was called with. */
public final class LauncherProbe {

    private LauncherProbe() {}

    public static void main(String[] args) {
        System.out.println("here " + Files.isDirectory(Path.of("").toAbsolutePath()));
        System.out.println("java " + System.getProperty("java.home"));
        for (String arg : args) {
            System.out.println("[" + arg + "] " + (Files.exists(Path.of(arg)) ? "exists" : "does not exist"));
        }
    }
}
