package io.github.finitentk.store;

import io.github.finitentk.experiment.SweepRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run file says of all its rows together, so that a row that is missing is noticed as one that has changed is: how many
 * cells there are by status, and the sums of the rows' checksums (modulo 2^64) in each table. Immutable.
 */
record Totals(long ok, long diverged, long failed, long cells, long manifest, long columns) {

    static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0);

    /** With one more cell. */
    Totals plus(SweepRow.Status status, long checksum) {
        return with(status, 1, checksum);
    }

    /** With one cell less. */
    Totals minus(SweepRow.Status status, long checksum) {
        return with(status, -1, -checksum);
    }

    private Totals with(SweepRow.Status status, int count, long checksum) {
        return new Totals(
                ok + (status == SweepRow.Status.OK ? count : 0),
                diverged + (status == SweepRow.Status.DIVERGED ? count : 0),
                failed + (status == SweepRow.Status.FAILED ? count : 0),
                cells + checksum,
                manifest,
                columns);
    }

    /** With another change to the manifest: the checksum of a new entry, less that of the one it replaces. */
    Totals plusManifest(long checksum) {
        return new Totals(ok, diverged, failed, cells, manifest + checksum, columns);
    }

    /** With one more column. */
    Totals plusColumn(long checksum) {
        return new Totals(ok, diverged, failed, cells, manifest, columns + checksum);
    }

    /** The number of finished cells by status, for those statuses that occur. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (SweepRow.Status status : SweepRow.Status.values()) {
            long count = switch (status) {
                case OK -> ok;
                case DIVERGED -> diverged;
                case FAILED -> failed;
            };
            if (count > 0) {
                counts.put(status.label(), (int) count);
            }
        }
        return counts;
    }

    /** As a row of a table. */
    List<Object> values() {
        return List.of(ok, diverged, failed, cells, manifest, columns);
    }
}
