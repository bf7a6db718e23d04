package io.github.finitentk.cli;

import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.nativecore.SqliteLibrary;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code ntk doctor}. */
@Command(name = "doctor", description = "Show what this machine offers, what is missing and how to install it.")
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    @Override
    public Integer call() {
        Map<String, Object> report = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        report.put("version", Version.text());
        report.put("java", System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")");
        report.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        report.put("processors", Runtime.getRuntime().availableProcessors());
        report.put("threads", root.options.threads());
        report.put(
                "memory",
                Memory.format(Memory.availableOffHeap()) + " free, heap up to "
                        + Memory.format(Runtime.getRuntime().maxMemory()));
        report.put("backend", Backend.fastest().name());
        report.put("backend_description", Backend.fastest().description());
        Backend.whyNotNative().ifPresent(why -> {
            report.put("native_core", "not available: " + why);
            missing.add("The native core cannot be used: " + why);
        });
        if (Backend.fastest().isNative()) {
            report.put("native_core", "loaded, self-test passed");
            report.put("blas_threads", "1 per worker");
        }
        String sqlite = sqliteProblem();
        report.put("run_files", sqlite == null ? "SQLite loaded" : "not available");
        if (sqlite != null) {
            missing.add(sqlite);
        }
        String fonts = fontProblem();
        report.put("fonts", fonts == null ? "found" : fonts);
        if (fonts != null) {
            missing.add("Fonts are missing. Debian: apt-get install fontconfig fonts-dejavu-core");
        }
        report.put("missing", missing);
        if (root.options.json) {
            root.options.print(report);
        } else {
            report.forEach((key, value) -> {
                if (!key.equals("missing")) {
                    root.options.out().printf(Locale.ROOT, "%-20s %s%n", key.replace('_', ' '), value);
                }
            });
            missing.forEach(root.options.out()::println);
            if (missing.isEmpty()) {
                root.options.out().println("Nothing is missing.");
            }
        }
        return 0;
    }

    private static String sqliteProblem() {
        try {
            SqliteLibrary.load();
            return null;
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    // A JDK without fontconfig or without any font throws errors of several kinds, not exceptions, at the first use.
    private static String fontProblem() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 10).getStringBounds("Theta", new FontRenderContext(null, true, true));
            return null;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return "not found (" + e.getMessage() + ")";
        }
    }
}
