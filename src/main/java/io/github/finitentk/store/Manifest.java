package io.github.finitentk.store;

import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.compute.Backend;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run file says of who has computed it. */
final class Manifest {

    static final String VERSION = "version";
    static final String BACKEND = "backend";
    static final String BACKEND_DESCRIPTION = "backend_description";
    /** The column that tells the rows of one cell apart, where it has several. */
    static final String ALONG = "along";

    private static final String CONTINUED_BY = "continued_by";

    private Manifest() {}

    /** Of a run that begins here and now. */
    static Map<String, String> of(SweepSpec spec, Backend backend) {
        Map<String, String> manifest = new LinkedHashMap<>();
        manifest.put(VERSION, Version.text());
        manifest.put(BACKEND, backend.name());
        manifest.put(BACKEND_DESCRIPTION, backend.description());
        manifest.putAll(spec.quantity().conventions());
        spec.quantity().along().ifPresent(column -> manifest.put(ALONG, column.name()));
        manifest.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return manifest;
    }

    /** Whether a run was begun by the same version on the same backend. */
    static boolean isOurs(Map<String, String> manifest, Backend backend) {
        return Version.text().equals(manifest.get(VERSION))
                && backend.description().equals(manifest.get(BACKEND_DESCRIPTION));
    }

    /** Who has begun a run. */
    static String begunBy(Map<String, String> manifest) {
        return "version " + manifest.get(VERSION) + " on " + manifest.get(BACKEND_DESCRIPTION);
    }

    /** Adds to a run who goes on with it. */
    static void continued(RunFile run, Backend backend) {
        run.note(CONTINUED_BY, "version " + Version.text() + ", " + backend.description());
    }
}
