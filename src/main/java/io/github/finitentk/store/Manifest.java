package io.github.finitentk.store;

import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.compute.Backend;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a run file says of who has computed it. */
final class Manifest {

    static final String VERSION = "version";
    static final String BACKEND = "backend";
    static final String BACKEND_DESCRIPTION = "backend_description";
    /** The column that tells the rows of one cell apart, where it has several. */
    static final String ALONG = "along";

    private static final String SHARD = "shard";
    private static final String LAST_DIGITS = "last_digits";
    private static final String SAME = "the same on every processor";
    private static final String DEPENDENT = "depend on the processor: ";
    private static final String CONTINUED_BY = "continued_by";

    private Manifest() {}

    /** Of a run that begins here and now. */
    static Map<String, String> of(SweepSpec spec, Shard shard, Backend backend) {
        Map<String, String> manifest = new LinkedHashMap<>();
        if (!shard.isWhole()) {
            manifest.put(SHARD, shard.toString());
        }
        manifest.put(VERSION, Version.text());
        manifest.put(BACKEND, backend.name());
        manifest.put(BACKEND_DESCRIPTION, backend.description());
        manifest.put(
                LAST_DIGITS, dependence(spec, backend).map(DEPENDENT::concat).orElse(SAME));
        manifest.putAll(spec.quantity().conventions());
        spec.quantity().along().ifPresent(column -> manifest.put(ALONG, column.name()));
        manifest.put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return manifest;
    }

    /** Which part of its sweep a run is about. */
    static Shard shard(Map<String, String> manifest) {
        return manifest.containsKey(SHARD) ? Shard.parse(manifest.get(SHARD)) : Shard.WHOLE;
    }

    private static Optional<String> dependence(SweepSpec spec, Backend backend) {
        return backend.processorDependence().or(spec.quantity()::processorDependence);
    }

    /**
     * Why a run cannot go on here, or its cells be taken over: their last digits depend on the processor, there or here, and it was
     * begun on another backend or by other native code.
     *
     * @return what they depend on; empty if nothing is in the way
     */
    static Optional<String> obstacle(Map<String, String> manifest, SweepSpec spec, Backend backend) {
        boolean alike = backend.name().equals(manifest.get(BACKEND))
                && (!backend.isNative() || backend.description().equals(manifest.get(BACKEND_DESCRIPTION)));
        String before = manifest.getOrDefault(LAST_DIGITS, SAME);
        return alike
                ? Optional.empty()
                : dependence(spec, backend)
                        .or(() -> before.startsWith(DEPENDENT)
                                ? Optional.of(before.substring(DEPENDENT.length()))
                                : Optional.empty());
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
