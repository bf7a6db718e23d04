package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.SweepRow;
import java.util.List;
import java.util.Map;

/**
 * A finished run of a figure.
 *
 * @param manifest what describes the run: spec, seed, version, backend, ...
 * @param rows its cells in grid order
 */
record FinishedRun(Map<String, String> manifest, List<SweepRow> rows) {}
