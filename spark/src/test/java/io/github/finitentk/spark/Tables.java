package io.github.finitentk.spark;

import io.github.finitentk.Ntk;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.report.RunTable;
import io.github.finitentk.store.RunReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Exports of run files, to compare them. */
final class Tables {

    private Tables() {}

    /** What {@code ntk export} writes of a run. */
    static String export(Path runFile) {
        try (RunReader run = RunReader.open(runFile)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new RunTable(run).writeCsv(out);
            return out.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of the same sweep on this machine alone. */
    static String onOneMachine(SweepSpec spec, Path runFile) {
        try (Ntk ntk = Ntk.builder().threads(2).build()) {
            ntk.sweep(spec).to(runFile).run();
        }
        return export(runFile);
    }
}
