package io.github.finitentk.cli;

import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.nativecore.SqliteLibrary;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code ntk doctor}. */
@Example(does = "what this machine offers", line = "ntk doctor")
@Command(name = "doctor", description = "Show what this machine offers, what is missing and how to install it.")
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private NtkCommand root;

    private record Report(
            String version,
            String java,
            String system,
            int processors,
            int threads,
            String memory,
            String backend,
            String backendDescription,
            String lastDigits,
            String nativeCore,
            String javaBackend,
            Optional<String> blasThreads,
            String runFiles,
            String fonts,
            List<String> missing) {}

    @Override
    public Integer call() {
        String unloaded = Backend.whyNotNative().orElse(null);
        String sqlite = sqliteProblem();
        String fonts = fontProblem();
        List<String> missing = new ArrayList<>();
        if (unloaded != null) {
            missing.add("The native core cannot be used: " + unloaded);
        }
        if (sqlite != null) {
            missing.add(sqlite);
        }
        if (fonts != null) {
            missing.add("Fonts are missing. Debian: apt-get install fontconfig fonts-dejavu-core");
        }
        Report report = new Report(
                Version.text(),
                System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                root.options.threads(),
                Memory.format(Memory.availableOffHeap()) + " free, heap up to "
                        + Memory.format(Runtime.getRuntime().maxMemory()),
                Backend.fastest().name(),
                Backend.fastest().description(),
                Backend.fastest()
                        .processorDependence()
                        .map("depend on the processor: "::concat)
                        .orElse("the same on every processor, but for LAPACK's part in flow, regression and spectra"),
                unloaded == null ? "loaded, self-test passed" : "not available: " + unloaded,
                Backend.pureJava().description(),
                unloaded == null ? Optional.of("1 per worker") : Optional.empty(),
                sqlite == null ? "SQLite loaded" : "not available",
                fonts == null ? "found" : fonts,
                missing);
        if (root.options.json) {
            root.options.print(report);
        } else {
            Documents.entries(report).forEach((key, value) -> {
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
