package io.github.finitentk.store;

import io.github.finitentk.experiment.Shard;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.Version;
import io.github.finitentk.internal.compute.Backend;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
    private static final String CREATED = "created";
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
        manifest.put(CREATED, now());
        return manifest;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Of a run that is put together from these. */
    static Map<String, String> merged(List<Map<String, String>> parts) {
        Map<String, String> manifest = new LinkedHashMap<>(parts.get(0));
        List.of("spec", "seed", SHARD, CONTINUED_BY).forEach(manifest::remove);
        manifest.put(CREATED, now());
        manifest.put("merged", parts.size() + " run files");
        Set<String> others = new LinkedHashSet<>();
        for (Map<String, String> part : parts) {
            others.add(by(part.get(VERSION), part.get(BACKEND_DESCRIPTION)));
            Optional.ofNullable(part.get(CONTINUED_BY)).ifPresent(others::add);
        }
        others.remove(by(manifest.get(VERSION), manifest.get(BACKEND_DESCRIPTION)));
        if (!others.isEmpty()) {
            manifest.put(CONTINUED_BY, String.join("; ", others));
        }
        return manifest;
    }

    private static String by(String version, String backend) {
        return "version " + version + ", " + backend;
    }

    /** Which part of its sweep a run is about. */
    static Shard shard(Map<String, String> manifest) {
        return manifest.containsKey(SHARD) ? Shard.parse(manifest.get(SHARD)) : Shard.WHOLE;
    }

    private static Optional<String> dependence(SweepSpec spec, Backend backend) {
        return backend.processorDependence().or(spec.quantity()::processorDependence);
    }

    /**
     * Why cells of one run cannot be taken for cells of another: their last digits depend on the processor, in either of them, and
     * the two were begun on different backends or by different native code.
     *
     * @return what they depend on; empty if nothing is in the way
     */
    static Optional<String> obstacle(Map<String, String> there, Map<String, String> here) {
        boolean alike = Objects.equals(there.get(BACKEND), here.get(BACKEND))
                && (Backend.pureJava().name().equals(here.get(BACKEND))
                        || Objects.equals(there.get(BACKEND_DESCRIPTION), here.get(BACKEND_DESCRIPTION)));
        return alike ? Optional.empty() : dependence(here).or(() -> dependence(there));
    }

    private static Optional<String> dependence(Map<String, String> manifest) {
        String lastDigits = manifest.getOrDefault(LAST_DIGITS, SAME);
        return lastDigits.startsWith(DEPENDENT)
                ? Optional.of(lastDigits.substring(DEPENDENT.length()))
                : Optional.empty();
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
        run.note(CONTINUED_BY, by(Version.text(), backend.description()));
    }
}
